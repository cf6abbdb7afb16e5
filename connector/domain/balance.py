"""What is believed to be on hand: orders move no goods, so a sum that changes is asked about before it is believed.

The count that a store shows and the orders that explain it come in different messages, in any order and late.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Moved:
    """What happened to a stock since its last plan, in units.

    `shipped` left with orders that held them, `freed` are no longer taken by orders and have not shipped; `came_in`:
    goods were received; `set_anew`: the merchant changed what dates are made of. `asked_at` is since when the store
    has told all that it knows of this stock.
    """

    shipped: int = 0
    freed: int = 0
    came_in: bool = False
    asked_at: datetime | None = None
    set_anew: bool = False


NOTHING_MOVED = Moved()


@dataclass(frozen=True, slots=True)
class Balance:
    """What is believed of one stock, in units.

    `on_hand` may be above what the count says by `unreturned` units: orders that are gone had taken them, and the
    store never put them back. `gap` is what the count says beyond that and is not believed yet (0: no doubt), since
    `since`, and in this size since `at`; `least` is the smallest that it was. `freed` of it may be put back yet.
    """

    on_hand: int
    unreturned: int = 0
    freed: int = 0
    gap: int = 0
    least: int = 0
    since: datetime | None = None
    at: datetime | None = None

    @property
    def doubted(self) -> bool:
        """Whether customers should not be told yet what follows from it."""
        return self.gap != 0


def balanced(before: Balance, counted: int, moved: Moved, now: datetime, patience: timedelta) -> Balance:
    """The balance after a new count; what nothing explains is believed when the store was asked, or at last."""
    explained = _explained(before, counted, moved)
    gap = explained.gap
    if not gap:
        return explained
    since = before.since if before.since and before.gap * gap > 0 else now
    at = before.at if before.at and before.gap == gap else now
    if (moved.asked_at is not None and at <= moved.asked_at) or not patience:
        return _believed(explained, gap)
    least = min(gap, before.least, key=abs) if since != now else gap
    if now - since >= patience:
        settled = _believed(explained, least)
        rest = gap - least
        return replace(settled, gap=rest, least=rest, since=now, at=now) if rest else settled
    return replace(explained, least=least, since=since, at=at)


def _explained(before: Balance, counted: int, moved: Moved) -> Balance:
    """The balance with what is known to have happened; the rest is its gap."""
    on_hand, gap = before.on_hand, counted - before.on_hand
    if gap >= 0:
        return Balance(counted) if moved.came_in else Balance(on_hand, gap=gap)
    left = min(moved.shipped, -gap)
    missing = -gap - left
    unreturned = min(before.unreturned, missing)
    freed = min(before.freed + moved.freed, missing - unreturned)
    return Balance(on_hand - left, unreturned, freed, gap=unreturned - missing)


def _believed(balance: Balance, gap: int) -> Balance:
    """The gap is as it is; what was freed and not put back takes nothing from anybody."""
    lost = -gap if gap < 0 else 0
    freed = min(balance.freed, lost)
    on_hand = balance.on_hand + gap + freed
    return Balance(on_hand, balance.unreturned + freed)
