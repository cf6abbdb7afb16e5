"""What a mail service has to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from connector.domain.facts import NoticeEvent


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail, ready to go; `notice_id` goes along as an opaque id and comes back in events."""

    notice_id: str
    to: str
    to_name: str
    sender: str
    sender_name: str
    subject: str
    text: str
    html: str
    category: str


class Mailer(Protocol):
    """A mail service. `send` raises Retryable, Terminal, or Ambiguous where it may have been sent.

    Neither errors nor details of events need name an address; those that do are shown without it.
    """

    name: str

    def send(self, letter: Letter) -> str:
        """The service's own id of the accepted mail ("" where it gives none)."""

    def events(self, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[NoticeEvent, ...]:
        """The events in a delivery of the service; BadSignature for what is not genuine."""
