"""Rows of a supplier's file that cannot be used, in words for the merchant."""

from collections.abc import Sequence

from connector.ports import Rejected

SHOWN = 20


def rejected_words(supplier: str, rejected: Sequence[Rejected]) -> str | None:
    """How many they are, some with their reasons, and what counts instead; None where there are none."""
    if not rejected:
        return None
    some = "; ".join(f"line {one.line}: {one.reason}" for one in rejected[:SHOWN])
    more = f" and {len(rejected) - SHOWN} more" if len(rejected) > SHOWN else ""
    kept = " What was said before of the SKUs that they name still counts." if any(map(_is_unread, rejected)) else ""
    return f"The feed of {supplier} has rows that cannot be used: {some}{more}.{kept}"


def _is_unread(one: Rejected) -> bool:
    return one.unread is not None
