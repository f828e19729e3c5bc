"""Where the stages of a network end."""

from collections.abc import Collection, Sequence


def stage_ends(stages: Sequence[str], layer_names: Collection[str]) -> list[str]:
    """Return the name of the last layer of each stage of a network.

    Args:
        stages: as the table of models has them: one name, or "one|another" where it depends on the width whether the
            stage has the other layer, too, which then ends it.
        layer_names: of all layers of the network.

    Raises:
        LookupError: the network has none of the layers.
    """
    ends = []
    for stage in stages:
        found = [name for name in stage.split("|") if name in layer_names]
        if not found:
            raise LookupError(f"No layer is called {stage!r}, which the table of models names as the end of a stage.")
        ends.append(found[-1])
    return ends
