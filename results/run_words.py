"""A training in words."""

import shlex
from pathlib import Path
from typing import Any

from car_classifier.base.counts import describe_count, times
from results.calibration import temperature_remark
from results.run_record import RunRecord
from results.search_words import figure_name

_FROZEN = {"none": "its backbone frozen", "all": "all layers trained", "partial": "the last backbone layers trained"}

_WORSE = 0.02  # of the calibration error, from which it is told that the temperature did not help


def share_text(value: float | None, digits: int = 1) -> str:
    """Return a share as "55.3 %"; None as a dash."""
    return "–" if value is None else f"{100 * value:.{digits}f} %"


def headline(record: RunRecord) -> str:
    """Return what came out in one short sentence."""
    figures = record.evaluation
    if figures is None:
        return f"{record.summary['model']} trained on {record.summary['data']}, not evaluated yet"
    return f"{share_text(figures['accuracy'])} of {figures['num_pictures']:,} {record.split} pictures named rightly"


def result_in_words(record: RunRecord) -> str:
    """Return how far the headline can be trusted, and what lies behind it."""
    figures = record.evaluation
    if figures is None:
        return "Its test split has not been opened, and there are no validation pictures."
    words = [
        f"On other pictures of this kind expect {share_text(figures['accuracy_low'])} to "
        f"{share_text(figures['accuracy_high'])} (95 % interval, for this one training); guessing names "
        f"{share_text(1 / len(record.class_names))}."
    ]
    k = next((k for k in (5, 3) if figures.get(f"top_{k}_accuracy") is not None), None)
    if k:
        words.append(f"The right class is among the first {k} answers in {share_text(figures[f'top_{k}_accuracy'])}.")
    words.append(f"Its probabilities are off by {100 * figures['expected_calibration_error']:.1f} points on average"
                 f"{_chance_in_words(figures)}.")
    before = figures.get("expected_calibration_error_uncalibrated")
    if before is not None and before + _WORSE < figures["expected_calibration_error"]:
        count = record.data["counts"].get("validation", 0)
        words.append(f"The temperature, fitted to {count:,} validation pictures, made that worse: {100 * before:.1f} points "
                     "before.")
    remark = temperature_remark(figures.get("temperature", 1.0))
    if remark is not None:
        words.append(remark)
    if record.split != "test":
        words.append("These pictures chose the best epoch, and temperature and sets were fitted to them, so the figures are a "
                     "little too good: new pictures may do worse.")
    elif record.run["evaluations_of_test"] > 1:
        words.append(f"The test split has been opened {times(record.run['evaluations_of_test'])}: choices made by it no "
                     "longer hold on it.")
    return " ".join(words)


def _chance_in_words(figures: dict[str, Any]) -> str:
    """What perfect probabilities would show; evaluations by earlier versions do not tell."""
    perfect = figures.get("expected_calibration_error_by_chance")
    return "" if perfect is None else f"; perfect ones would by chance show {100 * perfect:.1f} on so many pictures"


def training_in_words(record: RunRecord) -> str:
    """Return what was trained on what."""
    settings, counts, summary = record.settings, record.data["counts"], record.summary
    weights = settings.get("model.weights")
    start = "from random weights" if weights in (None, "none") else f"starting from the weights “{Path(weights).name}”"
    frozen = settings.get("model.x_trainable")
    trained = _FROZEN.get(frozen, f"the last {frozen} backbone layers trained")
    shown = ", ".join(f"{counts[name]:,} for {what}" for name, what in
                      (("train", "training"), ("validation", "validation"), ("test", "testing")) if name in counts)
    monitor = settings.get("training.monitor")
    best = f", of which number {summary['best_epoch']} was kept" if summary["best_epoch"] and summary["epochs"] > 1 else ""
    best += f" (the best by {figure_name(monitor)})" if best and monitor else ""
    cut = " All of them, those tested on too, are cut to their annotated boxes." \
        if settings.get("data.cut_to_box") and record.data.get("has_boxes") else ""
    refit = " The network was then trained once more on training and validation pictures together." \
        if settings.get("training.refit") else ""
    return (
        f"{summary['model']}, {start}, {trained}, on {record.data['name']}: {len(record.class_names)} classes, pictures "
        f"{shown}.{cut} {describe_count(summary['epochs'], 'epoch')}{best}.{refit}"
    )


def command_text(record: RunRecord) -> str:
    """Return the command that made the run."""
    return shlex.join(["python", "-m", "car_classifier", *record.run["command"]])


def pair_in_words(first: str, second: str, *, count: int, back: int, totals: tuple[int, int]) -> str:
    """Return how often two classes are taken for each other."""
    words = f"{count} of {totals[0]} {first} taken for {second}"
    if not totals[1]:
        return words
    return f"{words}; {f'{back} of {totals[1]}' if back else 'none'} the other way round"


def data_in_words(record: RunRecord) -> list[str]:
    """Return what the reader must know of the data: notes, and where they are not what was published."""
    faults = record.data.get("faults", ())
    return [*record.data["notes"], *(fault["message"] for fault in faults if fault["kind"] == "counts_differ")]


def setting_in_words(value: Any) -> str:
    """Return a setting as a person writes it."""
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None else str(value)


def short_setting(value: Any) -> str:
    """Return a setting with no more digits than a reader wants."""
    return f"{value:.4g}" if isinstance(value, float) else setting_in_words(value)
