"""What a customer sees of an order through the link in the mails, and what the customer answers there."""

from dataclasses import dataclass
from datetime import date, timedelta

from itsdangerous import BadData, URLSafeTimedSerializer

from connector.domain.board import OrderBefore
from connector.domain.errors import BadInput
from connector.domain.obligations import Answer, Consent, Silence
from connector.domain.record import LINK, NOTHING, Note
from connector.pipeline.connector import Config, Connector
from connector.pipeline.plan import plan
from connector.store import erasure, orderbook, shops
from connector.store.engine import wait_for_store
from connector.store.shops import Shop

PURPOSE = "a customer's order"
STAY = timedelta(days=365)
CHOICES = (Answer.WAIT, Answer.CANCEL)


@dataclass(frozen=True, slots=True)
class Case:
    """An order as its customer sees it.

    `asked`: an option is open; `offered` is its date (None: none could be given), `silence` what no answer means.
    `agreed` that the customer has said to wait, `decides` that cancelling is the customer's to choose here, `splits`
    that what is there may be asked for before the rest.
    """

    shop: Shop
    order: OrderBefore
    asked: bool
    offered: date | None
    silence: Silence | None
    agreed: bool
    decides: bool
    over: bool
    splits: bool = False

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
    silence = None
    if clock is not None and option is not None and not option.answered:
        silence = Silence.CANCEL if clock.lapse is not None else Silence.CONSENT
    return Case(
        shop,
        order,
        option is not None and not option.answered and not over,
        option.offered if option else None,
        silence,
        clock is not None and clock.consent in (Consent.EXPRESS, Consent.STANDING),
        clock is not None and not over,
        over,
        not over and shop.settings.partial_shipments == "ask" and order.apart is None and _is_split(order),
    )


def _is_split(order: OrderBefore) -> bool:
    """Whether a part of it is there, and another waits."""
    return any(line.filled for line in order.lines) and any(line.waiting for line in order.lines)


def give_answer(connector: Connector, case: Case, answer: Answer, how: str = LINK, note: Note = NOTHING) -> None:
    """Take up a customer's answer, by the link or told to the merchant; BadInput for one that is not asked for."""
    asked = case.decides and answer in CHOICES and (answer is not Answer.WAIT or case.asked)
    if not asked and not (case.splits and answer is Answer.PARTIAL):
        raise BadInput("this order does not ask for that")
    with connector.db.begin() as tx:
        wait_for_store(tx, case.shop.id)
        orderbook.put_answer(tx, case.shop.id, case.order.order, answer, connector.clock(), how, note)
    plan(connector, case.shop.id)
