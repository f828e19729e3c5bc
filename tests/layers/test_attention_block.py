from layers import AttentionBlock
from tests.layers.gates import check_gate


def test_gate_follows_the_equations_on_maps_and_on_their_means():
    check_gate(AttentionBlock(2))


def test_default_hidden_layer_is_8_times_narrower():
    block = AttentionBlock()
    block.build((None, 7, 7, 512))
    assert block.count_params() == 2 * 512 * 64 + 512 + 64
