"""The page of a training: one HTML file that needs no network."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from car_classifier.base.files import write_text
from results.answers import Answers
from results.cost_words import gflops_text
from results.figure_words import figure_rows, figure_text, intervals_in_words
from results.model_card import write_model_card
from results.page import Picture, embed_picture, render_page
from results.picture_material import PictureMaterial
from results.run_record import RunRecord
from results.run_words import (
    command_text,
    data_in_words,
    headline,
    pair_in_words,
    result_in_words,
    setting_in_words,
    share_text,
    short_setting,
    training_in_words,
)
from results.search_words import duration_text, moment_text
from results.selection import NUM_DUPLICATES, Selection, without_duplicates
from results.shot import Shot
from results.statistics import accuracy_interval

_EMPTY = ("–", ("–", None))  # cells that hold nothing
_SEARCH_PLOTS = {
    "history": ("Values.", "Each trial in its order; the line is the best so far. Trials that were cut off stand at their "
                "best until then."),
    "importance": ("Importance.", "How much worse the order of the trials is foretold when one hyper-parameter is shuffled "
                   "among them."),
    "parallel": ("All together.", "Each line is a trial, from its hyper-parameters to its value at the right."),
}


def write_run_report(
    record: RunRecord, selection: Selection | None, material: PictureMaterial, *, changed: Mapping[str, Any],
    search: Path | None,
) -> None:
    """Write `report.html` and `model_card.md` into the folder of a run, each atomically.

    Args:
        record: the run.
        selection: what is shown of its evaluation; None without one.
        material: the pictures.
        changed: settings that are not what the program would have chosen.
        search: folder of the search whose winner was trained; None: of none.
    """
    page = render_page(
        "run.html", record=record, headline=headline(record), result=result_in_words(record),
        training=training_in_words(record), tiles=_tiles(record), **_figure_content(record),
        levels=_levels(record), **_picture_content(record, selection, material),
        **_class_content(record), plots=_plots(record), steps=_steps(record), decisions=_decisions(record),
        changed=[(name, short_setting(value)) for name, value in changed.items()],
        settings=[(name, setting_in_words(value)) for name, value in record.settings.items()],
        interruptions=[(moment_text(item["noticed"]), item["reason"]) for item in record.run["interruptions"]],
        extensions=record.run.get("extensions", ()), search=search, search_plots=_search_plots(search),
        skipped=record.data.get("skipped", ()), faults=_faults(record), data_notes=data_in_words(record),
        command_line=command_text(record), notes=material.notes,
        intervals_in_words=intervals_in_words(record.evaluation or {}), versions=record.run["versions"],
        hardware=record.run["hardware"],
    )
    write_text(record.folder / "report.html", page)
    write_model_card(record, record.folder / "model_card.md")


def _tiles(record: RunRecord) -> list[tuple[str, str, str]]:
    figures, summary = record.evaluation, record.summary
    time = ("Time, all in all", duration_text(summary["seconds"]), f"{duration_text(summary['cpu_seconds'])} of CPU")
    if figures is None:
        return [time]
    ends = f"{share_text(figures['accuracy_low'])} to {share_text(figures['accuracy_high'])}"
    k = next((k for k in (5, 3) if figures.get(f"top_{k}_accuracy") is not None), None)
    return [
        ("Accuracy", share_text(figures["accuracy"]), f"95 %: {ends}, {record.split}"),
        ("F1", f"{figures['f1_macro']:.3f}", "mean over classes") if k is None else
        (f"Top {k}", share_text(figures[f"top_{k}_accuracy"]), f"right class among the first {k}"),
        ("Calibration error", share_text(figures["expected_calibration_error"]), _of_perfect(figures)), time,
    ]


def _of_perfect(figures: dict[str, Any]) -> str:
    perfect = figures.get("expected_calibration_error_by_chance")
    return "0 % is perfect" if perfect is None else f"even perfect probabilities show about {share_text(perfect)}"


def _figure_content(record: RunRecord) -> dict[str, Any]:
    """The table of figures, beside those on validation."""
    if record.evaluation is None:
        return {"figure_columns": [], "figures": []}
    other = (record.summary["validation"] or {}) if record.split == "test" else {}
    rows = [(name, value, ends, figure_text(key, other.get(key)))
            for key, name, value, ends in figure_rows(record.evaluation)]
    pictures = f"{record.split}, {record.evaluation['num_pictures']:,} pictures"
    columns, rows = _filled(("Figure", pictures, "95 % interval", f"validation, {other.get('num_pictures') or 0:,}"), rows)
    return {"figure_columns": columns, "figures": rows}


def _filled(columns: Sequence[Any], rows: Sequence[Sequence[Any]]) -> tuple[list[Any], list[list[Any]]]:
    """Return columns and rows without the columns that hold nothing but dashes."""
    used = [place for place in range(len(columns)) if any(row[place] not in _EMPTY for row in rows)]
    return [columns[place] for place in used], [[row[place] for place in used] for row in rows]


def _levels(record: RunRecord) -> list[tuple[str, str]]:
    """Accuracy by groups of classes, where the evaluation knows of such that are not the classes themselves."""
    levels = [level for level in (record.evaluation or {}).get("levels") or () if level["num_groups"] < len(record.class_names)]
    ends = ("accuracy", "accuracy_low", "accuracy_high")
    words = ("{} ({} to {})".format(*(share_text(level[end]) for end in ends)) for level in levels)
    return [(f"{level['name']}, {level['num_groups']} groups", text) for level, text in zip(levels, words)]


def _picture_content(record: RunRecord, selection: Selection | None, material: PictureMaterial) -> dict[str, Any]:
    answers = record.answers
    if selection is None or answers is None:
        return {"pairs": [], "mistakes": [], "doubts": [], "suspects": [], "suspect_files": [], "num_suspected": {},
                "duplicates": None}
    return {
        "pairs": [_pair(answers, pair, material) for pair in selection.pairs],
        "mistakes": [_shot(answers, index, material, with_map=True) for index in selection.mistakes],
        "doubts": [_shot(answers, index, material) for index in selection.doubts],
        "suspects": [_shot(group, index, material) for group, index in selection.suspects],
        "suspect_files": [(record.split if group is answers else "validation", group.files[index])
                          for group, index in selection.suspects],
        "num_suspected": selection.num_suspected,
        "duplicates": _duplicates(record, selection, material),
    }


def _pair(answers: Answers, pair: Any, material: PictureMaterial) -> dict[str, Any]:
    names = answers.class_names
    words = pair_in_words(names[pair.first], names[pair.second], count=pair.count, back=pair.back, totals=pair.totals)
    rows = [[shot, *_nearest(answers, index, material)] for index in pair.mistakes
            for shot in [_shot(answers, index, material, with_map=True)] if shot.picture]
    return {"first": names[pair.first], "second": names[pair.second], "words": words, "rows": rows}


def _nearest(answers: Answers, index: int, material: PictureMaterial) -> list[Shot]:
    shots = []
    for place, words in ((answers.classes[index, 0], "answer"), (answers.labels[index], "truth")):
        file, alike = material.nearest.get((answers.files[index], int(place)), (None, 0.0))
        if file is not None:
            note = f"most alike in training, of the {words} ({alike:.2f})"
            shots.append(Shot(material.thumbnails[file], answers.class_names[place], file, note=note))
    return shots


def _shot(answers: Answers, index: int, material: PictureMaterial, *, with_map: bool = False) -> Shot:
    """What a template shows of one picture."""
    file, names = answers.files[index], answers.class_names
    answer, second = (
        f"{names[answers.classes[index, n]]}, {share_text(answers.probabilities[index, n], 0)}".replace(" %", "\u00a0%")
        for n in (0, 1)
    )
    return Shot(
        material.thumbnails.get(file), names[answers.labels[index]], file,
        "right" if answers.is_right[index] else "wrong", material.maps.get(file) if with_map else None, answer, second,
    )


def _duplicates(record: RunRecord, selection: Selection, material: PictureMaterial) -> dict[str, Any] | None:
    """The photographs in more than one split, and the accuracy without them; None where nobody looked for them."""
    if "duplicates" not in record.data or record.split is None or record.answers is None:
        return None
    kept = without_duplicates(record.answers, record.split, selection.duplicates)
    groups = [
        [Shot(material.thumbnails.get(file), name, file, note=split)
         for file, split, name in zip(group["files"], group["splits"], group["classes"])]
        for group in selection.duplicates[:NUM_DUPLICATES]
    ]
    right = record.answers.is_right[kept]
    shares = (float(right.mean()), *accuracy_interval(right, seed=record.seed)[:2]) if right.size else None
    contradicted = sum(len(set(group["classes"])) > 1 for group in record.data["duplicates"])
    return {"groups": groups, "num_groups": len(selection.duplicates), "num_doubled": int((~kept).sum()),
            "num_contradicted": contradicted,
            "without": shares and f"{share_text(shares[0])} ({share_text(shares[1])} to {share_text(shares[2])})"}


def _faults(record: RunRecord) -> list[dict[str, Any]]:
    """What was found wrong with the data, but for what the page says elsewhere."""
    listed = {(item["file"], item["reason"]) for item in record.data.get("skipped", ())}
    return [fault for fault in record.data.get("faults", ()) if (fault["where"], fault["message"]) not in listed and
            fault["kind"] != "counts_differ" and not fault["kind"].startswith(("same_", "nearly_same_"))]


def _class_content(record: RunRecord) -> dict[str, Any]:
    columns = [{"label": label, "name": label} for label in
               ("class", "recall", "precision", "F1", f"{record.split} pictures", "training pictures", "most often taken for")]
    if record.evaluation is None or record.answers is None:
        return {"class_columns": columns, "class_rows": [], "class_note": ""}
    trained, matrix = record.data["counts_per_class"]["train"], record.answers.matrix
    rows = []
    for place, row in enumerate(record.evaluation["per_class"]):
        others = matrix[place].copy()
        others[place] = 0
        rival = f"{record.class_names[others.argmax()]} ({others.max()})" if others.max() else "–"
        scores = [(share_text(row[name], 0), row[name]) for name in ("recall", "precision", "f1")]
        if not matrix[:, place].any():  # never answered: there is nothing of which a share could be right
            scores[1] = _EMPTY[1]
        counts = [(f"{count:,}", count) for count in (row["support"], trained[place])]
        rows.append([(row["class_name"], None), *scores, *counts, (rival, None)])
    columns, rows = _filled(columns, rows)
    return {"class_columns": columns, "class_rows": [{"cells": cells, "kind": ""} for cells in rows],
            "class_note": _of_one_picture(record.evaluation["per_class"], record.split)}


def _of_one_picture(per_class: Sequence[Mapping[str, Any]], split: str) -> str:
    """How much one picture counts, so that nobody reads much into the recall of a small class."""
    supports = [row["support"] for row in per_class if row["support"]]
    fewest, most = min(supports), max(supports)
    counts = f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"
    return (f"A class has {counts} {split} picture{'s' if most > 1 else ''}, so a single one moves a recall by "
            f"{'' if fewest == most else 'up to '}{100 / fewest:.2g} points.")


def _plots(record: RunRecord) -> dict[str, Picture]:
    places = {"history": record.folder / "plots" / "history.png"}
    if record.evaluation is not None:
        places |= {name: record.evaluation_folder / "plots" / f"{name}.png" for name in ("confusion_matrix", "reliability")}
    return {name: embed_picture(path) for name, path in places.items() if path.is_file()}


def _search_plots(search: Path | None) -> list[tuple[Picture, str, str]]:
    if search is None:
        return []
    files = [(search / "plots" / f"{name}.png", *words) for name, words in _SEARCH_PLOTS.items()]
    return [(embed_picture(path), title, caption) for path, title, caption in files if path.is_file()]


def _steps(record: RunRecord) -> list[dict[str, Any]]:
    steps = record.run["steps"].items()
    total = sum(step["seconds"] for _, step in steps) or 1.0
    return [
        {"cells": [(name, None), (duration_text(step["seconds"]), step["seconds"]),
                   (duration_text(step["cpu_seconds"]), step["cpu_seconds"]),
                   (share_text(step["seconds"] / total, 0), step["seconds"])], "kind": ""}
        for name, step in steps
    ]


def _decisions(record: RunRecord) -> list[tuple[str, str, str]]:
    """What the program chose by itself: name, value and reason."""
    chosen = {name: record.run[name] for name in ("precision", "xla") if name in record.run}
    rows = [(name, str(choice["value"]), choice["reason"]) for name, choice in chosen.items()]
    cost = record.run.get("cost")
    if cost:
        rows.append(("size", f"{cost['parameters']:,} weights, {cost['trainable_parameters']:,} of them trained",
                     f"{gflops_text(cost['gflops'])} GFLOPs per picture"))
    return rows
