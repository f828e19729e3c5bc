"""Which models the tests build with weights: the smallest of each family, since the others are made by the same code."""

from models.registry import MODELS

_LARGER = (
    *(f"efficientnetb{number}" for number in range(1, 8)),
    *(f"convnext_{size}" for size in ("small", "base", "large", "xlarge")),
    *(f"convnextv2_{size}" for size in ("femto", "pico", "nano", "tiny", "base", "large", "huge")),
    "mobilenetv3_large", "resnet32",
)
REPRESENTATIVES = tuple(name for name in MODELS if name not in _LARGER)
