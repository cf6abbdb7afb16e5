"""What the law lets customers ask of their data, as a platform hands it on: kept, carried out, recorded."""

import contextlib

import structlog

from connector.domain.effects import STANDING, AlertStaff, FetchFact
from connector.domain.errors import BadInput, Unauthorised
from connector.domain.wording import day
from connector.pipeline.connector import Connector
from connector.pipeline.erase import erase, export, whose
from connector.pipeline.reaching import reach
from connector.pipeline.remove import remove
from connector.pipeline.saying import in_words
from connector.ports import DataRequest, LookAgain, RequestKind
from connector.store import leaving, outbox, problems, requests, shops
from connector.store.engine import Tx, lock_store, wait_for_store
from connector.store.erasure import Whose
from connector.store.requests import Request
from connector.store.shops import Shop

KIND = "privacy"
SUBJECT = "A customer asks for their data"
STILL_HERE = "Not carried out: the store still lets the connector in."
FORGOTTEN = "All that was held of the store and its customers is gone."
NOBODY = "Nothing is held: the request names no customer."
HANDED_OUT = "Handed out."
ASKED = {
    RequestKind.ERASE: "What a customer asked of their data",
    RequestKind.FORGET: "Erasing all that is held of this store, which its platform asks for,",
}
log = structlog.get_logger()


def take(connector: Connector, platform: str, asked: DataRequest | LookAgain) -> None:
    """Keep what the platform hands on; of a store that was never here nothing is held."""
    now = connector.clock()
    with connector.db.begin() as tx:
        shop = shops.by_address(tx, platform, asked.address)
        if shop is None:
            log.info("request_for_a_store_that_is_not_here", platform=platform, address=asked.address)
        elif isinstance(asked, LookAgain):
            left = asked.left_at and FetchFact("departure", asked.left_at.isoformat())
            outbox.put_state(tx, shop.id, left or STANDING, now)
        elif (new := requests.put(tx, shop.id, asked, now)) is not None and new.kind is RequestKind.EXPORT:
            _tell(connector, tx, shop, new)


def _tell(connector: Connector, tx: Tx, shop: Shop, new: Request) -> None:
    """Handing out is the merchant's: only they know that whoever asks is the customer."""
    now, until = connector.clock(), day(new.due_at.astimezone(shop.settings.zone).date())
    text = f"A customer asks for what is held of them. Hand it out by {until}: see Customers' data."
    problems.report(tx, shop.id, KIND, str(new.id), text, now)
    if to := shop.settings.staff_email:
        lines = (text, f"{connector.config.url}/privacy")
        outbox.put_once(tx, shop.id, AlertStaff(f"alert:request:{new.id}", to, SUBJECT, lines), now)


def carry_out(connector: Connector, store: str) -> int:
    """Do what is asked of a store and wants no merchant; how many requests were answered."""
    with connector.db.begin() as tx:
        if not lock_store(tx, f"requests {store}"):
            return 0
        shop, waiting = shops.get(tx, store), requests.due(tx, store, connector.clock())
        return sum(_carry_out_one(connector, shop, one) for one in waiting)


def _carry_out_one(connector: Connector, shop: Shop, asked: Request) -> bool:
    try:
        result = _forget(connector, shop) if asked.kind is RequestKind.FORGET else _erase(connector, shop, asked)
    except Exception as error:  # noqa: BLE001 - it is kept on the request, which comes again
        text, now = in_words(error), connector.clock()
        said = f"{ASKED[asked.kind]} could not be done yet: {text}"
        with connector.db.begin() as tx:
            requests.put_off(tx, asked.id, text, now)
            problems.report(tx, shop.id, KIND, str(asked.id), said, now)
        return False
    _end(connector, shop.id, asked, result)
    return True


def _end(connector: Connector, store: str, asked: Request, result: str) -> None:
    with connector.db.begin() as tx:
        requests.done(tx, asked.id, result, connector.clock())
        problems.solve(tx, store, KIND, str(asked.id), connector.clock())


def customer_of(asked: Request) -> Whose | None:
    """Who asks; None where the request names nobody. An address that is none leaves the orders."""
    for email in (asked.email, ""):
        with contextlib.suppress(BadInput):
            return whose(email, asked.orders)
    return None


def hand_out(connector: Connector, store: str, asked: Request) -> dict[str, object]:
    """All that is held of whoever asks, as JSON values; BadInput where the request names nobody."""
    customer = customer_of(asked)
    if customer is None:
        raise BadInput(NOBODY)
    return export(connector, store, customer)


def answered(connector: Connector, store: str, asked: Request) -> None:
    """The merchant has handed out what was asked for."""
    _end(connector, store, asked, HANDED_OUT)


def _erase(connector: Connector, shop: Shop, asked: Request) -> str:
    customer = customer_of(asked)
    if customer is None:
        return NOBODY
    done = erase(connector, shop.id, customer)
    return f"Erased: orders {done.orders}, messages {done.messages}, deliveries {done.deliveries}."


def _forget(connector: Connector, shop: Shop) -> str:
    """The app has been gone from the store for two days; where it has not, nothing is touched."""
    if shop.status != "closed" and _lets_us_in(connector, shop):
        return STILL_HERE
    with contextlib.suppress(BadInput):  # it has been removed already
        remove(connector, shop.id, abandon=True)
    with connector.db.begin() as tx:
        wait_for_store(tx, shop.id)
        leaving.forget_all(tx, shop.id)
    return FORGOTTEN


def _lets_us_in(connector: Connector, shop: Shop) -> bool:
    """Whether our access still counts; an error where the store neither takes it nor refuses it for good."""
    try:
        connector.platforms[shop.platform].profile(reach(connector, shop))
    except Unauthorised:
        return False
    return True
