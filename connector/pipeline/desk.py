"""What is done to orders in the store, once each and one after the other; notes on them are the simplest of it."""

from datetime import datetime

from connector.domain.effects import NoteOrder
from connector.pipeline.connector import Connector
from connector.pipeline.ends import Once, Write, carry_out
from connector.ports import StoreAccess
from connector.store import outbox, problems
from connector.store.engine import Tx
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop

AT_ONCE = 10
NOTE = "note"


def note_orders(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    """Write notes that are due; how many the store has."""
    desk = connector.platforms[shop.platform].desk
    if desk is None:
        return 0

    def note(row: OutboxRow) -> Write:
        desk.note(access, row.effect)
        return lambda tx: ended_well(tx, shop.id, row, NOTE, connector.clock())

    def tell(tx: Tx, row: OutboxRow, said: str, now: datetime) -> None:
        ended_badly(tx, shop.id, row, NOTE, said, now)

    return carry_out(connector, shop, Once(NoteOrder, AT_ONCE, note, tell, NOTE))


def ended_well(tx: Tx, store: str, row: OutboxRow, problem: str, now: datetime) -> None:
    """The store has done it; what was wrong with it before is wrong no more."""
    outbox.done(tx, [row], now)
    problems.solve_these(tx, store, problem, [row.effect.order], now)
    problems.solve(tx, store, "rights", problem, now)


def ended_badly(tx: Tx, store: str, row: OutboxRow, problem: str, said: str, now: datetime) -> None:
    """It is not tried any more; its order says why."""
    problems.report(tx, store, problem, row.effect.order, f"Order {row.effect.number}: {said}", now)
