"""A download is soon given up where nobody answers, and complete or not there."""

import hashlib
import io
from threading import Event

import pytest

from models import download as module
from models.download import download


class Answer(io.BytesIO):
    """What a server sends; `promised` is the length that it states."""

    def __init__(self, content, promised):
        super().__init__(content)
        self.headers = {"Content-Length": promised}


def answering(content, promised):
    """Return what stands for `urlopen` of a server that answers so."""
    return lambda url, timeout: Answer(content, promised)


@pytest.mark.parametrize("kind", ["md5", "sha256"])
def test_a_file_arrives_whole(tmp_path, kind):
    (tmp_path / "origin").write_bytes(b"weights")
    expected = hashlib.new(kind, b"weights").hexdigest()
    download((tmp_path / "origin").as_uri(), tmp_path / "new" / "here", file_hash=expected)
    assert (tmp_path / "new" / "here").read_bytes() == b"weights"


HALVES = [("9", None, "only 4 of 9 bytes"), (None, "0" * 32, "another file")]


@pytest.mark.parametrize(("promised", "file_hash", "words"), HALVES)
def test_half_a_file_and_another_file_are_no_file(tmp_path, monkeypatch, promised, file_hash, words):
    monkeypatch.setattr(module.urllib.request, "urlopen", answering(b"half", promised))
    with pytest.raises(OSError, match=words):
        download("https://example.org/file", tmp_path / "here", file_hash=file_hash)
    assert not any(tmp_path.iterdir())


def test_a_server_that_never_answers_is_given_up(tmp_path, monkeypatch):
    never = Event()
    monkeypatch.setattr(module, "SECONDS_TO_CONNECT", 0.01)
    monkeypatch.setattr(module.urllib.request, "urlopen", lambda url, timeout: never.wait())
    with pytest.raises(OSError, match="no answer within"):
        download("https://example.org/file", tmp_path / "here", file_hash=None)
    never.set()
