"""Names of car models such as "Aston Martin Virage Coupe 2012", taken apart into make, body and year."""

import re
from dataclasses import dataclass

LONG_MAKES = ("AM General", "Alfa Romeo", "Aston Martin", "Land Rover")  # all others are one word: "Rolls-Royce", "FIAT"
# Last words of a model, and the body they stand for.
BODIES = {
    "Minivan": "Minivan", "Convertible": "Convertible", "Hatchback": "Hatchback", "SuperCab": "Pickup", "Coupe": "Coupe",
    "Sedan": "Sedan", "Wagon": "Wagon", "Van": "Van", "SUV": "SUV", "Cab": "Pickup",
}
# Models whose name says no body.
UNSAID_BODIES = {
    "Acura Integra Type R": "Coupe", "Acura TL Type-S": "Sedan", "Buick Regal GS": "Sedan", "Chevrolet Cobalt SS": "Coupe",
    "Chevrolet Corvette Ron Fellows Edition Z06": "Coupe", "Chevrolet Corvette ZR1": "Coupe", "Chevrolet HHR SS": "Wagon",
    "Chevrolet TrailBlazer SS": "SUV", "Chrysler 300 SRT-8": "Sedan", "Dodge Challenger SRT8": "Coupe",
    "Dodge Charger SRT-8": "Sedan", "FIAT 500 Abarth": "Hatchback", "Infiniti G Coupe IPL": "Coupe",
    "Jaguar XK XKR": "Coupe", "Lamborghini Gallardo LP 570-4 Superleggera": "Coupe",
}


@dataclass(frozen=True)
class CarName:
    """The parts of a name.

    Args:
        model: the name without the year: "Audi S4 Sedan".
        make: "Audi".
        body: one of the values of `BODIES`.
        year: four digits.
    """

    model: str
    make: str
    body: str
    year: str


def parse_car_name(name: str) -> CarName | None:
    """Return the parts of "Make Model Type Year"; None where the name is not built like that."""
    found = re.fullmatch(r"(\S+ .+) ((?:19|20)\d\d)", name)
    if found is None:
        return None
    model, year = found.groups()
    make = next((long for long in LONG_MAKES if model.startswith(f"{long} ")), model.partition(" ")[0])
    body = UNSAID_BODIES.get(model) or BODIES.get(model.rpartition(" ")[2])
    return None if body is None else CarName(model, make, body, year)
