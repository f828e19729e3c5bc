"""Settings of the data."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class DataConfig(BaseModel):
    """Which pictures are read and how they reach the model.

    Args:
        source: name of a data set, a folder, a CSV file, or an archive; several joined by "+" are one.
        directory: where named data sets lie, each in a folder of its name.
        classes: names of the classes to take; None takes all.
        label_level: level of the source's groups above its classes, such as `family`, that is learnt instead of these; of
            joined sources each that has it. None takes the classes as they are.
        limit: at most this many pictures per class in each split; None takes all.
        validation_fraction: share of the training pictures set apart for validation when the source has no
            validation split of its own; 0 sets none apart.
        test_fraction: share of the training pictures of each class set apart for testing, for a source that has no test
            split of its own; nothing else sees them, and no seed changes them.
        image_size: side in pixels of the square that the model sees; None takes the model's own.
        geometry: how a picture becomes that square: `stretch` it, `pad` it to keep its shape, or `crop` its middle.
        cut_to_box: cut pictures to their annotated box; None does so when the source has boxes.
        box_margin: added around the box on every side, as a fraction of the box's width and height.
        max_megapixels: larger pictures are refused before they are decoded.
        loader_threads: threads that prepare batches; None takes one per processor.
        memory_cache_gb: memory for decoded pictures in gigabytes; None takes a share of what is free, 0 keeps none.
        balanced_sampling: draw every class equally often in training.
        augmented_copies: folder that `data augment` has filled; training then sees these copies, too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = "demo"
    directory: Path = Path("~/.cache/car_classifier")
    classes: tuple[str, ...] | None = None
    label_level: str | None = None
    limit: Annotated[int, Field(ge=1)] | None = None
    validation_fraction: Annotated[float, Field(ge=0, lt=1)] = 0.15
    test_fraction: Annotated[float, Field(ge=0, lt=1)] = 0.0
    image_size: Annotated[int, Field(ge=8, le=4096)] | None = None
    geometry: Literal["stretch", "pad", "crop"] = "stretch"
    cut_to_box: bool | None = None
    box_margin: Annotated[float, Field(ge=0, le=1)] = 0.05
    max_megapixels: Annotated[float, Field(gt=0)] = 50
    loader_threads: Annotated[int, Field(ge=1)] | None = None
    memory_cache_gb: Annotated[float, Field(ge=0)] | None = None
    balanced_sampling: bool = False
    augmented_copies: Path | None = None

    @field_validator("classes")
    @classmethod
    def _two_or_more(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if names is not None and len(set(names)) < max(2, len(names)):
            raise ValueError(f"expected two or more different class names. Received: {', '.join(names) or 'none'}")
        return names
