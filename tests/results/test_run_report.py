"""The page of a training is one file that shows everything, also without pictures, and does nothing a stranger's text asks."""

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from results.figure_words import figure_rows, intervals_in_words
from results.picture_material import PictureMaterial, embed_jpeg
from results.run_report import write_run_report
from results.selection import select_pictures
from tests.results.synthetic_run import make_run
from tests.results.test_search_report import EVIL, Page


def jpeg():
    packed = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (200, 300, 3), dtype=np.uint8)).save(packed, "JPEG", quality=72)
    return embed_jpeg(packed.getvalue(), 300, 200)


def write(record, folder, *, with_pictures=True, **changes):
    selection = select_pictures(record.answers, record.split, validation=None, duplicates=record.data.get("duplicates", []))
    picture = jpeg()
    shown = {file: picture for file in record.answers.files}
    nearest = {(file, place): (record.answers.files[0], 0.9) for file in shown for place in range(len(record.class_names))}
    material = PictureMaterial(shown, shown, nearest) if with_pictures else PictureMaterial(notes=("They are gone.",))
    arguments = {"changed": {"model.name": "squeezenet"}, "search": None} | changes
    write_run_report(record, selection, material, **arguments)
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    return write(make_run(folder, num_classes=196, num_pictures=1305), folder)


def test_page_of_196_classes_is_small_and_fetches_nothing(large):
    assert len(large) < 10_000_000
    addresses = [value for _, tags in Page(large).tags for name, value in tags.items() if name in ("src", "href")]
    assert len(addresses) > 60
    assert all(address.startswith(("data:image/png;base64,", "data:image/jpeg;base64,")) for address in addresses)
    assert not re.search(r"url\(|@import|https?://", re.sub(r"base64,[\w+/=]+", "", large))


def test_page_says_what_came_out_and_how_to_repeat_it(large):
    text = " ".join("".join(Page(large).text).split())
    assert re.search(r"\d\d\.\d\W% of 1,305 test pictures named rightly", text)
    assert "python -m car_classifier train --data 'a b'" in text
    assert "Make 6 Model 195 Sedan 2012" in text
    assert "the other way round" in text and "Labels worth a second look" in text


def test_figures_stand_beside_their_intervals_and_columns_that_say_nothing_are_left_out(tmp_path):
    record = make_run(tmp_path)
    text = write(record, tmp_path)
    assert "91.2" not in text and "0.912 to 0.934" in text and ">95 % interval<" in text
    bare = {name: value for name, value in record.evaluation.items() if name != "intervals"}
    none = {name: value for name, value in bare.items() if not name.startswith("accuracy_")}
    assert "0.912 to" not in write(replace(record, evaluation=bare), tmp_path)
    assert [row[3] for row in figure_rows(bare)].count("–") == len(figure_rows(bare)) - 1
    assert all(row[3] == "–" for row in figure_rows(none))


def test_only_the_intervals_that_are_there_are_explained(tmp_path):
    evaluation = make_run(tmp_path).evaluation
    ours = evaluation | {"intervals": {"accuracy": (0.4, 0.6), "auc_macro_ovr": (0.9, 0.95)}}
    assert "Wilson's" in intervals_in_words(ours) and "DeLong's" in intervals_in_words(ours)
    assert "calibration" not in intervals_in_words(ours)
    bare = {name: value for name, value in evaluation.items() if name != "intervals"}
    for method, words in (("bootstrap", "by a bootstrap over the pictures. "), ("wilson", "by Wilson's formula. ")):
        assert f"might have given, {words}They" in intervals_in_words(bare | {"accuracy_interval": method})
    assert intervals_in_words({}) == ""


def test_what_chance_does_to_calibration_and_to_small_classes_is_said(tmp_path):
    record = make_run(tmp_path)
    text = write(replace(record, evaluation=record.evaluation | {"expected_calibration_error_by_chance": 0.034}), tmp_path)
    assert "perfect ones would by chance show 3.4 on so many pictures" in text
    assert re.search(r"A class has \d+ to \d+ test pictures, so a single one moves a recall by up to [\d.]+ points", text)


def test_boxes_of_the_tested_pictures_are_said(tmp_path):
    record = make_run(tmp_path)
    words = "those tested on too, are cut to their annotated boxes"
    assert words in write(record, tmp_path)
    assert words not in write(replace(record, settings=record.settings | {"data.cut_to_box": False}), tmp_path)


def test_without_pictures_the_page_says_so_and_keeps_the_figures(tmp_path):
    text = write(make_run(tmp_path), tmp_path, with_pictures=False)
    assert "They are gone." in text and "galleries are left out" in text
    assert "The surest mistakes" not in text and "Every class" in text


def test_duplicates_are_told_with_the_accuracy_without_them(tmp_path):
    group = {"kind": "same", "files": ["pictures/00000.jpg", "x.jpg"], "splits": ["test", "train"], "classes": ["a", "a"]}
    record = make_run(tmp_path)
    text = write(replace(record, data=record.data | {"duplicates": [group]}), tmp_path)
    assert "1 photograph lies in more than one split" in text and "Without these the accuracy is" in text
    assert "None was found" in write(replace(record, data=record.data | {"duplicates": []}), tmp_path)
    assert "Nobody has looked for them" in write(record, tmp_path)


def test_a_run_that_was_not_evaluated_has_a_page(tmp_path):
    record = make_run(tmp_path, evaluated=None)
    write_run_report(record, None, PictureMaterial(), changed={}, search=None)
    assert "not evaluated yet" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "has not been evaluated" in (tmp_path / "model_card.md").read_text(encoding="utf-8")


def test_validation_figures_are_said_to_be_too_good(tmp_path):
    assert "These pictures chose the best epoch" in write(make_run(tmp_path, evaluated="validation"), tmp_path)


def test_text_of_strangers_stays_text(tmp_path):
    interruptions = [{"noticed": "2026-11-20T17:05:00+00:00", "reason": EVIL}]
    record = make_run(tmp_path, names=(EVIL, "a", "b"), command=[EVIL], interruptions=interruptions)
    page = Page(write(record, tmp_path, changed={"a.b": EVIL}))
    assert page.count("script") == 1
    assert not any(name.startswith("on") or value == "http://e.x/a" for _, tags in page.tags for name, value in tags.items())
    assert "".join(page.text).count(EVIL) >= 6


def test_model_card_has_its_headings_and_the_facts_of_the_run(tmp_path):
    record = make_run(tmp_path)
    write(record, tmp_path)
    card = (tmp_path / "model_card.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)", card, re.M)
    assert headings[:6] == ["Model details", "Intended use", "Factors", "Metrics", "Evaluation data", "Training data"]
    assert f"| accuracy | {100 * record.evaluation['accuracy']:.1f} % |" in card
    assert "f" * 64 in card and "20 to 20 training pictures per class" in card


def test_temperature_at_its_bound_is_told_on_page_and_card(tmp_path):
    record = make_run(tmp_path)
    text = write(replace(record, evaluation=record.evaluation | {"temperature": 5.0}), tmp_path)
    assert "end of what is tried" in text and "end of what is tried" in (tmp_path / "model_card.md").read_text(encoding="utf-8")
    assert "end of what is tried" not in write(record, tmp_path)


def test_suspected_labels_name_their_split_and_file(large):
    assert re.search(r"<li>test: pictures/\d{5}\.jpg</li>", large)


def test_data_that_are_not_as_published_are_told_on_page_and_card(tmp_path):
    words = "1,305 test pictures can be used. Stanford Cars as published has 8,041."
    faults = [{"kind": "counts_differ", "where": "cars", "message": words, "effect": "reported"},
              {"kind": "box_without_area", "where": "a.jpg", "message": "Its box has no area.", "effect": "changed"},
              {"kind": "same_in_two_splits", "where": "b.jpg", "message": "Told with the duplicates.", "effect": "reported"}]
    record = make_run(tmp_path)
    text = write(replace(record, data=record.data | {"faults": faults}), tmp_path)
    assert f"<p>{words}</p>" in text and "1 other fault of the data" in text and "a.jpg: Its box has no area." in text
    assert "Told with the duplicates." not in text
    assert words in (tmp_path / "model_card.md").read_text(encoding="utf-8")


def test_every_file_and_entry_that_was_left_out_is_listed_once(tmp_path):
    bad, line, empty = (
        {"kind": kind, "where": where, "message": message, "effect": "left_out"} for kind, where, message in
        [("picture_unusable", "a.jpg", "It ends early."), ("annotation_malformed", "cars.csv:7", "It has no label."),
         ("class_empty", "heron", "There is no picture in it.")]
    )
    record = make_run(tmp_path)
    data = record.data | {"faults": [bad, line, empty], "skipped": [{"file": "a.jpg", "reason": "It ends early."}]}
    text = write(replace(record, data=data), tmp_path)
    assert "1 file left out" in text and "2 other faults of the data" in text and text.count("a.jpg: It ends early.") == 1
    assert "cars.csv:7: It has no label." in text and "heron: There is no picture in it." in text


def test_a_class_that_was_never_answered_has_no_precision(tmp_path):
    record = make_run(tmp_path, num_classes=3, num_pictures=30)
    answers = record.answers
    never = replace(answers, classes=np.where(answers.classes == 0, 1, answers.classes))
    text = write(replace(record, answers=never), tmp_path)
    first, second = (re.search(rf"<td>{name}</td><td.*?</td><td.*?>(.*?)</td>", text)[1] for name in record.class_names[:2])
    assert first == "–" and second.endswith("%")


def test_photographs_under_two_labels_are_counted(tmp_path):
    group = {"kind": "same", "files": ["x.jpg", "y.jpg"], "splits": ["train", "train"], "classes": ["a", "b"]}
    across = group | {"files": ["pictures/00000.jpg", "z.jpg"], "splits": ["test", "train"], "classes": ["a", "a"]}
    record = make_run(tmp_path)
    text = write(replace(record, data=record.data | {"duplicates": [group, across]}), tmp_path)
    assert "1 photograph lies under two labels" in text


def test_figures_say_on_how_many_pictures_they_were_measured(tmp_path):
    record = make_run(tmp_path)
    text = write(record, tmp_path)
    assert ">test, 240 pictures<" in text and ">test pictures<" in text
    assert "Validation pictures chose the epoch, and" in text


def test_one_epoch_and_two_openings_are_english(tmp_path):
    record = make_run(tmp_path)
    run = record.run | {"summary": record.summary | {"epochs": 1, "best_epoch": 1}, "evaluations_of_test": 2}
    text = write(replace(record, run=run), tmp_path)
    assert " 1 epoch." in text and "has been opened twice: choices" in text


def test_a_temperature_that_made_calibration_worse_is_told(tmp_path):
    record = make_run(tmp_path)
    worse = {"expected_calibration_error": 0.181, "expected_calibration_error_uncalibrated": 0.037}
    words = "fitted to 30 validation pictures, made that worse: 3.7 points before"
    assert words in write(replace(record, evaluation=record.evaluation | worse), tmp_path)
    better = worse | {"expected_calibration_error_uncalibrated": 0.2}
    assert "made that worse" not in write(replace(record, evaluation=record.evaluation | better), tmp_path)


def test_groups_that_are_the_classes_themselves_are_not_listed(tmp_path):
    record = make_run(tmp_path)
    ends = {"accuracy": 0.5, "accuracy_low": 0.4, "accuracy_high": 0.6}
    levels = [{"name": "make", "num_groups": 7, **ends}, {"name": "model", "num_groups": 12, **ends}]
    text = write(replace(record, evaluation=record.evaluation | {"levels": levels}), tmp_path)
    assert "make, 7 groups" in text and "model, 12 groups" not in text
