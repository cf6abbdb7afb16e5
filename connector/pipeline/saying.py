"""Errors in the words that are kept on a row and shown to the merchant."""

from datetime import datetime

from connector.domain.errors import ConnectorError
from connector.domain.wording import counted
from connector.store import problems
from connector.store.engine import Tx
from connector.store.outbox import OutboxRow


def in_words(error: Exception) -> str:
    """Our own errors speak for themselves; of all others only the name is told, their texts may hold anything."""
    return str(error) if isinstance(error, ConnectorError) else f"{type(error).__name__} in the connector"


def given_up(attempts: int) -> str:
    """What was tried so many times is tried no more."""
    return f"Given up after {counted(attempts, 'try', 'tries')}"


def report_given_up(tx: Tx, store: str, row: OutboxRow, why: str, now: datetime) -> None:
    """Show the merchant an effect that is a dead letter; the desk can have it tried again."""
    problems.report(tx, store, "dead_letter", f"outbox:{row.id}", f"{given_up(row.attempts)}: {why}", now)


def report_doubled(tx: Tx, store: str, row: OutboxRow, why: str, now: datetime) -> None:
    """The same of a message that may have been sent by each try."""
    said = f"A message may have gone out more than once. {given_up(row.attempts)}: {why}"
    problems.report(tx, store, "dead_letter", f"outbox:{row.id}", said, now)
