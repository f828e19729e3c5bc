"""How the figures of a search are said and written."""

from collections.abc import Mapping
from datetime import UTC, datetime

_SHARES = ("accuracy", "precision", "recall")
_ABBREVIATIONS = {"auc": "AUC", "top_3_accuracy": "top-3 accuracy", "top_5_accuracy": "top-5 accuracy"}


def figure_name(name: str) -> str:
    """Return a name of history.csv in words: `val_top_3_accuracy` is "validation top-3 accuracy"."""
    plain = name.removeprefix("val_")
    words = _ABBREVIATIONS.get(plain, plain.replace("_", " "))
    return f"validation {words}" if name.startswith("val_") else words


def is_share(name: str) -> bool:
    """Say whether the figure is a share of pictures, which is written in per cent."""
    return name.endswith(_SHARES)


def figure_text(name: str, value: float | None) -> str:
    """Return a figure with its unit: shares as "57.9 %", others with four significant digits, None as a dash."""
    if value is None:
        return "–"
    return f"{100 * value:.1f} %" if is_share(name) else f"{value:#.4g}".rstrip(".")


def change_text(name: str, before: float, after: float) -> str:
    """Return how far a figure went: "+2.8 points" for a share, "−7.1 %" of its former value for others."""
    if is_share(name):
        return f"{points_text(after - before)} points"
    text = f"{100 * (after - before) / abs(before):+.1f} %" if before else f"{after - before:+.4g}"
    return text.replace("-", "−")


def points_text(difference: float, form: str = ".1f") -> str:
    """Return a difference of shares in points, as `form` says, with its sign: "+2.8", "−7.1"."""
    return format(round(100 * difference, 6), f"+{form}").replace("-", "−")


def interval_text(difference: float, low: float, high: float) -> str:
    """Return a difference of shares and its interval: "+2.8 points (−0.4 to +6.0)"."""
    return f"{points_text(difference)} points ({points_text(low)} to {points_text(high)})"


def duration_text(seconds: float) -> str:
    """Return a time in its two largest units: "2 h 05 min", "7 min 40 s", "12.3 s", at least "0.1 s"."""
    if seconds < 59.95:
        return f"{max(seconds, 0.1):.1f} s" if seconds < 20 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02d} min"


def moment_text(moment: str) -> str:
    """Return a time in ISO 8601 as "2026-11-20 17:05 UTC"."""
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def counts_text(counts: Mapping[str, int]) -> str:
    """Return "41 completed, 7 pruned, 2 failed"."""
    return ", ".join(f"{number} {state}" for state, number in counts.items())
