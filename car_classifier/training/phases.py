"""What a training consists of: one phase, or the head first and then the backbone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from car_classifier.training.config import TrainingConfig

HEAD_EPOCHS = 20


@dataclass(frozen=True)
class Phase:
    """A stretch of training with one choice of what trains.

    Args:
        name: "head", "fine-tune" or "train", with "refit-" in front when validation pictures train too; "extend", "extend-2",
            … when epochs are added.
        x_trainable: which backbone layers train (see `models.freezing`).
        epochs: most epochs, at least 1.
        learning_rate: before schedule and plateau.
        schedule: "none", "plateau", "step" or "cosine".
        warmup_epochs: linear rise of the rate.
        schedule_epochs: over which the schedule is laid; None: `epochs`.
        rate_factors: for a refit, the plateau factor of each epoch as it was found; else empty.
    """

    name: str
    x_trainable: str | int
    epochs: int
    learning_rate: float
    schedule: str
    warmup_epochs: float = 0.0
    schedule_epochs: int | None = None
    rate_factors: tuple[float, ...] = ()

    @property
    def is_refit(self) -> bool:
        """Whether the phase trains on train and validation together."""
        return self.name.startswith("refit-")

    @property
    def is_head(self) -> bool:
        """Whether the phase readies a new head for fine-tuning, and nothing amid the backbone trains."""
        return self.name.removeprefix("refit-") == "head"


def main_learning_rate(config: TrainingConfig, *, pretrained: bool, x_trainable: str | int) -> float:
    """Return the rate of the main phase: the one given, or 1e-4 for pretrained layers that train, else 1e-3."""
    if config.learning_rate is not None:
        return config.learning_rate
    return 1e-4 if pretrained and trains_backbone(x_trainable) else 1e-3


def trains_backbone(x_trainable: str | int) -> bool:
    """Say whether any backbone layer trains."""
    return x_trainable not in ("none", 0)


def plan_phases(
    config: TrainingConfig, *, pretrained: bool, x_trainable: str | int, extended_from: Sequence[int] = ()
) -> tuple[Phase, ...]:
    """Return the phases of a training, in order.

    A new head at full rate destroys pretrained layers; hence it trains alone first when pretrained layers train
    (`training.head_epochs` overrides). A training that was extended has one more phase like the main one for each time,
    with the epochs added and a schedule of its own over them.

    Args:
        extended_from: the epochs of the main phase at the end of which it was extended, rising; `config.epochs` counts all.
    """
    fine_tunes = pretrained and trains_backbone(x_trainable)
    head_epochs = config.head_epochs if config.head_epochs is not None else (HEAD_EPOCHS if fine_tunes else 0)
    ends = [*extended_from, config.epochs]
    main = Phase(
        name="fine-tune" if head_epochs else "train",
        x_trainable=x_trainable,
        epochs=ends[0],
        learning_rate=main_learning_rate(config, pretrained=pretrained, x_trainable=x_trainable),
        schedule=config.schedule,
        warmup_epochs=config.warmup_epochs,
    )
    added = (
        replace(main, name="extend" if number == 1 else f"extend-{number}", epochs=end - start)
        for number, (start, end) in enumerate(pairwise(ends), start=1)
    )
    head = (Phase("head", "none", head_epochs, config.head_learning_rate, config.schedule),) if head_epochs else ()
    return (*head, main, *added)


def describe_epochs(phases: Sequence[Phase], *, refit: bool) -> str:
    """Say how long a training may become: "at most 30 epochs, after at most 20 of the head alone".

    Args:
        refit: whether the training is repeated up to its best epoch, on more pictures.
    """
    head = sum(phase.epochs for phase in phases if phase.name == "head")
    main = sum(phase.epochs for phase in phases) - head
    return f"at most {main} epoch{'s' * (main != 1)}" + (f", after at most {head} of the head alone" if head else "") + (
        ", and at most as many again for the refit" if refit else "")


def plan_refit(phases: tuple[Phase, ...], rows: list[dict], best_epochs: list[int]) -> tuple[Phase, ...]:
    """Return phases that repeat a finished training up to its best epoch, on more pictures.

    Args:
        phases: of the finished training.
        rows: its history; `plateau_factor` tells how far the rate had fallen in each epoch.
        best_epochs: for each phase the best epoch when it ended, counted from 1 over all phases: its weights are what
            the next phase began with. A phase that brought nothing better is left out.
    """
    refit = []
    for phase, best_epoch in zip(phases, best_epochs, strict=True):
        kept = [row for row in rows if row["phase"] == phase.name and row["epoch"] <= best_epoch]
        if kept:
            factors = tuple(row["plateau_factor"] for row in kept)
            name, length = f"refit-{phase.name}", phase.schedule_epochs or phase.epochs
            refit.append(replace(phase, name=name, epochs=len(kept), schedule_epochs=length, rate_factors=factors))
    return tuple(refit)
