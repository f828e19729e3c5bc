"""A wrong study file is refused before anything is trained, and the message names file, variant and key."""

import pytest

from car_classifier.base.errors import UserError
from car_classifier.study import known_studies, read_study
from car_classifier.study_check import check_study

VARIANTS = '[[variants]]\nname = "plain"\n[[variants]]\nname = "more"\nsettings.model.dropout = 0.5\n'
STUDY = f'title = "T"\nquestion = "?"\n{VARIANTS}'


def refusal(tmp_path, text):
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(UserError) as raised:
        read_study(str(tmp_path / "own.toml"))
    return str(raised.value).replace(str(tmp_path / "own.toml"), "own.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (STUDY.replace("title", "titel"), "own.toml: Unknown key 'titel'. Did you mean 'title'?\nKnown: title, question, "),
        (STUDY.replace("[[variants", "[[variant"), "own.toml: Unknown key 'variant'. Did you mean 'variants'?"),
        (STUDY + "publised = 3", "own.toml, variant 'more': Unknown key 'publised'. Did you mean 'published'?\nKnown: name, "),
        (STUDY + "model.dropout = 3", "own.toml, variant 'more': Unknown key 'model'. Settings stand in `settings`: "),
    ],
)
def test_an_unknown_key_gets_the_nearest_known_one(tmp_path, text, message):
    assert refusal(tmp_path, text).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seeds = 0\n" + STUDY, "own.toml: seeds: expected greater than or equal to 1. Received: 0."),
        ('notes = "one"\n' + STUDY, "own.toml: notes: expected a list in brackets. Received: 'one'."),
        (STUDY + "note = 3", "own.toml, variant 'more': note: expected a valid string. Received: 3."),
        (STUDY + "[[variants]]\nnote = 'x'", "own.toml, variant number 3: the key 'name' is missing. Expected: a text."),
        (STUDY.replace("[[", "[").replace("]]", "]").rpartition("[variants]")[0],
         "own.toml: expected tables, each begun with [[variants]] and with keys of its own. Received: {'name': 'p"),
        ('title = "T"\nquestion = "?"\nvariants = ["a"]', "own.toml, variant number 1: expected tables, each begun with [[var"),
        (STUDY + "published_gflops = -1", "own.toml, variant 'more': published_gflops: expected greater than 0. Received: -1."),
    ],
)
def test_a_wrong_value_is_told_with_what_was_expected_and_received(tmp_path, text, message):
    assert refusal(tmp_path, text).startswith(message)


@pytest.mark.parametrize("value", ["895", "-1", '"high"', "true", "nan", "{ cub200 = 101 }", '{ cub200 = "high" }', "{}"])
def test_a_published_accuracy_is_one_from_0_to_100(tmp_path, value):
    message = refusal(tmp_path, STUDY + f"published = {value}\n")
    assert message.startswith("own.toml, variant 'more': published: expected an accuracy in per cent, from 0 to 100, or a ")
    assert "Received: " in message and "\n" not in message


def checked(tmp_path, text, given=None):
    (tmp_path / "own.toml").write_text(text)
    _, study = read_study(str(tmp_path / "own.toml"))
    return check_study("own.toml", study, study.shared_with(given or {}))


@pytest.mark.parametrize("name", ["cubb", "cub200+aircraft", "cub200 + fgvc_aircraft", "birds"])
def test_published_accuracies_of_unknown_data_are_refused(tmp_path, name):
    with pytest.raises(UserError, match="^own.toml, variant 'more': published: Unknown data set '.*\nKnown: demo, "):
        checked(tmp_path, STUDY + f'published = {{ "{name}" = 70 }}\n')


@pytest.mark.parametrize("name", ["cub200", "fgvc_aircraft+cub200", "photos/birds", "birds", "cub200+birds"])
def test_published_accuracies_are_of_known_data_or_of_those_of_the_study(tmp_path, name):
    assert checked(tmp_path, f'data = "photos/birds"\n{STUDY}published = {{ "{name}" = 70 }}\n') is None  # raises otherwise


@pytest.mark.parametrize("name", known_studies())
def test_ready_made_studies_have_no_mistake(name):
    _, study = read_study(name)
    check_study(name, study, study.settings_of_all())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (STUDY.replace("0.5", "6"), "own.toml, variant 'more': model.dropout: expected less than 1. Received: 6."),
        (STUDY.replace("dropout", "dropuot"), "own.toml, variant 'more': Unknown setting 'model.dropuot'. Did you mean"),
        (STUDY + "settings.model.name = 'model2'", "own.toml, variant 'more': model.name: Unknown model 'model2'. Did you"),
        ("epochs = 3\nsettings.seeed = 1\n" + STUDY, "own.toml: Unknown setting 'seeed'. Did you mean 'seed'?"),
    ],
)
def test_a_wrong_setting_is_told_with_file_and_variant(tmp_path, text, message):
    with pytest.raises(UserError) as raised:
        checked(tmp_path, text)
    assert str(raised.value).startswith(message)


def test_a_wrong_setting_that_the_user_gave_is_said_of_no_variant(tmp_path):
    with pytest.raises(UserError, match="^training.batch_size: expected"):
        checked(tmp_path, STUDY, {"training.batch_size": 0})


def test_a_row_that_the_model_cannot_have_need_not_fit_it(tmp_path):
    text = f'model = "squeezenet"\n{STUDY}stages = 4\nsettings.model.se_after_stages = [4]\n'
    for given in ({}, {"model.name": "convnextv2_atto"}):
        assert checked(tmp_path, text, given) is None  # raises otherwise


def test_settings_of_all_need_fit_only_the_models_of_the_rows(tmp_path):
    kernels = "settings.augmentation.blur_kernel_max = {}\n"
    text = VARIANTS.replace('"plain"\n', '"plain"\n' + kernels.format(13)) + kernels.format(15)
    study = f'title = "T"\nquestion = "?"\nsettings.augmentation.blur_kernel_min = 11\n{text}'
    assert checked(tmp_path, study) is None  # raises otherwise
