"""Who comes first: the orders of service that a merchant can choose, as data."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from connector.domain.errors import BadInput


@dataclass(frozen=True, slots=True)
class Claim:
    """What one order line still wants of one stock: `quantity` units that are not shipped.

    `held` units are already on hand for it by an earlier plan and stay with it as long as they exist; `pinned`
    says that the merchant put it first; `rank` is its class, higher first; `stated_days` is the time to ship that
    was stated at the order; `pin_lot` names the lot whose units the merchant has given it;
    `ship_complete` None leaves it to the merchant's setting.
    """

    order: str
    line: str
    quantity: int
    placed_at: datetime
    held: int = 0
    pinned: bool = False
    rank: int = 0
    segment: str = "dtc"
    deadline: date | None = None
    ship_complete: bool | None = False
    location: str = ""
    stated_days: int | None = None
    pin_lot: str = ""


@dataclass(frozen=True, slots=True)
class Stance:
    """How a segment is treated: its `turn` (0 first), and whether it keeps the units that are held for it."""

    turn: int
    keeps: bool


STANCES: Mapping[str, Stance] = MappingProxyType(
    {
        "win": Stance(turn=0, keeps=True),
        "gain": Stance(turn=1, keeps=True),
        "redistribute": Stance(turn=2, keeps=False),
        "fill": Stance(turn=3, keeps=True),
        "lose": Stance(turn=4, keeps=False),
    }
)
UNNAMED = "gain"  # the stance of a segment that the merchant has not named
NO_STANCES: Mapping[str, str] = MappingProxyType({})

SortKey = Callable[[Claim], Any]
by_time: SortKey = attrgetter("placed_at", "order", "line")
by_pin: SortKey = attrgetter("pinned")
KEYS: Mapping[str, SortKey | None] = MappingProxyType(
    {
        "first_come": None,
        "priority": lambda claim: -claim.rank,
        "complete_most": lambda claim: claim.quantity - claim.held,
        "nearest_deadline": lambda claim: claim.deadline or date.max,
        "segments": None,
    }
)
STRATEGIES = tuple(KEYS)


def in_order(
    claims: Iterable[Claim], strategy: str = "first_come", stances: Mapping[str, str] = NO_STANCES
) -> list[Claim]:
    """The claims in the order of service: pinned first, then by `strategy`, then by time, order and line.

    `stances` (segment -> name in STANCES) counts for the strategy "segments" only, where a claim whose stance does
    not keep comes back with nothing held. BadInput for a name that is not in KEYS or STANCES.
    """
    if strategy not in KEYS:
        raise BadInput(f"fill order {strategy!r} is not one of {', '.join(KEYS)}")
    ranked = sorted(claims, key=by_time)
    if strategy == "segments":
        ranked = _by_segment(ranked, stances)
    elif key := KEYS[strategy]:
        ranked.sort(key=key)
    ranked.sort(key=by_pin, reverse=True)  # a reversed sort is stable too
    return ranked


def _by_segment(ranked: Iterable[Claim], stances: Mapping[str, str]) -> list[Claim]:
    """The claims by the turn of their segment, rid of held units where the segment gives them up."""
    if unknown := set(stances.values()) - STANCES.keys():
        raise BadInput(f"stance {min(unknown)!r} is not one of {', '.join(STANCES)}")
    placed = [(STANCES[stances.get(claim.segment, UNNAMED)], claim) for claim in ranked]
    placed.sort(key=lambda pair: pair[0].turn)
    return [claim if stance.keeps else replace(claim, held=0) for stance, claim in placed]
