"""Mail through SendGrid's Web API v3: sent once, and what became of it by signed events."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from sendgrid.helpers.eventwebhook import EventWebhook
from sendgrid.helpers.mail import (
    Category,
    ClickTracking,
    CustomArg,
    From,
    Mail,
    OpenTracking,
    To,
    TrackingSettings,
)

from adapters.http import Answer, Http
from adapters.mail.wording import address, anonymous, one_line
from connector.domain.errors import (
    Ambiguous,
    BadInput,
    BadSignature,
    ConnectorError,
    NeedsMerchant,
    Retryable,
    Terminal,
    Unreadable,
)
from connector.domain.facts import NoticeEvent, NoticeOutcome
from connector.ports import Letter

SECONDS = 30.0
MOST_BYTES = 1_000_000
FRESH_SECONDS = 600
LAST_SECOND = 1 << 35
SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
NOTICE = "notice_id"
LATER = frozenset({408, 429})
# A deferred mail is still tried; opens, clicks and renewed subscriptions are not what became of a notice.
OUTCOMES = {
    "processed": NoticeOutcome.ACCEPTED,
    "delivered": NoticeOutcome.DELIVERED,
    "bounce": NoticeOutcome.FAILED,
    "dropped": NoticeOutcome.FAILED,
    "spamreport": NoticeOutcome.UNWANTED,
    "unsubscribe": NoticeOutcome.UNWANTED,
    "group_unsubscribe": NoticeOutcome.UNWANTED,
}
UNWANTED = {"spamreport": "reported as spam", "unsubscribe": "unsubscribed", "group_unsubscribe": "unsubscribed"}
KEY_REFUSED = "SendGrid refuses the API key. Enter one that may send mail."
SENDER_REFUSED = "SendGrid does not let this account send. Verify the sender's address, and see the account's state."


class _Fault(msgspec.Struct):
    message: str = ""
    field: str | None = None


class _Faults(msgspec.Struct):
    errors: list[_Fault] = []


class _Owner(msgspec.Struct):
    notice_id: object = None
    event: object = None


class _Event(msgspec.Struct):
    event: str
    timestamp: Annotated[int, msgspec.Meta(ge=0, lt=LAST_SECOND)]
    sg_event_id: str
    notice_id: str
    reason: str | None = None
    response: str | None = None


class SendGrid:
    """Sends letters and reads the events of those that carry a notice's id."""

    name = "sendgrid"

    def __init__(self, http: Http, api_key: str, api_url: str, events_key: str | None) -> None:
        """`events_key` is the public key that SendGrid shows for its signed event webhook; BadInput if it is none."""
        self._http = http.of(self.name)
        self._url = f"{api_url.rstrip('/')}/v3/mail/send"
        self._headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
        self._webhook = _webhook(events_key) if events_key else None

    def send(self, letter: Letter) -> str:
        """SendGrid's id of a mail that it has queued (202, and nothing else, says so).

        Raises Retryable where it was not taken and may be later, NeedsMerchant for the key or the sender,
        Terminal for the letter, Ambiguous where it may have been taken.
        """
        body = msgspec.json.encode(_mail(letter).get())
        answer = self._http.request(
            "POST", self._url, headers=self._headers, body=body, timeout=SECONDS, max_bytes=MOST_BYTES
        )
        if answer.status != 202:
            raise _refusal(answer, letter)
        return answer.headers.get("x-message-id", "")

    def events(self, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[NoticeEvent, ...]:
        """The events about our notices; BadSignature unless signed within ten minutes, Unreadable if not events."""
        self._verify({name.lower(): value for name, value in headers.items()}, body, now)
        try:
            entries = msgspec.json.decode(body, type=list[msgspec.Raw])
            found = [_event(entry) for entry in entries if _is_ours(entry)]
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as failure:
            raise Unreadable(f"The events are not what SendGrid documents: {failure}") from None
        return tuple(found)

    def _verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        signature, stamp = headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, "")
        try:
            fresh = abs(now.timestamp() - int(stamp)) <= FRESH_SECONDS
            genuine = self._webhook is not None and self._webhook.verify_signature(
                body.decode("utf-8"), signature, stamp
            )
        except (ValueError, TypeError, OverflowError):
            fresh = genuine = False
        if not (fresh and genuine):
            raise BadSignature("This is not a fresh delivery signed by SendGrid")


def _webhook(events_key: str) -> EventWebhook:
    try:
        return EventWebhook(events_key.strip())
    except (ValueError, TypeError):
        raise BadInput("SendGrid's key for events is not a public key in base64") from None


def _mail(letter: Letter) -> Mail:
    mail = Mail(
        from_email=From(address(letter.sender), one_line(letter.sender_name) or None),
        to_emails=To(address(letter.to), one_line(letter.to_name) or None),
        subject=one_line(letter.subject),
        plain_text_content=letter.text or None,
        html_content=letter.html or None,
    )
    mail.add_custom_arg(CustomArg(NOTICE, letter.notice_id))
    if letter.category:
        mail.add_category(Category(letter.category))
    # The links in a notice are keys to an order: they are not to be rewritten, nor counted elsewhere.
    tracking = TrackingSettings()
    tracking.click_tracking = ClickTracking(enable=False, enable_text=False)
    tracking.open_tracking = OpenTracking(enable=False)
    mail.tracking_settings = tracking
    return mail


def _refusal(answer: Answer, letter: Letter) -> ConnectorError:
    status = answer.status
    if status in LATER:
        return Retryable("SendGrid asks us to wait", _reset(answer))
    if status == 401:
        return NeedsMerchant(KEY_REFUSED)
    if status == 403:
        return NeedsMerchant(SENDER_REFUSED)
    if status in range(300, 400):
        return Retryable(f"SendGrid's address leads elsewhere ({status}), so nothing was sent")
    if status in range(400, 500):
        return Terminal(f"SendGrid refuses this mail ({status}). {_faults(answer, letter)}".strip())
    return Ambiguous(f"SendGrid answered {status}; the mail may have been taken")


def _reset(answer: Answer) -> float | None:
    # An epoch second by SendGrid's clock, so it is counted from the clock of the same answer.
    reset = answer.headers.get("x-ratelimit-reset", "")
    if answer.date is None or not (reset.isascii() and reset.isdigit()):
        return answer.retry_after
    return max(0.0, int(reset) - answer.date.timestamp())


def _faults(answer: Answer, letter: Letter) -> str:
    try:
        faults = answer.json(_Faults).errors
    except Unreadable:
        return ""
    said = "; ".join(f"{fault.field}: {fault.message}" if fault.field else fault.message for fault in faults)
    return anonymous(said, letter.to, letter.to_name)


def _is_ours(entry: msgspec.Raw) -> bool:
    """Whether it says what became of a notice: what is of no use need not be whole, and must not cost the others."""
    found = msgspec.json.decode(entry, type=_Owner)
    return isinstance(found.notice_id, str) and (not isinstance(found.event, str) or found.event in OUTCOMES)


def _event(entry: msgspec.Raw) -> NoticeEvent:
    event = msgspec.json.decode(entry, type=_Event, strict=False)
    outcome = OUTCOMES[event.event]
    at = datetime.fromtimestamp(event.timestamp, UTC)
    said = UNWANTED.get(event.event) or anonymous(event.reason or event.response or "")
    return NoticeEvent(event.sg_event_id, event.notice_id, outcome, at, said)
