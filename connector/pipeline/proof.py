"""The proof of one order: what was promised and why, what was said, answered and done, entry by sealed entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from connector.domain.board import OrderBefore
from connector.domain.chain import HOW_TO_CHECK, Link, broken_at, stamp
from connector.domain.errors import BadInput
from connector.domain.jurisdictions import Exemption, Regime
from connector.domain.owing import left_out, regime_for
from connector.domain.paragraphs import SAYS, of_duty
from connector.domain.record import NoticeSent
from connector.domain.telling import DUTIES, HOW, Reader, tell
from connector.domain.wording import moment
from connector.pipeline.connector import Connector
from connector.store import ledger, orderbook, reports_orders, reports_proof, shops
from connector.store.reports_orders import OrderReport
from connector.store.reports_proof import DutyRow
from connector.store.shops import Shop

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Said:
    """One entry as it is shown: the sentence, and the text of a mail where it was one ("" otherwise)."""

    link: Link
    at: datetime
    title: str
    sentence: str
    text: str
    erased: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """All that can be shown for one order; `broken` is the first entry that is not what was sealed.

    `exempt` is why no law that is watched applies to all of it (None: no such reason).
    """

    shop: Shop
    order: OrderReport
    regime: Regime
    exempt: Exemption | None
    duties: tuple[DutyRow, ...]
    said: tuple[Said, ...]
    broken: int | None
    made_at: datetime

    @property
    def law(self) -> tuple[tuple[str, str], ...]:
        """Where the order's law asks for what, and in which words of ours."""
        return tuple(text for (regime, _), text in SAYS.items() if regime is self.regime)

    @property
    def head(self) -> str:
        """The last seal, which stands for all entries before it."""
        return self.said[-1].link.seal if self.said else ""


def proof_of(connector: Connector, store: str, named: str) -> Proof | None:
    """The proof of an order, by its id or number; None where the store has none."""
    with connector.db.begin() as tx:
        shop = shops.get(tx, store)
        order = reports_proof.find_order(tx, store, named)
        report = reports_orders.order_report(tx, store, order) if order is not None else None
        if order is None or report is None:
            return None
        links, owed = ledger.chain(tx, store, order), reports_proof.duties_of(tx, store, order)
        before = orderbook.look_up(tx, store, order)
    regime, exempt = _regime(before, shop)
    titles = {line.line: line.title for line in report.lines}
    said = tuple(_said(link, titles, Reader(shop.settings.zone, regime)) for link in links)
    return Proof(shop, report, regime, exempt, owed, said, broken_at(links), connector.clock())


def _regime(before: OrderBefore | None, shop: Shop) -> tuple[Regime, Exemption | None]:
    """The law that the order's clock has seen; where no clock runs that of its address, or why it is left out."""
    if before is None:
        return Regime.NONE, None
    if before.clock and before.clock.regime is not Regime.NONE:
        return before.clock.regime, None
    exempt = left_out(before, shop.settings)
    return Regime.NONE if before.clock or exempt else regime_for(before, shop.settings), exempt


def _said(link: Link, titles: Mapping[str, str], reader: Reader) -> Said:
    entry = reports_proof.entry_of(link)
    text = entry.personal.text if isinstance(entry, NoticeSent) else ""
    erased = "personal" in link.entry and link.personal is None
    title = titles.get(link.line, link.line) if link.line else ""
    return Said(link, datetime.fromisoformat(link.at), title, tell(entry, reader), text, erased)


def pack(proof: Proof) -> dict[str, Any]:
    """The proof as JSON values; `entries` can be checked by themselves, see `chain.how_to_check`."""
    zone, order = proof.shop.settings.zone, proof.order
    return {
        "format": FORMAT,
        "made_at": stamp(proof.made_at),
        "store": {"id": proof.shop.id, "name": proof.shop.name, "address": proof.shop.address},
        "timezone": zone.key,
        "order": {
            "id": order.order,
            "number": order.number,
            "state": order.state,
            "placed_at": stamp(order.placed_at) if order.placed_at else None,
            "customer": {"name": order.name, "email": order.email, "country": order.country},
            "lines": msgspec.to_builtins(order.lines),
        },
        "law": {"regime": proof.regime.value, "asks": [{"place": place, "says": says} for place, says in proof.law]},
        "duties": [_duty(one, proof.regime) for one in proof.duties],
        "entries": [
            {**msgspec.to_builtins(one.link), "local_time": moment(one.at, zone), "says": one.sentence}
            for one in proof.said
        ],
        "chain": {
            "intact": proof.broken is None,
            "broken_at": proof.broken,
            "head": proof.head,
            "how_to_check": HOW_TO_CHECK,
        },
    }


def _duty(row: DutyRow, regime: Regime) -> dict[str, Any]:
    return {
        "duty": row.duty.value,
        "in_words": DUTIES[row.duty],
        "place": of_duty(regime, row.duty)[0],
        "opened_at": stamp(row.opened_at),
        "due": stamp(row.due),
        "state": row.state,
        "ended_at": stamp(row.ended_at) if row.ended_at else None,
        "by_hand": HOW.get(row.by_hand, row.by_hand),
    }


class Checked(NamedTuple):
    """What a pack is worth: how many entries it has, the place of the first that is not what was sealed (None: none).

    A place behind the last means that the end is missing. `erased` counts the texts that were taken out since.
    """

    entries: int
    broken: int | None
    erased: int


def check(text: bytes) -> Checked:
    """Look at a pack's entries; BadInput for what is no pack."""
    try:
        given = msgspec.json.decode(text, type=_Pack)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"this is no proof pack: {error}") from None
    links = given.entries
    last = links[-1].seal if links else ""
    broken = broken_at(links) or (None if given.chain.head == last else len(links) + 1)
    return Checked(len(links), broken, sum("personal" in one.entry and one.personal is None for one in links))


class _Chain(msgspec.Struct):
    head: str


class _Pack(msgspec.Struct):
    entries: list[Link]
    chain: _Chain
