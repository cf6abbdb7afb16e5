"""Secrets at rest: AES-GCM, bound to the store and the name that they belong to."""

import os
from collections.abc import Mapping

import msgspec
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.dialects.postgresql import insert

from connector.domain.errors import NeedsMerchant
from connector.store.engine import Tx
from connector.store.tables import secrets

NONCE_BYTES = 12


class Vault:
    """Seals and opens small JSON values; a sealed value moved to another row does not open."""

    def __init__(self, master: str) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"backorder vault 1").derive(master.encode())
        self._cipher = AESGCM(key)

    def put(self, tx: Tx, store: str, name: str, value: Mapping[str, str]) -> None:
        """Keep a value under a store and a name."""
        sealed = self.seal(store, name, value)
        row = insert(secrets).values(store=store, name=name, sealed=sealed)
        tx.execute(row.on_conflict_do_update(index_elements=["store", "name"], set_={"sealed": sealed}))

    def get(self, tx: Tx, store: str, name: str) -> Mapping[str, str]:
        """The value; NeedsMerchant where it is not there, or cannot be opened with this installation's secret."""
        found = self.find(tx, store, name)
        if found is None:
            raise NeedsMerchant("the credentials of this store are not there; connect the store again")
        return found

    def find(self, tx: Tx, store: str, name: str) -> Mapping[str, str] | None:
        """The value, None where it is not there; NeedsMerchant as for `get`."""
        query = sa.select(secrets.c.sealed).where(secrets.c.store == store, secrets.c.name == name)
        sealed = tx.scalar(query)
        return None if sealed is None else self.open(store, name, sealed)

    def seal(self, owner: str, name: str, value: Mapping[str, str]) -> bytes:
        """A value that opens under this owner and name only."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, msgspec.json.encode(dict(value)), _bound(owner, name))

    def open(self, owner: str, name: str, sealed: bytes) -> Mapping[str, str]:
        """What was sealed; NeedsMerchant where this installation's secret does not open it."""
        try:
            plain = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound(owner, name))
        except (InvalidTag, ValueError) as error:  # ValueError: not even long enough to have been sealed
            raise NeedsMerchant("the credentials of this store cannot be opened; connect the store again") from error
        return msgspec.json.decode(plain, type=dict[str, str])


def _bound(store: str, name: str) -> bytes:
    return f"{store}\x00{name}".encode()
