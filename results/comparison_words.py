"""How a comparison is said."""

from typing import Any

from results.cost_words import more_text
from results.search_words import change_text, figure_name, figure_text, interval_text, points_text

_DEPARTURE = "Run with "  # begins the note on how a study was run otherwise than its file has it
_MORE_GFLOPS = 1.05  # of the baseline's: what a change to a network may cost without a word


def p_text(p_value: float) -> str:
    """Return a p-value: "p = 0.03", "p < 0.001"."""
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.2g}"


def departures(content: dict[str, Any]) -> list[str]:
    """Return how a study was run otherwise than its file has it, which belongs beside what it found."""
    return [note for note in content["notes"] if note.startswith(_DEPARTURE)]


def sentences(content: dict[str, Any]) -> list[str]:
    """Return what a comparison found and what limits it, a sentence each, without its `departures`."""
    lines = [difference["verdict"] for difference in content["differences"]]
    lines += [content["correction"]] if content["correction"] else []
    lines += _picked_on_test(content)
    lines += _dearer(content)
    lines += [entry["words"] for entry in content["carry_over"]]
    lines += _few_trainings(content)
    lines += _published(content)
    lines += [note for note in content["notes"] if note not in departures(content)]
    lines += [openings_in_words(content)] if _opened_again(content) else []
    lines += [f"{failed['variant']}, seed {failed['seed']}, is missing: {failed['reason']}" for failed in content["failed"]]
    return lines


def _picked_on_test(content: dict[str, Any]) -> list[str]:
    """What becomes of the best of several when it is chosen by the figures that show its lead."""
    ahead = [one for one in content["differences"] if one["distinguishable"] and one["difference"] > 0]
    if len(content["differences"]) < 2 or not ahead:
        return []
    return ["Whoever picks the best of these variants by this table picks it on the test pictures: on others its lead will be "
            "a little smaller."]


def _dearer(content: dict[str, Any]) -> list[str]:
    """Which changes to a network cost much more operations; of other networks nobody expects the same cost."""
    baseline, *others = content["variants"]
    if any("model.name" in variant["settings"] for variant in content["variants"]):
        return []
    dearer = [one for one in others if one["gflops"] > _MORE_GFLOPS * baseline["gflops"]]
    if not dearer:
        return []
    names = ", ".join(f"{one['name']} ({more_text(one['gflops'], baseline['gflops'])})" for one in dearer)
    words = "What it gains may be owed to what it costs" if len(dearer) == 1 else "What they gain may be owed to what they cost"
    return [f"More than 5 % above the GFLOPs of {baseline['name']}: {names}. {words}."]


def _published(content: dict[str, Any]) -> list[str]:
    """What published figures were measured on, and whether ours may be set against them."""
    variants = content["variants"]
    if not content.get("published_of") or not any(variant.get("published_figures") for variant in variants):
        return []
    alike = any(variant["published"] is not None for variant in variants)
    aside = " Ours are of other data or another model, so only the changes from row to row can be set against them, with care."
    return [f"Published figures: {content['published_of']}.{'' if alike else aside}"]


def openings_in_words(content: dict[str, Any]) -> str:
    """Return how often the test split was looked at."""
    again = _opened_again(content)
    if not again:
        return "Each training opened the test split once."
    return (f"The test split has been opened more than once for {again} of the trainings; choices made by it no longer hold "
            "on it.")


def _opened_again(content: dict[str, Any]) -> int:
    return sum(member["evaluations_of_test"] > 1 for variant in content["variants"] for member in variant["members"])


def chance_in_words(content: dict[str, Any]) -> str:
    """Return what the intervals are over: seeds only where a variant was trained with several."""
    several = [variant["num_seeds"] > 1 for variant in content["variants"]]
    if all(several):
        return "over test pictures and seeds"
    return "over test pictures, and seeds where a variant has several" if any(several) else "over test pictures"


def _few_trainings(content: dict[str, Any]) -> list[str]:
    """What limits intervals behind which there are one or two trainings, or one pair of them."""
    seeds = [variant["num_seeds"] for variant in content["variants"]]
    if max(seeds) == 1:
        return ["With one seed each the intervals hold for these trained models, not for their settings: another seed may turn "
                "the order round."]
    lines = []
    if max(seeds) == 2:
        lines.append("Two seeds tell little of how seeds vary, so the intervals are rough, and mostly wide: a third seed helps "
                     "most.")
    single = [difference["variant"] for difference in content["differences"] if len(difference["pairs"]) == 1]
    if single:
        lines.append(f"Against {content['baseline']}, {', '.join(single)} {'rests' if len(single) == 1 else 'rest'} on one "
                     "pair of trainings: such an interval holds for these models, not for their settings.")
    return lines


def verdict_in_words(difference: dict[str, Any]) -> str:
    """Return one difference of comparison.json as a sentence, the p-values of McNemar's test by seed at its end."""
    points = interval_text(difference["difference"], difference["low"], difference["high"])
    tests = ", ".join(p_text(pair["p_value"]) for pair in difference["pairs"])
    seeds = len(difference["pairs"])
    mcnemar = f"McNemar's test {'by seed' if seeds > 1 else 'on one seed'}: {tests}"
    if difference["distinguishable"]:
        return f"{difference['variant']} {points} against {difference['baseline']}; {mcnemar}."
    excludes = difference["low"] > 0 or difference["high"] < 0
    aside = f", {p_text(difference['p_adjusted'])} after Holm's correction" if excludes else ""
    return f"{difference['variant']}: not distinguishable from {difference['baseline']}: {points}{aside}; {mcnemar}."


def holm_in_words(number: int) -> str:
    """Return the sentence on the correction for `number` comparisons with one baseline."""
    return (f"{number} variants are set against one: a difference counts only when its p-value, after Holm's correction for "
            f"{number} tests, is below 0.05; the intervals are of each difference alone.")


def carry_over_in_words(content: dict[str, Any]) -> str:
    """Return what of a search's gain was found again, for an entry of `carry_over`."""
    monitor, before, after = content["monitor"], content["default_value"], content["best_value"]
    if before is None:
        return f"{content['search']} has no value of the default, so its gain is not known."
    found = (f"The search went from {figure_text(monitor, before)} to {figure_text(monitor, after)} "
             f"({change_text(monitor, before, after)}) on its {figure_name(monitor)}")
    if content["test_gain"] is None:
        return f"{found}; without the default beside it, what carried over is not known."
    found_again, low, high = (content[f"test_gain{end}"] for end in ("", "_low", "_high"))
    points = f"{points_text(found_again)} points" if low is None else interval_text(found_again, low, high)
    again = f"trained anew, the winner is {points} from the default on test"
    if content["validation_gain"] is not None:
        again += f" and {points_text(content['validation_gain'])} on validation"
    if monitor != "val_accuracy":
        return f"{found}; {again}."
    gain = after - before
    lost = gain - found_again
    kept = f"{100 * lost:.1f} of the {100 * gain:.1f} points did not carry over" if lost > 0 else "all of it carried over"
    unsure = low is not None and low <= 0 <= high
    return f"{found}; {again}: {kept}{', if any did: the interval holds 0' if unsure else ''}."
