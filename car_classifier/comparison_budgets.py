"""Whether the variants of a comparison train for as long, and at the same rate where nobody gave one."""

from collections.abc import Sequence

from car_classifier.comparison_plan import MemberPlan
from car_classifier.training.phases import Phase, plan_phases

RATE = "training.learning_rate"


def notes_on_budgets(members: Sequence[MemberPlan]) -> list[str]:
    """Return a sentence where variants may train for different numbers of epochs, and one where default rates differ."""
    phases = {member.variant: _phases(member) for member in members}
    epochs = {name: _epochs(of_variant) for name, of_variant in phases.items()}
    left_open = [member.variant for member in members if RATE not in member.given]
    rates = {name: f"{phases[name][-1].learning_rate:g}" for name in left_open}
    notes = []
    if _differ(epochs):
        same = " Pass --epochs to give all the same." if _differ({name: own[-1].epochs for name, own in phases.items()}) else ""
        notes.append(f"The budgets differ, in epochs at most: {_listed(epochs)}.{same}")
    if _differ(rates):
        notes.append(f"Nobody gave these a learning rate, and their defaults differ: {_listed(rates)}.")
    return notes


def _phases(member: MemberPlan) -> tuple[Phase, ...]:
    model = member.config.model
    return plan_phases(member.config.training, pretrained=model.weights != "none", x_trainable=model.x_trainable)


def _epochs(phases: Sequence[Phase]) -> str:
    return " + ".join(f"{phase.epochs} of the head alone" if phase.name == "head" else str(phase.epochs) for phase in phases)


def _differ(values: dict) -> bool:
    return len(set(values.values())) > 1


def _listed(values: dict[str, str]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in values.items())
