"""Settings of a search."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

DEFAULT_TRIALS = 50


class SearchConfig(BaseModel):
    """How a search looks for hyper-parameters, for how long, and where its trials run.

    `trials`, `hours`, `workers`, `threads`, `executor` and `ray_address` may change from one session of a search to the next.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: str = Field("optuna:tpe", description="who suggests, as name or name:variant")
    seed: int = Field(0, ge=0, description="of all chance in the suggestions")
    monitor: str = Field("val_loss", description="figure of an epoch that ranks the trials")
    direction: Literal["minimize", "maximize"] = Field("minimize", description="what is good in the monitored figure")
    trials: int | None = Field(None, ge=1, description=f"in all, with earlier ones; None: {DEFAULT_TRIALS}, no end with hours")
    hours: float | None = Field(None, gt=0, description="of wall-clock time over the search's life; None: no end")
    pruner: Literal["median", "halving", "none"] = Field("median", description="rule that cuts hopeless trials off")
    pruner_warmup_epochs: int = Field(3, ge=0, description="no trial is cut off in its first epochs")
    pruner_startup_trials: int = Field(5, ge=1, description="fewest earlier trials to compare a trial with")
    workers: int = Field(1, ge=1, description="trials at once")
    threads: int | None = Field(None, ge=1, description="of each worker; None: the cores shared out")
    executor: Literal["local", "ray"] = Field("local", description="this machine, or a Ray cluster")
    ray_address: str | None = Field(None, description="HOST:PORT of the Ray cluster; None: RAY_ADDRESS, or this machine alone")

    @property
    def most_trials(self) -> int | None:
        """After how many trials the search ends; None where only the hours end it."""
        return DEFAULT_TRIALS if self.trials is None and self.hours is None else self.trials

    def loss(self, value: float) -> float:
        """Turn a value of the monitored figure into a loss (the smaller the better), and back."""
        return value if self.direction == "minimize" else -value
