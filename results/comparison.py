"""Variants side by side: their accuracies, how far they differ, and what that may owe to chance."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from car_classifier.base.errors import UserError
from results.comparison_member import Member
from results.comparison_words import carry_over_in_words, holm_in_words, verdict_in_words
from results.paired_statistics import estimate_difference, estimate_mean, holm, mcnemar
from results.published import Published
from results.statistics import FEWEST, accuracy_interval, wilson_interval

FORMAT = 1
LEVEL = 0.05


@dataclass(frozen=True)
class Variant:
    """One of the things compared: the same settings, trained with several seeds.

    Args:
        name: short, for tables.
        members: its finished trainings, at least one.
        settings: what it sets, by dotted name, apart from what all share.
        published: what others found with it; None: not known.
        search: the search whose winner it is: `run`, `monitor`, `default_value`, `best_value`; None: of none.
    """

    name: str
    members: tuple[Member, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    published: Published | None = None
    search: dict[str, Any] | None = None


def compare(variants: Sequence[Variant], *, seed: int, **about: Any) -> dict[str, Any]:
    """Return the content of comparison.json.

    Args:
        variants: at least one; the first is the baseline, all others are compared with it.
        seed: of the resampling.
        about: `title`, `question` (may be None), `notes` (sentences on what the reader should know), `published_of` (what
            published figures were measured on, or None), `command`, `failed` (trainings that gave no result: `run`,
            `variant`, `seed`, `reason`).

    Returns:
        Shares lie in [0, 1], times are in seconds, memory and file sizes in bytes:

        - `format`; and what `about` gave: `title`, `question`, `notes`, `published_of`, `command`, `failed`;
        - `data`, `num_pictures` (of the test split), `num_classes`, `seeds`, `baseline` (name of the first variant);
        - `variants`: list of `name`, `settings`, `num_seeds`, `accuracy`, `accuracy_low`, `accuracy_high` (on test, mean
          over seeds with its 95 % interval), `validation_accuracy`, `published` (per cent, where it may be compared, or
          null), `published_figures` (null, or `accuracy`: per cent by name of the data, `gflops` and `weights`, in
          millions, or null), `parameters`, `trainable_parameters`, `gflops`, `epochs`, `seconds`, `cpu_seconds` (means;
          features of a frozen backbone, which only the first run computes, left out), `steps` (name to mean `seconds` and
          `cpu_seconds`), `model_bytes`, `peak_memory` (or null), and `members`: list of `run`, `seed`, `reused`,
          `accuracy`, `validation_accuracy`, `epochs`, `best_epoch`, `seconds`, `cpu_seconds`, `steps`, `interruptions`
          (how many), `evaluations_of_test`, `peak_memory`;
        - `differences`: for each variant but the first `variant`, `baseline`, `difference`, `low`, `high`, `p_value`,
          `p_adjusted` (Holm's), `distinguishable`, `pairs` (list of `seed`, `baseline_seed`, `only_variant`,
          `only_baseline`, `p_value`: McNemar's exact test), `verdict` (in words);
        - `correction`: a sentence on Holm's correction, or null where only one difference is tested;
        - `carry_over`: for each winner of a search `variant`, `search`, `monitor`, `default_value`, `best_value`,
          `validation_gain`, `test_gain` (trained anew here; null without the default beside it), `test_gain_low` and
          `test_gain_high` (null where that default is not the baseline), `words`.

    Raises:
        UserError: the members were tested on different pictures.
    """
    correct = _answered_rightly(variants)
    first, *others = variants
    described = [_describe(variant, correct, seed) for variant in variants]
    differences = [_difference(variant, first, correct, seed) for variant in others]
    _adjust(differences)
    member = first.members[0]
    return {
        "format": FORMAT, **about, "data": member.summary["data"], "num_pictures": len(member.answers),
        "num_classes": len(member.class_names),
        "seeds": sorted({member.seed for variant in variants for member in variant.members}),
        "baseline": first.name, "variants": described, "differences": differences,
        "correction": holm_in_words(len(differences)) if len(differences) > 1 else None,
        "carry_over": [_carry_over(one, variants, described, differences) for one in variants if one.search],
    }


def pair_members(variant: Variant, baseline: Variant) -> list[tuple[Member, Member]]:
    """Return pairs of equal seed; where the two have no seed in common, pairs in the order of their seeds."""
    own = {member.seed: member for member in variant.members}
    pairs = [(own[member.seed], member) for member in baseline.members if member.seed in own]
    in_order = (sorted(one.members, key=lambda member: member.seed) for one in (variant, baseline))
    return pairs or list(zip(*in_order, strict=False))


def check_same_pictures(variants: Sequence[Variant]) -> None:
    """Raise unless all trainings were tested on the same pictures.

    Raises:
        UserError: names two that were not.
    """
    first, *others = (member for variant in variants for member in variant.members)
    reference = _true_classes(first)
    for member in others:
        if _true_classes(member) != reference:
            raise UserError(
                f"{first.folder} and {member.folder} were tested on different pictures ({len(reference):,} of "
                f"{first.summary['data']}, {len(member.answers):,} of {member.summary['data']}), so their accuracies "
                "cannot be set against each other.\nCompare runs that were trained with the same --data, --limit and "
                "data.test_fraction."
            )


def _true_classes(member: Member) -> dict[str, str]:
    return {file: true for file, (true, _) in member.answers.items()}


def _answered_rightly(variants: Sequence[Variant]) -> dict[str, np.ndarray]:
    """Booleans [N] of each member, in one order of pictures."""
    check_same_pictures(variants)
    members = [member for variant in variants for member in variant.members]
    files = sorted(members[0].answers)
    return {
        str(member.folder): np.array([member.answers[file][0] == member.answers[file][1] for file in files])
        for member in members
    }


def _accuracy_ends(right: np.ndarray, members: Sequence[Member], seed: int) -> tuple[float, float]:
    """The ends of the interval of an accuracy; of one training those that its own evaluation gives."""
    if len(members) == 1:
        return accuracy_interval(right[0], seed=members[0].seed)[:2]
    estimate, pictures = estimate_mean(right, seed=seed), right.shape[1]
    ends, num_right = (estimate.low, estimate.high), round(estimate.mean * pictures)
    if min(num_right, pictures - num_right) < FEWEST:  # a bootstrap of so few is too narrow
        low, high = wilson_interval(num_right, pictures)
        ends = (min(low, ends[0]), max(high, ends[1]))
    return max(0.0, ends[0]), min(1.0, ends[1])


def _describe(variant: Variant, correct: dict[str, np.ndarray], seed: int) -> dict[str, Any]:
    members = variant.members
    right = np.array([correct[str(member.folder)] for member in members])
    low, high = _accuracy_ends(right, members, seed)
    return {
        "name": variant.name, "settings": variant.settings, "num_seeds": len(members), "accuracy": float(right.mean()),
        "accuracy_low": low, "accuracy_high": high,
        "validation_accuracy": _mean([_validation(member) for member in members]),
        "published": variant.published and variant.published.comparable(members[0].summary["data"]),
        "published_figures": variant.published and variant.published.described(),
        **members[0].cost, "epochs": _mean([member.summary["epochs"] for member in members]),
        **{name: _mean([member.seconds[name] for member in members]) for name in ("seconds", "cpu_seconds")},
        "steps": _mean_steps(members),
        "model_bytes": (members[0].folder / "model.keras").stat().st_size,
        "peak_memory": max((member.peak_memory or 0 for member in members), default=0) or None,
        "members": [_describe_member(member, correct[str(member.folder)]) for member in members],
    }


def _describe_member(member: Member, right: np.ndarray) -> dict[str, Any]:
    summary, record = member.summary, member.record
    return {
        "run": str(member.folder), "seed": member.seed, "reused": member.reused, "accuracy": float(right.mean()),
        "validation_accuracy": _validation(member), "epochs": summary["epochs"], "best_epoch": summary["best_epoch"],
        **member.seconds, "steps": member.steps, "interruptions": len(record["interruptions"]),
        "evaluations_of_test": record["evaluations_of_test"], "peak_memory": member.peak_memory,
    }


def _validation(member: Member) -> float | None:
    return (member.summary["validation"] or {}).get("accuracy")


def _mean(values: Sequence[float | None]) -> float | None:
    return None if any(value is None for value in values) else float(np.mean(values))


def _mean_steps(members: Sequence[Member]) -> dict[str, dict[str, float]]:
    names = dict.fromkeys(itertools.chain.from_iterable(member.steps for member in members))
    nothing = {"seconds": 0.0, "cpu_seconds": 0.0}
    return {
        name: {key: float(np.mean([member.steps.get(name, nothing)[key] for member in members])) for key in nothing}
        for name in names
    }


def _difference(variant: Variant, baseline: Variant, correct: dict[str, np.ndarray], seed: int) -> dict[str, Any]:
    members = pair_members(variant, baseline)
    pairs = [(correct[str(one.folder)], correct[str(other.folder)]) for one, other in members]
    estimate = estimate_difference(*(np.array(side) for side in zip(*pairs, strict=True)), seed=seed)
    tests = [mcnemar(one, other) for one, other in pairs]
    return {
        "variant": variant.name, "baseline": baseline.name, "difference": estimate.mean, "low": estimate.low,
        "high": estimate.high, "p_value": estimate.p_value,
        "pairs": [
            {"seed": one.seed, "baseline_seed": other.seed, "only_variant": test.only_first,
             "only_baseline": test.only_second, "p_value": test.p_value}
            for (one, other), test in zip(members, tests, strict=True)
        ],
    }


def _adjust(differences: list[dict[str, Any]]) -> None:
    """Add what follows from all p-values together."""
    for difference, adjusted in zip(differences, holm([one["p_value"] for one in differences]), strict=True):
        difference |= {"p_adjusted": adjusted, "distinguishable": adjusted < LEVEL}
        difference["verdict"] = verdict_in_words(difference)


def _carry_over(variant: Variant, variants: Sequence[Variant], described: list[dict[str, Any]],
                differences: list[dict[str, Any]]) -> dict[str, Any]:
    """What became of a search's gain when its winner was trained anew, against the untuned variant of the same model."""
    by_name = {one["name"]: one for one in described}
    own = by_name[variant.name]
    model = variant.members[0].settings["model.name"]
    untuned = [one for one in variants if not one.search and one.members[0].settings["model.name"] == model]
    gain = dict.fromkeys(("validation_gain", "test_gain", "test_gain_low", "test_gain_high"))
    if untuned:
        default = by_name[untuned[0].name]
        gain["test_gain"] = own["accuracy"] - default["accuracy"]
        if None not in (own["validation_accuracy"], default["validation_accuracy"]):
            gain["validation_gain"] = own["validation_accuracy"] - default["validation_accuracy"]
        tested = [one for one in differences if (one["variant"], one["baseline"]) == (variant.name, default["name"])]
        gain |= {"test_gain_low": tested[0]["low"], "test_gain_high": tested[0]["high"]} if tested else {}
    search = {name: variant.search[name] for name in ("monitor", "default_value", "best_value")}
    content = {"variant": variant.name, "search": variant.search["run"], **search, **gain}
    return {**content, "words": carry_over_in_words(content)}
