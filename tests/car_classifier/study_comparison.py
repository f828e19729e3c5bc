"""The comparison that a study is, without data."""

from pathlib import Path

from car_classifier.study_command import StudyRequest, comparison_of


def comparison(study, settings=None, *, seeds=None, runs_dir=Path("runs")):
    """Return the comparison of a study with the settings that a user gave, by dotted name."""
    return comparison_of(StudyRequest(study=str(study), settings=settings or {}, seeds=seeds, data_dir=Path("no folder"),
                                      run=None, runs_dir=runs_dir))
