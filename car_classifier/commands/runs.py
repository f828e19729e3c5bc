"""`runs`: list, show and delete what earlier commands left behind."""

import json
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from car_classifier.commands import options

runs = typer.Typer(help="List, show and delete runs.", no_args_is_help=True, rich_markup_mode="markdown")
Name = Annotated[str, typer.Argument(metavar="RUN", help="A path, or a name under --runs-dir.")]


@runs.command("list")
def list_command(runs_dir: options.RunsDir = options.RUNS, as_json: options.Json = False) -> None:
    """List all runs, oldest first.

    Example: python -m car_classifier runs list
    """
    from car_classifier.screen import create_console
    from results.run_store import list_runs

    rows = [_row(folder) for folder in list_runs(runs_dir)]
    if as_json:
        sys.stdout.write(json.dumps({"runs": rows}) + "\n")
        return
    console = create_console()
    if not rows:
        console.print(f"No runs under {runs_dir}. Start one: python -m car_classifier demo", markup=False)
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("run", "status", "start", "epochs", "validation", "test", "time"):
        table.add_column(column, no_wrap=column != "run", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row, column) for column in ("run", "status", "start", "epochs", "validation", "test", "seconds")))
    console.print(table)


@runs.command("show")
def show_command(run: Name, runs_dir: options.RunsDir = options.RUNS, as_json: options.Json = False) -> None:
    """Show one run: what it was, what it found, how long each step took, and which settings differ from the defaults.

    Example: python -m car_classifier runs show my-run
    """
    from car_classifier.screen import create_console, show_table
    from car_classifier.training_run import show_summary
    from results.run_store import find_run, read_record

    folder = find_run(run, runs_dir)
    record = read_record(folder)
    if as_json:
        sys.stdout.write(json.dumps(record) + "\n")
        return
    console = create_console()
    rows = [("run", str(folder), ""), ("status", record["status"], ""), ("start", record["start"], "")]
    rows += [(name, f"{step['seconds']:.1f} s, {step['cpu_seconds']:.1f} s of CPU", "") for name, step in record["steps"].items()]
    rows += [("interrupted", f"{item['noticed']} ({item['reason']})", "") for item in record["interruptions"]]
    rows.append(("test split", f"opened {record['evaluations_of_test']} times", ""))
    show_table(console, "Run", rows)
    show_table(console, "Settings that differ from the defaults", [(n, str(v), "") for n, v in _changed(folder)])
    if record.get("summary"):
        show_summary(console, record["summary"])


@runs.command("delete")
def delete_command(
    run: Name,
    runs_dir: options.RunsDir = options.RUNS,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a run and everything in its folder.

    Example: python -m car_classifier runs delete my-run --yes
    """
    from car_classifier.base.locks import lock_folder
    from car_classifier.screen import create_console
    from results.run_store import find_run

    folder = find_run(run, runs_dir)
    if not yes:
        typer.confirm(f"Delete {folder} and all files in it?", abort=True)
    lock_folder(folder).release()
    shutil.rmtree(folder)
    create_console().print(f"Deleted {folder}.", markup=False)


def _row(folder: Path) -> dict[str, Any]:
    from results.run_store import read_record

    record = read_record(folder)
    summary = record.get("summary") or {}
    return {
        "run": folder.name, "kind": record["kind"], "status": record["status"], "start": record["start"],
        "model": summary.get("model"), "data": summary.get("data"), "epochs": summary.get("epochs"),
        "validation": (summary.get("validation") or {}).get("accuracy"), "test": (summary.get("test") or {}).get("accuracy"),
        "seconds": summary.get("seconds"),
    }


def _cell(row: dict[str, Any], column: str) -> str:
    from car_classifier.screen import describe_duration

    value = row[column]
    if value is None:
        return "–"
    if column in ("validation", "test"):
        return f"{100 * value:.1f} %"
    return describe_duration(value) if column == "seconds" else str(value)


def _changed(folder: Path) -> list[tuple[str, Any]]:
    from car_classifier.base.files import read_json
    from car_classifier.config import Config
    from car_classifier.defaults import jsonable

    defaults = jsonable(Config())
    return [(name, value) for name, value in read_json(folder / "config.json").items() if defaults.get(name) != value]
