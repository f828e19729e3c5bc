"""What a worker process is told about the machine."""

import os
import sys

OPERATION_SETTING = "TF_NUM_INTEROP_THREADS"  # operations of a step that run at the same time
THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", OPERATION_SETTING)
MOST_OPERATIONS = 4  # more of them seldom wait for none of the others
# TensorFlow and JAX take the whole memory of a GPU when they start; workers, and one that takes over, share it.
GPU_SETTINGS = {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}


def worker_environment(threads: int | None, *, workers: int) -> dict[str, str]:
    """Return the environment of a worker: it finds the modules that this process finds.

    Workers share the memory of a GPU; what the user has set stays. An operation on small arrays is best left to one thread,
    but cores of the worker's share that `threads` leaves idle can run others at the same time: a step of a small head on
    two cores then takes two thirds to three quarters of the time, and the same CPU time.

    Args:
        threads: of each operation; None: as many as the libraries take.
        workers: how many share the cores.
    """
    folders = os.pathsep.join(folder or os.getcwd() for folder in sys.path)
    environment = {**GPU_SETTINGS, **os.environ, "PYTHONPATH": folders}
    if threads is not None:
        operations = max(threads, min(MOST_OPERATIONS, num_cores() // workers))
        environment = {**dict.fromkeys(THREAD_SETTINGS, str(threads)), OPERATION_SETTING: str(operations), **environment}
    return environment


def threads_of_worker(workers: int, threads: int | None) -> int | None:
    """Return the threads of each of `workers` processes: those asked for, else the cores shared out; None for all."""
    if threads is None and workers > 1:
        threads = max(1, num_cores() // workers)
    return threads if threads is not None and threads < num_cores() else None


def num_cores() -> int:
    """Return the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
