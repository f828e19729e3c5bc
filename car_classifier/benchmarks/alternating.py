"""The measurement: two sides in turns, after a warm-up of each."""

import time
from collections.abc import Callable, Mapping

from car_classifier.benchmarks.comparison import Comparison

Clock = Callable[[], float]


def alternate(
    case: str, sides: Mapping[str, Callable[[], None]], *, rounds: int, pictures: int,
    clock: Clock = time.perf_counter, cpu_clock: Clock = time.process_time,
) -> Comparison:
    """Measure two sides A and B in the order A B B A A B …: who goes first alternates, so that neither always follows.

    Args:
        case: what is measured.
        sides: name to work; one call handles `pictures` pictures and returns when they are done.
        rounds: measured calls of each side, at least 1; one more call before them compiles and fills caches.
        pictures: that one call handles.
        clock: seconds that only grow.
        cpu_clock: CPU seconds of this process, all threads together.
    """
    for work in sides.values():
        work()
    speeds: dict[str, list[float]] = {name: [] for name in sides}
    cpu_seconds: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        for name in (list, reversed)[number % 2](list(sides)):
            start, cpu_start = clock(), cpu_clock()
            sides[name]()
            speeds[name].append(pictures / (clock() - start))
            cpu_seconds[name].append(cpu_clock() - cpu_start)
    first, second = sides
    return Comparison(
        case, (first, second), (tuple(speeds[first]), tuple(speeds[second])),
        (tuple(cpu_seconds[first]), tuple(cpu_seconds[second])), pictures,
    )
