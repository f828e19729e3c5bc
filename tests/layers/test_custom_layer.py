import pytest

from layers import AttentionBlock, CustomLayer, SEBlock
from tests.layers.gates import check_gate


@pytest.mark.parametrize("kind", ["attention", "se"])
def test_gate_follows_the_equations_on_maps_and_on_their_means(kind):
    check_gate(CustomLayer(kind, 4))


@pytest.mark.parametrize(("kind", "block"), [("attention", AttentionBlock()), ("se", SEBlock())])
def test_without_ratio_it_is_as_wide_as_the_block_of_its_kind(kind, block):
    layer = CustomLayer(kind)
    for built in (layer, block):
        built.build((None, 7, 7, 64))
    assert layer.count_params() == block.count_params()


def test_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="`kind` must be one of 'attention', 'se'. Received: 'spatial'"):
        CustomLayer("spatial")


def test_ratio_is_checked_before_anything_is_built():
    with pytest.raises(ValueError, match="`reduction_ratio` must be a positive integer"):
        CustomLayer("se", 0)
