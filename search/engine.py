"""What every engine is."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from search.space import Space
from search.trial import NoSuggestion, Suggestion, Trial


class SearchEngine(ABC):
    """Proposes hyper-parameters; it has no memory, so the record of the trials is its only state.

    Engines are made by the registry as `Engine(variant, epochs=…)`. They learn from the trials whose values lie inside the
    space (a default configuration outside it, or one of a space that has changed, says nothing about points inside), and
    never suggest the same configuration twice unless they continue it.

    Args:
        variant: one of `variants`; empty for an engine that has none.
        epochs: most epochs of a trial, for engines that give trials different budgets.
    """

    variants: tuple[str, ...] = ()  # the first is the usual one
    keeps_training_state = False  # whether a later suggestion may continue a finished trial

    def __init__(self, variant: str, *, epochs: int):
        self.variant, self.epochs = variant, epochs

    @abstractmethod
    def suggest(self, space: Space, trials: Sequence[Trial], *, seed: int) -> Suggestion | NoSuggestion:
        """Return what to try next; it depends on nothing but the arguments.

        Args:
            space: what may vary.
            trials: finished and running ones in the order of their start. Losses are to be minimised. Trials without a loss
                (failed, infeasible) and values outside the space (the default configuration, a space that has changed)
                must be borne.
            seed: of all chance.
        """

    def close(self) -> None:
        """End what the engine has started, such as a helper process."""
        return
