from car_classifier.health import opencv
from car_classifier.health.finding import Mark
from car_classifier.health.opencv import check_opencv


def test_two_packages_of_opencv_are_a_problem_with_the_way_out(monkeypatch):
    found = {"opencv-python": "5.0", "opencv-python-headless": "5.0"}
    monkeypatch.setattr(opencv, "_installed_packages", lambda: found)
    finding = check_opencv(None)[0]
    assert finding.mark == Mark.problem
    assert finding.fix.startswith("python -m pip uninstall -y opencv-python opencv-python-headless &&")


def test_one_package_that_works_is_good():
    finding = check_opencv(None)[0]
    assert finding.mark == Mark.good and "headless" in finding.text


def test_library_that_cannot_be_loaded_is_a_problem(monkeypatch):
    def fail():
        raise ImportError("libGL.so.1: cannot open shared object file")

    monkeypatch.setattr(opencv, "_picture_survives", fail)
    finding = check_opencv(None)[0]
    assert finding.mark == Mark.problem and "libGL.so.1" in finding.text and finding.fix
