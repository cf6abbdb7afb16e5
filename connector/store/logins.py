"""Logins by a link: the token goes to the merchant, only its digest stays here, and it opens the desk once."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from connector.store.engine import Tx
from connector.store.tables import logins

TOKEN_BYTES = 32
STAY = timedelta(hours=12)


def issue(tx: Tx, store: str, now: datetime, minutes: int = 15) -> str:
    """A token that opens a store's desk once within `minutes`."""
    _forget(tx, store, now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    tx.execute(
        sa.insert(logins).values(digest=digest(token), store=store, expires_at=now + timedelta(minutes=minutes))
    )
    return token


def redeem(tx: Tx, token: str, now: datetime) -> str | None:
    """The store that a token opens, and no second time; None where it opens nothing."""
    unused = sa.and_(logins.c.digest == digest(token), logins.c.used_at.is_(None), logins.c.expires_at > now)
    store: str | None = tx.scalar(sa.update(logins).where(unused).values(used_at=now).returning(logins.c.store))
    return store


def digest(token: str) -> str:
    """What is kept of a token; it names the session that the token has opened, and opens nothing itself."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_open(tx: Tx, store: str, session: str, now: datetime) -> bool:
    """Whether a session of a store lasts; `session` is the digest of the token that opened it."""
    here = sa.and_(logins.c.digest == session, logins.c.store == store, logins.c.used_at > now - STAY)
    return tx.scalar(sa.select(sa.exists().where(here))) is True


def end(tx: Tx, session: str) -> None:
    """End a session, wherever copies of its cookie may be."""
    tx.execute(sa.delete(logins).where(logins.c.digest == session))


def _forget(tx: Tx, store: str, now: datetime) -> None:
    unused = sa.and_(logins.c.used_at.is_(None), logins.c.expires_at <= now)
    over = logins.c.used_at <= now - STAY
    tx.execute(sa.delete(logins).where(logins.c.store == store, sa.or_(unused, over)))
