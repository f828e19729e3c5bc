"""What a search found, in words and rows: for the terminal and for the page."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from results.search_dimension import setting_text
from results.search_importance import SearchImportance
from results.search_record import SearchRecord
from results.search_trial import SearchTrial
from results.search_words import change_text, counts_text, duration_text, figure_name, figure_text, is_share

_ERROR = 0.05  # share of searches in which chance alone may do more than is said
_REST = 0.2  # share of the time above which what passed beside the trials is said
_TELLING = 0.2  # a forest that explains less than this of unseen trials knows too little to name what matters


@dataclass(frozen=True)
class Choice:
    """One line of the best configuration, as text; `is_changed`: other than in the default configuration."""

    name: str
    best: str
    default: str
    is_changed: bool


def trial_note(record: SearchRecord, trial: SearchTrial) -> str:
    """Return what else there is to say of a trial: default, best, a divided batch, why it ended."""
    notes = ["default"] if trial.number == record.default_number else []
    notes += ["best"] if trial is record.best else []
    notes += [f"batch in {trial.micro_batch_divisor} parts"] if trial.micro_batch_divisor > 1 else []
    return "; ".join([*notes, trial.reason] if trial.reason else notes)


def best_choices(record: SearchRecord) -> list[Choice]:
    """Return the configuration of the best trial beside the default, in the order of the space; empty without a best."""
    if record.best is None:
        return []
    best, default = record.best.values, record.default.values if record.default else {}
    return [
        Choice(
            dimension.name,
            setting_text(best[dimension.name]),
            setting_text(default[dimension.name]) if dimension.name in default else "unused",
            best[dimension.name] != default.get(dimension.name),
        )
        for dimension in record.dimensions
        if dimension.name in best
    ]


def best_in_words(record: SearchRecord) -> str:
    """Return the best configuration as lines of text: what it changes of the default first, then what it keeps."""
    if record.best is None:
        return f"No trial has completed: {counts_text(record.counts) or 'there is none yet'}."
    choices = best_choices(record)
    width = max((len(choice.name) for choice in choices), default=0)
    changed = [f"  {c.name:<{width}}  {c.best}  (default {c.default})" for c in choices if c.is_changed]
    kept = [f"  {c.name:<{width}}  {c.best}" for c in choices if not c.is_changed]
    return "\n".join([f"{_headline(record)}:", *changed, *(["as in the default:", *kept] if kept else [])])


def _headline(record: SearchRecord) -> str:
    best = record.best
    after = f" after epoch {best.best_epoch}" if best.best_epoch else ""
    return f"Best is trial {best.number}, {figure_name(record.monitor)} {figure_text(record.monitor, best.value)}{after}"


def gain_in_words(record: SearchRecord) -> str:
    """Say what tuning gained over the default configuration on the validation split, and how far that can be trusted."""
    best, default = record.best, record.default
    if best is None:
        return "No trial has completed, so nothing can be said about tuning."
    if default is None or not record.is_valued(default):
        state = f" ({default.state}: {default.reason or 'no reason is known'})" if default else ""
        return f"The default configuration has no value{state}: there is nothing to compare the best trial with."
    if record.loss(best.value) >= record.loss(default.value):
        return f"No trial was better than the default configuration, {_figure(record, record.monitor, default)}."
    names = [record.monitor] + [name for name in ("val_accuracy",) if name != record.monitor and _both_have(record, name)]
    changes = "; ".join(_change(record, name) for name in names)
    return f"{changes[0].upper()}{changes[1:]}. {_caution(record)}"


def _figure(record: SearchRecord, name: str, trial: SearchTrial) -> str:
    return f"{figure_name(name)} {figure_text(name, _value(record, name, trial))}"


def _value(record: SearchRecord, name: str, trial: SearchTrial) -> float:
    return trial.value if name == record.monitor else trial.figures[name]


def _both_have(record: SearchRecord, name: str) -> bool:
    return name in record.best.figures and name in record.default.figures


def _change(record: SearchRecord, name: str) -> str:
    before, after = _value(record, name, record.default), _value(record, name, record.best)
    return f"{_figure(record, name, record.default)} → {figure_text(name, after)}: {change_text(name, before, after)}"


def _caution(record: SearchRecord) -> str:
    count = len(record.valued)
    chosen = f"This is validation, and the search chose the best of {count} trials by it, which flatters the winner"
    noise = _noise(record)
    carried = "the test split tells how much carries over."
    return f"{chosen}; {carried}" if noise is None else f"{chosen}; {noise} {carried[0].upper()}{carried[1:]}"


def may_be_chance(record: SearchRecord) -> bool:
    """Say whether chance alone may have made the best trial better than the default; False where nothing tells."""
    found = _gain_and_reach(record)
    return found is not None and found[0] <= found[1]


def _noise(record: SearchRecord) -> str | None:
    """Compare the gain in accuracy with what chance alone gives the best of as many trials, none better than the default."""
    found = _gain_and_reach(record)
    if found is None:
        return None
    gain, reach = found
    verdict = "within" if gain <= reach else "beyond"
    return (
        f"on {record.num_validation:,} pictures chance alone may lift the best of so many equally good trials "
        f"by up to {100 * reach:.1f} points ({100 * (1 - _ERROR):.0f} %), and this gain is {verdict} that."
    )


def _gain_and_reach(record: SearchRecord) -> tuple[float, float] | None:
    """The gain in accuracy, and how much chance alone may give; None where they are not known.

    The bound holds for every number of trials (Bonferroni), and takes their mistakes for independent of each other; on the
    same pictures they are not quite, so it is a little too wide.
    """
    name = record.monitor if is_share(record.monitor) else "val_accuracy"
    if not record.num_validation or not (name == record.monitor or _both_have(record, name)):
        return None
    before, after = (_value(record, name, trial) for trial in (record.default, record.best))
    deviation = math.sqrt((before * (1 - before) + after * (1 - after)) / record.num_validation)
    reach = deviation * NormalDist().inv_cdf(1 - _ERROR / (len(record.valued) - 1))
    return after - before, reach


def importance_in_words(importance: SearchImportance | None) -> str:
    """Say which hyper-parameters mattered, or that the trials do not tell."""
    if importance is None:
        return "Too few trials have a value to tell which hyper-parameters matter."
    clear = [row.name for row in importance.rows if row.value is not None and row.low > 0]
    foretold = f"{100 * max(importance.explained, 0):.0f} %"
    basis = f"{importance.num_trials} trials (a forest foretells {foretold} of the differences between those it has not seen)"
    if importance.explained < _TELLING or not clear:
        return f"{basis} do not tell which hyper-parameters matter."
    others = " Others may have, too, but these trials do not show it." if len(clear) < len(importance.rows) else ""
    return f"What mattered, by {basis}: {', '.join(clear)}.{others}"


def pruned_in_words(record: SearchRecord) -> str:
    """Return what to know of trials that were cut off where they stand beside others; empty without such."""
    if not record.counts.get("pruned"):
        return ""
    worse = "lower" if record.maximise else "higher"
    return f" Pruned trials stand at their best value until they were cut off, {worse} than they might have come."


def time_in_words(record: SearchRecord) -> str:
    """Say how long the search took and where the time went."""
    parts = ", ".join(f"{state} {duration_text(seconds)}" for state, seconds in record.seconds_by_state.items())
    together = sum(record.seconds_by_state.values()) > (1 + _REST) * record.busy_seconds
    rest = record.seconds - record.busy_seconds
    if rest > _REST * record.seconds:
        parts += f"; {duration_text(rest)} before, between and after them"
    trials = "trials, added up though they ran beside each other" if together else "trials"
    return f"{counts_text(record.counts)} in {duration_text(record.seconds)} ({trials}: {parts})."
