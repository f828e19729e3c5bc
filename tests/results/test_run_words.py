from results.run_words import setting_in_words


def test_settings_read_as_a_person_writes_them():
    values = {"seed": 1, "refit": True, "augment": False, "limit": None, "fc_layers": [512, 256], "none": [], "decay": 0.0}
    assert [setting_in_words(value) for value in values.values()] == ["1", "yes", "no", "–", "512, 256", "none", "0.0"]
