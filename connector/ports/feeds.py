"""What a feed's format and source have to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from connector.domain.facts import SupplyRow


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of a feed that cannot be used, by its line number in the file (the header is line 1), and why.

    `unread` is the SKU of a row that means something which cannot be read, and its reference (None: not readable
    either); then what was said of them before still counts.
    """

    line: int
    reason: str
    unread: tuple[str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class FeedRows:
    """What a format read out of a file."""

    rows: tuple[SupplyRow, ...]
    rejected: tuple[Rejected, ...]


class FeedFormat(Protocol):
    """How to read a supplier's file."""

    name: str

    def read(self, body: bytes, mapping: Mapping[str, str], charset: str | None) -> FeedRows:
        """Rows by the merchant's mapping (our field name -> the file's column); Unreadable for a wrong file."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What lets a source say "nothing new"."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A supplier's file; `charset` where the transport named one."""

    body: bytes
    validators: Validators
    charset: str | None = None


class FeedSource(Protocol):
    """Where a supplier's file comes from."""

    name: str

    def handles(self, url: str) -> bool:
        """Whether this source reads such addresses."""

    def check(self, url: str) -> None:
        """Nothing, for an address that may be read; Terminal or Retryable for another. Nothing is sent."""

    def fetch(self, url: str, validators: Validators) -> Fetched | None:
        """The file, or None where it has not changed."""
