"""What is done to orders in the store, once each and one after the other; notes on them are the simplest of it."""

from collections.abc import Callable

from connector.domain.effects import CapturePayment, NoteOrder
from connector.domain.errors import RightWanted
from connector.pipeline.connector import Connector
from connector.pipeline.ends import claim, ended, wants_right
from connector.ports import StoreAccess
from connector.store import outbox, problems
from connector.store.engine import Tx
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop

AT_ONCE = 10


def note_orders(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    """Write notes that are due; how many the store has."""
    desk = connector.platforms[shop.platform].desk
    if desk is None:
        return 0
    return each(connector, shop, NoteOrder, lambda row: desk.note(access, row.effect), "note", lambda *_: None)


def each(
    connector: Connector,
    shop: Shop,
    kind: type[NoteOrder] | type[CapturePayment],
    carry_out: Callable[[OutboxRow], None],
    problem: str,
    given_up: Callable[[Tx, OutboxRow, str], None],
) -> int:
    """Carry out those of a kind that are due; `given_up` writes down what ends without success."""
    count = 0
    for row in claim(connector, shop, kind, AT_ONCE):  # type: ignore[type-var] # one of the two
        try:
            carry_out(row)
        except RightWanted as error:
            wants_right(connector, shop, [row], problem, error)
            continue
        except Exception as error:  # noqa: BLE001 - a right that these alone want must not stop the store
            now = connector.clock()
            with connector.db.begin() as tx:
                said = ended(tx, row, error, now)
                if said is not None:
                    given_up(tx, row, said)
                    text = f"Order {row.effect.number}: {said}"
                    problems.report(tx, shop.id, problem, row.effect.order, text, now)
            continue
        with connector.db.begin() as tx:
            outbox.done(tx, [row], connector.clock())
            problems.solve_these(tx, shop.id, problem, [row.effect.order], connector.clock())
            problems.solve(tx, shop.id, "rights", problem, connector.clock())
        count += 1
    return count
