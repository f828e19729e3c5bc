"""`runs`: list, show and delete what earlier commands left behind."""

import json
import shlex
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from car_classifier.base.counts import describe_count, times
from car_classifier.commands import options
from car_classifier.commands.plain_help import PlainCommand, PlainGroup
from results.search_words import duration_text

runs = typer.Typer(
    cls=PlainGroup,
    help="List, show and delete runs.\n\nExample: python -m car_classifier runs list",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
Name = Annotated[str, typer.Argument(metavar="RUN", help="A path, or a name under --runs-dir.")]
COLUMNS = {
    "run": "run", "status": "status", "start": "start", "epochs": "epochs", "validation": "validation", "test": "test",
    "time": "seconds",
}
STEPS = {"reload": "reload, as a check"}  # that do not say by their names what they are for
SHOWN_FIGURES = ("accuracy", "accuracy_low", "accuracy_high", "top_3_accuracy", "top_5_accuracy", "f1_macro", "num_pictures")


@runs.command("list", cls=PlainCommand)
def list_command(runs_dir: options.RunsDir = options.RUNS, as_json: options.Json = False) -> None:
    """List all runs, oldest first.

    Example: python -m car_classifier runs list
    """
    from car_classifier.result_screen import create_result_console, create_table, print_whole
    from results.run_store import list_runs

    rows = [_row(folder) for folder in list_runs(runs_dir)]
    if as_json:
        sys.stdout.write(json.dumps({"runs": rows}) + "\n")
        return
    console = create_result_console()
    if not rows:
        console.print(f"No runs under {runs_dir}. Start one: python -m car_classifier demo", markup=False)
        return
    table = create_table(list(COLUMNS), numbers=["epochs", "validation", "test", "time"])
    for row in rows:
        table.add_row(*(Text(_cell(row, key)) for key in COLUMNS.values()))
    print_whole(console, table)
    console.print(f"\nNext: python -m car_classifier runs show {rows[-1]['run']}{_where(runs_dir)}", markup=False)


@runs.command("show", cls=PlainCommand)
def show_command(run: Name, runs_dir: options.RunsDir = options.RUNS, as_json: options.Json = False) -> None:
    """Show one run: what it was, what it found, how long each step took, and which settings differ from the defaults.

    Example: python -m car_classifier runs show my-run
    """
    from results.run_store import find_run, read_record

    folder = find_run(run, runs_dir)
    record = read_record(folder)
    if as_json:
        sys.stdout.write(json.dumps(record) + "\n")
        return
    _show_block("Run", _facts(folder, record))
    _show_block("Settings that differ from the defaults", [(name, str(value)) for name, value in _changed(folder)])
    result = "Result" if record["status"] == "done" else "Result before the extension"
    _show_block(result, _figures(record.get("summary") or {}))
    _show_next(folder, record)


@runs.command("delete", cls=PlainCommand)
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
    if not yes and not typer.confirm(f"Delete {folder} and all files in it?"):
        create_console().print("Nothing is deleted.")
        return
    lock = lock_folder(folder)
    shutil.rmtree(folder)
    lock.release()
    create_console().print(f"Deleted {folder}.", markup=False)


def _row(folder: Path) -> dict[str, Any]:
    from car_classifier.base.errors import DataError
    from results.run_store import read_record, status_of

    try:
        record = read_record(folder)
    except DataError:  # one damaged record must not hide the other runs; `runs show` says what is wrong with it
        record = {"kind": None, "status": "damaged", "start": None}
    done = record["status"] == "done"
    summary = record["summary"] if done else {}
    searches = (folder / "search.json").is_file()
    return {
        "run": folder.name, "kind": record["kind"], "status": status_of(folder, record), "start": record["start"],
        "model": summary.get("model"), "data": summary.get("data"), "epochs": summary.get("epochs"),
        "progress": None if done else record.get("progress"), "trials": _num_finished_trials(folder) if searches else None,
        "validation": (summary.get("validation") or {}).get("accuracy"), "test": (summary.get("test") or {}).get("accuracy"),
        "seconds": summary.get("seconds") if done else _seconds(record) or None,
    }


def _num_finished_trials(folder: Path) -> int:
    return len(list((folder / "trials").glob("*.pkl")))


def _seconds(record: dict[str, Any]) -> float:
    return sum(step["seconds"] for step in record.get("steps", {}).values())


def _cell(row: dict[str, Any], key: str) -> str:
    value = row[key]
    if key == "epochs" and row["progress"]:
        return "{phase} {epoch} of {epochs}".format(**row["progress"])
    if key == "epochs" and row["trials"] is not None:
        return describe_count(row["trials"], "trial")
    if value is None:
        return "–"
    if key in ("validation", "test"):
        return f"{100 * value:.1f} %"
    if key == "start":
        return f"{datetime.fromisoformat(value).astimezone():%Y-%m-%d %H:%M}"
    return duration_text(value) if key == "seconds" else str(value)


def _where(runs_dir: Path) -> str:
    return "" if runs_dir == options.RUNS else f" --runs-dir {shlex.quote(str(runs_dir))}"


def _facts(folder: Path, record: dict[str, Any]) -> list[tuple[str, str]]:
    from results.run_store import status_of

    status = status_of(folder, record)
    facts = [("run", str(folder)), ("status", status), ("start", record["start"]), ("end", record["end"] or "–")]
    progress = record.get("progress")
    if status != "done" and progress:
        what = "training" if record["kind"] == "compare" else "epoch"
        facts.append(("progress", f"{what} {progress['epoch']} of {progress['epochs']}, phase {progress['phase']}"))
    facts += [
        (STEPS.get(name, name), f"{duration_text(step['seconds'])}, {duration_text(step['cpu_seconds'])} of CPU")
        for name, step in record["steps"].items()
    ]
    facts += [("extended", f"{item['noticed']} (from {item['from']} to {item['to']} epochs)")
              for item in record.get("extensions", ())]
    facts += [("interrupted", f"{item['noticed']} ({item['reason']})") for item in record["interruptions"]]
    if record["kind"] == "search":
        return [*facts, ("trials", f"{_num_finished_trials(folder)} finished")]
    if record["kind"] == "compare":
        return facts
    return [*facts, ("test split", f"opened {times(record['evaluations_of_test'])}")]


def _figures(summary: dict[str, Any]) -> list[tuple[str, str]]:
    from results.search_dimension import setting_text

    rows = [(name, str(summary[name])) for name in ("model", "data", "epochs", "best_epoch") if name in summary]
    if "trials" in summary:
        rows += [("trials", ", ".join(f"{number} {state}" for state, number in summary["trials"].items()))]
    if summary.get("best"):
        best = summary["best"]
        rows += [("best", f"trial {best['number']}, {best['value']:.4g}")]
        rows += [("default", f"{summary['default_value']:.4g}")] if summary["default_value"] is not None else []
        rows += [(name, setting_text(value)) for name, value in best["values"].items()]
    rows += [(one["name"], f"{100 * one['accuracy']:.1f} % ({100 * one['accuracy_low']:.1f} to "
                           f"{100 * one['accuracy_high']:.1f})") for one in summary.get("variants", ())]
    rows += [("verdict", one["verdict"]) for one in summary.get("differences", ())]
    for split in ("validation", "test"):
        figures = summary.get(split) or {}
        shown = [(name, figures.get(name)) for name in SHOWN_FIGURES]
        text = ", ".join(f"{name} {value:.4g}" for name, value in shown if value is not None)
        rows += [(split, text)] if text else []
    return rows


def _show_block(title: str, rows: list[tuple[str, str]]) -> None:
    from car_classifier.result_screen import create_result_console, create_table

    if not rows:
        return
    console = create_result_console()
    table = create_table(["name", "value"], folded=["value"])
    table.show_header = False
    table.columns[0].style = "cyan"
    for name, value in rows:
        table.add_row(name, Text(value))
    console.print(f"[bold]{title}[/bold]")
    console.print(table)
    console.print()


def _show_next(folder: Path, record: dict[str, Any]) -> None:
    from car_classifier.result_screen import create_result_console

    again = shlex.join(["python", "-m", "car_classifier", *record["command"]])
    further = record.get("next") or f"python -m car_classifier report {shlex.quote(str(folder))}"
    done = record["status"] == "done"
    create_result_console().print(f"Next: {further if done else again}", markup=False, soft_wrap=True)


def _changed(folder: Path) -> list[tuple[str, Any]]:
    from car_classifier.base.files import read_json
    from car_classifier.changed_settings import changed_settings

    data = folder / "data.json"
    has_boxes = data.is_file() and read_json(data).get("has_boxes", False)
    return list(changed_settings(read_json(folder / "config.json"), has_boxes=has_boxes).items())
