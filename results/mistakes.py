"""Which pictures of an evaluation are worth a look: look-alikes, confident mistakes, doubts, doubtful labels."""

from dataclasses import dataclass

import numpy as np

from results.answers import Answers
from results.confusions import most_confused

NUM_PAIRS = 8
NUM_PER_PAIR = 3
NUM_SHOWN = 12


@dataclass(frozen=True)
class ConfusedPair:
    """Two classes that are taken for each other.

    Args:
        first, second: places of the classes; more pictures of the first are taken for the second than the other way round.
        count, back: how many are.
        totals: pictures of both.
        mistakes: places of the pictures to show, the most confident first.
    """

    first: int
    second: int
    count: int
    back: int
    totals: tuple[int, int]
    mistakes: tuple[int, ...]


def confused_pairs(answers: Answers) -> list[ConfusedPair]:
    """Return the most confused pairs, worst first; one mistake in the other direction is shown where there is any."""
    places = {name: place for place, name in enumerate(answers.class_names)}
    matrix, pairs = answers.matrix, []
    for pair in most_confused(matrix, answers.class_names, num_pairs=NUM_PAIRS):
        first, second = places[pair["true"]], places[pair["predicted"]]
        there, back = _confused(answers, first, second), _confused(answers, second, first)
        shown = there[: NUM_PER_PAIR - bool(len(back))]
        totals = (int(matrix[first].sum()), int(matrix[second].sum()))
        pairs.append(ConfusedPair(first, second, len(there), len(back), totals,
                                  (*shown, *back[: NUM_PER_PAIR - len(shown)])))
    return pairs


def confident_mistakes(answers: Answers, count: int = NUM_SHOWN) -> list[int]:
    """Return the wrongly answered pictures that the model was surest of."""
    wrong = np.flatnonzero(~answers.is_right)
    return wrong[np.argsort(-answers.probabilities[wrong, 0], kind="stable")][:count].tolist()


def doubtful_pictures(answers: Answers, count: int = NUM_SHOWN) -> list[int]:
    """Return the pictures whose two best answers are closest to each other."""
    gaps = answers.probabilities[:, 0] - answers.probabilities[:, 1]
    return np.argsort(gaps, kind="stable")[:count].tolist()


def suspected_labels(answers: Answers) -> list[int]:
    """Return the pictures whose label the model contradicts as surely as it is usually sure of that other class.

    A class counts as claimed for a picture when its probability reaches the mean that pictures labelled with it get. A
    picture is suspected when its first answer is claimed and is not its label; first come those whose label is least
    probable beside the answer.

    Args:
        answers: of pictures that the model has not trained on.

    Reference: C. G. Northcutt, L. Jiang, I. L. Chuang, Confident Learning: Estimating Uncertainty in Dataset Labels, JAIR 70,
    2021, section 3; probabilities below the fifth count as 0.
    """
    count = len(answers.class_names)
    pictures = np.maximum(np.bincount(answers.labels, minlength=count), 1)
    usual = np.bincount(answers.labels, answers.of_true_class, minlength=count) / pictures
    first, best = answers.classes[:, 0], answers.probabilities[:, 0]
    suspected = np.flatnonzero(~answers.is_right & (best >= usual[first]) & (usual[first] > 0))
    gaps = best[suspected] - answers.of_true_class[suspected]
    return suspected[np.argsort(-gaps, kind="stable")].tolist()


def _confused(answers: Answers, true: int, answered: int) -> tuple[int, ...]:
    found = np.flatnonzero((answers.labels == true) & (answers.classes[:, 0] == answered))
    return tuple(found[np.argsort(-answers.probabilities[found, 0], kind="stable")].tolist())
