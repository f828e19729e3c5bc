"""How augmented copies are made."""

import hashlib
import json
from typing import Annotated, Any

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from data.augmentation_config import BESIDE_TRANSFORMS, LATER, AugmentationConfig
from data.geometry import PictureGeometry


class CopySettings(BaseModel):
    """Everything that a folder of copies depends on, apart from the originals.

    Args:
        num_copies: of each training picture.
        image_size: shorter side of a copy in pixels; a picture is shrunk to it, never grown, and keeps its shape.
        quality: of the JPEG, 1 to 100.
        seed: of the transforms.
        cut_to_box: cut a picture to its box first, where it has one.
        box_margin: added around the box on every side, as a fraction of its width and height.
        limit: only the first pictures of each class, so many, are copied; None: all.
        classes, label_level: which classes are learnt, as the settings of the data say.
        augmentation: the transforms; what mixes batches, and the name of a preset, is left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    num_copies: Annotated[int, Field(ge=1, le=1000)]
    image_size: Annotated[int, Field(ge=8, le=4096)]
    quality: Annotated[int, Field(ge=1, le=100)]
    seed: Annotated[int, Field(ge=0)]
    cut_to_box: bool
    box_margin: Annotated[float, Field(ge=0, le=1)]
    limit: int | None
    classes: tuple[str, ...] | None = None
    label_level: str | None = None
    augmentation: AugmentationConfig

    @field_validator("augmentation")
    @classmethod
    def _transforms_only(cls, value: AugmentationConfig) -> AugmentationConfig:
        usual = {name: AugmentationConfig.model_fields[name].default for name in BESIDE_TRANSFORMS}
        return value.model_copy(update=usual)

    @property
    def digest(self) -> str:
        """Eight hex digits that change with every setting."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()[:8]

    def to_json(self) -> dict[str, Any]:
        """Return the settings as built-in types."""
        unset = {name for name in ("classes", "label_level") if getattr(self, name) is None}  # as before there were these
        usual = AugmentationConfig()
        unsaid = {name for name in LATER if getattr(self.augmentation, name) == getattr(usual, name)}
        return self.model_dump(mode="json", exclude={**dict.fromkeys(unset, True), "augmentation": unsaid})

    def prepare(self, picture: np.ndarray, box: np.ndarray | None) -> np.ndarray:
        """Return what is transformed: the picture, uint8 [H, W, 3], cut to its box and shrunk.

        Raises:
            DataError: the box has no area inside the picture.
        """
        geometry = PictureGeometry(image_size=self.image_size, cut_to_box=self.cut_to_box, box_margin=self.box_margin)
        left, top, right, bottom = geometry.seen_part(picture.shape, box)
        picture = picture[top:bottom, left:right]
        scale = self.image_size / min(picture.shape[:2])
        if scale < 1:
            size = tuple(max(1, round(side * scale)) for side in picture.shape[1::-1])
            picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        return np.ascontiguousarray(picture)
