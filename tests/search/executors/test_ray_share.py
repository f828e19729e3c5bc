import pytest

from search.executors.ray.share import Share, share_of


def node(cores, gpus=0, alive=True):
    return {"Alive": alive, "Resources": {"CPU": float(cores), **({"GPU": float(gpus)} if gpus else {})}}


@pytest.mark.parametrize(
    ("cores", "workers", "share"),
    [((8,), 1, 8), ((8,), 2, 4), ((8,), 3, 2), ((8, 8), 3, 4), ((16, 4), 1, 16), ((16, 4), 2, 8), ((0, 2), 1, 2)],
)
def test_workers_share_the_cores_of_the_nodes(cores, workers, share):
    assert share_of(map(node, cores), workers) == Share(share, 0)


def test_more_workers_than_cores_ask_for_one_each():
    assert share_of([node(2)], 5) == Share(1, 0)


def test_dead_nodes_do_not_count():
    assert share_of([node(16, alive=False), node(4)], 1) == Share(4, 0)


def test_a_cluster_without_nodes_is_waited_for():
    assert share_of([], 2) == Share(1, 0)


def test_a_whole_number_of_workers_shares_a_gpu():
    assert share_of([node(8, gpus=1), node(8, gpus=1)], 3) == Share(4, 0.5)


def test_nodes_without_gpu_are_left_alone_where_others_have_one():
    assert share_of([node(8, gpus=1), node(64)], 1) == Share(8, 1)


@pytest.mark.parametrize(("share", "text"), [(Share(4, 0), "cores: 4"), (Share(2, 1 / 3), "cores: 2 and 1/3 of a GPU")])
def test_a_share_is_said_in_words(share, text):
    assert str(share) == text
