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


@pytest.mark.parametrize("name", ["../../x", "/x", "a/b", "..", ".", ""])
@pytest.mark.parametrize("command", ["train", "search", "demo", "compare", "study"])
def test_a_run_lies_under_the_runs_folder(call, command, name):
    status, lines = call(command, "--run", name)
    assert status == 2 and f"--run must be a plain name, that of a folder under --runs-dir. Received: {name!r}." in lines[0]


@pytest.mark.parametrize(("words", "message"), [
    (["train", "--model", "sqeezenet"], "model.name: Unknown model 'sqeezenet'. Did you mean 'squeezenet'?"),
    (["train", "--set", "training.lerning_rate=1"], "Did you mean 'training.learning_rate'?"),
    (["train", "--set", "augmentation.preset=cifer"], "augmentation.preset: Unknown preset 'cifer'. Did you mean 'cifar'?"),
    (["train", "--data", "photo"], "Did you mean 'photos'?"), (["train", "--hyperparameters", "lost"], "lost"),
    (["evaluate", "lost"], "lost"), (["explain", "lost", "a.jpg"], "lost"), (["predict", "lost", "a.jpg"], "lost"),
    (["report", "lost"], "lost"),
])
def test_misspelt_names_are_found_before_a_backend_is_loaded(call, monkeypatch, tmp_path, words, message):
    monkeypatch.setattr("car_classifier.backends.quiet.load_backend", lambda: pytest.fail("a backend is loaded"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    status, lines = call(*words)
    assert status == 2 and message in lines[0] and "Received" not in lines[0]


def test_a_folder_that_cannot_be_written_takes_one_line(call, monkeypatch):
    def refuse():
        raise PermissionError(13, "Permission denied", "runs/mine/report.html")

    monkeypatch.setattr("car_classifier.backends.quiet.load_backend", refuse)
    monkeypatch.setattr("results.run_store.find_run", lambda run, runs_dir: runs_dir / run)
    status, lines = call("report", "mine")
    assert status == 4 and len(lines) == 1 and lines[0].startswith("runs/mine/report.html cannot be read or written")
