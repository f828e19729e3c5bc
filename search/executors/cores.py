"""What a worker process is told about the machine."""

import os
import sys

THREAD_SETTINGS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"
)
# TensorFlow and JAX take the whole memory of a GPU when they start; workers, and one that takes over, share it.
GPU_SETTINGS = {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}


def worker_environment(workers: int) -> dict[str, str]:
    """Return the environment of one of `workers` processes: it finds the modules that this one finds.

    Several workers share the cores out, and all of them the memory of a GPU; what the user has set stays.
    """
    folders = os.pathsep.join(folder or os.getcwd() for folder in sys.path)
    environment = {**GPU_SETTINGS, **os.environ, "PYTHONPATH": folders}
    if workers > 1:
        threads = max(1, _num_cores() // workers)
        environment = {**dict.fromkeys(THREAD_SETTINGS, str(threads)), **environment}
    return environment


def _num_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
