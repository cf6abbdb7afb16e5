"""A supplier's CSV becomes rows of supply; what cannot be used is set aside by its line, or the file is refused."""

from datetime import date

import pytest

from adapters.feeds.csv import LONGEST_RECORD, Csv
from connector.domain.errors import NeedsMerchant, Unreadable
from connector.domain.facts import SupplyRow
from connector.ports import FeedRows, Rejected

PLAIN = {"sku": "SKU", "quantity": "Quantity"}
FULL = {"sku": "SKU", "quantity": "Quantity", "date": "Due", "reference": "PO", "location": "Warehouse"}
HEADER = "SKU,Quantity,Due,PO,Warehouse\n"


def read(text: str, mapping: dict[str, str] = FULL, charset: str | None = None) -> FeedRows:
    return Csv().read(text.encode(), mapping, charset)


def test_a_row_is_read_by_the_names_of_its_columns() -> None:
    text = "PO,Price,Due,Quantity,SKU,Warehouse\nPO-7,9.99,2026-12-01,12,CHAIR-1,East\n"
    expected = SupplyRow("CHAIR-1", 12, date(2026, 12, 1), "PO-7", "East")
    assert read(text) == FeedRows((expected,), ())


def test_columns_are_found_whatever_their_case_and_the_spaces_around_them() -> None:
    assert read(" sku , QUANTITY \n A , 5 \n", {"sku": "Sku ", "quantity": "quantity"}) == FeedRows(
        (SupplyRow("A", 5, None),), ()
    )


def test_columns_that_were_not_asked_for_are_not_needed() -> None:
    assert read("SKU,Quantity\nA,5\n", PLAIN) == FeedRows((SupplyRow("A", 5, None),), ())


def test_the_same_sku_twice_is_two_lots() -> None:
    rows = read(HEADER + "A,5,2026-12-01,,\nA,7,2027-01-01,,\n").rows
    assert rows == (SupplyRow("A", 5, date(2026, 12, 1)), SupplyRow("A", 7, date(2027, 1, 1)))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_delimiter_is_found_by_the_header(delimiter: str, quote: str, end: str) -> None:
    lines = (["SKU", "Quantity", "Note, or; such"], ["A", "5", "x"])
    text = "".join(delimiter.join(f"{quote}{cell}{quote}" for cell in line) + end for line in lines)
    if quote or delimiter in "\t|":
        assert read(text, PLAIN) == FeedRows((SupplyRow("A", 5, None),), ())
    else:
        assert read(text.replace(", or; such", ""), PLAIN) == FeedRows((SupplyRow("A", 5, None),), ())


def test_quotes_may_hold_delimiters_quotes_and_line_breaks_and_lines_are_still_counted() -> None:
    text = 'SKU,Quantity,Note\n"A,1",5,"two\nlines"\n"B ""x""",6,\n,7,\n'
    assert read(text, PLAIN) == FeedRows(
        (SupplyRow("A,1", 5, None), SupplyRow('B "x"', 6, None)), (Rejected(5, "There is no SKU"),)
    )


def test_empty_lines_are_nothing() -> None:
    assert read("\n\nSKU,Quantity\n\nA,5\n , \n\n\nB,0\n\n", PLAIN) == FeedRows(
        (SupplyRow("A", 5, None),), (Rejected(9, "The quantity is zero: nothing is coming"),)
    )


def test_a_row_that_ends_early_is_set_aside() -> None:
    assert read(HEADER + "A,5,2026-12-01,PO,East\nB,5\n").rejected == (
        Rejected(3, "The row has only 2 columns", ("B", None)),
    )


def test_every_row_that_cannot_be_used_is_set_aside_and_the_others_are_read() -> None:
    text = HEADER + ",1,,,\nA,,,,\nB,0,,,\nC,-4,,,\nD,many,,,\nE,1,someday,,\nF,1,TBD,,\n"
    assert read(text) == FeedRows(
        (SupplyRow("F", 1, None),),
        (
            Rejected(2, "There is no SKU"),
            Rejected(3, "There is no quantity", ("A", "")),
            Rejected(4, "The quantity is zero: nothing is coming"),
            Rejected(5, "The quantity “-4” is below zero", ("C", "")),
            Rejected(6, "The quantity “many” is not a whole number", ("D", "")),
            Rejected(7, "“someday” is not a date that we can read; write it as 2026-04-30", ("E", "")),
        ),
    )


@pytest.mark.parametrize("field", ["SKU", "PO", "Warehouse"])
def test_a_text_that_is_too_long_sets_its_row_aside(field: str) -> None:
    cells = {"SKU": "A", "Quantity": "5", "Due": "", "PO": "", "Warehouse": ""} | {field: "x" * 256}
    got = read(HEADER + ",".join(cells.values()) + "\nB,6,,,\n")
    assert got.rows == (SupplyRow("B", 6, None),)
    assert [(rejected.line, rejected.reason.endswith("longer than 255 characters")) for rejected in got.rejected] == [
        (2, True)
    ]


def test_all_rows_set_aside_is_still_a_file() -> None:
    got = read(HEADER + "A,0,,,\n")
    assert (got.rows, len(got.rejected)) == ((), 1)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\r\n \r\n", "\ufeff", "\ufeff\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match=r"^The file is empty$"):
        read(text)


@pytest.mark.parametrize("text", [HEADER, HEADER.strip(), HEADER + "\n\n", HEADER + ",,,,\n"])
def test_a_header_without_rows_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match=r"^The file has a header, but no rows$"):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><html><body>Please log in, now</body></html>",
        "\n\n  <html>\n<table><tr><td>SKU,Quantity</td></tr></table>",
        '\ufeff<?xml version="1.0"?><stock/>',
    ],
)
def test_a_web_page_is_refused_as_such(text: str) -> None:
    with pytest.raises(Unreadable, match=r"^This is a web page or XML, not CSV"):
        read(text)


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    with pytest.raises(Unreadable) as refusal:
        read("SKU;Qty;Due\nA;5;\n", PLAIN)
    expected = "The file has no column named “quantity”. Its columns are: “sku”, “qty”, “due”"
    assert str(refusal.value) == expected


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"^The file has more than one column named “quantity”$"):
        read("SKU,Quantity,quantity\nA,5,6\n", PLAIN)


def test_a_file_without_a_header_is_refused() -> None:
    with pytest.raises(Unreadable, match="no column named “sku”"):
        read("A,5\nB,6\n", PLAIN)


@pytest.mark.parametrize("mapping", [{}, {"sku": "SKU"}, {"quantity": "Quantity"}, {"sku": " ", "quantity": "Q"}])
def test_a_mapping_without_sku_or_quantity_is_for_the_merchant_to_complete(mapping: dict[str, str]) -> None:
    with pytest.raises(NeedsMerchant, match=r"^Say which column of the file holds the "):
        read(HEADER + "A,5,,,\n", mapping)


@pytest.mark.parametrize(
    "body",
    [
        b"SKU,Quantity\nA\x00,5\n",
        b"\x00" * 100,
        "SKU,Quantity\nA,5\n".encode("utf-16-le"),
    ],
)
def test_characters_that_no_text_has_refuse_the_file(body: bytes) -> None:
    with pytest.raises(Unreadable, match="characters that no text has"):
        Csv().read(body, PLAIN, None)


def test_an_excel_file_is_refused_as_such() -> None:
    with pytest.raises(Unreadable, match=r"^This is an Excel or ZIP file, not CSV"):
        Csv().read(b"PK\x03\x04\x14\x00", PLAIN, None)


def test_a_quote_that_never_closes_does_not_swallow_the_rows_after_it() -> None:
    with pytest.raises(Unreadable, match=r"^The file breaks off or is not CSV from line 3 on"):
        read('SKU,Quantity,Note\nA,5,\nB,6,"oops\nC,7,\nD,8,\n', PLAIN)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SKU,Quantity\n" + "A" * 131_073 + ",5\n", "from line 2 on: field larger than field limit"),
        ("SKU,Quantity" + ",x" * LONGEST_RECORD + "\nA,5\n", "longer than 1,000,000 characters"),
        ("SKU,Quantity\nA,5" + "," * LONGEST_RECORD + "\n", "longer than 1,000,000 characters"),
        ("x" * 5_000_000, "longer than 1,000,000 characters"),
        ("SKU,Quantity,Note\nA,5" + ',"\n"' * 300_000 + "\n", "longer than 1,000,000 characters"),
    ],
    ids=["a long field", "a wide header", "a wide row", "one long line", "a row of many lines"],
)
def test_a_file_made_to_fill_the_memory_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(text, PLAIN)


def test_a_long_file_of_short_rows_is_read_whole() -> None:
    got = read("SKU,Quantity,Note\n" + f"A,5,{'x' * 1000}\n" * 1500, PLAIN)
    assert got == FeedRows((SupplyRow("A", 5, None),) * 1500, ())


def test_more_rows_than_anyone_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.feeds.csv.MOST_ROWS", 3)
    assert len(read("SKU,Quantity\nA,1\nB,2\nC,x\n", PLAIN).rows) == 2
    with pytest.raises(Unreadable, match=r"^The file has more than 3 rows$"):
        read("SKU,Quantity\nA,1\nB,2\nC,x\nD,4\n", PLAIN)


def test_a_date_that_could_be_two_is_read_by_what_its_column_shows() -> None:
    by_day = read(HEADER + "A,1,03/04/2026,,\nB,1,14/04/2026,,\n")
    assert [row.expected for row in by_day.rows] == [date(2026, 4, 3), date(2026, 4, 14)]
    by_month = read(HEADER + "A,1,03/04/2026,,\nB,1,04/14/2026,,\n")
    assert [row.expected for row in by_month.rows] == [date(2026, 3, 4), date(2026, 4, 14)]


@pytest.mark.parametrize("others", ["", "B,1,14/04/2026,,\nC,1,04/14/2026,,\n"], ids=["alone", "among both"])
def test_a_date_that_could_be_two_sets_its_row_aside_where_the_column_does_not_tell(others: str) -> None:
    got = read(HEADER + "A,1,03/04/2026,,\n" + others)
    reason = "“03/04/2026” can be two dates; write the year first, as in 2026-04-30"
    assert got.rejected == (Rejected(2, reason, ("A", "")),)
    assert [row.expected for row in got.rows] == [date(2026, 4, 14)] * others.count("\n")


def test_a_date_format_decides_alone() -> None:
    got = read(HEADER + "A,1,04/03/26,,\nB,1,2026-03-04,,\nC,1,,,\n", FULL | {"date_format": "%d/%m/%y"})
    assert got.rows == (SupplyRow("A", 1, date(2026, 3, 4)), SupplyRow("C", 1, None))
    assert got.rejected == (Rejected(3, "“2026-03-04” is not a date of the form “%d/%m/%y”", ("B", "")),)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"SKU,Quantity\n" + b"\n" * 1_000_000, "The file has more than 1,000,000 lines"),
        (b"SKU,Quantity\r" + b"\r" * 1_000_000, "The file has more than 1,000,000 lines"),
        (b"SKU,Quantity\n" + b"A,5\n" * 200_001, "The file has more than 200,000 rows"),
        (b"SKU,Quantity\nA,5\n" + b"," * 1000 + b"\n", "Line 3 of the file has more than 1,000 columns"),
        (b"SKU,Quantity\nA\0,5\n", "The file holds characters that no text has. Export it as CSV in UTF-8."),
    ],
    ids=["lines", "returns", "rows", "columns", "nul"],
)
def test_a_file_that_is_made_to_take_long_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=f"^{reason}$"):
        Csv().read(body, PLAIN, None)


@pytest.mark.parametrize(
    "charset", ["unicode_escape", "raw_unicode_escape", "utf-7", "idna", "punycode", "undefined", "rot13", "a\0"]
)
def test_what_is_no_character_set_is_not_read_by(charset: str) -> None:
    text = "SKU,Quantity\nStuhl-\u00fc,5\n"
    assert Csv().read(text.encode("cp1252"), PLAIN, charset) == Csv().read(text.encode(), PLAIN, None)
    with pytest.raises(Unreadable, match=r"^The file is not text in any character set that we know\."):
        Csv().read(b"SKU,Quantity\n" + bytes(range(128, 256)) + b"\\,5\n", PLAIN, charset)
