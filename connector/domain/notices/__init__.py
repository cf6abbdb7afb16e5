"""The notices that there are; the first one that is due is the one that goes."""

from connector.domain.notices.backordered import Backordered
from connector.domain.notices.base import Notice
from connector.domain.notices.cancelled import Cancelled
from connector.domain.notices.eta_changed import EtaChanged
from connector.domain.notices.filled import OnItsWay
from connector.domain.notices.option_first import FirstOption
from connector.domain.notices.option_renewed import RenewedOption
from connector.domain.notices.refund_statement import RefundStatement

NOTICES: tuple[Notice, ...] = (
    Backordered(),
    EtaChanged(),
    OnItsWay(),
    FirstOption(),
    RenewedOption(),
    Cancelled(),
    RefundStatement(),
)


def notice_named(name: str) -> Notice:
    """The notice of a template's name; KeyError for a name that nobody registered."""
    return {notice.name: notice for notice in NOTICES}[name]
