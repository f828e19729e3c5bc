"""How much of a cluster a worker may use."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any


@dataclass(frozen=True)
class Share:
    """What one worker asks of its node.

    Args:
        num_cpus: cores, at least 1.
        num_gpus: a whole number of workers shares a GPU, so 1, 1/2, 1/3, …; 0 where there is none.
    """

    num_cpus: int
    num_gpus: float

    def __str__(self) -> str:
        gpu = f" and 1/{1 / self.num_gpus:.0f} of a GPU" if self.num_gpus else ""
        return f"cores: {self.num_cpus}{gpu}"


def share_of(nodes: Iterable[dict[str, Any]], workers: int) -> Share:
    """Return the largest share of which there are enough for all workers, or the smallest when there never are.

    Where nodes have GPUs, the others are left alone: all trials shall run on the same kind of device.

    Args:
        nodes: as `ray.nodes()` lists them.
        workers: how many, at least 1.
    """
    alive = [node["Resources"] for node in nodes if node["Alive"]]
    with_gpus = [resources for resources in alive if resources.get("GPU")]
    cores = [int(resources.get("CPU", 0)) for resources in with_gpus or alive]
    enough = [share for share in range(1, max(cores, default=0) + 1) if sum(count // share for count in cores) >= workers]
    num_gpus = int(sum(resources["GPU"] for resources in with_gpus))
    return Share(max(enough, default=1), 1 / ceil(workers / num_gpus) if num_gpus else 0)
