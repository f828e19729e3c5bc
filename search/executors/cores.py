"""What a worker process is told about the machine."""

import os
import sys

THREAD_SETTINGS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"
)
# TensorFlow and JAX take the whole memory of a GPU when they start; workers, and one that takes over, share it.
GPU_SETTINGS = {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}


def worker_environment(threads: int | None) -> dict[str, str]:
    """Return the environment of a worker: it finds the modules that this process finds.

    Workers share the memory of a GPU; what the user has set stays.

    Args:
        threads: None: as many as the libraries take.
    """
    folders = os.pathsep.join(folder or os.getcwd() for folder in sys.path)
    environment = {**GPU_SETTINGS, **os.environ, "PYTHONPATH": folders}
    if threads is not None:
        environment = {**dict.fromkeys(THREAD_SETTINGS, str(threads)), **environment}
    return environment


def threads_of_worker(workers: int, threads: int | None) -> int | None:
    """Return the threads of each of `workers` processes: those asked for, else the cores shared out; None for all."""
    if threads is None and workers > 1:
        threads = max(1, num_cores() // workers)
    return threads if threads is not None and threads < num_cores() else None


def num_cores() -> int:
    """Return the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
