import pytest

from car_classifier.base.files import write_json
from car_classifier.config import Config
from car_classifier.defaults import jsonable
from car_classifier.seen_pictures import notes_on_seen_pictures


@pytest.fixture
def notes_beside(tmp_path):
    """Function that returns the notes on a training of `photos` whose search had these settings."""

    def notes(searched, fraction=0.2, source="photos", **settings):
        (tmp_path / "search").mkdir()
        write_json(tmp_path / "search" / "run.json", {})
        (tmp_path / "search" / "model.keras").touch()
        earlier = jsonable(Config().override({"data.source": "photos", **searched}))
        write_json(tmp_path / "search" / "config.json", earlier)
        config = Config().override({"data.source": source, "data.test_fraction": fraction, **settings})
        return notes_on_seen_pictures(config, "default" if settings else "search", tmp_path)

    return notes


def test_a_search_over_all_pictures_has_seen_the_test_pictures(notes_beside, tmp_path):
    (note,) = notes_beside({})
    assert note.startswith(f"{tmp_path / 'search'} was made of the same data with data.test_fraction=0:")
    assert note.endswith("with --set data.test_fraction=0.2.")


def test_a_run_whose_weights_start_the_training_counts_too(notes_beside, tmp_path):
    assert len(notes_beside({}, **{"model.weights": str(tmp_path / "search" / "model.keras")})) == 1


@pytest.mark.parametrize("beside", [
    {"searched": {"data.test_fraction": 0.2}}, {"searched": {}, "fraction": 0.0}, {"searched": {}, "source": "others"},
    {"searched": {}, "model.weights": "imagenet"},
])
def test_what_has_not_seen_them_is_not_named(notes_beside, beside):
    assert notes_beside(**beside) == []
