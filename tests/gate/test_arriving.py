"""A request is whole at its last byte, however it is cut into pieces, and not before."""

import pytest

from connector.gate.arriving import LARGEST_BODY, LARGEST_HEAD, Arriving, Verdict

POST = b"POST /x HTTP/1.1\r\nHost: a\r\n"
WHOLE = [
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    POST + b"Content-Length: 0\r\n\r\n",
    POST + b"content-LENGTH:\t 5 \r\n\r\nhello",
    POST + b"Content-Length: 0000000000000000000000005\r\n\r\nhello",
    POST + b"X-Content-Length: 99\r\nContent-Length: 5\r\n\r\nhello",
    POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding: chunked\r\n\r\n1;a=b\r\nh\r\n00A\r\n0\r\n\r\nhello\r\n0\r\nX: y\r\n\r\n",
    POST + b"Transfer-Encoding: chunked\r\n\r\n00000000000000000A\r\nhe\r\n\r\nllo!\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
]


def verdicts(pieces: list[bytes]) -> list[Verdict]:
    arriving = Arriving()
    return [arriving.take(piece) for piece in pieces]


@pytest.mark.parametrize("request_", WHOLE)
def test_a_request_is_whole_at_its_last_byte(request_: bytes) -> None:
    assert verdicts([bytes([one]) for one in request_]) == [Verdict.PART] * (len(request_) - 1) + [Verdict.WHOLE]


@pytest.mark.parametrize("request_", WHOLE)
def test_it_does_not_matter_where_a_request_is_cut(request_: bytes) -> None:
    for at in range(1, len(request_)):
        assert verdicts([request_[:at], request_[at:]]) == [Verdict.PART, Verdict.WHOLE]


@pytest.mark.parametrize("request_", WHOLE)
def test_what_follows_a_request_stays_with_it(request_: bytes) -> None:
    arriving = Arriving()
    assert arriving.take(request_ + WHOLE[0]) is Verdict.WHOLE
    assert arriving.data == request_.lstrip(b"\r\n") + WHOLE[0]


@pytest.mark.parametrize(
    "body", [b"x\r\n", b"\r\n", b"-1\r\n", b" 5\r\nhello\r\n", b"zz\r\nhello\r\n0\r\n\r\n"]
)
def test_what_is_malformed_is_for_the_server_to_refuse(body: bytes) -> None:
    assert verdicts([POST + b"Transfer-Encoding: chunked\r\n\r\n" + body]) == [Verdict.WHOLE]


@pytest.mark.parametrize(
    ("sent", "verdict"),
    [
        (b"G" * LARGEST_HEAD, Verdict.PART),
        (b"G" * (LARGEST_HEAD + 1), Verdict.HEAD_TOO_LARGE),
        (POST + b"Content-Length: %d\r\n\r\n" % LARGEST_BODY, Verdict.PART),
        (POST + b"Content-Length: %d\r\n\r\n" % (LARGEST_BODY + 1), Verdict.BODY_TOO_LARGE),
        (POST + b"Content-Length: 999999999999999999\r\n\r\n", Verdict.BODY_TOO_LARGE),
        (POST + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n", Verdict.BODY_TOO_LARGE),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"9" * 5_000 + b"\r\n", Verdict.BODY_TOO_LARGE),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n5;" + b"a" * 9_000 + b"\r\nhello", Verdict.HEAD_TOO_LARGE),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"9" * 9_000, Verdict.HEAD_TOO_LARGE),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % LARGEST_BODY, Verdict.PART),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % (LARGEST_BODY + 1), Verdict.BODY_TOO_LARGE),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 20_001, Verdict.BODY_TOO_LARGE),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"a: b\r\n" * 11_000, Verdict.HEAD_TOO_LARGE),
    ],
)
def test_nothing_is_larger_than_anybody_needs(sent: bytes, verdict: Verdict) -> None:
    assert verdicts([sent]) == [verdict]


def test_a_sender_that_waits_for_word_is_known() -> None:
    arriving = Arriving()
    arriving.take(POST + b"Expect: 100-Continue\r\nContent-Length: 5\r\n\r\n")
    assert arriving.waits_for_word
