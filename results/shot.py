"""One picture on a page, with what is said below it."""

from dataclasses import dataclass

from results.page import Picture


@dataclass(frozen=True)
class Shot:
    """What the template shows of a picture.

    Args:
        picture: small; None where it is not at hand: then nothing is shown.
        title: its true class.
        file: its name.
        kind: "right" or "wrong"; empty where nothing was answered.
        map: the same with Grad-CAM of the answer over it.
        answer, second: the two best answers with their probabilities.
        note: shown instead of the answers.
    """

    picture: Picture | None
    title: str
    file: str
    kind: str = ""
    map: Picture | None = None
    answer: str = ""
    second: str = ""
    note: str = ""
