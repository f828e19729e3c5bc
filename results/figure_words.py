"""The figures of an evaluation as a reader sees them."""

from collections.abc import Mapping, Sequence
from typing import Any

from results.run_words import share_text
from results.statistics import FEWEST

FIGURES = {
    "accuracy": "accuracy",
    "top_3_accuracy": "right class among the first 3",
    "top_5_accuracy": "right class among the first 5",
    "precision_macro": "precision, mean over classes",
    "recall_macro": "recall, mean over classes",
    "f1_macro": "F1, mean over classes",
    "precision_weighted": "precision, weighted by pictures",
    "recall_weighted": "recall, weighted by pictures",
    "f1_weighted": "F1, weighted by pictures",
    "auc_macro_ovr": "AUC, one class against the rest",
    "expected_calibration_error": "calibration error",
    "expected_calibration_error_by_chance": "calibration error that perfect probabilities would show",
    "expected_calibration_error_uncalibrated": "calibration error before the temperature",
    "set_coverage": "90 % sets that hold the right class",
    "set_size": "classes in a 90 % set",
    "temperature": "temperature",
    "loss": "cross-entropy",
}
_DIGITS = {"auc_macro_ovr": 3, "loss": 3, "set_size": 1, "temperature": 2}  # of those that are no shares of pictures


def figure_rows(evaluation: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return key, name, value and 95 % interval of each figure that an evaluation.json holds; "–" for no interval."""
    intervals = _intervals(evaluation)
    return [
        (key, name, figure_text(key, evaluation[key]), _ends(key, intervals.get(key)))
        for key, name in FIGURES.items() if evaluation.get(key) is not None
    ]


def intervals_in_words(evaluation: Mapping[str, Any]) -> str:
    """Return where the intervals of an evaluation.json come from and what they do not say; empty without any."""
    intervals = _intervals(evaluation)
    if not intervals:
        return ""
    bootstrap, wilson = "by a bootstrap over the pictures", "by Wilson's formula"
    if len(intervals) > 1:
        words = [bootstrap, f"{wilson} where fewer than {FEWEST} pictures are right, or fewer than {FEWEST} wrong"]
    else:
        words = [wilson if evaluation.get("accuracy_interval") == "wilson" else bootstrap]
    words += ["by DeLong's for AUC"] if "auc_macro_ovr" in intervals else []
    words += ["for the calibration error at least 95 %, down to what chance alone does not explain"] \
        if "expected_calibration_error" in intervals else []
    return (f"95 % intervals: what other pictures of the same kind might have given, {'; '.join(words)}. They do not say what "
            "another seed would have given.")


def figure_text(key: str, value: float | None) -> str:
    """Return a figure with its unit; None as a dash."""
    if value is None or key not in _DIGITS:
        return share_text(value)
    return f"{value:.{_DIGITS[key]}f}"


def _intervals(evaluation: Mapping[str, Any]) -> dict[str, Sequence[float]]:
    ends = [evaluation.get(f"accuracy_{end}") for end in ("low", "high")]  # all that evaluations by earlier versions have
    return ({} if None in ends else {"accuracy": ends}) | evaluation.get("intervals", {})


def _ends(key: str, interval: Sequence[float] | None) -> str:
    if interval is None:
        return "–"
    scale, digits = (1, _DIGITS[key]) if key in _DIGITS else (100, 1)
    return " to ".join(f"{scale * end:.{digits}f}" for end in interval)
