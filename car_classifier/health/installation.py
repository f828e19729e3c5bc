"""Python and the installed libraries."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from car_classifier.base.errors import DataError
from car_classifier.base.files import read_json
from car_classifier.health.finding import Finding, Mark
from car_classifier.health.places import Places
from results.run_store import installed_versions

if TYPE_CHECKING:
    from packaging.requirements import Requirement

OLDEST, NEWEST = (3, 11), (3, 13)
BACKENDS = ("tensorflow", "jax", "torch")
INSTALL = "python -m pip install -r requirements.txt"


def check_python(places: Places) -> list[Finding]:
    """Say whether this Python is one that the libraries are made for."""
    text = f"{platform.python_version()}, {sys.executable}"
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return [Finding("python", Mark.good, text)]
    return [Finding("python", Mark.problem, text, "make an environment with Python 3.11, 3.12 or 3.13")]


def check_libraries(places: Places) -> list[Finding]:
    """List the versions of the libraries that decide what a run computes."""
    versions = installed_versions()
    versions.pop("python")
    text = ", ".join(f"{name} {number}" for name, number in versions.items())
    backend = chosen_backend()
    missing = [name for name in ("keras", "numpy", backend) if name not in versions]
    if missing:
        # requirements.txt brings TensorFlow alone.
        fix = f"python -m pip install {backend}, or unset KERAS_BACKEND" if missing == [backend] != ["tensorflow"] else INSTALL
        return [Finding("libraries", Mark.problem, f"{', '.join(missing)} missing; {text or 'nothing else'}", fix)]
    return [Finding("libraries", Mark.good, text)]


def check_requirements(places: Places) -> list[Finding]:
    """Compare what is installed with requirements.txt: what is missing must be fixed, another version is a warning.

    A backend that is not in use may be missing.
    """
    path = places.checkout / "requirements.txt"
    if not path.is_file():
        return [Finding("requirements", Mark.warning, f"{path} is missing", "git checkout requirements.txt")]
    required = _requirements(path)
    missing, other = [], []
    for requirement in required:
        installed = _installed(requirement.name)
        if installed is None:
            if requirement.name not in BACKENDS or requirement.name == chosen_backend():
                missing.append(requirement.name)
        elif not requirement.specifier.contains(installed, prereleases=True):
            other.append(f"{requirement.name} {installed} instead of {requirement.specifier}")
    if missing:
        return [Finding("requirements", Mark.problem, f"missing: {', '.join(missing)}", INSTALL)]
    if other:
        return [Finding("requirements", Mark.warning, "; ".join(other), INSTALL)]
    return [Finding("requirements", Mark.good, f"all {len(required)} lines of requirements.txt are met")]


def chosen_backend() -> str:
    """Return the backend that Keras will load: KERAS_BACKEND, else the one in its own settings, else TensorFlow."""
    if os.environ.get("KERAS_BACKEND"):
        return os.environ["KERAS_BACKEND"]
    try:
        return read_json(Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "keras.json")["backend"]
    except (DataError, KeyError, TypeError, OSError):  # no settings, or none that Keras would obey
        return "tensorflow"


def _requirements(path: Path) -> list["Requirement"]:
    # Here and not above: where it is missing, the other checks of this file still work.
    from packaging.requirements import InvalidRequirement, Requirement

    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.partition(" #")[0].strip()
        if not text or text.startswith(("#", "-")):
            continue
        try:
            requirement = Requirement(text)
        except InvalidRequirement as error:
            raise DataError(f"{path}, line {number} is no requirement: {text!r}") from error
        if requirement.marker is None or requirement.marker.evaluate():
            found.append(requirement)
    return found


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
