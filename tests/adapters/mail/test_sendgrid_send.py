"""A letter goes to SendGrid once, and every answer says who has to act, without naming the recipient."""

import logging
import threading
from collections.abc import Callable

import pytest

from adapters.http import Http
from adapters.mail import sendgrid
from adapters.mail.sendgrid import SendGrid
from connector.domain.errors import Ambiguous, BadInput, ConnectorError, NeedsMerchant, Retryable, Terminal
from connector.ports import Letter
from tests.adapters.http.listener import Listener, answer
from tests.fakes.sendgrid import (
    Conduct,
    SendGridService,
    dropped_after,
    dropped_before,
    failing,
    hanging,
    moved,
    throttled,
)

DATE = "Mon, 23 Nov 2026 12:00:00 GMT"
EPOCH = 1_795_435_200


def test_a_letter_is_sent_as_sendgrid_wants_it(mailer: SendGrid, service: SendGridService, letter: Letter) -> None:
    id_ = mailer.send(letter)
    assert [mail.payload for mail in service.mails] == [
        {
            "from": {"email": "shop@example.com", "name": "The Shop"},
            "subject": "Your order #1001 has a new date",
            "personalizations": [{"to": [{"email": "buyer@example.com", "name": "Ada Buyer"}]}],
            "content": [
                {"type": "text/plain", "value": "It ships on 4 December."},
                {"type": "text/html", "value": "<p>It ships on 4 December.</p>"},
            ],
            "categories": ["delay"],
            "custom_args": {"notice_id": "n-1"},
            "tracking_settings": {
                "click_tracking": {"enable": False, "enable_text": False},
                "open_tracking": {"enable": False},
            },
        }
    ]
    assert id_ == service.mails[0].message_id


def test_what_is_empty_is_left_out(
    mailer: SendGrid, service: SendGridService, make_letter: Callable[..., Letter]
) -> None:
    mailer.send(make_letter(html="", to_name="", sender_name="", category=""))
    payload = service.mails[0].payload
    assert payload["content"] == [{"type": "text/plain", "value": "It ships on 4 December."}]
    assert payload["personalizations"] == [{"to": [{"email": "buyer@example.com"}]}]
    assert payload["from"] == {"email": "shop@example.com"}
    assert "categories" not in payload


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x00", "\x0b", "\u2028", "\x85"])
def test_a_line_break_in_a_name_or_subject_starts_no_header(
    break_: str, mailer: SendGrid, service: SendGridService, make_letter: Callable[..., Letter]
) -> None:
    text = f"Ada{break_}Bcc: all@example.com"
    mailer.send(make_letter(to_name=text, sender_name=text, subject=text))
    payload = service.mails[0].payload
    said = (payload["subject"], payload["from"]["name"], payload["personalizations"][0]["to"][0]["name"])
    assert said == ("Ada Bcc: all@example.com",) * 3
    assert payload["personalizations"][0]["to"][0]["email"] == "buyer@example.com"
    assert len(payload["personalizations"][0]["to"]) == 1


@pytest.mark.parametrize("field", ["to", "sender"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        "nobody",
        "a@b.test\r\nBcc: c@d.test",
        "a@b.test, c@d.test",
        "a@b.test;c@d.test",
        "A <a@b.test>",
        " a@b.test",
        "a b@c.test",
        "a@b@c.test",
    ],
)
def test_what_is_not_one_address_is_never_sent(
    field: str, value: str, mailer: SendGrid, service: SendGridService, make_letter: Callable[..., Letter]
) -> None:
    with pytest.raises(Terminal) as refusal:
        mailer.send(make_letter(**{field: value}))
    assert str(refusal.value) == "This is not an e-mail address that can be written to"
    assert service.requests == 0


def test_a_wrong_key_is_for_the_merchant(http: Http, service: SendGridService, letter: Letter) -> None:
    mailer = SendGrid(http, "SG.secret-but-wrong", service.url, None)
    with pytest.raises(NeedsMerchant) as refusal:
        mailer.send(letter)
    assert str(refusal.value) == "SendGrid refuses the API key. Enter one that may send mail."
    assert service.mails == []


def test_a_refused_sender_is_for_the_merchant(mailer: SendGrid, service: SendGridService, letter: Letter) -> None:
    service.then(failing(403))
    with pytest.raises(NeedsMerchant, match="Verify the sender's address"):
        mailer.send(letter)
    assert service.mails == []


def test_a_refused_recipient_is_final_and_is_not_named(
    mailer: SendGrid, service: SendGridService, make_letter: Callable[..., Letter]
) -> None:
    service.refuse("bad@example.com")
    with pytest.raises(Terminal) as refusal:
        mailer.send(make_letter("n-1", to="bad@example.com", to_name="bad"))
    expected = "SendGrid refuses this mail (400). personalizations.0.to.0.email: … does not contain a valid address"
    assert str(refusal.value) == expected
    mailer.send(make_letter("n-2"))
    assert [mail.notice_id for mail in service.mails] == ["n-2"]


def test_a_refusal_that_names_the_recipient_is_told_without_the_names(letter: Letter) -> None:
    said = b'{"errors": [{"message": "Ada Buyer <buyer@example.com> is\\nnot known at x@y.test", "field": null}]}'
    with Listener(answer(said, "400 Bad")) as server:
        http = Http([server.address])
        with pytest.raises(Terminal) as refusal:
            SendGrid(http, "SG.test", server.url, None).send(letter)
        http.close()
    assert str(refusal.value) == "SendGrid refuses this mail (400). … <…> is not known at …"


@pytest.mark.parametrize("subject", ["", "\r\n"])
def test_a_letter_that_sendgrid_does_not_take_is_final(
    subject: str, mailer: SendGrid, service: SendGridService, make_letter: Callable[..., Letter]
) -> None:
    with pytest.raises(Terminal, match=r"^SendGrid refuses this mail \(400\)\. subject: The subject is required$"):
        mailer.send(make_letter(subject=subject))
    assert service.mails == []


@pytest.mark.parametrize("status", [400, 404, 405, 413, 415])
def test_a_refusal_without_reasons_is_still_final(
    status: int, mailer: SendGrid, service: SendGridService, letter: Letter
) -> None:
    service.then(failing(status, html=True))
    with pytest.raises(Terminal) as refusal:
        mailer.send(letter)
    assert str(refusal.value) == f"SendGrid refuses this mail ({status})."


def test_a_limit_is_waited_for_as_long_as_sendgrid_says(letter: Letter) -> None:
    given = answer(b"{}", "429 Too Many", X_RateLimit_Reset=str(EPOCH + 42), Date=DATE)
    with Listener(given) as server:
        http = Http([server.address])
        with pytest.raises(Retryable) as failure:
            SendGrid(http, "SG.test", server.url, None).send(letter)
        http.close()
    assert failure.value.after == 42.0


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"X_RateLimit_Reset": str(EPOCH - 5), "Date": DATE}, 0.0),
        ({"X_RateLimit_Reset": "soon", "Date": DATE, "Retry_After": "7"}, 7.0),
        ({"Retry_After": "7"}, 7.0),
        ({"X_RateLimit_Reset": str(EPOCH)}, None),
        ({}, None),
    ],
)
def test_a_limit_that_says_less_is_read_as_far_as_it_goes(
    headers: dict[str, str], after: float | None, letter: Letter
) -> None:
    with Listener(answer(b"", "429 Too Many", **headers)) as server:
        http = Http([server.address])
        with pytest.raises(Retryable) as failure:
            SendGrid(http, "SG.test", server.url, None).send(letter)
        http.close()
        assert failure.value.after == after
        assert len(server.requests) == 1


def test_the_service_of_the_tests_throttles_as_sendgrid_does(
    mailer: SendGrid, service: SendGridService, letter: Letter
) -> None:
    service.then(throttled(100))
    with pytest.raises(Retryable) as failure:
        mailer.send(letter)
    assert failure.value.after is not None
    assert 90 <= failure.value.after <= 101
    mailer.send(letter)
    assert service.count("n-1") == 1


@pytest.mark.parametrize("accept", [False, True])
@pytest.mark.parametrize(
    "conduct",
    [
        lambda accept: failing(500, accept=accept),
        lambda accept: failing(503, html=True, accept=accept),
        lambda accept: dropped_after(accept=accept),
    ],
    ids=["500", "503 with a page", "dropped after the body"],
)
def test_what_may_have_been_sent_is_ambiguous_and_is_not_repeated(
    conduct: Callable[[bool], Conduct], accept: bool, mailer: SendGrid, service: SendGridService, letter: Letter
) -> None:
    service.then(conduct(accept))
    with pytest.raises(Ambiguous):
        mailer.send(letter)
    assert (service.requests, service.count("n-1")) == (1, int(accept))


def test_a_connection_that_breaks_before_the_body_was_read_is_ambiguous_too(
    mailer: SendGrid, service: SendGridService, letter: Letter
) -> None:
    service.then(dropped_before())
    with pytest.raises(Ambiguous):
        mailer.send(letter)
    assert (service.requests, service.mails) == (1, [])


@pytest.mark.parametrize("accept", [False, True])
def test_a_service_that_hangs_is_ambiguous(
    accept: bool, mailer: SendGrid, service: SendGridService, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sendgrid, "SECONDS", 0.3)
    service.then(hanging(accept=accept))
    with pytest.raises(Ambiguous, match="in time"):
        mailer.send(letter)
    assert (service.requests, service.count("n-1")) == (1, int(accept))


def test_a_service_that_was_only_slow_has_sent_the_mail(
    mailer: SendGrid, service: SendGridService, letter: Letter
) -> None:
    service.then(hanging())
    ids: list[str] = []
    sending = threading.Thread(target=lambda: ids.append(mailer.send(letter)))
    sending.start()
    service.wait_for(1)
    assert ids == []
    service.release()
    sending.join()
    assert ids == [service.mails[0].message_id]


def test_a_redirect_is_not_followed_and_nothing_is_told_to_the_other_host(
    mailer: SendGrid, service: SendGridService, letter: Letter
) -> None:
    with SendGridService() as elsewhere:
        service.then(moved(f"{elsewhere.url}/v3/mail/send"))
        with pytest.raises(Retryable, match="leads elsewhere"):
            mailer.send(letter)
        assert (elsewhere.requests, service.requests, service.mails) == (0, 1, [])


@pytest.mark.parametrize("status", [200, 201, 204])
def test_only_202_says_that_a_mail_was_taken(
    status: int, mailer: SendGrid, service: SendGridService, letter: Letter
) -> None:
    service.then(failing(status))
    with pytest.raises(Ambiguous):
        mailer.send(letter)


def test_a_service_that_is_away_was_sent_nothing(letter: Letter) -> None:
    with SendGridService() as gone:
        address, url = gone.address, gone.url
    heard: list[tuple[str, str]] = []
    http = Http([address], heard=lambda *call: heard.append(call))
    with pytest.raises(Retryable, match="could not be reached"):
        SendGrid(http, "SG.test", url, None).send(letter)
    http.close()
    assert heard == [("sendgrid", "unanswered")]


@pytest.mark.parametrize(
    "conduct", [failing(400), failing(403), failing(500), throttled(1), moved("http://x.test"), dropped_before()]
)
def test_neither_errors_nor_logs_hold_the_key_or_the_recipient(
    conduct: Conduct,
    mailer: SendGrid,
    service: SendGridService,
    letter: Letter,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    service.then(conduct)
    with pytest.raises(ConnectorError) as failure:
        mailer.send(letter)
    said = repr(failure.value) + caplog.text
    assert [secret for secret in (service.api_key, letter.to, letter.to_name) if secret in said] == []


@pytest.mark.parametrize("key", ["nonsense", "bm9uc2Vuc2U=", "é"])
def test_a_key_for_events_that_is_none_is_said_at_once(key: str, http: Http) -> None:
    with pytest.raises(BadInput, match="not a public key"):
        SendGrid(http, "SG.test", "https://api.sendgrid.com", key)
