"""Secrets at rest open only where they were put, and only with this installation's secret."""

import pytest
import sqlalchemy as sa

from connector.domain.errors import NeedsMerchant
from connector.pipeline.connector import Connector
from connector.store.shops import Shop
from connector.store.tables import secrets
from connector.store.vault import Vault
from tests.conftest import open_shop

VALUE = {"key": "ck_1", "secret": "cs_ünïcode"}
GONE = "the credentials of this store are not there; connect the store again"
SHUT = "the credentials of this store cannot be opened; connect the store again"


def test_what_was_put_is_what_is_got(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        connector.vault.put(tx, shop.id, "other", VALUE)
        assert connector.vault.get(tx, shop.id, "other") == VALUE


def test_a_later_value_replaces_the_earlier_one(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        connector.vault.put(tx, shop.id, "other", {"key": "old"})
        connector.vault.put(tx, shop.id, "other", VALUE)
        assert connector.vault.get(tx, shop.id, "other") == VALUE


def test_nothing_readable_is_kept_and_no_two_sealings_are_alike(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        sealed = []
        for _ in range(2):
            connector.vault.put(tx, shop.id, "other", VALUE)
            sealed.append(bytes(tx.scalar(sa.select(secrets.c.sealed).where(secrets.c.name == "other"))))
    assert b"ck_1" not in sealed[0]
    assert sealed[0] != sealed[1]


def test_a_value_that_is_not_there_needs_the_merchant(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx, pytest.raises(NeedsMerchant) as refused:
        connector.vault.get(tx, shop.id, "nothing")
    assert str(refused.value) == GONE


def test_a_sealed_value_that_was_moved_to_another_store_does_not_open(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, "https://other.example")
    with connector.db.begin() as tx:
        stolen = tx.scalar(sa.select(secrets.c.sealed).where(secrets.c.store == shop.id))
        tx.execute(secrets.update().where(secrets.c.store == other.id).values(sealed=stolen))
        with pytest.raises(NeedsMerchant) as refused:
            connector.vault.get(tx, other.id, "access")
        assert str(refused.value) == SHUT
        assert connector.vault.get(tx, shop.id, "access")["key"] == "ck"


def test_a_sealed_value_that_was_moved_to_another_name_does_not_open(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        tx.execute(secrets.update().values(name="sessions"))
        with pytest.raises(NeedsMerchant) as refused:
            connector.vault.get(tx, shop.id, "sessions")
    assert str(refused.value) == SHUT


@pytest.mark.parametrize("place", [0, 12, -1])
def test_a_sealed_value_that_was_touched_does_not_open(connector: Connector, shop: Shop, place: int) -> None:
    with connector.db.begin() as tx:
        sealed = bytearray(tx.scalar(sa.select(secrets.c.sealed)))
        sealed[place] ^= 1
        tx.execute(secrets.update().values(sealed=bytes(sealed)))
        with pytest.raises(NeedsMerchant) as refused:
            connector.vault.get(tx, shop.id, "access")
    assert str(refused.value) == SHUT


@pytest.mark.parametrize("sealed", [b"", b"short"])
def test_a_sealed_value_that_was_cut_off_does_not_open(connector: Connector, shop: Shop, sealed: bytes) -> None:
    with connector.db.begin() as tx:
        tx.execute(secrets.update().values(sealed=sealed))
        with pytest.raises(NeedsMerchant) as refused:
            connector.vault.get(tx, shop.id, "access")
    assert str(refused.value) == SHUT


def test_another_master_secret_opens_nothing(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx, pytest.raises(NeedsMerchant) as refused:
        Vault("another secret, long enough, of the tests").get(tx, shop.id, "access")
    assert str(refused.value) == SHUT
