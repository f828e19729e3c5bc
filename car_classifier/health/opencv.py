"""OpenCV, of which four packages exist that overwrite one another's files."""

from importlib.metadata import PackageNotFoundError, version

from car_classifier.health.finding import Finding, Mark
from car_classifier.health.places import Places

WANTED = "opencv-python-headless"
PACKAGES = ("opencv-python", WANTED, "opencv-contrib-python", "opencv-contrib-python-headless")


def check_opencv(places: Places) -> list[Finding]:
    """Say whether exactly one package of OpenCV is installed and a picture survives writing and reading with it."""
    found = _installed_packages()
    if len(found) > 1:
        return [
            Finding(
                "opencv", Mark.problem, f"{' and '.join(found)} are installed together and overwrite each other's files",
                f"python -m pip uninstall -y {' '.join(found)} && python -m pip install -r requirements.txt",
            )
        ]
    name = next((f"{name} {number}" for name, number in found.items()), "no package")
    try:
        works = _picture_survives()
    except ImportError as error:
        return [Finding("opencv", Mark.problem, f"{name}: {error}", f"python -m pip install --force-reinstall {WANTED}")]
    if not works:
        text = f"{name} cannot write and read back a picture"
        return [Finding("opencv", Mark.problem, text, f"python -m pip install --force-reinstall {WANTED}")]
    return [Finding("opencv", Mark.good, f"{name} writes and reads JPEG, PNG and WebP")]


def _installed_packages() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _picture_survives() -> bool:
    import cv2
    import numpy as np

    picture = np.full((16, 16, 3), 128, np.uint8)
    for ending in (".jpg", ".png", ".webp"):
        written, content = cv2.imencode(ending, picture)
        received = cv2.imdecode(content, cv2.IMREAD_COLOR) if written else None
        if received is None or np.abs(received.astype(int) - picture).max() > 8:
            return False
    return True
