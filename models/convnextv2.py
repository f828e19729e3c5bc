"""ConvNeXt V2 (Woo et al., 2023, https://arxiv.org/abs/2301.00808): ConvNeXt with global response normalisation."""

from collections.abc import Sequence
from functools import partial

from models.convnext import convnext_backbone
from models.factory import make_model_function


def _make(name: str, depths: Sequence[int], width: int):
    widths = [width * 2**stage for stage in range(4)]
    return make_model_function(name, partial(convnext_backbone, depths=depths, widths=widths, response_norm=True))


create_convnextv2_atto_model = _make("convnextv2_atto", (2, 2, 6, 2), 40)
create_convnextv2_femto_model = _make("convnextv2_femto", (2, 2, 6, 2), 48)
create_convnextv2_pico_model = _make("convnextv2_pico", (2, 2, 6, 2), 64)
create_convnextv2_nano_model = _make("convnextv2_nano", (2, 2, 8, 2), 80)
create_convnextv2_tiny_model = _make("convnextv2_tiny", (3, 3, 9, 3), 96)
create_convnextv2_base_model = _make("convnextv2_base", (3, 3, 27, 3), 128)
create_convnextv2_large_model = _make("convnextv2_large", (3, 3, 27, 3), 192)
create_convnextv2_huge_model = _make("convnextv2_huge", (3, 3, 27, 3), 352)
