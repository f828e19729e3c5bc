"""Blocks that recalibrate channels, put behind stages of a finished network."""

from collections.abc import Sequence
from dataclasses import dataclass

import keras

from layers import SEBlock, SelectiveChannelRecalibration
from models.freezing import BLOCK_PREFIX
from models.head_options import require
from models.stages import stage_ends


@dataclass(frozen=True)
class StageBlocks:
    """Which blocks stand behind which stages, counted from 1; behind a stage with both the SE block comes first.

    Args:
        se_after_stages: stages with an SE block.
        scra_after_stages: stages with selective channel recalibration.
        se_ratio: `reduction_ratio` of the SE blocks.
        identity_start: whether fresh blocks multiply by exactly 1.
        unit_scale: whether they read features at unit scale, which keeps them from being torn open or shut by the first steps
            in a network without normalisation; None: as `identity_start`.
    """

    se_after_stages: Sequence[int] = ()
    scra_after_stages: Sequence[int] = ()
    se_ratio: int = 16
    identity_start: bool = False
    unit_scale: bool | None = None

    def behind(self, stage: int) -> list[keras.Layer]:
        """Return fresh blocks for `stage`, in their order."""
        unit_scale = self.identity_start if self.unit_scale is None else self.unit_scale
        start = {"identity_start": self.identity_start, "unit_scale": unit_scale}
        blocks: list[keras.Layer] = []
        if stage in self.se_after_stages:
            name = f"{BLOCK_PREFIX}{stage}_se"
            blocks.append(SEBlock(self.se_ratio, **start, name=name))
        if stage in self.scra_after_stages:
            name = f"{BLOCK_PREFIX}{stage}_scra"
            blocks.append(SelectiveChannelRecalibration(**start, name=name))
        return blocks


def insert_stage_blocks(
    pictures: keras.KerasTensor, features: keras.KerasTensor, stages: Sequence[str], blocks: StageBlocks
) -> keras.KerasTensor:
    """Return the features of the same network with `blocks` behind its stages; without blocks, `features` itself.

    Args:
        pictures: the network's input.
        features: the network's output.
        stages: as the table of models has them.
        blocks: what stands behind which.

    Raises:
        UserError: `se_ratio` is above the number of channels of a stage.
    """
    if not blocks.se_after_stages and not blocks.scra_after_stages:
        return features

    # A layer that is called twice has no single place in a graph any more, so the network is made once again.
    plain = keras.Model(pictures, features)
    ends = stage_ends(stages, [layer.name for layer in plain.layers])

    def call(layer: keras.Layer, *args, **kwargs):
        outputs = layer(*args, **kwargs)
        if layer.name in ends:
            for block in blocks.behind(ends.index(layer.name) + 1):
                _check_ratio(block, outputs.shape[-1])
                outputs = block(outputs)
        return outputs

    again = keras.models.clone_model(plain, input_tensors=pictures, call_function=call)
    for layer in again.layers:
        if isinstance(layer, keras.layers.Normalization):  # constants of the network that are no part of its configuration
            layer.set_weights(plain.get_layer(layer.name).get_weights())
            layer.finalize_state()
    return again.output


def _check_ratio(block: keras.Layer, channels: int) -> None:
    if isinstance(block, SEBlock):
        ratio = block.reduction_ratio
        require(ratio <= channels, "se_ratio", f"no larger than the number of channels of each stage ({channels})", ratio)
