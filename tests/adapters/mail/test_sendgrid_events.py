"""Events are believed when SendGrid has signed them just now, and are kept when they are about a notice of ours."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from adapters.http import Http
from adapters.mail.sendgrid import SIGNATURE, TIMESTAMP, SendGrid
from connector.domain.errors import BadSignature, Unreadable
from connector.domain.facts import NoticeEvent, NoticeOutcome
from tests.fakes.sendgrid import SendGridService

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AT = int(NOW.timestamp())


def body_of(*events: dict[str, object]) -> bytes:
    return json.dumps(events).encode()


def read(mailer: SendGrid, service: SendGridService, body: bytes, at: int = AT) -> tuple[NoticeEvent, ...]:
    return mailer.events(service.sign(body, at), body, NOW)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("processed", NoticeOutcome.ACCEPTED),
        ("delivered", NoticeOutcome.DELIVERED),
        ("bounce", NoticeOutcome.FAILED),
        ("dropped", NoticeOutcome.FAILED),
    ],
)
def test_an_event_says_what_became_of_a_notice(
    kind: str, outcome: NoticeOutcome, mailer: SendGrid, service: SendGridService
) -> None:
    event = service.event("n-1", kind, AT - 60, reason="550 no such user")
    assert read(mailer, service, body_of(event)) == (
        NoticeEvent(str(event["sg_event_id"]), "n-1", outcome, NOW - timedelta(seconds=60), "550 no such user"),
    )


@pytest.mark.parametrize(
    ("kind", "detail"),
    [("spamreport", "reported as spam"), ("unsubscribe", "unsubscribed"), ("group_unsubscribe", "unsubscribed")],
)
def test_who_wants_no_more_mail_says_so_about_a_notice(
    kind: str, detail: str, mailer: SendGrid, service: SendGridService
) -> None:
    event = service.event("n-1", kind, AT)
    (found,) = read(mailer, service, body_of(event))
    assert (found.outcome, found.detail) == (NoticeOutcome.UNWANTED, detail)


@pytest.mark.parametrize("kind", ["deferred", "open", "click", "group_resubscribe", "something new"])
def test_what_did_not_become_of_a_notice_is_no_event(kind: str, mailer: SendGrid, service: SendGridService) -> None:
    assert read(mailer, service, body_of(service.event("n-1", kind, AT))) == ()


def test_events_of_other_mails_are_not_ours(mailer: SendGrid, service: SendGridService) -> None:
    other: dict[str, object] = {"event": "delivered", "timestamp": "x", "newsletter": {"id": 1}}
    numbered = service.event("n-2", "delivered", AT) | {"notice_id": 7}
    account: dict[str, object] = {"event": "account_status_change", "sg_event_id": "e", "timestamp": AT}
    ours = service.event("n-1", "delivered", AT)
    found = read(mailer, service, body_of(other, numbered, account, ours))
    assert [(event.event, event.notice) for event in found] == [(ours["sg_event_id"], "n-1")]


def test_a_repeated_event_keeps_its_id(mailer: SendGrid, service: SendGridService) -> None:
    event = service.event("n-1", "delivered", AT)
    found = read(mailer, service, body_of(event, event))
    assert [one.event for one in found] == [event["sg_event_id"]] * 2


def test_a_detail_names_no_address_and_is_one_line(mailer: SendGrid, service: SendGridService) -> None:
    event = service.event("n-1", "bounce", AT, reason="550 5.1.1\r\n<buyer@example.com>: unknown " + "x" * 500)
    (found,) = read(mailer, service, body_of(event))
    assert found.detail.startswith("550 5.1.1 <…>: unknown xxx")
    assert len(found.detail) == 300


def test_a_delivery_s_detail_is_what_the_other_server_said(mailer: SendGrid, service: SendGridService) -> None:
    (found,) = read(mailer, service, body_of(service.event("n-1", "delivered", AT, response="250 OK")))
    assert found.detail == "250 OK"


def test_the_names_of_headers_may_have_any_case(mailer: SendGrid, service: SendGridService) -> None:
    body = body_of(service.event("n-1", "delivered", AT))
    signed = {name.upper(): value for name, value in service.sign(body, AT).items()}
    assert len(mailer.events(signed, body, NOW)) == 1


@pytest.mark.parametrize("shift", [-600, -599, 0, 599, 600])
def test_a_delivery_is_fresh_for_ten_minutes(shift: int, mailer: SendGrid, service: SendGridService) -> None:
    assert len(read(mailer, service, body_of(service.event("n-1", "delivered", AT)), AT + shift)) == 1


@pytest.mark.parametrize("shift", [-601, 601, -AT, 10**12])
def test_a_delivery_that_was_signed_at_another_time_is_not_believed(
    shift: int, mailer: SendGrid, service: SendGridService
) -> None:
    with pytest.raises(BadSignature):
        read(mailer, service, body_of(service.event("n-1", "delivered", AT)), AT + shift)


def test_a_changed_body_is_not_believed(mailer: SendGrid, service: SendGridService) -> None:
    body = body_of(service.event("n-1", "delivered", AT))
    for other in (body + b" ", body.replace(b"n-1", b"n-2"), json.dumps(json.loads(body), indent=1).encode(), b""):
        with pytest.raises(BadSignature):
            mailer.events(service.sign(body, AT), other, NOW)


def test_another_key_is_not_believed(mailer: SendGrid) -> None:
    with SendGridService() as stranger, pytest.raises(BadSignature):
        read(mailer, stranger, body_of(stranger.event("n-1", "delivered", AT)))


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "A",
        "not base64!",
        "é",
        "\udcff",
        base64.b64encode(b"short").decode(),
        base64.b64encode(bytes(72)).decode(),
    ],
)
def test_a_signature_that_is_none_is_refused_quietly(
    signature: str, mailer: SendGrid, service: SendGridService
) -> None:
    body = body_of(service.event("n-1", "delivered", AT))
    with pytest.raises(BadSignature):
        mailer.events(service.sign(body, AT) | {"X-Twilio-Email-Event-Webhook-Signature": signature}, body, NOW)


@pytest.mark.parametrize("stamp", ["", "x", "1e9", "-1", "9" * 400, "9" * 5000, "\udcff", "１"])
def test_a_timestamp_that_is_none_is_refused_quietly(stamp: str, mailer: SendGrid, service: SendGridService) -> None:
    body = body_of(service.event("n-1", "delivered", AT))
    with pytest.raises(BadSignature):
        mailer.events(service.sign(body, AT) | {"X-Twilio-Email-Event-Webhook-Timestamp": stamp}, body, NOW)


@pytest.mark.parametrize("missing", [SIGNATURE, TIMESTAMP])
def test_a_missing_header_is_refused_quietly(missing: str, mailer: SendGrid, service: SendGridService) -> None:
    body = body_of(service.event("n-1", "delivered", AT))
    headers = {name.lower(): value for name, value in service.sign(body, AT).items()}
    del headers[missing]
    with pytest.raises(BadSignature):
        mailer.events(headers, body, NOW)


def test_a_body_that_is_no_text_is_refused_quietly(mailer: SendGrid, service: SendGridService) -> None:
    with pytest.raises(BadSignature):
        read(mailer, service, b"\xff\xfe")


def test_without_a_key_nothing_is_believed(http: Http, service: SendGridService) -> None:
    body = body_of(service.event("n-1", "delivered", AT))
    with pytest.raises(BadSignature):
        SendGrid(http, "SG.test", service.url, None).events(service.sign(body, AT), body, NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[1]",
        b"<html>",
        b"[" * 100_000,
        b'[{"notice_id": "n-1"}]',
        b'[{"notice_id": "n-1", "event": "delivered", "sg_event_id": "e", "timestamp": 1e999}]',
        b'[{"notice_id": "n-1", "event": "delivered", "sg_event_id": "e", "timestamp": -1}]',
        b'[{"notice_id": "n-1", "event": "delivered", "sg_event_id": "e", "timestamp": 99999999999999}]',
        b'[{"notice_id": "n-1", "event": "delivered", "timestamp": 5}]',
    ],
)
def test_a_genuine_delivery_that_is_not_events_is_unreadable(
    body: bytes, mailer: SendGrid, service: SendGridService
) -> None:
    with pytest.raises(Unreadable):
        read(mailer, service, body)


def test_the_service_of_the_tests_delivers_what_the_mailer_believes(
    mailer: SendGrid, service: SendGridService
) -> None:
    body = body_of(service.event("n-1", "delivered"))
    assert len(mailer.events(service.sign(body), body, datetime.fromtimestamp(time.time(), UTC))) == 1


def test_an_event_that_is_of_no_use_or_gives_no_reason_does_not_cost_the_others(
    mailer: SendGrid, service: SendGridService
) -> None:
    opened: dict[str, object] = {"event": "open", "notice_id": "s1/notice:1:1"}
    went = {"event": "delivered", "timestamp": AT, "sg_event_id": "e1", "notice_id": "s1/notice:1:1", "reason": None}
    assert [one.event for one in read(mailer, service, body_of(opened, went))] == ["e1"]
