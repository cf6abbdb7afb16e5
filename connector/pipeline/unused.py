"""Products and orders that cannot be used, or do not stay as they were written: a problem each that counts them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from connector.domain.effects import FetchFact
from connector.domain.wording import counted
from connector.ports import Unusable
from connector.store import blocks, outbox, problems
from connector.store.engine import Tx
from connector.store.fold import without_stock

KIND = "unusable"
UNKNOWN = "unknown_items"
WIPED = "wiped_notices"
EXAMPLES = 3
LOOKS = "looks"
LEFT_OUT = "of the store cannot be used and"
SAID = {
    "products": (f"{{}} product {LEFT_OUT} is left out", f"{{}} products {LEFT_OUT} are left out"),
    "orders": (f"{{}} order {LEFT_OUT} is left out", f"{{}} orders {LEFT_OUT} are left out"),
    "changes": (f"{{}} changed order {LEFT_OUT} is left out", f"{{}} changed orders {LEFT_OUT} are left out"),
    LOOKS: ("{} look at the store was given up", "{} looks at the store were given up"),
}
NOT_SHOWN = ("order line is of a product", "order lines are of products")
KEPT = 1_000


class Unused:
    """What a reading of a store leaves out, gathered over its pages; `stage` is one of `SAID`."""

    def __init__(self, stage: str, known: object = None) -> None:
        """`known` are the `reasons` of the pages that were read before an interruption."""
        self._stage = stage
        self.reasons: dict[str, str] = dict(known) if isinstance(known, dict) else {}

    def add(self, *given: Iterable[Unusable]) -> None:
        """Some more; what is known already counts once."""
        for one in (one for many in given for one in many):
            if len(self.reasons) < KEPT:
                self.reasons.setdefault(one.id or f"without an id, {one.reason}", one.reason)

    def tell(self, tx: Tx, store: str, now: datetime) -> None:
        """Show it, once all was read; where nothing is left out, that is over."""
        named = [(known_as, reason) for known_as, reason in self.reasons.items()][:EXAMPLES]
        _tell(tx, store, self._stage, len(self.reasons), named, now)


def tell_given_up(tx: Tx, store: str, now: datetime) -> None:
    """Show how many looks at the store were given up; the desk can have them taken again."""
    count, some = outbox.dead(tx, store, FetchFact, EXAMPLES)
    _tell(tx, store, LOOKS, count, [(f"{look.kind} {look.id}".rstrip(), error) for look, error in some], now)


def tell_unknown(tx: Tx, store: str, now: datetime) -> None:
    """Show how many lines are of products that were not among all that the store sells, if any are left."""
    if not (unknown := without_stock(tx, store)):
        return
    text = (
        f"{counted(unknown, *NOT_SHOWN)} that the store does not show, so nothing can be planned for them."
        " Were the products deleted, or may the connector not see them?"
    )
    problems.report(tx, store, UNKNOWN, "", text, now)


def solve_unknown(tx: Tx, store: str, now: datetime) -> None:
    """Every line is of a product that is known by now, or of none that ever was: that is over."""
    if not without_stock(tx, store):
        problems.solve(tx, store, UNKNOWN, "", now)


def tell_wiped(tx: Tx, store: str, now: datetime) -> None:
    """Show how many products lose our notice again and again; where none does any more, that is over."""
    count, titles = blocks.wiped(tx, store, EXAMPLES)
    if not count:
        problems.solve(tx, store, WIPED, "", now)
        return
    more = f" and {count - len(titles)} more" if count > len(titles) else ""
    text = (
        f"The notice is taken out of {counted(count, 'product')} again and again: {', '.join(titles)}{more}."
        " Does an import or another plugin write their texts anew? The connector puts it back once a day."
    )
    problems.settle(tx, store, WIPED, {"": text}, now)


def _tell(tx: Tx, store: str, stage: str, count: int, named: Sequence[tuple[str, str]], now: datetime) -> None:
    if not count:
        problems.solve(tx, store, KIND, stage, now)
        return
    examples = "; ".join(f"{known_as[:40]}: {reason[:120]}" for known_as, reason in named)
    more = f"; and {count - len(named)} more" if count > len(named) else ""
    words = SAID[stage][count > 1].format(count)
    problems.report(tx, store, KIND, stage, f"{words}: {examples}{more}.", now)
