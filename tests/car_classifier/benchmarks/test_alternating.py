"""The order of the turns and what is made of the clocks."""

from itertools import count

from car_classifier.benchmarks.alternating import alternate


def test_sides_take_turns_in_going_first_after_one_warm_up_each():
    turns = []
    sides = {"a": lambda: turns.append("a"), "b": lambda: turns.append("b")}
    alternate("case", sides, rounds=3, pictures=1)
    assert turns == ["a", "b"] + ["a", "b"] + ["b", "a"] + ["a", "b"]


def test_speed_is_pictures_per_second_of_the_turn_alone():
    now = [0.0]

    def work(seconds: float) -> None:
        now[0] += seconds

    sides = {"slow": lambda: work(4.0), "fast": lambda: work(2.0)}
    measured = alternate("case", sides, rounds=2, pictures=8, clock=lambda: now[0], cpu_clock=count().__next__)
    assert measured.names == ("slow", "fast")
    assert measured.speeds == ((2.0, 2.0), (4.0, 4.0))
    assert measured.cpu_seconds == ((1, 1), (1, 1))
