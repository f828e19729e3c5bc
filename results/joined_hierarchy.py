"""Groups of joined data: those of each source, side by side, and the sources above them."""

from collections.abc import Mapping, Sequence

from results.hierarchy import Hierarchy

SOURCE = "source"  # level of joined data: which source a class comes from


def join_hierarchies(sources: Sequence[str], parts: Mapping[str, Hierarchy | None], class_names: Sequence[str]) -> Hierarchy:
    """Return levels from the finest of all sources to the sources themselves.

    The n-th level holds the n-th groups of every source, and is called by the names of their levels: "genus/family". A source
    with fewer levels keeps its coarsest; a class of a source without levels stands for itself. A group that several
    sources have is prefixed with its source.

    Args:
        sources: of each class.
        parts: groups of the classes of each source, in the order in which these stand; None where there are none.
        class_names: in the order of the probabilities.
    """
    depth = max((len(part.answers) for part in parts.values() if part is not None), default=0)
    levels = {}
    for step in range(depth):
        names, groups = [], [""] * len(class_names)
        for source, part in parts.items():
            members = [place for place, own in enumerate(sources) if own == source]
            found = [class_names[place] for place in members]
            if part is not None and part.answers:
                names.append(part.answers[min(step, len(part.answers) - 1)])
                found = part.levels[names[-1]]
            for place, group in zip(members, found, strict=True):
                groups[place] = group
        levels["/".join(dict.fromkeys(names))] = _kept_apart(sources, groups)
    levels[SOURCE] = tuple(sources)
    return Hierarchy(levels, answers=tuple(levels))


def _kept_apart(sources: Sequence[str], groups: Sequence[str]) -> tuple[str, ...]:
    owners: dict[str, set[str]] = {}
    for source, group in zip(sources, groups, strict=True):
        owners.setdefault(group, set()).add(source)
    return tuple(f"{source}: {group}" if len(owners[group]) > 1 else group for source, group in zip(sources, groups))
