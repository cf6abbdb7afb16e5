"""Suppliers' files with separated values: a header, then one row for each lot that is coming."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

from adapters.feeds.cells import NoUnits, Puzzle, date_by_format, date_in, date_order, quantity_in
from adapters.feeds.text import encoding_of, pieces
from connector.domain.errors import NeedsMerchant, Unreadable
from connector.domain.facts import SupplyRow
from connector.domain.wording import counted
from connector.ports import FeedRows, Rejected

FIELDS = ("sku", "quantity", "date", "reference", "location")
REQUIRED = ("sku", "quantity")
DATE_FORMAT = "date_format"
DELIMITERS = ",;\t|"
MOST_ROWS = 200_000
MOST_LINES = 1_000_000
MOST_COLUMNS = 1_000
LONGEST_RECORD = 1_000_000
LONGEST_TEXT = 255
COLUMNS_NAMED = 12
DATES_KEPT = 1024

Record = tuple[int, list[str]]
DateReader = Callable[[str], date | None]


class Csv:
    """Reads rows by the header's names; a wrong file is Unreadable, a wrong row is set aside with its reason."""

    name = "csv"

    def read(self, body: bytes, mapping: Mapping[str, str], charset: str | None) -> FeedRows:
        """Rows by `mapping` (sku, quantity and, if wanted, date, reference, location -> the file's column).

        `mapping["date_format"]` may hold a strptime format for the dates.
        """
        wanted = _wanted(mapping)
        if body.startswith(b"PK\x03\x04"):
            raise Unreadable("This is an Excel or ZIP file, not CSV. Export it as CSV in UTF-8.")
        if max(body.count(b"\n"), body.count(b"\r")) > MOST_LINES:
            raise Unreadable(f"The file has more than {MOST_LINES:,} lines")
        encoding = encoding_of(body, charset)
        _refuse_other_kinds(body, encoding)
        sheet = _sheet(body, encoding, wanted)
        read_date = _date_reader(sheet, mapping.get(DATE_FORMAT))
        rows: list[SupplyRow] = []
        rejected: list[Rejected] = []
        for line, record in sheet.records():
            try:
                rows.append(_row(sheet, record, read_date))
            except NoUnits as puzzle:
                rejected.append(Rejected(line, str(puzzle)))
            except Puzzle as puzzle:
                rejected.append(Rejected(line, str(puzzle), _named(sheet, record)))
        if not rows and not rejected:
            raise Unreadable("The file has a header, but no rows")
        return FeedRows(tuple(rows), tuple(rejected))


@dataclass(frozen=True, slots=True)
class _Sheet:
    body: bytes
    encoding: str
    delimiter: str
    places: Mapping[str, int]

    def records(self) -> Iterator[Record]:
        return islice(_records(self.body, self.encoding, self.delimiter), 1, None)

    def cell(self, record: list[str], field: str) -> str:
        place = self.places.get(field)
        if place is None:
            return ""
        if place >= len(record):
            raise Puzzle(f"The row has only {counted(len(record), 'column')}")
        return record[place].strip()


def _wanted(mapping: Mapping[str, str]) -> dict[str, str]:
    wanted = {field: mapping[field].strip().lower() for field in FIELDS if mapping.get(field, "").strip()}
    missing = [field for field in REQUIRED if field not in wanted]
    if missing:
        raise NeedsMerchant(f"Say which column of the file holds the {' and the '.join(missing)}.")
    return wanted


def _refuse_other_kinds(body: bytes, encoding: str) -> None:
    start = ""
    for text in pieces(body, encoding):
        if "\0" in text:
            raise Unreadable("The file holds characters that no text has. Export it as CSV in UTF-8.")
        start = start or text.lstrip()[:1000].lower()
    if not start:
        raise Unreadable("The file is empty")
    if start.startswith("<"):
        raise Unreadable("This is a web page or XML, not CSV: the address may ask for a login, or has changed.")


def _sheet(body: bytes, encoding: str, wanted: Mapping[str, str]) -> _Sheet:
    headers = _headers(body, encoding)
    delimiter = max(headers, key=lambda one: (_matches(headers[one], wanted), len(headers[one])))
    header = headers[delimiter]
    for column in wanted.values():
        if header.count(column) != 1:
            _refuse_header(header, column)
    return _Sheet(body, encoding, delimiter, {field: header.index(column) for field, column in wanted.items()})


def _headers(body: bytes, encoding: str) -> dict[str, list[str]]:
    found = {}
    for delimiter in DELIMITERS:
        # A quoted header is not CSV by a delimiter that is not its own.
        with suppress(Unreadable):
            found[delimiter] = _header(body, encoding, delimiter)
    return found or {",": _header(body, encoding, ",")}


def _header(body: bytes, encoding: str, delimiter: str) -> list[str]:
    _, record = next(_records(body, encoding, delimiter), (0, []))
    return [column.strip().lower() for column in record]


def _matches(header: list[str], wanted: Mapping[str, str]) -> int:
    return len(set(wanted.values()) & set(header))


def _refuse_header(header: list[str], column: str) -> None:
    if column in header:
        raise Unreadable(f"The file has more than one column named “{column}”")
    named = ", ".join(f"“{name[:LONGEST_TEXT]}”" for name in header[:COLUMNS_NAMED])
    raise Unreadable(f"The file has no column named “{column}”. Its columns are: {named}")


class _Lines:
    """The lines of a file, up to a limit for each record, so that no record can fill the memory."""

    def __init__(self, body: bytes, encoding: str) -> None:
        self._stream = io.TextIOWrapper(io.BytesIO(body), encoding, newline="")
        self._left = LONGEST_RECORD

    def __iter__(self) -> Iterator[str]:
        while line := self._stream.readline(self._left + 1):
            self._left -= len(line)
            if self._left < 0:
                raise Unreadable(f"A row of the file is longer than {LONGEST_RECORD:,} characters")
            yield line

    def next_record(self) -> None:
        self._left = LONGEST_RECORD


def _records(body: bytes, encoding: str, delimiter: str) -> Iterator[Record]:
    lines = _Lines(body, encoding)
    # Strict, because a quote that never closes would otherwise swallow the rest of the file unseen.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line, rows = 1, -1  # the header is no row
    try:
        for record in reader:
            if rows >= 0 and len(record) > MOST_COLUMNS:
                raise Unreadable(f"Line {line} of the file has more than {MOST_COLUMNS:,} columns")
            if any(map(str.strip, record)):
                rows += 1
                if rows > MOST_ROWS:
                    raise Unreadable(f"The file has more than {MOST_ROWS:,} rows")
                yield line, record
            line = reader.line_num + 1
            lines.next_record()
    except csv.Error as failure:
        raise Unreadable(f"The file breaks off or is not CSV from line {line} on: {failure}") from None


def _date_reader(sheet: _Sheet, form: str | None) -> DateReader:
    if form:
        return lru_cache(DATES_KEPT)(lambda cell: date_by_format(cell, form))
    place = sheet.places.get("date")
    cells = (record[place] for _, record in sheet.records() if place is not None and place < len(record))
    order = date_order(cells)
    return lru_cache(DATES_KEPT)(lambda cell: date_in(cell, order))


def _named(sheet: _Sheet, record: list[str]) -> tuple[str, str | None] | None:
    """What a row is about that cannot be read otherwise."""
    with suppress(Puzzle):
        if sku := sheet.cell(record, "sku"):
            with suppress(Puzzle):
                return sku, sheet.cell(record, "reference")
            return sku, None
    return None


def _row(sheet: _Sheet, record: list[str], read_date: DateReader) -> SupplyRow:
    texts = {field: sheet.cell(record, field) for field in ("sku", "reference", "location")}
    if not texts["sku"]:
        raise Puzzle("There is no SKU")
    for field, text in texts.items():
        if len(text) > LONGEST_TEXT:
            raise Puzzle(f"The {field} is longer than {LONGEST_TEXT} characters")
    return SupplyRow(
        sku=texts["sku"],
        quantity=quantity_in(sheet.cell(record, "quantity")),
        expected=read_date(sheet.cell(record, "date")),
        reference=texts["reference"],
        location=texts["location"],
    )
