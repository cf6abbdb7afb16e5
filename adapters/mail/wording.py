"""What may stand in a mail's head, and what may not stand in a log: addresses."""

import re

from connector.domain.addresses import without_addresses
from connector.domain.errors import Terminal

CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]]+@[^\s@<>(),;:\"\[\]]+")
LONGEST_REASON = 300


def one_line(text: str) -> str:
    """A name or subject without line breaks or other control characters, which could start a new header."""
    return CONTROL.sub(" ", text).strip()


def address(text: str) -> str:
    """An address that is one address and nothing else; Terminal for any other, without repeating it."""
    if not ADDRESS.fullmatch(text):
        raise Terminal("This is not an e-mail address that can be written to")
    return text


def anonymous(text: str, *known: str) -> str:
    """A service's words on one line, without addresses and what is known of whom, cut to what a page can show."""
    return without_addresses(one_line(text), *known)[:LONGEST_REASON]
