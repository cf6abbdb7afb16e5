"""What waits is held back in a store, and released when it is there: order by order, and told where it fails."""

from datetime import timedelta

from connector.domain.effects import ArrangeOrder
from connector.domain.errors import NeedsMerchant, Terminal
from connector.pipeline.connector import Connector
from connector.pipeline.ends import SLICE, claim, ended, failed
from connector.pipeline.reaching import reach
from connector.ports import Arranged, Fulfilment, Kept, StoreAccess, Written
from connector.store import arrangements, outbox, problems
from connector.store.engine import Tx
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop

PROBLEM = "hold"
PATIENCE = timedelta(minutes=15)


def arrange_orders(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    """Arrange orders that are due, for about a second; how many the store has as they are to be."""
    port = connector.platforms[shop.platform].fulfilment
    count, until = 0, connector.clock() + SLICE
    while port and connector.clock() <= until and (rows := claim(connector, shop, ArrangeOrder, 1)):
        row = rows[0]
        try:
            done = _arrange(connector, shop, port, access, row.effect)
        except NeedsMerchant as error:  # a right that this alone wants must not stop the store
            _wait(connector, shop, row, str(error))
            break
        except Exception as error:  # noqa: BLE001 - one order must not stop the others; it is kept on the row
            _not_done(connector, shop, row, error)
            continue
        with connector.db.begin() as tx:
            _done(connector, tx, shop, row, done)
        count += 1
    return count


def release_all(connector: Connector, shop: Shop) -> tuple[Written, ...]:
    """Release all that we have had a store hold back, order by order; Retryable where the store does not answer."""
    port = connector.platforms[shop.platform].fulfilment
    with connector.db.begin() as tx:
        orders = arrangements.orders_of(tx, shop.id) if port else ()
    return tuple(_release(connector, shop, port, order) for order in orders if port)


def _release(connector: Connector, shop: Shop, port: Fulfilment, order: str) -> Written:
    try:
        _arrange(connector, shop, port, reach(connector, shop), ArrangeOrder(order, "", (), over=True))
    except (NeedsMerchant, Terminal) as error:
        return Written(order, str(error))
    with connector.db.begin() as tx:
        arrangements.forget(tx, shop.id, order)
    return Written(order)


def _arrange(
    connector: Connector, shop: Shop, port: Fulfilment, access: StoreAccess, wanted: ArrangeOrder
) -> Arranged:
    with connector.db.begin() as tx:
        before = arrangements.known(tx, shop.id, wanted.order)
        # Whoever ends in the middle of it must not take what he did himself for somebody's hand.
        dates = {line.ship_by for line in wanted.lines if line.ship_by} | set(before.deadlines)
        under_way = Kept(before.asked, {}, before.free, before.put_off, tuple(sorted(dates)), again=True)
        arrangements.put(tx, shop.id, wanted.order, under_way)
    return port.arrange(access, wanted, before)


def _done(connector: Connector, tx: Tx, shop: Shop, row: OutboxRow, done: Arranged) -> None:
    effect, now = row.effect, connector.clock()
    if effect.over and not effect.lines:
        arrangements.forget(tx, shop.id, effect.order)
    else:
        arrangements.put(tx, shop.id, effect.order, done.kept)
    outbox.done(tx, [row], now)
    said = f"Order {effect.number}: {done.lacking}" if done.lacking else None
    problems.state(tx, shop.id, PROBLEM, effect.order, said, now)
    problems.solve(tx, shop.id, PROBLEM, "", now)


def _wait(connector: Connector, shop: Shop, row: OutboxRow, text: str) -> None:
    """The merchant has to act first; what else is to be arranged waits as well."""
    now = connector.clock()
    with connector.db.begin() as tx:
        outbox.put_off(tx, [row], text, now + PATIENCE)
        outbox.hold_back(tx, shop.id, ArrangeOrder, now + PATIENCE)
        problems.state(tx, shop.id, PROBLEM, "", text, now)


def _not_done(connector: Connector, shop: Shop, row: OutboxRow, error: Exception) -> None:
    if not isinstance(error, Terminal):
        failed(connector, shop, [row], error)
        return
    with connector.db.begin() as tx:
        said = ended(tx, row, error, connector.clock())
        if said is not None:
            text = f"Order {row.effect.number}: {said}"
            problems.report(tx, shop.id, PROBLEM, row.effect.order, text, connector.clock())
