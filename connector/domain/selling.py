"""Whether a stock is sold beyond what is there: the merchant's rule, switched as supply comes and goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from connector.domain.allocation import Lot
from connector.domain.effects import SwitchBackorders
from connector.domain.settings import Settings
from connector.domain.wording import units


class Said(StrEnum):
    """What the store was told last of an item's backorders."""

    NOTHING = ""
    ALLOW = "allow"
    STOP = "stop"
    BY_HAND = "by_hand"  # the merchant has changed it since, which stays


@dataclass(frozen=True, slots=True)
class Switch:
    """An item whose backorders may be switched; `holds`: the stock is its own to sell."""

    item: str
    parent: str | None
    said: Said = Said.NOTHING
    holds: bool = True


def said_by(switched: SwitchBackorders) -> Said:
    """What is kept of a switch."""
    if switched.allowed is None:
        return Said.NOTHING
    return Said.ALLOW if switched.allowed else Said.STOP


def told(said: Said, waiting: int, settings: Settings) -> str:
    """What the rule does to a product, in a merchant's words; "" where it does nothing."""
    if said is Said.ALLOW:
        return "Sold beyond its stock by your rule, while more is on its way."
    if said is Said.BY_HAND:
        return "You changed its backorders by hand, so your rule leaves them alone."
    if said is Said.NOTHING:
        return ""
    if _is_full(waiting, settings):
        most = settings.backorder_limit
        return f"Backorders stopped by your rule: {units(waiting)} wait already, and your limit is {most}."
    return "Backorders stopped by your rule: nothing with a date is on its way that is not spoken for."


def switched(
    switches: Sequence[Switch], free: Sequence[tuple[Lot, int]], waiting: int, settings: Settings
) -> tuple[SwitchBackorders, ...]:
    """What has to be switched: `free` are the units on their way that nobody claims, `waiting` those not on hand."""
    allowed = _allowed(free, waiting, settings)
    wanted = (SwitchBackorders(one.item, one.parent, allowed if one.holds else None) for one in switches)
    return tuple(new for one, new in zip(switches, wanted, strict=True) if _differs(one, new, settings))


def _allowed(free: Sequence[tuple[Lot, int]], waiting: int, settings: Settings) -> bool | None:
    """The rule's answer; None leaves an item as its merchant has it."""
    if settings.backorder_rule == "never":
        return None
    known = any(lot.ready is not None and left > 0 for lot, left in free)
    if known and not _is_full(waiting, settings):
        return True if settings.backorder_rule == "both" else None
    return False


def _is_full(waiting: int, settings: Settings) -> bool:
    return 0 < settings.backorder_limit <= waiting


def _differs(before: Switch, new: SwitchBackorders, settings: Settings) -> bool:
    if before.said is Said.BY_HAND and before.holds and settings.backorder_rule != "never":
        return False
    return said_by(new) is not before.said
