"""Names of car models."""

import pytest

from results.car_names import CarName, parse_car_name


@pytest.mark.parametrize(("name", "parts"), [
    ("Audi S4 Sedan 2012", CarName("Audi S4 Sedan", "Audi", "Sedan", "2012")),
    ("AM General Hummer SUV 2000", CarName("AM General Hummer SUV", "AM General", "SUV", "2000")),
    ("Aston Martin V8 Vantage Coupe 2012", CarName("Aston Martin V8 Vantage Coupe", "Aston Martin", "Coupe", "2012")),
    ("Land Rover LR2 SUV 2012", CarName("Land Rover LR2 SUV", "Land Rover", "SUV", "2012")),
    ("Rolls-Royce Phantom Drophead Coupe Convertible 2012",
     CarName("Rolls-Royce Phantom Drophead Coupe Convertible", "Rolls-Royce", "Convertible", "2012")),
    ("Ford F-450 Super Duty Crew Cab 2012", CarName("Ford F-450 Super Duty Crew Cab", "Ford", "Pickup", "2012")),
    ("Acura Integra Type R 2001", CarName("Acura Integra Type R", "Acura", "Coupe", "2001")),
    ("Aurel Brisa C/V Cargo Van 2012", CarName("Aurel Brisa C/V Cargo Van", "Aurel", "Van", "2012")),
])
def test_parts_of_a_name(name, parts):
    assert parse_car_name(name) == parts


@pytest.mark.parametrize("name", ["red car", "Audi S4 Sedan", "Audi 2012", "Audi S4 Boat 2012", "Sedan 2012", "2012"])
def test_other_names_are_not_guessed_at(name):
    assert parse_car_name(name) is None
