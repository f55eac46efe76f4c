"""An invented supermarket: receipt lines as JSON text, as often as they are bought."""

import json
from dataclasses import dataclass
from random import Random

LINES = 2**15
"""How many different receipt lines there are to draw from."""


@dataclass(frozen=True, slots=True)
class Department:
    """A category: how often it is bought, its middle price in cents, its own brand's share."""

    category: str
    weight: float
    price: int
    private: float
    products: int


DEPARTMENTS = (
    Department("GROCERY", 42, 259, 0.30, 900),
    Department("PRODUCE", 15, 219, 0.10, 160),
    Department("DRUG GM", 10, 399, 0.15, 500),
    Department("MEAT", 6, 649, 0.20, 90),
    Department("MEAT-PCKGD", 5, 379, 0.25, 80),
    Department("DELI", 5, 479, 0.15, 70),
    Department("PASTRY", 4, 299, 0.35, 60),
    Department("NUTRITION", 4, 329, 0.20, 110),
    Department("SEAFOOD", 1.5, 849, 0.10, 30),
    Department("SALAD BAR", 1, 529, 0.0, 8),
    Department("FLORAL", 1, 899, 0.05, 20),
    Department("COSMETICS", 1.5, 599, 0.05, 90),
    Department("SPIRITS", 1.5, 1299, 0.0, 60),
    Department("FUEL", 2, 3250, 0.0, 3),
    Department("GARDEN CENTER", 0.5, 1599, 0.1, 30),
)

BRANDS = ("National", "Harvest Road", "Blue Barn", "Casa Verde", "Northwind", "Little Oak")
OWN_BRAND = "Private"
QUANTITIES = (1, 1, 1, 1, 1, 1, 1, 2, 2, 3)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Lines drawn uniformly are bought as often as in life. `texts` are JSON objects."""

    texts: tuple[str, ...]
    quantities: tuple[int, ...]


def catalogue(chance: Random) -> Catalogue:
    """The shop that `chance` invents; the same chance, the same shop."""
    departments = chance.choices(
        DEPARTMENTS, [department.weight for department in DEPARTMENTS], k=LINES
    )
    texts: list[str] = []
    quantities: list[int] = []
    for department in departments:
        quantity = chance.choice(QUANTITIES)
        texts.append(_line(department, quantity, chance))
        quantities.append(quantity)
    return Catalogue(tuple(texts), tuple(quantities))


def _line(department: Department, quantity: int, chance: Random) -> str:
    # Squaring makes a few products of each department the ones that everybody buys.
    product = int(department.products * chance.random() ** 2)
    is_own = chance.random() < department.private
    price = max(29, round(department.price * chance.lognormvariate(0, 0.45) / 10) * 10 - 1)
    line = {
        "amount": price * quantity,
        "quantity": quantity,
        "sku": f"{department.category[:3]}-{product:04d}",
        "category": department.category,
        "brand": OWN_BRAND if is_own else BRANDS[product % len(BRANDS)],
    }
    return json.dumps(line, separators=(",", ":"))
