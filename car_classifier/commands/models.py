"""`models`: every model with its weights, operations and published weights."""

import json
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from car_classifier.base.counts import describe_count
from car_classifier.commands import options
from car_classifier.places import data_home

COLUMNS = {
    "model": "name", "weights": "parameters", "trainable": "trainable_parameters", "GFLOPs": "gflops", "pictures": "image_size",
}
COMPARED = {
    "model": "name", "weights": "parameters", "more": "parameters_percent", "GFLOPs": "gflops", "more ": "gflops_percent",
    "pictures": "image_size",
}

FIRST = "model1"  # small: the next command names it wherever it is listed


def models(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Only these models.")] = None,
    num_classes: Annotated[int, typer.Option("--num-classes", min=2, help="Number of classes.")] = 196,
    image_size: options.ImageSize = None,
    settings: options.Settings = None,
    data_dir: options.DataDir = None,
    as_json: options.Json = False,
) -> None:
    """List models: weights, operations for one picture, default picture size, and published weights.

    With --set, the models that can have these settings, and how much more each costs than without them.

    Example: python -m car_classifier models convnextv2_large --set model.scra_after_stages=[1]
    """
    from car_classifier.config import parse_assignments
    from car_classifier.model_listing import ModelListing

    home, assigned = data_home(data_dir), parse_assignments(settings or [])
    listing = ModelListing(home, num_classes=num_classes, image_size=image_size, names=names or (), settings=assigned)
    _count(listing)
    rows = listing.rows()
    if as_json:
        sys.stdout.write(json.dumps({"models": rows}) + "\n")
        return
    size = f"{image_size}×{image_size} pixels" if image_size else "their default picture sizes"
    with_settings = f", {', '.join(settings)}" if settings else ""
    _show(rows, f"Models with {num_classes} classes at {size}{with_settings}", COMPARED if settings else COLUMNS)
    _explain_large_heads(listing.flattening)
    _show_sources(rows, home / "weights")
    _show_next([row["name"] for row in rows], settings or [])


def _count(listing: Any) -> None:
    if not listing.uncounted:
        return
    from car_classifier.backends.quiet import load_backend

    counted = describe_count(len(listing.uncounted), "model")
    sys.stderr.write(f"Counting the weights and operations of {counted}, once; Keras is loading …\n")
    load_backend()
    from car_classifier.screen import create_console, progress_bar

    console = create_console()
    with progress_bar(console, "Counting") as told:
        listing.count(told)
    if listing.not_kept:
        console.print(f"The counts could not be kept for the next time: {listing.not_kept}", markup=False)


def _show(rows: list[dict[str, Any]], title: str, columns: dict[str, str]) -> None:
    from car_classifier.result_screen import create_result_console, create_table, print_whole

    console = create_result_console()
    table = create_table([*columns, "pretrained"], numbers=list(columns)[1:])
    for row in rows:
        table.add_row(*(_cell(row[key], percent=key.endswith("_percent")) for key in columns.values()), _pretrained(row))
    console.print(f"[bold]{title}[/bold]\n")
    print_whole(console, table)
    console.print()
    for row in rows:
        if row["reason"]:
            console.print(f"– {row['name']} {row['reason']}", markup=False)
    console.print("GFLOPs: 10⁹ multiplications and additions for one picture.", style="dim")
    console.print("pictures: side in pixels that train takes by default.", style="dim")
    if columns is COMPARED:
        console.print("more: than the same model without these settings.", style="dim")


def _explain_large_heads(names: list[str]) -> None:
    from car_classifier.result_screen import create_result_console

    if names:
        create_result_console().print(
            f"weights: in {', '.join(names)} the head reads every place of the last feature map, which takes many; "
            "--set model.pooling=average reads the mean of all places.", style="dim", markup=False)


def _cell(value: Any, *, percent: bool) -> str:
    if value is None:
        return "–"
    if percent:
        return f"{value:+.2f} %"
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}"


def _pretrained(row: dict[str, Any]) -> str:
    if row["source"] is None:
        return "[dim]none[/dim]"
    return "[green]at hand[/green]" if row["weights_at_hand"] else "[yellow]not here yet[/yellow]"


def _show_sources(rows: list[dict[str, Any]], weights_dir: Path) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from car_classifier.result_screen import create_result_console

    console = create_result_console()
    users: dict[str, list[str]] = {}
    published = {weights["file_name"]: weights for row in rows for weights in row["published"]}
    for row in rows:
        for weights in row["published"]:
            users.setdefault(weights["file_name"], []).append(row["name"])
    if not published:
        return
    console.print("\n[bold]Pretrained weights[/bold]: for which model, licence, source, address, name of the file\n")
    for file_name, weights in published.items():
        console.print(Text(f"{', '.join(users[file_name])}: {weights['name']} ({weights['licence']})"))
        console.print(Padding(weights["source"], (0, 0, 0, 2), expand=False))
        console.print(Text(f"  {weights['url']}", "dim"), soft_wrap=True)  # an address that is broken cannot be copied
        console.print(Text(f"  {file_name}", "dim"), soft_wrap=True)
    console.print(f"\ntrain downloads what is missing, under that name into {weights_dir}; a file that lies elsewhere or is "
                  "called otherwise is given with --weights FILE.", markup=False, soft_wrap=True)


def _show_next(names: list[str], settings: list[str]) -> None:
    from car_classifier.result_screen import create_result_console

    words = ["python", "-m", "car_classifier", "train", "--data", "demo", "--model", FIRST if FIRST in names else names[0]]
    command = shlex.join([*words, *(word for setting in settings for word in ("--set", setting))])
    create_result_console().print(f"Next: {command}", markup=False, soft_wrap=True)
