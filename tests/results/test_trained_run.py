import pytest

from car_classifier.base.errors import UserError
from car_classifier.base.files import write_json
from results.trained_run import find_trained_run


@pytest.mark.parametrize(("kind", "words"), [("search", "train --hyperparameters"), ("compare", "is a comparison")])
def test_a_run_without_a_model_is_refused_with_what_to_do(tmp_path, kind, words):
    write_json(tmp_path / "other" / "run.json", {"format": 1, "kind": kind, "status": "done"})
    with pytest.raises(UserError, match=words):
        find_trained_run("other", tmp_path)


def test_the_file_of_a_model_leads_to_its_run(tmp_path):
    write_json(tmp_path / "run" / "run.json", {"format": 1, "kind": "train", "status": "done"})
    (tmp_path / "run" / "model.keras").touch()
    with pytest.raises(UserError, match="Give the folder of the run that holds it: .*run"):
        find_trained_run(tmp_path / "run" / "model.keras", tmp_path)
    assert find_trained_run("run", tmp_path) == tmp_path / "run"
