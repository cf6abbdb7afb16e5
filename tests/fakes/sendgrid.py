"""SendGrid as its clients see it, over real HTTP: a mail API that can fail in every way, and signed events.

    with SendGridService() as sendgrid:
        mailer = SendGrid(Http([sendgrid.address]), sendgrid.api_key, sendgrid.url, sendgrid.events_key)

        sendgrid.then(throttled(2), failing(503))     # the next two requests; after them all is well again
        sendgrid.always(failing(500))                 # every request without a conduct of its own
        sendgrid.refuse("bad@example.com")            # 400 for this recipient, always
        sendgrid.latency = 0.05                       # seconds before every answer

        sendgrid.wait_for(3)                          # until three mails were accepted
        sendgrid.mails                                # accepted mails in their order
        sendgrid.count("n-1")                         # how often the mail of this notice was accepted
        sendgrid.requests                             # requests that reached the service, whatever came of them

        sendgrid.post_events(url, sendgrid.event("n-1", "delivered"))   # signed; gives the status of the answer

Conducts: `throttled`, `failing`, `moved`, `hanging` (until `release()`), `dropped_before`, `dropped_after`. With
`accept=True` the mail is taken all the same, which is what makes an answer ambiguous.
"""

import base64
import json
import socket
import struct
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LARGEST_BODY = 30_000_000
HTML_ERROR = b"<html><head><title>Error</title></head><body><h1>Service Unavailable</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Conduct:
    """What the service does with one request; a `status` of None leaves that to what was sent."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    accept: bool = False
    hang: bool = False
    drop: str = ""


def throttled(reset_in: int) -> Conduct:
    """429, to be tried again in so many seconds."""
    return Conduct(429, {"X-RateLimit-Reset": str(int(time.time()) + reset_in)}, _faults("too many requests"))


def failing(status: int = 500, *, html: bool = False, accept: bool = False) -> Conduct:
    """An error of the service, as JSON or as the page of something in front of it."""
    return Conduct(status, {}, HTML_ERROR if html else _faults("internal server error"), accept)


def moved(to: str) -> Conduct:
    """A redirect that must not be followed."""
    return Conduct(302, {"Location": to})


def hanging(*, accept: bool = True) -> Conduct:
    """No answer until `release()`; then 202 if the mail was taken, else a closed connection."""
    return Conduct(accept=accept, hang=True)


def dropped_before() -> Conduct:
    """The connection breaks before the body is read."""
    return Conduct(drop="before")


def dropped_after(*, accept: bool) -> Conduct:
    """The connection breaks after the body was read, and without an answer."""
    return Conduct(drop="after", accept=accept)


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail that the service has taken; `payload` is all of it as it was sent."""

    notice_id: str
    to: str
    subject: str
    text: str
    html: str
    message_id: str
    payload: dict[str, Any]


class SendGridService:
    """The service on a port of its own; a context manager."""

    def __init__(self, api_key: str = "SG.test") -> None:
        self.api_key = api_key
        self.latency = 0.0
        self.mails: list[SentMail] = []
        self.requests = 0
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._changed = threading.Condition()
        self._next: deque[Conduct] = deque()
        self._usual = Conduct()
        self._refused: set[str] = set()
        self._released = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.service = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        """What an allow list takes: "127.0.0.1:<port>"."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        """The root of the API."""
        return f"http://{self.address}"

    @property
    def events_key(self) -> str:
        """The public key of the event webhook, as the settings page of the service shows it."""
        der = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def then(self, *conducts: Conduct) -> None:
        """What to do with the next requests, one after the other."""
        self._next.extend(conducts)

    def always(self, conduct: Conduct | None) -> None:
        """What to do with every other request; None: what SendGrid does."""
        self._usual = conduct or Conduct()

    def refuse(self, address: str) -> None:
        """Answer 400 for this recipient."""
        self._refused.add(address)

    def release(self) -> None:
        """Let the requests that hang go on."""
        self._released.set()

    def count(self, notice_id: str) -> int:
        """How often the mail of a notice was accepted."""
        return sum(mail.notice_id == notice_id for mail in self.mails)

    def wait_for(self, mails: int, seconds: float = 20.0) -> None:
        """Wait until so many mails were accepted."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.mails) >= mails, seconds), len(self.mails)

    def wait_for_requests(self, requests: int, seconds: float = 20.0) -> None:
        """Wait until so many requests have come, whatever comes of them."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.requests >= requests, seconds), self.requests

    def event(self, notice_id: str, kind: str, at: int | None = None, **more: object) -> dict[str, object]:
        """One event about the mail of a notice; `at` is in epoch seconds (now)."""
        return {
            "email": "buyer@example.com",
            "timestamp": int(time.time()) if at is None else at,
            "event": kind,
            "sg_event_id": uuid.uuid4().hex,
            "sg_message_id": f"{uuid.uuid4().hex}.recvd-0",
            "notice_id": notice_id,
            **more,
        }

    def sign(self, body: bytes, at: int | None = None) -> dict[str, str]:
        """The headers of a genuine delivery of `body`."""
        stamp = str(int(time.time()) if at is None else at)
        signature = self._key.sign(stamp.encode() + body, ec.ECDSA(SHA256()))
        return {
            "Content-Type": "application/json",
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
        }

    def post_events(self, url: str, *events: dict[str, object], at: int | None = None) -> int:
        """Deliver events to `url` as the service does; the status of the answer."""
        body = json.dumps(events).encode()
        request = urllib.request.Request(url, body, self.sign(body, at), method="POST")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code

    def _arrive(self) -> Conduct:
        with self._changed:
            self.requests += 1
            self._changed.notify_all()
            return self._next.popleft() if self._next else self._usual

    def _accept(self, payload: dict[str, Any]) -> str:
        contents = {content["type"]: content["value"] for content in payload["content"]}
        mail = SentMail(
            notice_id=payload.get("custom_args", {}).get("notice_id", ""),
            to=payload["personalizations"][0]["to"][0]["email"],
            subject=payload["subject"],
            text=contents.get("text/plain", ""),
            html=contents.get("text/html", ""),
            message_id=uuid.uuid4().hex,
            payload=payload,
        )
        with self._changed:
            self.mails.append(mail)
            self._changed.notify_all()
        return mail.message_id

    def _judge(self, authorization: str, payload: dict[str, Any] | None) -> tuple[int, bytes]:
        if authorization != f"Bearer {self.api_key}":
            return 401, _faults("The provided authorization grant is invalid, expired, or revoked")
        if payload is None:
            return 400, _faults("Bad Request")
        fault = next(_wrong(payload, self._refused), None)
        return (202, b"") if fault is None else (400, _faults(*fault))


class _Server(ThreadingHTTPServer):
    request_queue_size = 256
    service: SendGridService


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        service = self.server.service
        conduct = service._arrive()
        length = int(self.headers["Content-Length"])
        if conduct.drop == "before":
            return self._drop()
        if length > LARGEST_BODY:
            self.close_connection = True
            return self._answer(413, {}, _faults("Payload too large"))
        payload = _json(self.rfile.read(length))
        if self.path != "/v3/mail/send":
            return self._answer(404, {}, _faults("not found"))
        if service.latency:
            time.sleep(service.latency)
        self._conduct(conduct, service, payload)
        return None

    def _conduct(self, conduct: Conduct, service: SendGridService, payload: dict[str, Any] | None) -> None:
        status, body = service._judge(self.headers.get("Authorization", ""), payload)
        wanted = status == 202 and (conduct.accept or conduct == Conduct())
        message = service._accept(payload) if payload and wanted else ""
        if conduct.hang:
            service._released.wait()
        if conduct.drop or (conduct.hang and not message):
            self._drop()
        elif conduct.status is None:
            self._answer(status, {"X-Message-Id": message} if message else {}, body)
        else:
            self._answer(conduct.status, conduct.headers, conduct.body)

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if body is HTML_ERROR else "application/json")
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drop(self) -> None:
        self.close_connection = True
        # Without lingering, so that the other side sees a reset and not an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (OSError, ValueError):  # the other side has gone, or the connection was dropped on purpose
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing: tests read what was recorded."""


def _wrong(payload: dict[str, Any], refused: set[str]) -> Any:
    people = payload.get("personalizations") or []
    if not 1 <= len(people) <= 1000:
        yield "The personalizations field is required and must have at least one personalization", "personalizations"
    for at, person in enumerate(people):
        for number, to in enumerate(person.get("to") or [{}]):
            if "@" not in to.get("email", "") or to["email"] in refused:
                where = f"personalizations.{at}.to.{number}.email"
                yield f"{to.get('email')} does not contain a valid address", where
    if "@" not in payload.get("from", {}).get("email", ""):
        yield "The from email does not contain a valid address", "from.email"
    if not payload.get("subject"):
        yield "The subject is required", "subject"
    contents = payload.get("content") or []
    if not contents or not all(content.get("value") for content in contents):
        yield "The content value must be a string at least one character in length", "content"
    if [content["type"] for content in contents] not in (["text/plain"], ["text/html"], ["text/plain", "text/html"]):
        yield "If present, text/plain must be first, followed by text/html", "content"
    if len(payload.get("categories", [])) > 10:
        yield "There is a limit of 10 categories per email", "categories"
    if not all(isinstance(value, str) for value in payload.get("custom_args", {}).values()):
        yield "The custom args values must be strings", "custom_args"


def _faults(message: str, field: str | None = None) -> bytes:
    return json.dumps({"errors": [{"message": message, "field": field, "help": None}]}).encode()


def _json(body: bytes) -> dict[str, Any] | None:
    try:
        payload = json.loads(body)
    except ValueError:
        return None
    return payload if isinstance(payload, dict) else None
