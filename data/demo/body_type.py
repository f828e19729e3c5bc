"""What sets one body apart from another: its outline, its wheels, its windows and doors."""

from dataclasses import dataclass, replace

Point = tuple[float, float]


@dataclass(frozen=True)
class BodyType:
    """A body seen from its left side, in metres: x runs from the nose to the tail, y upwards from the ground.

    Args:
        profile: eleven points from the lower front bumper over the roof to the lower rear bumper:
            bumper bottom, bumper, bonnet edge, windscreen base, windscreen top, roof, roof end, rear window base,
            deck end, tail, tail bottom. Edge i joins points i and i + 1.
        axles: x of the front and the rear wheel.
        wheel_radius: of the tyre.
        belt: height of the lower edge of the windows at the front and at the rear.
        windows: (start, end) of each side window in x; roof and pillars cut them to shape.
        seams: x of the vertical door gaps.
        width: of the body.
        open_top: no roof: the windscreen stands alone and the seats are seen.
        open_bed: the deck is a load bed.
    """

    profile: tuple[Point, ...]
    axles: Point
    wheel_radius: float
    belt: Point
    windows: tuple[Point, ...]
    seams: tuple[float, ...]
    width: float = 1.80
    open_top: bool = False
    open_bed: bool = False


_SEDAN = BodyType(
    profile=(
        (0.10, 0.28),
        (0.00, 0.52),
        (0.14, 0.76),
        (1.30, 0.97),
        (2.02, 1.41),
        (2.70, 1.46),
        (3.20, 1.40),
        (3.78, 1.06),
        (4.66, 1.03),
        (4.74, 0.70),
        (4.64, 0.32),
    ),
    axles=(0.92, 3.68),
    wheel_radius=0.33,
    belt=(0.93, 1.00),
    windows=((1.40, 2.48), (2.56, 3.28), (3.34, 3.62)),
    seams=(1.42, 2.52, 3.36),
)
_WAGON = BodyType(
    profile=(
        (0.10, 0.28),
        (0.00, 0.52),
        (0.14, 0.77),
        (1.30, 0.98),
        (2.00, 1.43),
        (2.80, 1.49),
        (4.22, 1.43),
        (4.62, 1.04),
        (4.70, 0.94),
        (4.74, 0.64),
        (4.64, 0.32),
    ),
    axles=(0.92, 3.70),
    wheel_radius=0.33,
    belt=(0.94, 1.00),
    windows=((1.40, 2.50), (2.58, 3.44), (3.52, 4.34)),
    seams=(1.42, 2.54, 3.48),
)
_HATCHBACK = BodyType(
    profile=(
        (0.10, 0.28),
        (0.00, 0.52),
        (0.10, 0.80),
        (0.88, 1.04),
        (1.50, 1.50),
        (2.10, 1.56),
        (3.02, 1.48),
        (3.52, 1.06),
        (3.62, 0.94),
        (3.66, 0.62),
        (3.58, 0.32),
    ),
    axles=(0.70, 3.00),
    wheel_radius=0.30,
    belt=(0.96, 1.04),
    windows=((1.00, 2.14), (2.22, 3.12)),
    seams=(1.02, 2.18),
    width=1.66,
)
_COUPE = BodyType(
    profile=(
        (0.12, 0.24),
        (0.00, 0.46),
        (0.20, 0.66),
        (1.62, 0.88),
        (2.34, 1.26),
        (2.86, 1.30),
        (3.30, 1.24),
        (4.16, 0.96),
        (4.40, 0.93),
        (4.48, 0.64),
        (4.36, 0.30),
    ),
    axles=(0.92, 3.52),
    wheel_radius=0.345,
    belt=(0.85, 0.92),
    windows=((1.72, 2.98), (3.06, 3.60)),
    seams=(1.66, 3.02),
    width=1.84,
)
_MINIVAN = BodyType(
    profile=(
        (0.08, 0.28),
        (0.00, 0.54),
        (0.08, 0.84),
        (0.78, 1.10),
        (1.62, 1.68),
        (2.60, 1.78),
        (4.42, 1.72),
        (4.74, 1.08),
        (4.80, 0.96),
        (4.82, 0.64),
        (4.74, 0.32),
    ),
    axles=(0.88, 3.80),
    wheel_radius=0.33,
    belt=(1.02, 1.08),
    windows=((1.02, 2.06), (2.16, 3.32), (3.42, 4.42)),
    seams=(1.16, 2.11, 3.37),
    width=1.92,
)
_SUV = BodyType(
    profile=(
        (0.06, 0.42),
        (0.00, 0.66),
        (0.05, 1.06),
        (1.18, 1.14),
        (1.52, 1.78),
        (2.20, 1.84),
        (4.16, 1.82),
        (4.30, 1.16),
        (4.34, 1.04),
        (4.36, 0.74),
        (4.28, 0.46),
    ),
    axles=(0.84, 3.40),
    wheel_radius=0.41,
    belt=(1.12, 1.14),
    windows=((1.30, 2.20), (2.30, 3.10), (3.20, 4.08)),
    seams=(1.26, 2.25, 3.15),
    width=1.86,
)
_PICKUP = BodyType(
    profile=(
        (0.06, 0.42),
        (0.00, 0.66),
        (0.06, 1.04),
        (1.26, 1.14),
        (1.74, 1.76),
        (2.20, 1.80),
        (2.56, 1.77),
        (2.72, 1.12),
        (5.20, 1.10),
        (5.24, 0.80),
        (5.20, 0.50),
    ),
    axles=(0.94, 4.20),
    wheel_radius=0.40,
    belt=(1.10, 1.12),
    windows=((1.40, 2.50),),
    seams=(1.38, 2.60),
    width=1.90,
    open_bed=True,
)
_CREW_CAB = replace(
    _PICKUP,
    profile=(*_PICKUP.profile[:5], (2.50, 1.81), (3.48, 1.77), (3.64, 1.12), *_PICKUP.profile[8:]),
    windows=((1.40, 2.42), (2.52, 3.40)),
    seams=(1.38, 2.47, 3.50),
)

BODY_TYPES: dict[str, BodyType] = {
    "sedan": _SEDAN,
    "wagon": _WAGON,
    "hatchback": _HATCHBACK,
    "coupe": _COUPE,
    "convertible": replace(_COUPE, windows=(), open_top=True),
    "minivan": _MINIVAN,
    "cargo van": replace(_MINIVAN, windows=_MINIVAN.windows[:1]),
    "suv": _SUV,
    "regular cab": _PICKUP,
    "crew cab": _CREW_CAB,
}
