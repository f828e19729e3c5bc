"""Groups of joined data."""

import numpy as np

from results.found_hierarchy import find_hierarchy
from results.sure_answer import find_answer

NAMES = ("Laysan Albatross", "Sooty Albatross", "Cardinal", "737-200", "737-300", "A320")
LEVELS = {
    "family": ("", "", "", "Boeing 737", "Boeing 737", "A320"), "manufacturer": ("", "", "", "Boeing", "Boeing", "Airbus"),
    "source": ("cub200",) * 3 + ("fgvc_aircraft",) * 3,
}


def joined(names=NAMES, levels=LEVELS):
    return find_hierarchy(None, data="cub200+fgvc_aircraft", class_names=names, levels=levels)


def test_levels_of_sources_stand_side_by_side_below_the_sources():
    birds = ("Albatross", "Albatross", "Cardinal")
    assert joined().levels == {
        "genus/family": (*birds, "Boeing 737", "Boeing 737", "A320"),
        "genus/manufacturer": (*birds, "Boeing", "Boeing", "Airbus"), "source": LEVELS["source"],
    }


def test_answer_backs_off_within_its_source_and_then_to_it():
    def answer(*probabilities):
        found = find_answer(np.array(probabilities), NAMES, hierarchy=joined(), certainty=0.7)
        return found and (found.level, found.name)

    assert answer(0.4, 0.4, 0.05, 0.05, 0.05, 0.05) == ("genus/family", "Albatross")
    assert answer(0, 0, 0.2, 0.4, 0.4, 0) == ("genus/family", "Boeing 737")
    assert answer(0, 0, 0.1, 0.3, 0.3, 0.3) == ("source", "fgvc_aircraft")
    assert answer(0.2, 0.2, 0.1, 0.2, 0.2, 0.1) is None


def test_names_are_looked_at_without_their_prefix_and_groups_of_two_sources_are_kept_apart():
    names = ("cub200: Laysan Albatross", "Crow", "stanford_cars: Audi S4 Sedan 2012", "Crow S4 Sedan 2012")
    found = joined(names, {"source": ("cub200", "cub200", "stanford_cars", "stanford_cars")})
    assert found.levels["genus/make"] == ("Albatross", "cub200: Crow", "Audi", "stanford_cars: Crow")


def test_source_without_groups_has_its_classes_for_groups():
    found = joined(("Laysan Albatross", "Sooty Albatross", "cat"), {"source": ("cub200", "cub200", "cifar10")})
    assert found.levels == {"genus": ("Albatross", "Albatross", "cat"), "source": ("cub200", "cub200", "cifar10")}


def test_joined_data_without_any_groups_have_their_sources():
    assert list(joined(("cat", "dog"), {"source": ("a", "b")}).levels) == ["source"]
