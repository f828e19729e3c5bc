"""What a benchmark shows: the machine, the versions and a table per result."""

from statistics import mean, median
from typing import Any

import keras
from rich.console import Console
from rich.table import Table

from car_classifier.backends.devices import find_devices
from car_classifier.benchmarks.comparison import Comparison
from car_classifier.benchmarks.engine_scores import EngineScores
from car_classifier.benchmarks.trial_times import TrialTimes
from results.run_store import describe_hardware, installed_versions


def describe_machine() -> dict[str, Any]:
    """Return hardware, versions, backend and devices, as built-in types."""
    devices = {"backend": keras.backend.backend(), "devices": list(find_devices().names)}
    return {"hardware": describe_hardware(), "versions": installed_versions(), **devices}


def show_machine(console: Console, machine: dict[str, Any]) -> None:
    """Print what `describe_machine` returned in two lines."""
    hardware = machine["hardware"]
    console.print(
        f"{hardware['processor']}, {hardware['cores']} cores, {hardware['memory_gb']} GB; {machine['backend']} on "
        f"{', '.join(machine['devices'])}; {hardware['system']}", markup=False,
    )
    console.print(", ".join(f"{name} {number}" for name, number in machine["versions"].items()), markup=False)


def show_result(console: Console, result: Comparison | EngineScores | TrialTimes, *, rounds: int) -> None:
    """Print what was measured as a table."""
    if isinstance(result, EngineScores):
        table = _scores_table(result)
    elif isinstance(result, TrialTimes):
        table = _times_table(result)
    else:
        table = _comparison_table(result, rounds=rounds)
    console.print(table)


def _scores_table(scores: EngineScores) -> Table:
    """Return the best loss of each engine after some trials: its mean over the seeds, lowest to highest."""
    num_seeds = len(next(iter(scores.losses.values())))
    title = f"{scores.case}: best loss, mean of {num_seeds} seeds (lowest to highest)"
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for heading in (*(f"after {trials} trials" for trials in scores.checkpoints), "s/suggestion"):
        table.add_column(heading, justify="right")
    for name in scores.losses:
        best = [scores.best_after(name, trials) for trials in scores.checkpoints]
        cells = (f"{mean(values):.3f} ({min(values):.3f} to {max(values):.3f})" for values in best)
        table.add_row(name, *cells, f"{scores.seconds_per_suggestion(name):.2f}")
    return table


def _times_table(times: TrialTimes) -> Table:
    """Return the seconds per trial of every side, and how many times those of the first they are."""
    first, *others = times.seconds
    title = f"{times.case}, trials of {times.epochs} epochs on {times.pictures} pictures ({len(times.seconds[first])} trials)"
    caption = f"Once per search, in no trial: {times.features_seconds:.1f} s for the features of the backbone"
    table = Table(title=title, title_justify="left", caption=caption, caption_justify="left")
    for heading in ("", "median s/trial", "lowest", "highest", f"÷ {first}", "lowest", "highest"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, seconds in times.seconds.items():
        figures = (median(seconds), min(seconds), max(seconds))
        ratios = (median(times.ratios(name)), min(times.ratios(name)), max(times.ratios(name))) if name in others else ()
        table.add_row(name, *(f"{value:,.2f}" for value in (*figures, *ratios)))
    return table


def _comparison_table(comparison: Comparison, *, rounds: int) -> Table:
    """Return the medians of both sides, and the ratio with its spread over the rounds."""
    table = Table(title=f"{comparison.case} ({comparison.pictures} pictures × {rounds} rounds)", title_justify="left")
    for heading in ("", "median pictures/s", "lowest", "highest", "CPU ms/picture"):
        table.add_column(heading, justify="right" if heading else "left")
    cpu = comparison.cpu_per_picture
    for name, middle, speeds, seconds in zip(comparison.names, comparison.medians, comparison.speeds, cpu, strict=True):
        table.add_row(name, *(f"{value:,.1f}" for value in (middle, min(speeds), max(speeds))), f"{1000 * seconds:.2f}")
    ratio = comparison.to_json()["ratio"]
    ratios = (f"{ratio[key]:.3f}" for key in ("median", "min", "max"))
    table.add_row(f"[bold]{comparison.names[0]} ÷ {comparison.names[1]}[/bold]", *ratios, f"{cpu[0] / cpu[1]:.3f}")
    return table
