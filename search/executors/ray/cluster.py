"""Joining a Ray cluster, quietly."""

import logging
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from car_classifier.base.errors import UserError

LOG = logging.getLogger("car_classifier")
CHECKOUT = Path(__file__).resolve().parents[3]
# Settings of the user that a process on another machine does not inherit.
HANDED_ON = ("CAR_CLASSIFIER_", "KERAS_", "TF_", "XLA_", "JAX_", "OMP_", "OPENBLAS_", "MKL_")
SECONDS_TO_CONNECT = 10.0


def join_cluster(address: str | None) -> ModuleType:
    """Join a Ray cluster and return the module `ray`; `ray.shutdown()` leaves it.

    The nodes get a copy of the program as it is here.

    Args:
        address: HOST:PORT of the cluster's head, a node of which must be this machine; None: RAY_ADDRESS of the environment
            or, without that, a Ray of its own on this machine, which ends with this process.

    Raises:
        UserError: Ray is not installed, or there is no such cluster.
    """
    ray = import_ray()
    address = address or os.environ.get("RAY_ADDRESS")
    if address is None:
        LOG.warning("Ray runs on this machine alone, because no --ray-address was given.")
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        where = {"address": "local", "include_dashboard": False}
    else:
        _check_reachable(address)
        where = {"address": address}
    # What the nodes have to say goes to Ray's own logs; it would be printed on standard output, which belongs to --json.
    ray._private.worker._worker_logs_enabled = False
    environment = {name: value for name, value in os.environ.items() if name.startswith(HANDED_ON)}
    try:
        with _signals_kept():
            ray.init(
                **where,
                namespace="car_classifier",
                log_to_driver=False,
                logging_level=logging.ERROR,
                runtime_env={"working_dir": str(CHECKOUT), "excludes": _not_program(), "env_vars": environment},
            )
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise UserError(
            f"Ray cannot be used at {where['address']}: {_first_line(error)}\n"
            "Start it on this machine (`ray start --address=HOST:PORT`) with the Python and the Ray that run this command."
        ) from error
    return ray


def import_ray() -> ModuleType:
    """Return the module `ray`.

    Raises:
        UserError: it is not installed.
    """
    try:
        import ray
    except ModuleNotFoundError as error:
        if error.name != "ray":
            raise
        raise UserError(
            "`--executor ray` needs Ray, which is not installed.\n"
            'Type: pip install "ray==2.60.0", here and on all nodes, or leave the option out.'
        ) from error
    return ray


def _check_reachable(address: str) -> None:
    """Refuse an address at which nobody listens; Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or "/" in host:
        raise UserError(f"`--ray-address` must be HOST:PORT of the cluster's head, as in 10.0.0.1:6379. Received: {address!r}.")
    try:
        socket.create_connection((host, int(port)), timeout=SECONDS_TO_CONNECT).close()
    except (OSError, OverflowError) as error:
        raise UserError(
            f"No Ray cluster answers at {address}: {error}.\nStart its head with `ray start --head`, or correct --ray-address."
        ) from error


def _not_program() -> list[str]:
    """Return patterns of what lies in the checkout and is no package: runs, environments, pictures."""
    return [f"/{path.name}" for path in CHECKOUT.iterdir() if not (path / "__init__.py").is_file()]


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Keep this program's answer to SIGTERM, which Ray would replace."""
    handler = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, handler)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
