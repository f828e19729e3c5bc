"""The backend, its devices and a real training step, asked in a process of their own."""

import json
import os
import shutil
import signal
import subprocess
import sys
from typing import Any

from car_classifier.health.finding import Finding, Mark
from car_classifier.health.installation import INSTALL
from car_classifier.health.places import Places

COMMAND = (sys.executable, "-m", "car_classifier.health.backend_probe")
MOST_SECONDS = 300
GPU_FIX = {
    "tensorflow": 'python -m pip install "tensorflow[and-cuda]"',
    "jax": 'python -m pip install "jax[cuda12]"',
    "torch": "install a CUDA build of PyTorch, see pytorch.org",
}


def check_backend(places: Places, command: tuple[str, ...] = COMMAND) -> list[Finding]:
    """Load the backend, find its devices and train a few steps, as `train` does it.

    Args:
        places: the program is started in its checkout.
        command: what is started.
    """
    try:
        done = subprocess.run(
            command, cwd=places.checkout, capture_output=True, text=True, errors="replace", timeout=MOST_SECONDS
        )
    except subprocess.TimeoutExpired:
        text = f"no training step within {MOST_SECONDS // 60} minutes"
        return [Finding("backend", Mark.problem, text, "end other programs that use the processor or the GPU, and try again")]
    stages = _stages(done.stdout)
    findings = [_backend_finding(stages[0])] if stages else []
    if done.returncode or len(stages) < 2:
        title = "training step" if stages else "backend"
        return [*findings, Finding(title, Mark.problem, *_failure(done.returncode, done.stderr))]
    return [*findings, _step_finding(stages[1])]


def _stages(output: str) -> list[dict[str, Any]]:
    # Libraries may print lines of their own.
    return [json.loads(line) for line in output.splitlines() if line.startswith("{") and line.endswith("}")]


def _backend_finding(stage: dict[str, Any]) -> Finding:
    text = f"{stage['backend']} on {', '.join(stage['devices']) or 'no device'}, loaded in {stage['load_seconds']:.1f} s"
    text += f", precision {stage['precision']}, XLA {stage['xla']}"
    if stage["spread"]:
        text += f"; {stage['spread']}"
    if stage["kind"] == "cpu" and _has_unused_gpu():
        fix = GPU_FIX.get(stage["backend"], "see the backend's own guide to GPUs")
        return Finding("backend", Mark.warning, text + "; there is an NVIDIA GPU that it does not see", fix)
    return Finding("backend", Mark.good, text)


def _step_finding(stage: dict[str, Any]) -> Finding:
    size = stage["image_size"]
    text = f"model1, {stage['pictures']} pictures of {size}×{size}: first {stage['first_seconds']:.1f} s (with compiling)"
    text += f", then {1000 * stage['step_seconds']:.0f} ms"
    if not stage["loss_is_finite"]:
        return Finding("training step", Mark.problem, text + "; the loss is not finite", INSTALL)
    if not stage["learns"]:
        return Finding("training step", Mark.problem, text + "; some weights did not move", INSTALL)
    return Finding("training step", Mark.good, text)


def _failure(status: int, errors: str) -> tuple[str, str]:
    """Return what happened and what to do about it."""
    last_line = next((line.strip() for line in reversed(errors.splitlines()) if line.strip()), "no message")
    if status in (-signal.SIGILL, -signal.SIGSEGV, -signal.SIGABRT):
        name = signal.Signals(-status).name
        return f"crashed with {name}: {last_line}", f"{INSTALL}; the processor may lack instructions (AVX): try another machine"
    if status == -signal.SIGKILL:
        return "killed by the system, most likely for want of memory", "end other programs, or raise the container's limit"
    if "ModuleNotFoundError" in last_line or "ImportError" in last_line:
        return last_line, f"{INSTALL}, or choose an installed backend with KERAS_BACKEND"
    return f"failed: {last_line}", f"{INSTALL}; the whole message: python -m car_classifier.health.backend_probe"


def _has_unused_gpu() -> bool:
    if os.environ.get("CUDA_VISIBLE_DEVICES", "unset") in ("", "-1") or shutil.which("nvidia-smi") is None:
        return False
    try:
        listed = subprocess.run(("nvidia-smi", "-L"), capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):  # a driver that does not answer is no GPU that could be used
        return False
    return listed.returncode == 0 and "GPU" in listed.stdout
