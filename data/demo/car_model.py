"""The invented cars that the demo shows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CarModel:
    """One class of the demo: a body type and the details that set it apart from its look-alike.

    Args:
        name: make, model, body and year, as in Stanford Cars.
        body: key of `BODY_TYPES`.
        lamps: shape of the head and tail lamps: "slim", "round" or "square".
        grille: "bars", "mesh" or "slot".
        num_spokes: of the wheels.
        roof_rack: two rails on the roof.
        spoiler: a wing on the boot lid.
        cladding: dark plastic around the wheels and along the sill.
        stripe: a contrasting stripe along the side.
        spare_wheel: carried on the tail.
    """

    name: str
    body: str
    lamps: str
    grille: str
    num_spokes: int
    roof_rack: bool = False
    spoiler: bool = False
    cladding: bool = False
    stripe: bool = False
    spare_wheel: bool = False

    @property
    def folder_name(self) -> str:
        """The class folder: a slash cannot stand in a folder's name."""
        return self.name.replace("/", "-")


CAR_MODELS: tuple[CarModel, ...] = (
    CarModel("Aurel Brisa C/V Cargo Van 2012", "cargo van", lamps="square", grille="bars", num_spokes=7),
    CarModel("Aurel Brisa Minivan 2012", "minivan", lamps="square", grille="bars", num_spokes=7),
    CarModel("Aurel Corva Sedan 2012", "sedan", lamps="slim", grille="bars", num_spokes=10),
    CarModel(
        "Aurel Corva Sport Sedan 2012", "sedan", lamps="slim", grille="mesh", num_spokes=5, spoiler=True, stripe=True
    ),
    CarModel(
        "Halden Tarn Trail Wagon 2012",
        "wagon",
        lamps="slim",
        grille="mesh",
        num_spokes=6,
        roof_rack=True,
        cladding=True,
    ),
    CarModel("Halden Tarn Wagon 2011", "wagon", lamps="slim", grille="slot", num_spokes=9),
    CarModel("Kestra Pico Hatchback 2010", "hatchback", lamps="round", grille="slot", num_spokes=8),
    CarModel(
        "Norden Fjell SUV 2009",
        "suv",
        lamps="round",
        grille="bars",
        num_spokes=6,
        roof_rack=True,
        cladding=True,
        spare_wheel=True,
    ),
    CarModel("Solvane Rook Crew Cab 2012", "crew cab", lamps="square", grille="mesh", num_spokes=6),
    CarModel("Solvane Rook Regular Cab 2012", "regular cab", lamps="square", grille="mesh", num_spokes=6),
    CarModel("Tovano Lince Convertible 2012", "convertible", lamps="round", grille="slot", num_spokes=5),
    CarModel("Tovano Lince Coupe 2012", "coupe", lamps="round", grille="slot", num_spokes=5),
)
