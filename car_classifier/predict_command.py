"""What `predict` does: pictures in, classes out, as a table, CSV or JSON."""

import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from car_classifier.base.counts import describe_count
from car_classifier.base.errors import DataError, UserError
from car_classifier.base.files import atomic_path, read_json
from car_classifier.model_file import load_model, read_card
from car_classifier.prediction import Prediction
from car_classifier.prediction_csv import PredictionCsv
from car_classifier.prediction_json import PredictionJson
from car_classifier.prediction_table import PredictionTable
from car_classifier.prediction_targets import Target, find_targets
from car_classifier.predictor import Predictor, PredictorOptions
from car_classifier.result_screen import create_result_console
from car_classifier.screen import create_console
from results.calibration import temperature_remark
from results.found_hierarchy import find_hierarchy
from results.trained_run import find_trained_run

NAMED = 3  # files passed over that are named
KINDS = ("answered", "unsure", "unknown", "skipped")


@dataclass(frozen=True, kw_only=True)
class PredictionRequest:
    """The options of `predict`.

    Args:
        run: path or name.
        runs_dir: folder of all runs.
        places: files, folders and CSV files.
        top: classes per picture.
        coverage: of the sets, in (0, 1).
        certainty: least probability of an answer.
        hierarchy: "cars", "birds", "none" or a CSV file; None: what the data tell, or their names.
        batch_size: pictures per step.
        csv: file to write; None writes none.
        as_json: print JSON.
    """

    run: str
    runs_dir: Path
    places: list[Path]
    top: int
    coverage: float
    certainty: float
    hierarchy: str | None
    batch_size: int
    csv: Path | None
    as_json: bool


def run_prediction(request: PredictionRequest) -> None:
    """Answer every picture that can be read.

    Raises:
        UserError: no such run, or no pictures.
        DataError: some files could not be used; all others have been answered.
    """
    console, folder = create_console(), find_trained_run(request.run, request.runs_dir)
    card = read_card(folder)
    options = PredictorOptions(
        top=min(request.top, len(card.class_names)), coverage=request.coverage, certainty=request.certainty,
        batch_size=request.batch_size, max_megapixels=read_json(folder / "config.json")["data.max_megapixels"],
    )
    hierarchy = find_hierarchy(request.hierarchy, data=card.data, class_names=card.class_names, levels=card.levels)
    predictor = Predictor(load_model(folder), card, hierarchy=hierarchy, options=options)
    seen = _Seen()
    passed_over: list[Path] = []
    targets = find_targets(request.places, passed_over.append)
    predictions = seen.answered(predictor.predict(seen.asked(targets)))
    skipped = _write(request, predictions, folder, top=options.top, console=console)
    if not seen.count:
        places = ", ".join(map(str, request.places))
        raise UserError(f"No pictures in {places}.\nExpected: picture files, folders that hold some, or CSV files.")
    console.print(seen.in_words(), markup=False)
    if passed_over:
        first = ", ".join(path.name for path in passed_over[:NAMED])
        named = f"{first}, …" if len(passed_over) > NAMED else first
        console.print(f"Passed over, being no pictures: {describe_count(len(passed_over), 'file')} ({named})", markup=False)
    if card.thresholds is None:
        console.print("The model holds no temperature and no thresholds: it was trained without validation pictures or by an "
                      "earlier version. Its probabilities are shown as they come, without sets.", style="yellow")
    elif remark := temperature_remark(card.temperature):
        console.print(remark, style="yellow", markup=False)
    if card.geometry.cut_to_box and seen.whole:
        console.print(f"The model was trained on pictures cut to their boxes; {seen.whole:,} without a box were taken whole: "
                      "expect fewer right answers. A CSV file with the columns file, x_min, y_min, x_max, y_max gives boxes; "
                      "a model for whole pictures comes from `train --set data.cut_to_box=false`.",
                      style="yellow")
    if skipped:
        raise DataError(f"{skipped:,} of {seen.count:,} files could not be used; all others are answered.")


class _Seen:
    """Counts the pictures that are asked about, what they were answered, and how many of these had no box; in one order."""

    def __init__(self):
        self.count = self.whole = 0
        self._answers: Counter[str] = Counter()
        self._boxless: deque[bool] = deque()

    def asked(self, targets: Iterable[Target]) -> Iterator[Target]:
        """Pass `targets` on."""
        for target in targets:
            self.count += 1
            self._boxless.append(target.box is None)
            yield target

    def answered(self, predictions: Iterable[Prediction]) -> Iterator[Prediction]:
        """Pass `predictions` on."""
        for prediction in predictions:
            self.whole += self._boxless.popleft() and prediction.skipped is None
            self._answers[_kind(prediction)] += 1
            yield prediction

    def in_words(self) -> str:
        """Return how many pictures were answered, and how."""
        kinds = ", ".join(f"{self._answers[kind]:,} {kind}" for kind in KINDS if self._answers[kind])
        return f"{describe_count(self.count, 'picture')}: {kinds}"


def _kind(prediction: Prediction) -> str:
    if prediction.skipped is not None:
        return "skipped"
    if prediction.unknown:
        return "unknown"
    return "unsure" if prediction.answer is None else "answered"


def _write(request: PredictionRequest, predictions: Iterable[Prediction], folder: Path, *, top: int, console: Console) -> int:
    """Write predictions wherever they are asked for, as they come; return how many files were skipped."""
    skipped, table = 0, None
    with ExitStack() as stack:
        outputs = []
        if request.csv is not None:
            temporary = stack.enter_context(atomic_path(request.csv))
            outputs.append(PredictionCsv(stack.enter_context(open(temporary, "w", newline="", encoding="utf-8")), top=top))
        if request.as_json:
            outputs.append(PredictionJson(sys.stdout, run=str(folder)))
            stack.callback(outputs[-1].close)
        if not outputs:
            outputs.append(table := PredictionTable(coverage=request.coverage))
        for prediction in predictions:
            if prediction.skipped is not None:
                skipped += 1
                console.print(f"skipped {prediction.file}: {prediction.skipped}", style="yellow", markup=False)
            for output in outputs:
                output.add(prediction)
    if table is not None:
        table.show(create_result_console())
    if request.csv is not None:
        console.print(f"Written to {request.csv}", markup=False)
    return skipped
