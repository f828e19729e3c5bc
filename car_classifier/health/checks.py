"""The table of checks, and how one is run without hiding the others."""

from car_classifier.base.registry import resolve
from car_classifier.health.finding import Finding, Mark
from car_classifier.health.places import Places

CHECKS = {
    "python": "car_classifier.health.installation:check_python",
    "libraries": "car_classifier.health.installation:check_libraries",
    "requirements": "car_classifier.health.installation:check_requirements",
    "opencv": "car_classifier.health.opencv:check_opencv",
    "backend": "car_classifier.health.backend:check_backend",
    "folders": "car_classifier.health.storage:check_folders",
    "disk": "car_classifier.health.storage:check_disk",
    "memory": "car_classifier.health.storage:check_memory",
    "weights": "car_classifier.health.storage:check_weights",
}


def run_check(name: str, places: Places) -> list[Finding]:
    """Return what one check of the table finds; a check that fails itself is a problem like any other."""
    try:
        return resolve("check", name, CHECKS)(places)
    # A check looks at an installation that may be broken in any way, and must not hide what the others find.
    except Exception as error:
        first_line = (str(error).splitlines() or [""])[0]
        return [
            Finding(
                name, Mark.problem, f"the check failed: {type(error).__name__}: {first_line}",
                "python -m pip install -r requirements.txt; if that does not help, report this line",
            )
        ]
