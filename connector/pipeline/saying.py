"""Errors in the words that are kept on a row and shown to the merchant."""

from connector.domain.errors import ConnectorError


def in_words(error: Exception) -> str:
    """Our own errors speak for themselves; of all others only the name is told, their texts may hold anything."""
    return str(error) if isinstance(error, ConnectorError) else f"{type(error).__name__} in the connector"


def given_up(attempts: int) -> str:
    """What was tried so many times is tried no more."""
    return f"Given up after {attempts} {'try' if attempts == 1 else 'tries'}"
