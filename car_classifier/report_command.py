"""What `report` does: the page of a training, a search or a comparison, in its folder."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from car_classifier.base.errors import DataError, UserError
from car_classifier.changed_settings import changed_settings
from car_classifier.evaluate_command import EvaluationRequest, run_evaluation
from car_classifier.model_file import load_model, read_card
from car_classifier.places import program_home
from car_classifier.prepared_data import PreparedData
from car_classifier.report_pictures import ReportPictures
from car_classifier.run_pictures import read_run_pictures
from car_classifier.screen import create_console, progress_bar
from car_classifier.stored_search import rewrite_search_report
from results.answers import Answers
from results.comparison_page import write_comparison_page
from results.picture_material import PictureMaterial
from results.run_record import RunRecord, read_run
from results.run_report import write_run_report
from results.run_store import find_run, read_record
from results.selection import Selection, select_pictures
from results.trained_run import kind_in_words


@dataclass(frozen=True)
class ReportRequest:
    """The options of `report`.

    Args:
        run: path or name of a training, a search or a comparison.
        runs_dir: folder of all runs.
        data_dir: where the run's data lies now; None: where the run found it.
    """

    run: str
    runs_dir: Path
    data_dir: Path | None = None


def run_report(request: ReportRequest) -> dict[str, Any]:
    """Write the page; return what `--json` prints.

    Raises:
        UserError: no such run, or a training that is not done.
    """
    console = create_console()
    folder = find_run(request.run, request.runs_dir)
    if (folder / "comparison.json").is_file():
        write_comparison_page(folder)
    elif (folder / "search.json").is_file():
        rewrite_search_report(folder)
    elif read_record(folder)["kind"] != "train":
        kind = kind_in_words(read_record(folder)["kind"])
        raise UserError(f"The {kind} {folder} has nothing to show yet. Type its command again to finish it.")
    else:
        _report_training(folder, request, console)
    page = folder / "report.html"
    console.print(f"Written to {page} ({page.stat().st_size / 1e6:.1f} MB)", markup=False, soft_wrap=True)
    return {"run": str(folder), "report": str(page), "bytes": page.stat().st_size}


def _report_training(folder: Path, request: ReportRequest, console: Console) -> None:
    record = read_run(folder)
    try:
        card = read_card(folder)
        with progress_bar(console, "Checking pictures") as told:
            data = read_run_pictures(folder, card, data_dir=request.data_dir, told=told)
        record, selection, material = _with_pictures(record, data, request, console)
    except (DataError, UserError) as error:  # a run in use, a full disk and the like end the command
        console.print(f"Without pictures: {error}", style="yellow", markup=False)
        selection = _select(record, None)
        material = PictureMaterial(notes=(f"The pictures could not be used: {error}",))
    changed = changed_settings(record.settings, has_boxes=record.data.get("has_boxes", False))
    write_run_report(record, selection, material, changed=changed, search=_search_of(record, request))


def _with_pictures(
    record: RunRecord, data: PreparedData, request: ReportRequest, console: Console
) -> tuple[RunRecord, Selection | None, PictureMaterial]:
    """Return the record, evaluated on validation where it was on nothing, and all that the page shows of pictures."""
    if record.answers is None and "validation" in data.dataset.splits:
        run_evaluation(EvaluationRequest(str(record.folder), request.runs_dir, None, request.data_dir, "validation"))
        record = read_run(record.folder)
    if record.answers is None:
        return record, None, PictureMaterial()
    record = _with_places(record, data)
    pictures = ReportPictures(load_model(record.folder), read_card(record.folder), data, program_home() / "features")
    validation = None
    if record.split != "validation":
        with progress_bar(console, "Validation pictures") as told:
            validation = pictures.validation_answers(told)
    selection = _select(record, validation)
    with progress_bar(console, "Features of look-alikes") as told:
        material = pictures.material(record.answers, selection, validation=validation, told=told)
    return record, selection, material


def _with_places(record: RunRecord, data: PreparedData) -> RunRecord:
    """Return the record with the pictures where they lie now: the same in the same order, for the fingerprint is the same."""
    files = tuple(str(path) for path in data.dataset.splits[record.split].paths)
    described = {"duplicates": data.describe()["duplicates"]} if "duplicates" in record.data else {}
    return replace(record, answers=replace(record.answers, files=files), data=record.data | described)


def _select(record: RunRecord, validation: Answers | None) -> Selection | None:
    if record.answers is None:
        return None
    duplicates = record.data.get("duplicates", [])
    return select_pictures(record.answers, record.split, validation=validation, duplicates=duplicates)


def _search_of(record: RunRecord, request: ReportRequest) -> Path | None:
    """Return the folder of the search whose winner was trained, where it still is."""
    command = record.run["command"]
    given = record.run.get("hyperparameters")
    if given is None and "--hyperparameters" in command[:-1]:
        given = command[command.index("--hyperparameters") + 1]
    places = (Path(given), request.runs_dir / given, record.folder.parent / Path(given).name) if given else ()
    return next((place for place in places if (place / "search.json").is_file()), None)
