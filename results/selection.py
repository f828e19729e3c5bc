"""What a report shows of an evaluation: chosen once, so that pictures are opened for nothing else."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from results.answers import Answers
from results.mistakes import NUM_SHOWN, ConfusedPair, confident_mistakes, confused_pairs, doubtful_pictures, suspected_labels

NUM_DUPLICATES = 6


@dataclass(frozen=True, eq=False)
class Selection:
    """The pictures that a report shows; numbers are places among the answers.

    Args:
        pairs: look-alikes, worst first.
        mistakes: the surest wrong answers.
        doubts: the closest calls.
        suspects: answers and place of each picture with a suspected label.
        num_suspected: name of the split to how many of its labels are suspected, and how many there are.
        duplicates: groups of data.json that reach over splits.
    """

    pairs: tuple[ConfusedPair, ...]
    mistakes: tuple[int, ...]
    doubts: tuple[int, ...]
    suspects: tuple[tuple[Answers, int], ...]
    num_suspected: dict[str, tuple[int, int]]
    duplicates: tuple[dict[str, Any], ...]


def select_pictures(answers: Answers, split: str, *, validation: Answers | None, duplicates: list[dict[str, Any]]) -> Selection:
    """Choose what the report shows.

    Args:
        answers: of the evaluated split.
        split: its name.
        validation: of validation pictures that the model has not trained on, when the split is another one.
        duplicates: of data.json.
    """
    groups = {split: answers} | ({"validation": validation} if validation is not None and split != "validation" else {})
    found = {name: suspected_labels(group) for name, group in groups.items()}
    suspects = [(groups[name], index) for name, indices in found.items() for index in indices]
    gaps = [group.probabilities[index, 0] - group.of_true_class[index] for group, index in suspects]
    chosen = np.argsort(-np.array(gaps), kind="stable")[:NUM_SHOWN] if suspects else ()
    across = [group for group in duplicates if len(set(group["splits"])) > 1]
    return Selection(
        tuple(confused_pairs(answers)), tuple(confident_mistakes(answers)), tuple(doubtful_pictures(answers)),
        tuple(suspects[place] for place in chosen), {name: (len(found[name]), len(groups[name])) for name in groups},
        tuple(across),
    )


def without_duplicates(answers: Answers, split: str, duplicates: tuple[dict[str, Any], ...]) -> np.ndarray:
    """Return which pictures have no double in another split, booleans [N].

    Args:
        split: of the answers.
        duplicates: groups of data.json that reach over splits: `files`, and the `splits` of each.
    """
    doubled = {file for group in duplicates if split in group["splits"] for file in group["files"]}
    return np.array([file not in doubled for file in answers.files])
