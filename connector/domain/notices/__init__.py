"""The notices that there are; the first one that is due is the one that goes."""

from datetime import timedelta

from connector.domain.errors import Terminal
from connector.domain.facts import OrderState
from connector.domain.notices.backordered import Backordered
from connector.domain.notices.base import Notice
from connector.domain.notices.cancelled import Cancelled
from connector.domain.notices.eta_changed import EtaChanged
from connector.domain.notices.filled import AllHere
from connector.domain.notices.option_first import FirstOption
from connector.domain.notices.option_renewed import RenewedOption
from connector.domain.notices.refund_statement import RefundStatement

NOTICES: tuple[Notice, ...] = (
    Backordered(),
    EtaChanged(),
    AllHere(),
    FirstOption(),
    RenewedOption(),
    Cancelled(),
    RefundStatement(),
)


def notice_named(name: str) -> Notice:
    """The notice of a template's name; Terminal for one that nobody registered: another version may have known it."""
    found = next((notice for notice in NOTICES if notice.name == name), None)
    if found is None:
        raise Terminal(f"this version of the connector knows no notice by the name of {name}")
    return found


FRESH = timedelta(days=1)
IN_WORDS = {
    OrderState.COMPLETED: "its order was completed before it could go",
    OrderState.CANCELLED: "its order was cancelled before it could go",
    OrderState.GONE: "its order was deleted before it could go",
}


def idle(name: str, state: OrderState | None, age: timedelta) -> str:
    """Why a notice that has not gone out in this time should not go any more; "" where it should.

    `state` is its order's (None: we have no such order).
    """
    notice = notice_named(name)
    if state is not None and state in notice.idle_in:
        return IN_WORDS[state]
    if notice.ages and state is OrderState.OPEN and age > FRESH:
        return "it had waited for more than a day, and is written anew where it is still called for"
    return ""


def idle_with(name: str) -> frozenset[str]:
    """The notices of an order that go with one which is idle: those around it tell of the same dates."""
    return frozenset({name} | {notice.name for notice in NOTICES if notice.ages})
