"""Products and orders that cannot be used: however many they are, the merchant sees one problem that counts them."""

from collections.abc import Iterable
from datetime import datetime

from connector.ports import Unusable
from connector.store import problems
from connector.store.engine import Tx

KIND = "unusable"
EXAMPLES = 3
KEPT = 1_000


class Unused:
    """What a reading of a store leaves out, gathered over its pages; `stage` is "products" or "orders"."""

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
        if self.reasons:
            problems.report(tx, store, KIND, self._stage, self._text(), now)
        else:
            problems.solve(tx, store, KIND, self._stage, now)

    def _text(self) -> str:
        count, named = len(self.reasons), list(self.reasons.items())[:EXAMPLES]
        examples = "; ".join(f"{known_as[:40]}: {reason[:120]}" for known_as, reason in named)
        more = f"; and {count - EXAMPLES} more" if count > EXAMPLES else ""
        words = self._stage[:-1] if count == 1 else self._stage
        return f"{count} {words} of the store cannot be used and {'is' if count == 1 else 'are'} left out: " + (
            f"{examples}{more}."
        )
