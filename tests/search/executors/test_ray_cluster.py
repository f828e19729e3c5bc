import sys

import pytest

from car_classifier.base.errors import UserError
from search.executors.ray.cluster import join_cluster


def test_missing_ray_is_the_users_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UserError, match='pip install "ray==') as caught:
        join_cluster(None)
    assert str(caught.value).count("\n") < 3


@pytest.mark.parametrize("address", ["auto", "10.0.0.1", "ray://10.0.0.1:10001", ":6379"])
def test_an_address_that_is_none_is_refused(address):
    pytest.importorskip("ray", reason="Ray is an optional requirement")
    with pytest.raises(UserError, match="must be HOST:PORT"):
        join_cluster(address)


def test_an_address_without_a_cluster_is_refused_at_once():
    pytest.importorskip("ray", reason="Ray is an optional requirement")
    with pytest.raises(UserError, match="No Ray cluster answers at 127.0.0.1:1"):
        join_cluster("127.0.0.1:1")
