"""Every byte of a file is read, in the character set that it says, shows, or was said to have."""

import pytest

from adapters.feeds.text import encoding_of
from connector.domain.errors import Unreadable

GERMAN = "SKU;Menge;Lager\nGrün-1;5;München\nB;6;Köln\nC;7;Größe\n"
RUSSIAN = "sku;qty;warehouse\nГруша;1;Москва\n"
JAPANESE = "品番,数量\nA-1,5\n倉庫東京,4\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_decides_whatever_was_said(encoding: str) -> None:
    body = GERMAN.encode(encoding)
    assert body.decode(encoding_of(body, "cp1251")) == GERMAN


@pytest.mark.parametrize("named", [None, "cp1252", "utf-16", "no such set"])
def test_what_reads_as_utf_8_is_utf_8_whatever_was_said(named: str | None) -> None:
    assert encoding_of(RUSSIAN.encode(), named) == "utf-8"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "cp1252"),
        (RUSSIAN, "cp1251"),
        (JAPANESE, "shift_jis"),
        (GERMAN, "latin-1"),
        ("código;cantidad\nNIÑO-1;5\n", "cp1252"),
        ("sku;qty;note\nA;1;10 € – neu\n", "cp1252"),
    ],
)
def test_what_is_not_unicode_is_found_out(text: str, encoding: str) -> None:
    body = text.encode(encoding)
    assert body.decode(encoding_of(body, None)) == text


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        ("sku;qty\nGrün;1\n", "cp1252", "windows-1252"),
        ("sku;qty\nPrice €;1\n", "cp1252", "ISO-8859-1"),
        ("sku;qty\nŁódź;1\n", "cp1250", "cp1250"),
        ("sku;qty\nİstanbul Şişli;1\n", "cp1254", "windows-1254"),
        ("貨號,數量\nA,台北倉庫\n", "big5", "big5"),
    ],
)
def test_what_was_said_counts_where_it_reads_the_file(text: str, encoding: str, named: str) -> None:
    body = text.encode(encoding)
    assert body.decode(encoding_of(body, named)) == text


@pytest.mark.parametrize("named", ["utf-8", "ascii", "no such set", "rot13", "hex", "utf-7"])
def test_what_was_said_does_not_count_where_it_cannot_be(named: str) -> None:
    body = GERMAN.encode("cp1252")
    assert body.decode(encoding_of(body, named)) == GERMAN


def test_a_file_in_no_known_set_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"^The file is not text in any character set that we know"):
        encoding_of(b"\xff\xfe\x00\xd8\x41", None)
