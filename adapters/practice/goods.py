"""The goods that a new practice shop has on its shelves, and what is coming of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Option:
    """One variation: its SKU, what is chosen, and its own stock (None: the units of the whole product are sold)."""

    sku: str
    choice: str
    stock: int | None = None


@dataclass(frozen=True, slots=True)
class Goods:
    """One product to begin with; `stock` None means that no units are counted."""

    sku: str
    name: str
    price: str
    stock: int | None
    backorders: str = "no"
    text: str = ""
    status: str = "instock"
    options: Sequence[Option] = ()


GOODS = (
    Goods(
        "TREAD-1",
        "Folding Treadmill",
        "899.00",
        2,
        "notify",
        "<p>Quiet 2.5 hp motor, folds away behind a door. <em>Comes in one box.</em></p>",
    ),
    Goods("LAMP-1", "Reading Lamp", "40.00", 1, "notify", "Warm light, brass arm, linen shade."),
    Goods("DESK-1", "Oak Desk", "249.00", 5, "no", "<p>Solid oak, 140 × 70 cm.</p>"),
    Goods("CHAIR-1", "Desk Chair", "129.00", 0, "yes", "<p>Upholstered in wool.</p>"),
    Goods("KETTLE-1", "Cast-Iron Kettle", "65.00", None, "no", "<p>Made to order.</p>", "onbackorder"),
    Goods(
        "JACKET",
        "Rain Jacket",
        "79.00",
        None,
        "notify",
        "<p>Three layers, taped seams.</p>",
        options=(Option("JACKET-S", "Small", 1), Option("JACKET-M", "Medium", 2), Option("JACKET-L", "Large", 0)),
    ),
    Goods(
        "SHIRT",
        "Linen Shirt",
        "45.00",
        2,
        "notify",
        "<p>Washed linen. All sizes are cut from one roll.</p>",
        options=(Option("SHIRT-S", "Small"), Option("SHIRT-M", "Medium")),
    ),
)


COMING = (("TREAD-1", 10, 21), ("LAMP-1", 12, 16), ("CHAIR-1", 8, 30), ("JACKET-S", 6, 12), ("SHIRT-S", 20, 25))


def coming(today: date) -> list[dict[str, str]]:
    """What the supplier announces to begin with: rows of its list."""
    return [
        {
            "sku": sku,
            "quantity": str(units),
            "date": (today + timedelta(days=ahead)).isoformat(),
            "reference": f"PO-{number}",
        }
        for number, (sku, units, ahead) in enumerate(COMING, 1)
    ]
