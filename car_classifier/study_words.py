"""What a study says of itself: rows that are not there, and how it was made smaller than its file has it."""

from collections.abc import Mapping, Sequence
from typing import Any

from car_classifier.defaults import default_weights
from car_classifier.study import Study, StudyVariant


def rows_in_words(rows: Sequence[StudyVariant], reasons: Mapping[str, str | None]) -> list[str]:
    """Return the notes on rows that are there, and a sentence on each that is left out.

    Args:
        rows: that are there.
        reasons: name of each row to why it is left out; None where it is there.
    """
    return [
        *(row.note for row in rows if row.note),
        *(f"Left out: {name}; {reason}" for name, reason in reasons.items() if reason),
    ]


def budget_in_words(study: Study, rows: Sequence[StudyVariant], shared: Mapping[str, Any], *, seeds: int) -> list[str]:
    """Return a sentence on what was otherwise than in the file; none where nothing was.

    Args:
        rows: that are there.
        shared: settings of all rows as they were run.
        seeds: how many there were.
    """
    of_file = study.settings_of_all()
    others = [f"{shared[name]} instead of {of_file[name]}" for name in ("model.name", "data.source")
              if name in of_file and shared[name] != of_file[name]]
    trained, own = (_starts_trained(settings) for settings in (shared, of_file))
    others += ["random weights instead of pretrained ones"] if own and not trained else []
    size, full_size = shared.get("data.image_size"), of_file.get("data.image_size")
    others += [f"{size} pixels instead of {full_size}"] if size and full_size and size != full_size else []
    cuts = _cuts(of_file, rows, shared)
    if seeds < study.seeds:
        cuts.append(f"{seeds} seeds instead of {study.seeds}" if seeds > 1 else f"one seed instead of {study.seeds}")
    if not others and not cuts:
        return []
    ending = "So small a study says little about the whole one." if cuts else "So it answers for these, not for those."
    return [f"Run with {', '.join([*others, *cuts])}. {ending}"]


def _starts_trained(settings: Mapping[str, Any]) -> bool:
    """Whether the model of a study does, as far as all its rows have one."""
    if "model.name" not in settings:
        return False
    given = settings.get("model.weights")
    return (given or default_weights(settings["model.name"], settings["data.source"])) != "none"


def _cuts(of_file: Mapping[str, Any], rows: Sequence[StudyVariant], shared: Mapping[str, Any]) -> list[str]:
    cuts = []
    epochs = max((settings.get("training.epochs") or 0 for settings in (of_file, *(row.settings for row in rows))), default=0)
    count = shared.get("training.epochs", epochs)
    if epochs and count < epochs and count != of_file.get("training.epochs"):
        cuts.append(f"{count} epoch{'s' if count > 1 else ''} instead of {epochs}")
    limit, full = shared.get("data.limit"), of_file.get("data.limit")
    if limit and (full is None or limit < full):
        cuts.append(f"at most {limit} picture{'s' if limit > 1 else ''} a class instead of {full or 'all'}")
    return cuts
