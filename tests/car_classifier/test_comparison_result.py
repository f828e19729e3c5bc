from results.comparison_words import departures
from tests.car_classifier.test_study import comparison


def test_how_a_study_was_cut_is_found_among_its_notes():
    request = comparison("frozen-stages", {"training.epochs": 1})
    assert departures({"notes": request.notes}) == [request.notes[-1]]
    assert departures({"notes": comparison("frozen-stages").notes}) == []
