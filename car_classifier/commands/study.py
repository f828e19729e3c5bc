"""`study`: an ablation that a small file describes."""

import json
import sys
import textwrap
from typing import Annotated

import typer

from car_classifier.base.errors import UserError
from car_classifier.commands import options

Name = Annotated[str | None, typer.Argument(metavar="NAME|FILE", help="A study that --list shows, or a TOML file.",
                                            show_default=False)]


def study(
    name: Name = None,
    list_all: Annotated[bool, typer.Option("--list", help="Show the ready-made studies.")] = False,
    data: Annotated[str | None, typer.Option("--data", metavar="NAME|FOLDER", help="Other data than the file's.",
                                             show_default="as in the file")] = None,
    data_dir: options.DataDir = None,
    model: Annotated[str | None, typer.Option("--model", metavar="NAME", help="Another model than the file's.",
                                              show_default="as in the file")] = None,
    seeds: Annotated[int | None, typer.Option("--seeds", min=1, help="Trainings of each variant.",
                                              show_default="as in the file")] = None,
    weights: Annotated[str | None, typer.Option("--weights", metavar="NAME|none|FILE|RUN", help="What the model starts "
                                                "from, where a row does not say it.", show_default="as in the file")] = None,
    limit: options.Limit = None,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1, help="Most epochs of each training.",
                                               show_default="as in the file")] = None,
    image_size: options.ImageSize = None,
    set: options.Settings = None,
    run: options.RunName = None,
    runs_dir: options.RunsDir = options.RUNS,
    as_json: options.Json = False,
) -> None:
    """Run a study: all its variants with all its seeds, one table and one plot with intervals, and a verdict on each.

    The file says what varies, on which data, with which budget; options go before it. The same command goes on where it
    stopped, and runs that exist are reused.

    Example: python -m car_classifier study attention --data demo --model model1 --limit 20 --epochs 3 --seeds 2
    """
    if list_all:
        _list(as_json=as_json)
        return
    if name is None:
        raise UserError("Which study? Pass its name, as `study --list` shows it, or a TOML file.")
    from car_classifier.study_command import StudyRequest, run_study

    shorthand = {"data.source": data, "model.name": model, "model.weights": weights, "data.limit": limit,
                 "training.epochs": epochs, "data.image_size": image_size}
    summary = run_study(StudyRequest(
        study=name, settings=options.merge_settings(shorthand, set), seeds=seeds, data_dir=data_dir, run=run, runs_dir=runs_dir,
    ))
    if as_json:
        sys.stdout.write(json.dumps(summary) + "\n")


def _list(*, as_json: bool) -> None:
    from car_classifier.result_screen import create_result_console
    from car_classifier.study import known_studies, read_study

    studies = [read_study(name) for name in known_studies()]
    if as_json:
        rows = [{"name": name, "title": one.title, "question": one.question, "variants": [row.name for row in one.rows()],
                 "data": one.data, "model": one.model, "seeds": one.seeds, "epochs": one.epochs} for name, one in studies]
        sys.stdout.write(json.dumps({"studies": rows}) + "\n")
        return
    console = create_result_console()
    for name, one in studies:
        model = f", {one.model}" if one.model else ""
        console.print(f"[bold]{name}[/bold]: {len(one.rows())} variants on {one.data}{model}")
        question = textwrap.fill(one.question, console.width, initial_indent="  ", subsequent_indent="  ")
        console.print(f"{question}\n", markup=False)
    console.print("Next: python -m car_classifier study attention --data demo --model model1 --limit 20 --epochs 3 --seeds 2",
                  markup=False, soft_wrap=True)
