"""Effects go out: after commit, by key, and what became of each is written back."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from functools import partial

from connector.domain.consolation import offer_key
from connector.domain.effects import BULK_ENDED, DOUBTS, EVERY_ITEM, AlertStaff, FetchFact, GrantOffer, SendNotice
from connector.domain.errors import Ambiguous, NeedsMerchant, Retryable, Terminal
from connector.domain.facts import Fact, Refetch
from connector.pipeline import record
from connector.pipeline.arranging import arrange_orders
from connector.pipeline.captures import capture_payments
from connector.pipeline.connector import Connector
from connector.pipeline.desk import note_orders
from connector.pipeline.ends import SLICE, Once, Write, carry_out, claim, failed, refused, wait_until
from connector.pipeline.granting import discount_of
from connector.pipeline.letters import hand_over, write_letter
from connector.pipeline.plan import plan
from connector.pipeline.reaching import reach
from connector.pipeline.reconcile import ask_about_doubts, read_items
from connector.pipeline.refunds import carry_out_refunds
from connector.pipeline.saying import report_doubled
from connector.pipeline.splitting import split_orders
from connector.pipeline.unused import tell_given_up
from connector.pipeline.withdraw import claim_letters
from connector.pipeline.writing import switch_backorders, write_listings, write_orders
from connector.ports import Letter, StoreAccess
from connector.store import bulk_writes, outbox, problems, shops
from connector.store.engine import Tx, wait_for_store
from connector.store.keep import keep
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop

SENDERS = 16
FETCHES = 20
PATIENCE = timedelta(minutes=1)
WRITE_TRIES = 60  # seconds; with those of sending it they are less than the lease of what was claimed


def perform(connector: Connector, store: str) -> int:
    """Carry out the effects of a store that are due, for about a second of each kind; how many went out.

    Other stores wait for the same worker, so whoever has more is woken again, behind them.
    """
    with connector.db.begin() as tx:
        shop = shops.get(tx, store)
    if shop.status == "paused":  # its merchant has to hear of that
        return _tell_staff(connector, shop)
    if shop.status != "active":
        return 0
    try:
        access = reach(connector, shop)
    except NeedsMerchant as error:
        refused(connector, shop, (), error)
        return 0
    count = 0
    states = (_fetch_all, write_listings, switch_backorders, write_orders, arrange_orders)
    once = (_grant_all, _send_all, _alert_all, note_orders, split_orders, capture_payments, carry_out_refunds)
    for work in (*states, *once):
        count += work(connector, shop, access)
        if not _is_active(connector, store):
            break
    return count


def _is_active(connector: Connector, store: str) -> bool:
    """Whether the store is still ours to speak to; a refusal on the way has paused it."""
    with connector.db.begin() as tx:
        return shops.get(tx, store).status == "active"


def _fetch_all(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    count, until = 0, connector.clock() + SLICE
    while connector.clock() <= until and (rows := claim(connector, shop, FetchFact, FETCHES)):
        for place, row in enumerate(rows):
            if place and connector.clock() > until:
                _leave(connector, rows[place:])
                break
            try:
                asked = connector.clock()
                _fetched(connector, shop, row, _look(connector, shop, access, rows[place:]), asked)
            except NeedsMerchant as error:
                refused(connector, shop, rows[place:], error)
                return count
            except Exception as error:  # noqa: BLE001 - what one look comes to must not stop the others; it is kept
                failed(connector, shop, [row], error)
                continue
            count += 1
    if count:
        plan(connector, shop.id)
    return count


def _leave(connector: Connector, rows: Sequence[OutboxRow]) -> None:
    """The time is up: a store that hangs must not keep a hand until what it claimed has gone to another."""
    with connector.db.begin() as tx:
        outbox.put_off(tx, rows, "the store was slow", connector.clock())


def _look(connector: Connector, shop: Shop, access: StoreAccess, rows: Sequence[OutboxRow]) -> tuple[Fact, ...]:
    """What a store says of the first of them; nothing where it is so much that it has been kept page by page."""
    wanted, still_at_it = rows[0].effect, partial(_go_on, connector, rows)
    if wanted == EVERY_ITEM:
        read_items(connector, shop, still_at_it)
        return ()
    if wanted == BULK_ENDED:
        with connector.db.begin() as tx:
            bulk_writes.look_now(tx, shop.id, connector.clock())
        return ()
    if wanted == DOUBTS:
        ask_about_doubts(connector, shop, still_at_it)
        return ()
    return connector.platforms[shop.platform].fetch(access, Refetch(wanted.kind, wanted.id))


def _go_on(connector: Connector, rows: Sequence[OutboxRow]) -> None:
    with connector.db.begin() as tx:
        outbox.go_on(tx, rows, connector.clock())


def _fetched(connector: Connector, shop: Shop, row: OutboxRow, facts: Sequence[Fact], asked: datetime) -> None:
    with connector.db.begin() as tx:
        wait_for_store(tx, shop.id)
        left_out = keep(tx, shop.id, facts, asked, connector.clock())
        if not left_out:
            outbox.done(tx, [row], connector.clock())
            tell_given_up(tx, shop.id, connector.clock())
    if left_out:
        raise Terminal("; ".join(f"{one.id}: {one.reason}" for one in left_out))


def _grant_all(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    adapter = connector.platforms[shop.platform]

    def grant(row: OutboxRow) -> Write:
        adapter.grant(access, discount_of(connector.config, shop.id, row.effect))
        return lambda tx: outbox.done(tx, [row], connector.clock())

    def tell(tx: Tx, row: OutboxRow, why: str, now: datetime) -> None:
        order = row.effect.number
        said = f"The discount code for order {order} was not made, and its customer is not told of one: {why}"
        problems.report(tx, shop.id, "offer", row.effect.order, said, now)

    return carry_out(connector, shop, Once(GrantOffer, FETCHES, grant, tell, "offer"))


def _send_all(connector: Connector, shop: Shop, access: StoreAccess) -> int:  # noqa: ARG001 - one shape for all kinds
    """Letters go side by side; each one's result is written as soon as it is known."""
    until, count, failures = connector.clock() + SLICE, 0, 0
    going: set[Future[bool]] = set()
    with ThreadPoolExecutor(SENDERS, thread_name_prefix="mail") as pool:
        while True:
            wanted = failures < SENDERS and connector.clock() <= until
            rows = claim_letters(connector, shop, SENDERS) if wanted else ()
            going |= {pool.submit(_send, connector, shop, row) for row in rows}
            if not going:
                break
            # A second letter about an order can be claimed when the first has gone.
            while going and (len(going) > SENDERS or not rows):
                sent, going = wait(going, return_when=FIRST_COMPLETED if rows else ALL_COMPLETED)
                went = [one.result() for one in sent]
                count, failures = count + sum(went), 0 if any(went) else failures + len(went)
    if count:
        with connector.db.begin() as tx:
            problems.solve(tx, shop.id, "mail", "", connector.clock())
    return count


def _alert_all(connector: Connector, shop: Shop, access: StoreAccess) -> int:  # noqa: ARG001 - one shape for all kinds
    return _tell_staff(connector, shop)


def _tell_staff(connector: Connector, shop: Shop) -> int:
    """Messages to the merchant's people; there are few."""
    return sum(_send(connector, shop, row) for row in claim(connector, shop, AlertStaff, SENDERS))


def _send(connector: Connector, shop: Shop, row: OutboxRow) -> bool:
    try:
        letter = write_letter(connector.config, shop, row.effect, granted=_is_granted(connector, shop, row.effect))
        provider_id = hand_over(connector.mailer, letter)
    except Ambiguous as error:
        doubt, now = str(error), connector.clock()
        _write_down(connector, lambda tx: _in_doubt(connector, tx, shop, row, letter, doubt, now))
        return False
    except NeedsMerchant as error:
        with connector.db.begin() as tx:
            outbox.put_off(tx, [row], str(error), connector.clock() + PATIENCE)
            problems.report(tx, shop.id, "mail", "", str(error), connector.clock())
        return False
    except Exception as error:  # noqa: BLE001 - one letter must not stop the others; it is kept on the row
        failed(connector, shop, [row], error)
        if isinstance(error, Retryable) and error.after is not None:
            with connector.db.begin() as tx:
                outbox.hold_back(tx, shop.id, SendNotice, wait_until(error.after, connector.clock()))
        return False
    _write_down(connector, lambda tx: _went(tx, shop, row, letter, provider_id, connector.clock()))
    return True


def _went(tx: Tx, shop: Shop, row: OutboxRow, letter: Letter, provider_id: str, now: datetime) -> None:
    outbox.done(tx, [row], now, provider_id)
    record.went(tx, shop.id, row, letter, provider_id, now)


def _in_doubt(
    connector: Connector, tx: Tx, shop: Shop, row: OutboxRow, letter: Letter, doubt: str, now: datetime
) -> None:
    record.went(tx, shop.id, row, letter, None, now)
    if outbox.may_go_again(row):
        outbox.in_doubt(tx, row, doubt, now + connector.config.doubt)
    elif outbox.failed(tx, row, doubt, now, None, final=True):  # both may have reached their reader
        report_doubled(tx, shop.id, row, doubt, now)


def _is_granted(connector: Connector, shop: Shop, about: SendNotice | AlertStaff) -> bool:
    if not isinstance(about, SendNotice) or about.offer is None:
        return False
    with connector.db.begin() as tx:
        return outbox.is_done(tx, shop.id, offer_key(about.order))


def _write_down(connector: Connector, write: Callable[[Tx], None]) -> None:
    """What has gone out would go out again if nobody knew: a database that is away is waited for."""
    for _ in range(WRITE_TRIES):
        try:
            with connector.db.begin() as tx:
                return write(tx)
        except Retryable:
            time.sleep(1.0)
    with connector.db.begin() as tx:
        return write(tx)
