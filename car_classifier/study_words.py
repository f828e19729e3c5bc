"""What a study says of itself: rows that are not there, and what was otherwise than its file has it."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from car_classifier.base.counts import describe_count
from car_classifier.study import Study, StudyVariant
from car_classifier.study_rows import settings_of

EPOCHS, LIMIT, WEIGHTS = "training.epochs", "data.limit", "model.weights"
HEAD_EPOCHS = "training.head_epochs"
SAY = {"model.name": "{}", "data.source": "{}", "data.image_size": "{} pixels"}  # clear without the name of the setting


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


def changes_in_words(study: Study, rows: Sequence[StudyVariant], given: Mapping[str, Any], *, seeds: int) -> list[str]:
    """Return a sentence on what was otherwise than in the file; none where nothing was.

    Args:
        rows: that are there.
        given: settings that the user gave for all rows.
        seeds: how many there were.
    """
    cuts, more = _budget(study, rows, given)
    if seeds < study.seeds:
        cuts.append(f"{seeds} seeds instead of {study.seeds}" if seeds > 1 else f"one seed instead of {study.seeds}")
    said = (HEAD_EPOCHS,) if head_epochs_of(study) else ()
    others = [*_settings(study.settings_of_all(), given, said), *_weights(study, rows, given), *more]
    if not others and not cuts:
        return []
    ending = "So small a study says little about the whole one." if cuts else "So it answers for these, not for those."
    return [f"Run with {', '.join([*others, *cuts])}. {ending}"]


def head_epochs_of(study: Study) -> int | None:
    """Return for how many epochs those rows train their heads alone that do so; None where there are none, or they differ."""
    own = (row.settings.get(HEAD_EPOCHS) for row in study.rows())
    numbers = {number for number in own if isinstance(number, int) and number > 0}
    is_alike = len(numbers) == 1 and HEAD_EPOCHS not in (*study.settings, *study.grid)
    return numbers.pop() if is_alike else None


def _settings(of_file: Mapping[str, Any], given: Mapping[str, Any], said: Collection[str]) -> list[str]:
    """What was set otherwise, but for the budget and the weights, of which there is more to say."""
    words = []
    for name, value in given.items():
        if name in (*said, EPOCHS, LIMIT, WEIGHTS) or (name in of_file and _text(value) == _text(of_file[name])):
            continue
        instead = f" instead of {_text(of_file[name])}" if name in of_file else ""
        say = SAY.get(name, f"{name}={{}}") if instead else f"{name}={{}}"
        words.append(say.format(_text(value)) + instead)
    return words


def _weights(study: Study, rows: Sequence[StudyVariant], given: Mapping[str, Any]) -> list[str]:
    """From what networks start otherwise, whether it was said or follows from the model or the data."""
    for row in rows:
        before, now = (settings_of(row, shared)[WEIGHTS] for shared in (study.settings_of_all(), study.shared_with(given)))
        if now != before:
            return ["random weights instead of pretrained ones" if now == "none" else
                    f"weights {now} instead of {'random ones' if before == 'none' else before}"]
    return []


def _budget(study: Study, rows: Sequence[StudyVariant], given: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """How the study is smaller, and how its budget is otherwise but no smaller."""
    cuts, more = [], []
    of_file = study.settings_of_all()
    if EPOCHS in given:
        count, own = given[EPOCHS], {row.settings.get(EPOCHS, of_file.get(EPOCHS)) for row in rows}
        most = max((epochs for epochs in own if epochs), default=None)
        before = "in all rows" if count == most else f"instead of {most or 'the default'}"
        words = f"{describe_count(count, 'epoch')} {before}"
        (cuts if most and count < most else more).extend([words] if own != {count} else [])
    full = head_epochs_of(study)
    if any(row.settings.get(HEAD_EPOCHS) for row in rows) and full is not None and given.get(HEAD_EPOCHS, full) != full:
        words = f"{describe_count(given[HEAD_EPOCHS], 'epoch')} of the head alone instead of {full}"
        (cuts if given[HEAD_EPOCHS] < full else more).append(words)
    if LIMIT in given and given[LIMIT] != of_file.get(LIMIT):
        limit, full = given[LIMIT], of_file.get(LIMIT)
        some = f"at most {describe_count(limit, 'picture')} a class" if limit else "all pictures of a class"
        (cuts if limit and (full is None or limit < full) else more).append(f"{some} instead of {full or 'all'}")
    return cuts, more


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
