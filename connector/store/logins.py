"""Links that open the desk once: only their digests are kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from connector.store.engine import Tx
from connector.store.tables import logins

TOKEN_BYTES = 32


def issue(tx: Tx, store: str, now: datetime, minutes: int = 15) -> str:
    """A token that opens a store's desk once within `minutes`."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    tx.execute(
        sa.insert(logins).values(digest=_digest(token), store=store, expires_at=now + timedelta(minutes=minutes))
    )
    return token


def redeem(tx: Tx, token: str, now: datetime) -> str | None:
    """The store that a token opens, and no second time; None where it opens nothing."""
    unused = sa.and_(logins.c.digest == _digest(token), logins.c.used_at.is_(None), logins.c.expires_at > now)
    return tx.scalar(sa.update(logins).where(unused).values(used_at=now).returning(logins.c.store))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
