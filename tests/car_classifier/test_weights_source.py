from car_classifier.base.files import write_json
from car_classifier.settings import weights_source


def test_run_gives_its_model_and_one_called_as_published_weights_does_not_hide_them(tmp_path):
    for name in ("mine", "imagenet"):
        write_json(tmp_path / name / "run.json", {"format": 1, "kind": "train", "status": "done"})
    assert weights_source("mine", tmp_path) == str((tmp_path / "mine" / "model.keras").resolve())
    assert weights_source("imagenet", tmp_path) == "imagenet"
    assert weights_source("own.h5", tmp_path) == "own.h5"
