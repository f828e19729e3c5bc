"""`doctor`: whether this machine can train, and what to do where it cannot."""

import json
import sys
from pathlib import Path
from typing import Any

import typer

from car_classifier.commands import options
from car_classifier.places import data_home

SIGNS = {"good": "[green]✓[/green]", "warning": "[yellow]![/yellow]", "problem": "[red]✗[/red]"}
PROBLEM_STATUS = 2


def doctor(
    data_dir: options.DataDir = None,
    runs_dir: options.RunsDir = options.RUNS,
    as_json: options.Json = False,
) -> None:
    """Check versions, devices, a training step, folders, disk, memory and weights; status 2 if something must be fixed.

    Example: python -m car_classifier doctor
    """
    from car_classifier.health.checks import CHECKS
    from car_classifier.health.places import Places

    places = Places(runs_dir, data_home(data_dir), Path(__file__).resolve().parents[2])
    findings = [finding for name in CHECKS for finding in _run(name, places, shown=not as_json)]
    num_problems = sum(finding.mark == "problem" for finding in findings)
    if as_json:
        _print_json(findings)
    else:
        _show_end(num_problems, sum(finding.mark == "warning" for finding in findings))
    if num_problems:
        raise typer.Exit(PROBLEM_STATUS)


def _run(name: str, places: Any, *, shown: bool) -> list[Any]:
    from rich.console import Console

    from car_classifier.health.checks import run_check

    # The spinner on stderr is gone before a line is printed on stdout, so that they never mix on one terminal.
    with Console(stderr=True).status(f"Checking {name} …"):
        findings = run_check(name, places)
    if shown:
        for finding in findings:
            _show(finding)
    return findings


def _show(finding: Any) -> None:
    from rich.table import Table
    from rich.text import Text

    from car_classifier.result_screen import create_result_console

    row = Table.grid(padding=(0, 2, 0, 0))
    row.add_column(width=1)
    row.add_column(width=13, style="bold")
    row.add_column(overflow="fold")
    row.add_row(SIGNS[finding.mark], finding.title, Text(finding.text))
    if finding.fix:
        row.add_row("", "", Text(f"→ {finding.fix}", style="cyan"))
    create_result_console().print(row)


def _show_end(num_problems: int, num_warnings: int) -> None:
    from car_classifier.result_screen import create_result_console

    console = create_result_console()
    console.print()
    looks = f" {num_warnings} worth a look." if num_warnings else ""
    if num_problems:
        console.print(f"[red]{num_problems} to be fixed[/red], see the arrows.{looks}")
        console.print("Next: fix that, then python -m car_classifier doctor", markup=False)
    else:
        console.print(f"[green]Nothing must be fixed.[/green]{looks}")
        console.print("Next: python -m car_classifier demo", markup=False)


def _print_json(findings: list[Any]) -> None:
    checks = [{"title": f.title, "mark": str(f.mark), "text": f.text, "fix": f.fix or None} for f in findings]
    worst = next(mark for mark in ("problem", "warning", "good") if any(f.mark == mark for f in findings))
    sys.stdout.write(json.dumps({"status": worst, "checks": checks}) + "\n")
