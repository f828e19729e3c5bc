"""The page about a data set: what it holds and what is wrong with it, in one HTML file."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from car_classifier.base.files import write_text
from results.data_record import DataFiles, DataRecord, SheetCell
from results.page import Picture, embed_picture, render_page
from results.picture_material import embed_jpeg
from results.plots.box_statistics import plot_box_statistics
from results.plots.class_balance import plot_class_balance
from results.plots.contact_sheet import plot_contact_sheet
from results.plots.picture_sizes import plot_picture_sizes
from results.search_words import duration_text

MOST_FAULTS = 200  # of one kind that the page lists
MOST_DUPLICATES = 60
_EFFECTS = {"left_out": "left out", "changed": "changed", "reported": "reported only"}
_SHEET_QUALITY = 85


def write_data_report(
    record: DataRecord, folder: Path, *, cells: Sequence[SheetCell], columns: int, thumbnails: Mapping[str, Picture]
) -> DataFiles:
    """Write `report.html`, `contact_sheet.png` and `plots/*.png` into `folder`, each atomically.

    Args:
        record: what was found.
        folder: made when missing.
        cells: pictures of the contact sheet; none draws no sheet.
        columns: pictures side by side on it.
        thumbnails: of files with duplicates, by their names; those that are missing are named only.
    """
    files = DataFiles(folder / "report.html", folder / "contact_sheet.png" if cells else None)
    if files.sheet:
        plot_contact_sheet(cells, files.sheet, columns=columns)
    plots = {name: embed_picture(path) for name, path in _draw_plots(record, folder / "plots").items()}
    page = render_page(
        "data.html", record=record, headline=headline(record), tiles=_tiles(record), plots=plots,
        sheet=_embed_sheet(files.sheet), kinds=_kinds(record), most_faults=MOST_FAULTS, splits=_split_rows(record),
        duplicates=_by_weight(record)[:MOST_DUPLICATES], thumbnails=thumbnails, balance=balance_in_words(record),
    )
    write_text(files.page, page)
    return files


def headline(record: DataRecord) -> str:
    """Return what was found in one short sentence."""
    usable, bad = sum(record.totals.values()), len(record.faults)
    pictures = f"{usable:,} pictures of {len(record.class_names)} classes"
    return f"{pictures}, no fault" if not bad else f"{pictures}, {bad:,} fault{'s' if bad > 1 else ''}"


def spread_text(counts: np.ndarray) -> str:
    """Return the smallest and the largest number: "15 to 43", or "100" where all are equal."""
    return " to ".join(f"{count:,}" for count in sorted({int(counts.min()), int(counts.max())}))


def balance_in_words(record: DataRecord) -> str:
    """Return how many times more training pictures the most frequent class has than the rarest."""
    counts = next(iter(record.counts.values()))
    if counts.min() == counts.max():
        return "Every class has as many training pictures as the others."
    if counts.min() == 0:
        return "Some classes have no training pictures."
    return f"The most frequent class has {counts.max() / counts.min():.1f} times the training pictures of the rarest."


def _draw_plots(record: DataRecord, folder: Path) -> dict[str, Path]:
    plots = {"balance": folder / "class_balance.png", "sizes": folder / "picture_sizes.png"}
    plot_class_balance(record.counts, record.class_names, plots["balance"])
    plot_picture_sizes(record.sizes, plots["sizes"])
    if len(record.boxes):
        plots["boxes"] = folder / "boxes.png"
        plot_box_statistics(record.boxes, plots["boxes"])
    return plots


def _embed_sheet(path: Path | None) -> Picture | None:
    from PIL import Image

    if path is None:
        return None
    packed = io.BytesIO()
    with Image.open(path) as sheet:
        sheet.convert("RGB").save(packed, format="JPEG", quality=_SHEET_QUALITY)
        return embed_jpeg(packed.getvalue(), *(round(1.5 * side) for side in sheet.size))  # three quarters of its size


def _tiles(record: DataRecord) -> list[tuple[str, str, str]]:
    left_out = sum(fault.effect == "left_out" for fault in record.faults)
    splits = ", ".join(f"{count:,} {split}" for split, count in record.totals.items())
    train = next(iter(record.counts.values()))
    shared = len(record.shared_by_splits)
    return [
        ("Pictures", f"{sum(record.totals.values()):,}", splits),
        ("Classes", str(len(record.class_names)), f"{spread_text(train)} training pictures each"),
        ("Faults", f"{len(record.faults):,}", f"{left_out:,} left out" if record.faults else "every file was decoded"),
        ("Photographs more than once", f"{len(record.duplicates):,}", f"{shared:,} in two splits"),
        ("Time", duration_text(record.seconds), f"{record.num_files:,} files"),
    ]


def _kinds(record: DataRecord) -> list[dict[str, Any]]:
    return [
        {"title": kind.replace("_", " "), "meaning": rows[0].meaning, "rows": rows,
         "effect": " and ".join(dict.fromkeys(_EFFECTS[row.effect] for row in rows))}
        for kind, rows in record.faults_by_kind.items()
    ]


def _split_rows(record: DataRecord) -> list[dict[str, Any]]:
    return [
        {"split": split, "pictures": int(counts.sum()), "classes": int(np.count_nonzero(counts)), "fewest": int(counts.min()),
         "median": f"{np.median(counts):g}", "most": int(counts.max())}
        for split, counts in record.counts.items()
    ]


def _by_weight(record: DataRecord) -> list[Any]:
    """Duplicates, those first that matter most: in two splits, then under two labels."""
    return sorted(record.duplicates, key=lambda row: (-(len(set(row.splits)) > 1), -(len(set(row.classes)) > 1)))
