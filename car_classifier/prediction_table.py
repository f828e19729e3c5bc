"""Predictions as a table for the terminal."""

from rich.console import Console
from rich.markup import escape

from car_classifier.base.terminal_text import one_line
from car_classifier.prediction import Prediction
from car_classifier.result_screen import create_table
from results.run_words import share_text

MOST_PICTURES = 50
MOST_MEMBERS = 3  # of a set that are named


class PredictionTable:
    """The best classes of the first pictures; a longer list is for a file.

    Args:
        coverage: of the sets.
    """

    def __init__(self, *, coverage: float):
        self._table = create_table(("picture and answer", "class", "probability"), numbers=("probability",),
                                   folded=("picture and answer", "class"))
        self._coverage, self._count = coverage, 0

    def add(self, prediction: Prediction) -> None:
        """Add the rows of a picture that could be used."""
        if prediction.skipped is not None:
            return
        self._count += 1
        if self._count > MOST_PICTURES:
            return
        remarks = (escape(one_line(remark)) for remark in self._remarks(prediction))
        left = [f"[bold]{escape(one_line(prediction.file))}[/bold]", *remarks]
        for place in range(max(len(left), len(prediction.classes))):
            name, probability = prediction.classes[place] if place < len(prediction.classes) else ("", None)
            share = "" if probability is None else f"{100 * probability:.1f} %"
            self._table.add_row(left[place] if place < len(left) else "", escape(one_line(name)), share)
        self._table.add_row("", "", "")

    def show(self, console: Console) -> None:
        """Print the table, and how many pictures it leaves out."""
        if self._count:
            console.print(self._table)
        if self._count > MOST_PICTURES:
            console.print(f"{self._count - MOST_PICTURES:,} more pictures: pass --csv FILE for all.")

    def _remarks(self, prediction: Prediction) -> list[str]:
        remarks = []
        if prediction.unknown:
            remarks.append("unknown: unlike the training pictures")
        elif prediction.answer is None:
            remarks.append("unsure")
        else:
            answer = prediction.answer
            level = "" if answer.level == "class" else f"{answer.level} "
            remarks.append(f"answer: {level}{answer.name} ({share_text(answer.probability, 0)})")
        if prediction.members is not None:
            more = f", and {len(prediction.members) - MOST_MEMBERS} more" if len(prediction.members) > MOST_MEMBERS else ""
            remarks.append(f"{share_text(self._coverage, 0)} set: {', '.join(prediction.members[:MOST_MEMBERS])}{more}")
        return remarks
