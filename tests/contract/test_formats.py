"""What every feed format and every source keeps, because it is registered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import FORMATS, SOURCES
from adapters.http import Http
from connector.domain.errors import ConnectorError, NeedsMerchant, Unreadable
from connector.ports import FeedFormat, FeedRows, FeedSource, Validators

MAPPING = {"sku": "sku", "quantity": "quantity", "date": "date", "reference": "reference"}
EVERY = pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
READ_BY = tuple(source(Http()) for source in SOURCES)
EACH = pytest.mark.parametrize("source", READ_BY, ids=lambda source: source.name)
ADDRESSES = ("https://acme.example/a.csv", "http://acme.example/a.csv", "sftp://acme.example/a.csv", "gopher://acme")


def test_no_two_formats_and_no_two_sources_have_the_same_name() -> None:
    assert len({format_.name for format_ in FORMATS}) == len(FORMATS)
    assert len({source.name for source in READ_BY}) == len(READ_BY)


@EVERY
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n\t\n",
        b"\xef\xbb\xbf",
        b"<!doctype html><html><body>Please log in</body></html>",
        b"<html>\n<head><title>503</title></head>\n<body>sku,quantity,date\n</body></html>",
        bytes(range(256)),
        b"\x00" * 1000,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    ],
    ids=["empty", "blank", "only a mark", "a page", "a page with rows", "bytes", "zeros", "png", "pdf", "gzip"],
)
def test_a_format_does_not_take_what_is_no_file_of_its_kind(format_: FeedFormat, body: bytes) -> None:
    with pytest.raises(Unreadable):
        format_.read(body, MAPPING, None)


@EVERY
@given(body=st.binary(max_size=200), charset=st.sampled_from([None, "utf-8", "latin-1", "no-such-charset", ""]))
def test_a_format_reads_any_bytes_as_rows_or_says_why_not(
    format_: FeedFormat, body: bytes, charset: str | None
) -> None:
    try:
        read = format_.read(body, MAPPING, charset)
    except (Unreadable, NeedsMerchant) as error:
        assert str(error)
    else:
        assert isinstance(read, FeedRows)


@EVERY
@given(text=st.text(alphabet='sku,quantity;\t\n\r"=x01', max_size=80))
def test_a_format_reads_any_text_as_rows_with_units_or_says_why_not(format_: FeedFormat, text: str) -> None:
    try:
        read = format_.read(text.encode(), MAPPING, None)
    except (Unreadable, NeedsMerchant) as error:
        assert str(error)
    else:
        assert all(row.sku and row.quantity > 0 for row in read.rows)
        assert all(one.line > 1 and one.reason for one in read.rejected)


@EACH
def test_a_source_knows_its_own_addresses_and_no_others(source: FeedSource) -> None:
    assert any(source.handles(url) for url in ADDRESSES)
    assert not any(source.handles(url) for url in ("", "a.csv", "/etc/passwd", "file:///etc/passwd", "javascript:1"))


def test_no_address_is_handled_by_two_sources() -> None:
    assert all(sum(source.handles(url) for source in READ_BY) <= 1 for url in ADDRESSES)


@EACH
@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "0x7f000001"])
def test_a_source_never_reads_an_address_inside(source: FeedSource, host: str) -> None:
    for scheme in {url.partition("://")[0] for url in ADDRESSES if source.handles(url)}:
        with pytest.raises(ConnectorError):
            source.check(f"{scheme}://{host}/a.csv")
        with pytest.raises(ConnectorError):
            source.fetch(f"{scheme}://{host}/a.csv", Validators())
