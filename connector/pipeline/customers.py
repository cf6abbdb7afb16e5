"""What a customer sees of an order through the link in the mails, and what the customer answers there."""

from dataclasses import dataclass
from datetime import date, timedelta

from itsdangerous import BadData, URLSafeTimedSerializer

from connector.domain.board import OrderBefore
from connector.domain.errors import BadInput
from connector.domain.jurisdictions import RULES
from connector.domain.obligations import Answer, Consent, LegalClock, Right, Silence, may_set
from connector.domain.obligations.days import later, local_day
from connector.domain.owing import reachable
from connector.domain.record import LINK, NOTHING, Note
from connector.pipeline.connector import Config, Connector
from connector.pipeline.plan import plan
from connector.store import erasure, orderbook, shops
from connector.store.engine import wait_for_store
from connector.store.shops import Shop

PURPOSE = "a customer's order"
STAY = timedelta(days=365)
YEAR = 365
CHOICES = (Answer.WAIT, Answer.CANCEL)


class NoPeriod(BadInput):
    """What was typed is no further period: whoever typed it can type another."""


@dataclass(frozen=True, slots=True)
class Case:
    """An order as its customer sees it.

    `asked`: an option is open; `offered` is its date (None: none could be given), `silence` what no answer means.
    (None: nothing), `answer_by` the last day before it counts as cancelling. `expected` is the day by which all of it
    ships as things stand now (None: not known). `agreed` that the customer has said to wait, `decides` that
    cancelling is the customer's to choose here, `splits` that what is there may be asked for before the rest.
    `ended` that something of it counts as cancelled, `withdraws` that to cancel is to withdraw from the contract,
    `mailed` that a mail confirms it. `sets_period`: the time to deliver is over, so that the customer may set
    a further one, and `may_end` that this one is over too.
    """

    shop: Shop
    order: OrderBefore
    asked: bool
    offered: date | None
    silence: Silence | None
    agreed: bool
    decides: bool
    over: bool
    splits: bool
    expected: date | None
    answer_by: date | None
    ended: bool
    withdraws: bool
    mailed: bool
    sets_period: bool
    may_end: bool

    @property
    def left(self) -> bool:
        """Whether the store has left the connector, so that nothing said here is known to hold any more."""
        return self.shop.status == "closed"


def order_link(config: Config, store: str, order: str) -> str:
    """The signed address of a customer's order."""
    return f"{config.url}/o/{_signer(config).dumps([store, order])}"


def _signer(config: Config) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(config.secret, salt=PURPOSE)


def open_case(connector: Connector, token: str) -> Case | None:
    """The case behind a link; None for one that is not ours, too old, or of an order that is gone or was erased."""
    found = _read(connector, token)
    if found is None or _is_erased(connector, *found):
        return None
    return case_at(connector, *found)


def _is_erased(connector: Connector, store: str, order: str) -> bool:
    with connector.db.begin() as tx:
        return order in erasure.erased_of(tx, store, [order])


def case_at(connector: Connector, store: str, order: str) -> Case | None:
    """The case of an order of a store; None where there is none."""
    if "\x00" in order:  # PostgreSQL has no such text
        return None
    with connector.db.begin() as tx:
        try:
            shop = shops.get(tx, store)
        except BadInput:
            return None
        found = orderbook.look_up(tx, store, order)
    return _case(shop, found) if found is not None else None


def _read(connector: Connector, token: str) -> tuple[str, str] | None:
    try:
        store, order = _signer(connector.config).loads(token, max_age=int(STAY.total_seconds()))
    except (BadData, ValueError, TypeError):
        return None
    return str(store), str(order)


def _case(shop: Shop, order: OrderBefore) -> Case:
    clock = order.clock
    option = clock.option if clock else None
    over = not order.lines or order.cancelled
    asked = option is not None and not option.answered and not over
    silence = _silence(clock) if clock and asked else None
    return Case(
        shop,
        order,
        asked,
        option.offered if option else None,
        silence,
        clock is not None and clock.consent in (Consent.EXPRESS, Consent.STANDING),
        clock is not None and not over,
        over,
        not over and shop.settings.partial_shipments == "ask" and order.apart is None and _is_split(order),
        _expected(order),
        local_day(clock.lapse.at, shop.settings.zone) if silence and clock and clock.lapse else None,
        bool(clock and clock.cancelled),
        clock is not None and clock.regime in RULES and RULES[clock.regime].withdrawal,
        reachable(order, shop.settings),
        clock is not None and bool(clock.rights) and not over,
        clock is not None and Right.END_CONTRACT in clock.rights and not over,
    )


def _silence(clock: LegalClock) -> Silence | None:
    """What no answer to an open option means; nothing where the law gives silence no meaning (UK, EU)."""
    if clock.lapse is not None:
        return Silence.CANCEL
    return Silence.CONSENT if clock.consent is Consent.SILENT else None


def _expected(order: OrderBefore) -> date | None:
    """The day by which all that waits ships; None where that is not known, or nothing waits."""
    etas = [line.eta for line in order.lines if line.waiting]
    known = [eta for eta in etas if eta is not None]
    return max(known) if known and len(known) == len(etas) else None


def _is_split(order: OrderBefore) -> bool:
    """Whether a part of it is there, and another waits."""
    return any(line.filled for line in order.lines) and any(line.waiting for line in order.lines)


def give_period(connector: Connector, case: Case, until: str, how: str = LINK, note: Note = NOTHING) -> None:
    """Take up a further period that a customer sets, as a form says its last day; BadInput for what is none."""
    if not case.sets_period:
        raise BadInput("this order does not ask for that")
    try:
        day = date.fromisoformat(until)
    except ValueError:
        raise NoPeriod("until: a day is needed") from None
    zone = case.shop.settings.zone
    today = local_day(connector.clock(), zone)
    if not may_set(case.order.clock, day, zone) or not today < day <= later(today, YEAR):
        raise NoPeriod("until: must be a day after today, within a year")
    _put(connector, case, Answer.WAIT, how, note, day)


def give_answer(connector: Connector, case: Case, answer: Answer, how: str = LINK, note: Note = NOTHING) -> None:
    """Take up a customer's answer, by the link or told to the merchant; BadInput for one that is not asked for."""
    asked = case.decides and answer in CHOICES and (answer is not Answer.WAIT or case.asked)
    if not asked and not (case.splits and answer is Answer.PARTIAL):
        raise BadInput("this order does not ask for that")
    _put(connector, case, answer, how, note)


def _put(connector: Connector, case: Case, answer: Answer, how: str, note: Note, until: date | None = None) -> None:
    with connector.db.begin() as tx:
        wait_for_store(tx, case.shop.id)
        orderbook.put_answer(tx, case.shop.id, case.order.order, answer, connector.clock(), how, note, until)
    plan(connector, case.shop.id)
