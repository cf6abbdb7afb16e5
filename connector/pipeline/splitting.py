"""Orders of which a part can ship are split in the store: once each, as long as it is still so."""

from datetime import timedelta

from connector.domain import parts
from connector.domain.effects import FetchFact, SplitOrder
from connector.domain.errors import NeedsMerchant
from connector.domain.record import OrderNotSplit
from connector.pipeline.connector import Connector
from connector.pipeline.ends import claim, ended
from connector.ports import Splitting, StoreAccess
from connector.store import ledger, orderbook, outbox, problems, shops
from connector.store.engine import Tx
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop

AT_ONCE = 10
PATIENCE = timedelta(minutes=15)
PROBLEM = "split"


def split_orders(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    """Have orders split that are due; how many the store has split.

    The store tells of both orders; the ledger keeps it when it does, so that an answer that is lost loses nothing.
    """
    splitting = connector.platforms[shop.platform].splitting
    if splitting is None:
        return 0
    count, rows = 0, claim(connector, shop, SplitOrder, AT_ONCE)
    for place, row in enumerate(rows):
        try:
            count += _split(connector, shop, access, splitting, row)
        except NeedsMerchant as error:  # as with the first, so with the others
            _wait(connector, shop, rows[place:], error)
            break
        except Exception as error:  # noqa: BLE001 - one order must not stop the others; it is kept on the row
            _not_split(connector, shop, row, error)
    return count


def _split(connector: Connector, shop: Shop, access: StoreAccess, splitting: Splitting, row: OutboxRow) -> bool:
    wanted: SplitOrder = row.effect
    with connector.db.begin() as tx:
        now_wanted = _wanted_now(tx, shop.id, wanted.order)
        if now_wanted != wanted:
            outbox.drop(tx, row)  # and is put again when a part of it can ship, or as it waits now
            if now_wanted is not None:
                outbox.put_once(tx, shop.id, now_wanted, connector.clock())
            return False
    done = splitting.split(access, wanted)
    with connector.db.begin() as tx:
        if not done:
            outbox.drop(tx, row)
            return False
        outbox.done(tx, [row], connector.clock())
        outbox.put_state(tx, shop.id, FetchFact("order", wanted.order), connector.clock())
        problems.solve_these(tx, shop.id, PROBLEM, ["", wanted.order], connector.clock())
    return True


def _wanted_now(tx: Tx, store: str, order: str) -> SplitOrder | None:
    before = orderbook.look_up(tx, store, order)
    return parts.divided(before, shops.get(tx, store).settings) if before else None


def _wait(connector: Connector, shop: Shop, rows: tuple[OutboxRow, ...], error: NeedsMerchant) -> None:
    now = connector.clock()
    with connector.db.begin() as tx:
        outbox.put_off(tx, rows, str(error), now + PATIENCE)
        problems.report(tx, shop.id, PROBLEM, "", str(error), now)


def _not_split(connector: Connector, shop: Shop, row: OutboxRow, error: Exception) -> None:
    wanted, now = row.effect, connector.clock()
    with connector.db.begin() as tx:
        said = ended(tx, row, error, now)
        if said is not None:
            ledger.append(tx, shop.id, [OrderNotSplit(wanted.order, wanted.key, said)], now)
            problems.report(tx, shop.id, PROBLEM, wanted.order, f"Order {wanted.number}: {said}", now)
