"""The one rule for the learning rate."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class RateRule:
    """rate = base × warm-up × schedule × plateau factor ÷ (1 + decay · updates).

    Everything counts updates of the weights, not batches, so gradient accumulation does not speed the schedule up.

    Args:
        base: learning rate before all factors, above 0.
        schedule: "none", "plateau" (the factor comes from outside), "step" or "cosine" (falls to 0 at `num_updates`).
        num_updates: updates in the whole phase, at least 1.
        warmup_updates: updates over which the rate rises linearly from base / warmup_updates to base.
        step_updates: updates between the falls of schedule "step".
        step_factor: factor of each of these falls, in (0, 1).
        decay: decrease per update, at least 0.
    """

    base: float
    schedule: str
    num_updates: int
    warmup_updates: int = 0
    step_updates: int = 1
    step_factor: float = 0.1
    decay: float = 0.0

    def rate(self, update: int, plateau_factor: float = 1.0) -> float:
        """Return the rate of the update number `update`, counted from 0 within the phase."""
        warmup = min(1.0, (update + 1) / self.warmup_updates) if self.warmup_updates else 1.0
        return self.base * warmup * self._schedule_factor(update) * plateau_factor / (1.0 + self.decay * update)

    def _schedule_factor(self, update: int) -> float:
        if self.schedule == "cosine":
            length = max(1, self.num_updates - self.warmup_updates)
            progress = min(1.0, max(0.0, (update - self.warmup_updates) / length))
            return 0.5 * (1.0 + math.cos(math.pi * progress))
        if self.schedule == "step":
            return self.step_factor ** (update // self.step_updates)
        return 1.0
