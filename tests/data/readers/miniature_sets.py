"""CUB-200-2011, FGVC-Aircraft and FoodX-251 in exactly their published layouts, with a few classes and pictures."""

from pathlib import Path

import numpy as np
from PIL import Image

from tests.data.conftest import random_picture
from tests.data.readers.miniature_cars import draw

BIRDS = ("001.Black_footed_Albatross", "002.Laysan_Albatross", "017.Cardinal")
AIRCRAFT = {  # variant: family, manufacturer
    "707-320": ("Boeing 707", "Boeing"), "737-200": ("Boeing 737", "Boeing"), "737-300": ("Boeing 737", "Boeing"),
    "F-16A/B": ("F-16", "Lockheed Corporation"),
}
DISHES = ("macaron", "pad_thai", "crab_food")


def write_birds(folder: Path, *, inner: str = "") -> None:
    """Two training pictures and one test picture of each of three birds, with boxes; in the folder `inner`, if any."""
    root = folder / inner
    lines = {name: [] for name in ("images", "image_class_labels", "train_test_split", "bounding_boxes")}
    for number in range(1, 10):
        label = (number + 2) // 3
        file = f"{BIRDS[label - 1]}/Bird_{number:04d}_{number}.jpg"
        draw(root / "images" / file, number)
        lines["images"].append(f"{number} {file}")
        lines["image_class_labels"].append(f"{number} {label}")
        lines["train_test_split"].append(f"{number} {int(number % 3 > 0)}")
        lines["bounding_boxes"].append(f"{number} 2.0 3.0 20.0 15.0")
    lines["classes"] = [f"{number} {name}" for number, name in enumerate(BIRDS, start=1)]
    for name, content in lines.items():
        (root / f"{name}.txt").write_text("".join(f"{line}\n" for line in content))


def write_aircraft(folder: Path, *, inner: str = "data", halves: bool = False) -> None:
    """Two training pictures and one test picture of each of four variants, with boxes and levels.

    Args:
        halves: only the files of train and val are there, not that of both.
    """
    root = folder / inner
    parts = {"train": [], "val": [], "test": []}
    boxes = []
    for place, variant in enumerate(AIRCRAFT):
        for step, part in enumerate(parts):
            number = f"{10 * place + step:07d}"
            draw_above_banner(root / "images" / f"{number}.jpg", 10 * place + step)
            parts[part].append((number, variant))
            boxes.append(f"{number} 1 2 30 20\n")
    (root / "images_box.txt").write_text("".join(boxes))
    (root / "variants.txt").write_text("".join(f"{variant}\n" for variant in AIRCRAFT))
    if not halves:
        parts = {"trainval": parts["train"] + parts["val"], "test": parts["test"]}
    for part, pairs in parts.items():
        for place, level in enumerate(("variant", "family", "manufacturer")):
            rows = ((number, (variant, *AIRCRAFT[variant])[place]) for number, variant in pairs)
            (root / f"images_{level}_{part}.txt").write_text("".join(f"{number} {name}\n" for number, name in rows))


def draw_above_banner(path: Path, seed: int) -> None:
    """Write a picture of 32×24 pixels above a banner of 20 rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    banner = np.full((20, 32, 3), 255, np.uint8)
    Image.fromarray(np.concatenate([random_picture(seed), banner])).save(path)


def write_dishes(folder: Path) -> None:
    """Two training pictures and one validation picture of each of three dishes, and one without a label."""
    lines = {"train": [], "val": []}
    for label in range(len(DISHES)):
        for part, count in (("train", 2), ("val", 1)):
            for number in range(count):
                file = f"{part}_{10 * label + number:06d}.jpg"
                draw(folder / f"{part}_set" / file, 10 * label + number + (5 if part == "val" else 0))
                lines[part].append(f"{file},{label}\n")
    for part, content in lines.items():
        (folder / f"{part}_info.csv").write_text("".join(content))
    (folder / "class_list.txt").write_text("".join(f"{label} {name}\n" for label, name in enumerate(DISHES)))
