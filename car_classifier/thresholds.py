"""What `predict` decides by, fitted on validation pictures and stored inside model.keras."""

from pydantic import BaseModel, ConfigDict


class Thresholds(BaseModel):
    """Limits from the validation pictures.

    The best epoch was chosen by the same pictures, so the network is a little better on them than on new ones. With
    `--refit` the scores are from before the refit, the directions from after it.

    Args:
        num_pictures: how many there were.
        set_scores: of `results.conformal.calibration_scores`.
        directions: of `results.familiarity.fit_directions`, each as many numbers as the last layer sees.
        unknown_below: a picture whose familiarity is less is called unknown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    num_pictures: int
    set_scores: tuple[float, ...]
    directions: tuple[tuple[float, ...], ...]
    unknown_below: float
