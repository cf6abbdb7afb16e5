"""What went out to customers is written behind what was promised them, letter by letter."""

from datetime import datetime

from connector.domain.effects import SendNotice
from connector.domain.record import NoticeGivenUp, NoticeSent, Spoken, Words
from connector.ports import Letter
from connector.store import ledger, orderbook
from connector.store.engine import Tx, wait_for_store
from connector.store.outbox import OutboxRow


def went(tx: Tx, store: str, row: OutboxRow, letter: Letter, mail: str | None, now: datetime) -> None:
    """A letter was handed over; `mail` is the service's id of it, None where it has not said that it took it."""
    notice = row.effect
    if isinstance(notice, SendNotice):
        said = Spoken(letter.to, letter.to_name, letter.sender, letter.subject, letter.text)
        sure, doubled = mail is not None, row.doubled
        sent = NoticeSent(notice.order, notice.key, notice.template, mail or "", sure, doubled, said)
        ledger.append(tx, store, [sent], now)


def given_up(tx: Tx, store: str, row: OutboxRow, why: str, now: datetime) -> None:
    """A letter that nobody would take."""
    notice = row.effect
    if isinstance(notice, SendNotice):
        wait_for_store(tx, store)  # before the order is held: a plan takes them in this order too
        ledger.append(tx, store, [NoticeGivenUp(notice.order, notice.key, notice.template, Words(why))], now)
        if notice.serial is not None:
            orderbook.put_unreached(tx, store, notice.order, notice.serial, notice.to, now)
