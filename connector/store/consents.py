"""Merchants who are on their way to their store and back: which store each means, and the keys that it sent."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from connector.store.engine import Tx
from connector.store.tables import consents
from connector.store.vault import Vault

LASTS = timedelta(minutes=15)
BYTES = 32


@dataclass(frozen=True, slots=True)
class Waiting:
    """A merchant who has not come back yet; `keys` is None until the store has sent them."""

    platform: str
    address: str
    keys: Mapping[str, str] | None = field(repr=False)


def begin(tx: Tx, platform: str, address: str, now: datetime) -> str:
    """A number that nobody can guess, which stands for one way to this store and back."""
    tx.execute(sa.delete(consents).where(consents.c.expires_at <= now))
    nonce = secrets.token_hex(BYTES)
    values = {"platform": platform, "address": address, "expires_at": now + LASTS}
    tx.execute(sa.insert(consents).values(digest=_digest(nonce), **values))
    return nonce


def keep(tx: Tx, vault: Vault, platform: str, nonce: str, keys: Mapping[str, str], now: datetime) -> bool:
    """Keep the keys that came for a number; False where none are awaited for it."""
    c, sealed = consents.c, vault.seal(_digest(nonce), "consent", keys)
    awaited = sa.and_(c.digest == _digest(nonce), c.platform == platform, c.sealed.is_(None), c.expires_at > now)
    return tx.execute(sa.update(consents).where(awaited).values(sealed=sealed)).rowcount == 1


def look_up(tx: Tx, vault: Vault, nonce: str, now: datetime) -> Waiting | None:
    """What a number stands for; None where it stands for nothing any more."""
    here = sa.and_(consents.c.digest == _digest(nonce), consents.c.expires_at > now)
    row = tx.execute(sa.select(consents).where(here)).one_or_none()
    if row is None:
        return None
    keys = None if row.sealed is None else vault.open(row.digest, "consent", row.sealed)
    return Waiting(row.platform, row.address, keys)


def end(tx: Tx, nonce: str) -> None:
    """The number stands for nothing any more."""
    tx.execute(sa.delete(consents).where(consents.c.digest == _digest(nonce)))


def _digest(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()
