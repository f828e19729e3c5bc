import csv
import json

import pytest
from PIL import Image

from results.comparison import compare
from results.comparison_report import comparison_markdown, write_comparison
from results.comparison_table import accuracy_table, cost_table, steps_table
from results.published import Published
from results.published_table import published_tables
from tests.results.test_comparison import ABOUT, variant


@pytest.fixture
def content(tmp_path):
    found = Published({"cars": 89.4, "birds": 71.0}, gflops=68.7)
    variants = [variant(tmp_path, "a|b", 0.5, published=found), variant(tmp_path, "c", 0.7)]
    return compare(variants, seed=0, **ABOUT)


def test_all_files_are_written_and_agree(content, tmp_path):
    write_comparison(content, tmp_path / "out")
    assert json.loads((tmp_path / "out" / "comparison.json").read_text()) == content
    with open(tmp_path / "out" / "table.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert float(rows[1]["difference"]) == content["differences"][0]["difference"]
    assert float(rows[0]["accuracy_seed_2"]) == content["variants"][0]["members"][2]["accuracy"]
    for name in ("accuracy", "time"):
        with Image.open(tmp_path / "out" / "plots" / f"{name}.png") as picture:
            assert min(picture.size) > 300


def test_markdown_holds_tables_verdict_and_command(content, tmp_path):
    write_comparison(content, tmp_path)
    text = (tmp_path / "table.md").read_text()
    assert "| a\\|b |" in text and content["differences"][0]["verdict"] in text and "Reproduce with `compare`" in text


def test_markdown_says_before_its_tables_how_a_study_was_cut(content, tmp_path):
    content["notes"] = ["Run with 1 epoch instead of 30. So small."]
    text = comparison_markdown(content)
    assert text.index("Run with 1 epoch") < text.index("| variant |") and text.count("Run with") == 1


def test_one_seed_and_one_picture_are_said_in_the_singular(content):
    assert "test pictures of cars, seeds 0, 1, 2." in comparison_markdown(content)
    content |= {"seeds": [0], "num_pictures": 1}
    assert "\n1 test picture of cars, seed 0.\n" in comparison_markdown(content)


def test_what_was_published_elsewhere_stands_in_tables_of_its_own(content, tmp_path):
    accuracies, costs = ([[cell.text for cell in row] for row in cells] for cells in published_tables(content).values())
    assert accuracies[:2] == [["variant", "ours", "cars", "birds"], ["a|b", accuracies[1][1], "89.4", "71"]]
    assert accuracies[2][1].endswith(")") and accuracies[2][2:] == ["–", "–"]
    assert costs == [["variant", "GFLOPs", "published GFLOPs"], ["a|b", "0.500", "68.70"], ["c", "0.500", "–"]]
    write_comparison(content, tmp_path / "out")
    assert "published GFLOPs" in (tmp_path / "out" / "table.md").read_text()


def test_published_accuracies_have_the_same_decimals_and_their_change(content):
    for one, value in zip(content["variants"], (89.47, 89.5), strict=True):
        one["published_figures"] = {"accuracy": {"birds": value}, "gflops": None, "weights": None}
    (cells,) = published_tables(content).values()
    assert [row[2].text for row in cells] == ["birds", "89.47", "89.50 (+0.03)"]


def test_costs_stand_with_their_difference_from_the_baseline(content):
    for one, gflops, published in zip(content["variants"], (0.03396, 0.04134), (68.72, 68.8), strict=True):
        one |= {"gflops": gflops, "published_figures": {"accuracy": {}, "gflops": published, "weights": None}}
    header, *rows = cost_table(content)
    place = [cell.text for cell in header].index("GFLOPs")
    assert [row[place] for row in rows] == [("0.0340", 0.03396), ("0.0413 (+21.7 %)", 0.04134)]
    assert [row[1].text for row in rows] == ["1,000", "1,000"]
    (cells,) = published_tables(content).values()
    assert [cell.text for cell in cells[2]] == ["c", "0.0413 (+21.7 %)", "68.80 (+0.12 %)"]


def test_there_is_no_table_of_published_figures_without_any_from_elsewhere(content):
    content["variants"][0]["published_figures"] = {"accuracy": {"cars": 89.4}, "gflops": None, "weights": None}
    assert published_tables(content) == {}


def test_tables_have_a_row_per_variant_and_no_empty_column(content):
    header, first, second = ([cell.text for cell in row] for row in accuracy_table(content))
    assert "published %" in header and first[header.index("published %")] == "89.4"
    assert second[header.index("difference")].startswith("+") and ("peak GB", None) not in cost_table(content)[0]
    assert [row[0].text for row in steps_table(content)] == ["step", "training", "features", "evaluation"]


def test_times_and_differences_are_sorted_as_numbers(content):
    content["variants"][0]["seconds"], content["variants"][1]["seconds"] = 61.0, 30.0
    header, first, second = cost_table(content)
    place = [cell.text for cell in header].index("time")
    assert (first[place], second[place]) == (("1 min 01 s", 61.0), ("30 s", 30.0))
    header, _, second = accuracy_table(content)
    assert second[[cell.text for cell in header].index("difference")].key == content["differences"][0]["difference"]
