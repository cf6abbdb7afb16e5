"""What a store answered is folded so that one which the books cannot hold leaves the others in."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from connector.domain.errors import Retryable
from connector.domain.facts import Fact, ItemGone, ItemSnapshot, OrderFact, StockLevel
from connector.ports import Unusable
from connector.store.engine import Tx
from connector.store.fold import fold
from connector.store.links import is_passing
from connector.store.returned import as_returned

REASONS = {"22003": "a number in it is too large", "54000": "a text in it is too long"}


def keep(tx: Tx, store: str, answered: Sequence[Fact], asked: datetime, now: datetime) -> tuple[Unusable, ...]:
    """Fold what the store answered when it was `asked`; what was left out.

    All facts are folded together, or each by itself where one is poison.
    """
    facts = as_returned(tx, store, answered, asked)
    if _refusal(tx, store, facts, now) is None:
        return ()
    told = ((fact, _refusal(tx, store, [fact], now)) for fact in facts)
    return tuple(Unusable(subject_of(fact), reason) for fact, reason in told if reason is not None)


def _refusal(tx: Tx, store: str, facts: Sequence[Fact], now: datetime) -> str | None:
    """Fold; why it was not done, or None where it was."""
    try:
        with tx.begin_nested():
            fold(tx, store, facts, now)
    except Retryable:
        raise
    except sa.exc.DBAPIError as error:
        if is_passing(error.orig):
            raise
        return REASONS.get(getattr(error.orig, "sqlstate", None) or "", "the database refuses it")
    except Exception as error:  # noqa: BLE001 - it is told as the reason of each fact that it comes back with
        return f"{type(error).__name__} while keeping it"
    return None


def subject_of(fact: Fact) -> str:
    """What a fact is about, by the platform's id; "" for what is about the whole store."""
    if isinstance(fact, OrderFact):
        return fact.order
    if isinstance(fact, ItemSnapshot | ItemGone):
        return fact.item
    return fact.stock if isinstance(fact, StockLevel) else ""
