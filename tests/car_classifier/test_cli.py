"""What the command line says of mistakes and interruptions."""

import pytest

from car_classifier.cli import main


@pytest.fixture
def call(monkeypatch, capsys):
    """Function that types a command; returns exit status and the lines on stderr."""
    monkeypatch.setattr("signal.signal", lambda number, handler: None)

    def type_command(*words):
        monkeypatch.setattr("sys.argv", ["car_classifier", *words])
        with pytest.raises(SystemExit) as caught:
            main()
        return caught.value.code or 0, capsys.readouterr().err.splitlines()

    return type_command


@pytest.mark.parametrize(("words", "message"), [
    (["train", "--epoch", "3"], "--epochs"), (["train", "--epochs", "x"], "--epochs"), (["evaluate"], "'RUN'"),
    (["evaluate", "mine", "--split", "rest"], "validation"), (["trian"], "Did you mean 'train'?"),
])
def test_mistakes_of_typing_take_at_most_three_lines(call, words, message):
    status, lines = call(*words)
    assert status == 2 and len(lines) <= 3
    assert message in lines[0] and lines[-1].startswith("See ") and lines[-1].endswith(" --help")


def test_command_without_anything_to_do_shows_nothing_but_its_help(call):
    assert call("runs") == (2, [])


def test_command_that_is_done_ends_with_zero(call, tmp_path):
    assert call("runs", "list", "--runs-dir", str(tmp_path))[0] == 0


def test_ctrl_c_while_the_backend_loads_says_so(call, monkeypatch):
    def press():
        raise KeyboardInterrupt

    monkeypatch.setattr("car_classifier.backends.quiet.load_backend", press)
    assert call("train") == (130, ["Stopped."])


def test_a_folder_that_cannot_be_written_takes_one_line(call, monkeypatch):
    def refuse():
        raise PermissionError(13, "Permission denied", "runs/mine/report.html")

    monkeypatch.setattr("car_classifier.backends.quiet.load_backend", refuse)
    status, lines = call("report", "mine")
    assert status == 4 and len(lines) == 1 and lines[0].startswith("runs/mine/report.html cannot be read or written")
