"""`models`: every model with its weights, operations and published weights."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from car_classifier.commands import options
from car_classifier.places import data_home

COLUMNS = {
    "model": "name", "weights": "parameters", "trainable": "trainable_parameters", "GFLOPs": "gflops", "pictures": "image_size",
}


def models(
    num_classes: Annotated[int, typer.Option("--num-classes", min=2, help="Number of classes.")] = 196,
    image_size: options.ImageSize = None,
    data_dir: options.DataDir = None,
    as_json: options.Json = False,
) -> None:
    """List all models: weights, operations for one picture, default picture size, and published weights.

    Example: python -m car_classifier models --num-classes 196 --image-size 224
    """
    from car_classifier.model_listing import ModelListing

    home = data_home(data_dir)
    listing = ModelListing(home, num_classes=num_classes, image_size=image_size)
    _count(listing)
    rows = listing.rows()
    if as_json:
        sys.stdout.write(json.dumps({"models": rows}) + "\n")
        return
    size = f"{image_size}×{image_size} pixels" if image_size else "their default picture sizes"
    _show(rows, f"Models with {num_classes} classes at {size}", home / "weights")


def _count(listing: Any) -> None:
    if not listing.uncounted:
        return
    from car_classifier.backends.quiet import load_backend

    sys.stderr.write(f"Counting the weights and operations of {len(listing.uncounted)} models, once; Keras is loading …\n")
    load_backend()
    from car_classifier.screen import create_console, progress_bar

    console = create_console()
    with progress_bar(console, "Counting") as told:
        listing.count(told)
    if listing.not_kept:
        console.print(f"The counts could not be kept for the next time: {listing.not_kept}", markup=False)


def _show(rows: list[dict[str, Any]], title: str, weights_dir: Path) -> None:
    from car_classifier.result_screen import create_result_console, create_table

    console = create_result_console()
    table = create_table([*COLUMNS, "pretrained"], numbers=list(COLUMNS)[1:])
    for row in rows:
        table.add_row(*(_cell(row[key]) for key in COLUMNS.values()), _pretrained(row))
    console.print(f"[bold]{title}[/bold]\n")
    console.print(table)
    console.print()
    for row in rows:
        if row["reason"]:
            console.print(f"– {row['name']} {row['reason']}", markup=False)
    console.print("GFLOPs: 10⁹ multiplications and additions for one picture.", style="dim")
    console.print("pictures: side in pixels that train takes by default.", style="dim")
    _show_sources(rows, console, weights_dir)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}"


def _pretrained(row: dict[str, Any]) -> str:
    if row["source"] is None:
        return "[dim]none published[/dim]"
    return "[green]at hand[/green]" if row["weights_at_hand"] else "[yellow]not here yet[/yellow]"


def _show_sources(rows: list[dict[str, Any]], console: Any, weights_dir: Path) -> None:
    from rich.padding import Padding
    from rich.text import Text

    shared: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["source"] is not None:
            shared.setdefault(row["weights_file"], []).append(row)
    console.print("\n[bold]Pretrained weights[/bold]: for which model, licence, source, address, name of the file\n")
    for file_name, users in shared.items():
        console.print(Text(f"{', '.join(row['name'] for row in users)} ({users[0]['licence']})"))
        console.print(Padding(users[0]["source"], (0, 0, 0, 2), expand=False))
        console.print(Text(f"  {users[0]['url']}", "dim"), soft_wrap=True)  # an address that is broken cannot be copied
        console.print(Text(f"  {file_name}", "dim"), soft_wrap=True)
    console.print(f"\ntrain downloads what is missing, under that name into {weights_dir}; a file that lies elsewhere or is "
                  "called otherwise is given with --weights FILE.", markup=False, soft_wrap=True)
    console.print("Next: python -m car_classifier train --data demo --model model1", markup=False)
