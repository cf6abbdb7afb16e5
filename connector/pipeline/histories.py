"""A merchant's own deliveries, read from a file, and the dates that would have been given for them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from connector.domain.backtest import Delivery, Tried
from connector.domain.errors import BadInput
from connector.domain.slip import SLIP
from connector.domain.wording import counted, named_few

COLUMNS = ("id", "supplier", "key2", "promised", "delivered", "known")
FEW = 5
YEARS = range(1970, 2201)  # what a spreadsheet makes of an empty cell or a typing error lies outside


def read_deliveries(text: str) -> tuple[Delivery, ...]:
    """Deliveries of a CSV with a header; BadInput names the line that cannot be used."""
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise BadInput(f"deliveries: there is no column {missing[0]}; there must be {', '.join(COLUMNS)}")
    try:
        found = tuple(_delivery(row, rows.line_num) for row in rows)
    except csv.Error as error:
        raise BadInput(f"deliveries: line {rows.line_num}: {error}") from error
    if len({one.id for one in found}) < len(found):
        raise BadInput("deliveries: an id stands in two lines")
    return found


def _delivery(row: dict[str, str | None], line: int) -> Delivery:
    if not row["id"] or not row["supplier"]:
        raise BadInput(f"deliveries: line {line}: id and supplier are needed")
    promised, delivered, known = (_day(row[name], line, name) for name in ("promised", "delivered", "known"))
    if known < delivered:
        raise BadInput(f"deliveries: line {line}: it was known before it was delivered")
    return Delivery(row["id"], row["supplier"], row["key2"] or "", promised, delivered, known)


def _day(text: str | None, line: int, name: str) -> date:
    try:
        day = date.fromisoformat((text or "").strip())
    except ValueError as error:
        raise BadInput(f"deliveries: line {line}: {name} {text!r} is no date such as 2026-03-20") from error
    if day.year not in YEARS:
        raise BadInput(f"deliveries: line {line}: {name} {text!r} must be from {YEARS[0]} to {YEARS[-1]}")
    return day


def remarks(slips: Sequence[tuple[str, int]]) -> Iterator[str]:
    """What is strange in deliveries, each a name with its days from the promised date, and what is made of it."""
    all_of_them = counted(len(slips), "delivery", "deliveries")
    early = [f"{name} ({-days})" for name, days in slips if days < 0]
    if early:
        yield (
            f"{len(early)} of {all_of_them} came before the promised date, by days:"
            f" {named_few(early, FEW)}; what is early counts as that, and makes no date earlier than the"
            " supplier's own"
        )
    beyond = [f"{name} ({days})" for name, days in slips if not SLIP.low <= days <= SLIP.high]
    if beyond:
        yield (
            f"{len(beyond)} of {all_of_them} came more than {-SLIP.low} days early or {SLIP.high} days late,"
            f" which counts as so many: {named_few(beyond, FEW)}"
        )


def written(tried: Iterable[Tried]) -> str:
    """The dates as a CSV: id, promised, eta; formula cells cannot come about, since an id is written as text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("id", "promised", "eta"))
    for one in tried:
        writer.writerow((_plain(one.delivery.id), one.delivery.promised.isoformat(), one.eta.isoformat()))
    return out.getvalue()


def _plain(text: str) -> str:
    """A spreadsheet would run what begins like a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
