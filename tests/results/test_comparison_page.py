"""The page of a comparison."""

import pytest

from car_classifier.base.files import write_json
from results.comparison_page import headline, write_comparison_page

VARIANT = {
    "settings": {}, "num_seeds": 2, "accuracy": 0.5, "accuracy_low": 0.45, "accuracy_high": 0.55, "validation_accuracy": 0.52,
    "published": None, "parameters": 1000, "trainable_parameters": 900, "gflops": 0.1, "epochs": 2.0, "seconds": 60.0,
    "cpu_seconds": 90.0, "steps": {"training": {"seconds": 50.0, "cpu_seconds": 80.0}}, "model_bytes": 1_000_000,
    "peak_memory": None,
}


def content(gain: float, *, distinguishable: bool):
    members = [{"run": f"runs/{seed}", "seed": seed, "accuracy": 0.5, "evaluations_of_test": 1} for seed in (0, 1)]
    variants = [VARIANT | {"name": name, "members": members, "accuracy": 0.5 + change}
                for name, change in (("default", 0), ("<b>tuned</b>", gain))]
    difference = {
        "variant": "<b>tuned</b>", "baseline": "default", "difference": gain, "low": gain - 0.01, "high": gain + 0.01,
        "p_value": 0.01, "p_adjusted": 0.01, "distinguishable": distinguishable, "pairs": [{}, {}],
        "verdict": "A verdict in words.",
    }
    return {
        "format": 1, "title": "Default against tuned", "question": "Is it worth it?", "notes": [], "command": "compare a b",
        "failed": [{"run": "c", "variant": "third", "seed": 0, "reason": "diverged"}], "data": "demo", "num_pictures": 72,
        "num_classes": 12, "seeds": [0, 1], "baseline": "default", "variants": variants, "differences": [difference],
        "correction": None, "carry_over": [],
    }


@pytest.mark.parametrize(("gain", "found", "words"), [
    (0.018, True, "<b>tuned</b>: +1.8 points against default"), (-0.03, True, "<b>tuned</b>: −3.0 points against default"),
    (0.001, False, "Nothing is distinguishable from default"),
])
def test_headline_says_what_was_found_or_that_nothing_was(gain, found, words):
    assert headline(content(gain, distinguishable=found)) == words


def test_page_holds_verdict_tables_and_failures_and_escapes_names(tmp_path):
    write_json(tmp_path / "comparison.json", content(0.018, distinguishable=True))
    write_comparison_page(tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for words in ("A verdict in words.", "Is it worth it?", "third, seed 0, is missing: diverged", "compare a b", "1 min 00 s"):
        assert words in page
    assert "<b>tuned" not in page and page.count('<table class="sortable"') == 3


def page_of(folder, made):
    write_json(folder / "comparison.json", made)
    write_comparison_page(folder)
    return (folder / "report.html").read_text(encoding="utf-8")


def test_how_a_study_was_cut_stands_between_headline_and_verdicts_and_nowhere_else(tmp_path):
    made = content(0.018, distinguishable=True) | {"notes": ["As published.", "Run with 1 epoch instead of 30. So small."]}
    page = page_of(tmp_path, made)
    assert page.count("Run with 1 epoch") == 1 and "<li>As published.</li>" in page
    assert page.index("<h1>") < page.index("Run with 1 epoch") < page.index("Is it worth it?") < page.index("<h2>Verdict")


def test_what_is_said_of_openings_is_said_once_and_holds(tmp_path):
    made = content(0.018, distinguishable=True)
    assert "Each training opened the test split once." in page_of(tmp_path, made)
    made["variants"][0]["members"][0]["evaluations_of_test"] = 2
    page = page_of(tmp_path, made)
    assert "opened more than once for 2 of the trainings" in page and "opened the test split once" not in page


def test_figures_from_elsewhere_are_shown_with_what_they_were_measured_on(tmp_path):
    made = content(0.018, distinguishable=True) | {"published_of": "ConvNeXt, birds"}
    for variant in made["variants"]:
        variant["published_figures"] = {"accuracy": {"birds": 89.5}, "gflops": None, "weights": 196.66}
    page = page_of(tmp_path, made)
    assert "Measured on: ConvNeXt, birds" in page and "Published accuracies" in page and "196.660" in page
    assert "<h2>Published</h2>" not in page_of(tmp_path, content(0.018, distinguishable=True))


def test_nothing_is_called_better_where_nothing_is_distinguishable(tmp_path):
    assert "Better than the baseline" in page_of(tmp_path, content(0.018, distinguishable=True))
    page = page_of(tmp_path, content(0.018, distinguishable=False))
    assert "Better" not in page and "Best" not in page


def test_variants_with_fewer_trainings_are_not_said_to_have_as_many(tmp_path):
    some = content(0.018, distinguishable=True)
    some["variants"][1]["num_seeds"] = 1
    write_json(tmp_path / "comparison.json", some)
    write_comparison_page(tmp_path)
    assert "of 1 to 2 trainings each" in (tmp_path / "report.html").read_text(encoding="utf-8")
