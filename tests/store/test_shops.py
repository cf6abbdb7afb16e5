"""Stores keep what they are known by when they are connected again, and their settings are right or unchanged."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from connector.domain.errors import BadInput, NeedsMerchant
from connector.domain.settings import Settings
from connector.pipeline.connector import Connector
from connector.ports import StoreAccess, StoreProfile
from connector.store import shops
from connector.store.shops import Shop
from connector.store.tables import metadata, secrets
from connector.store.vault import Vault
from tests.conftest import NOW, open_shop

PROFILE = StoreProfile("New name", "Asia/Tokyo", "JPY", "2")


def again(connector: Connector, access: StoreAccess) -> tuple[Shop, StoreAccess]:
    """The tests' store, connected again now."""
    with connector.db.begin() as tx:
        return shops.add(tx, connector.vault, "stall", access, PROFILE, NOW)


def test_a_new_store_has_an_address_for_webhooks_that_nobody_guesses(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, "https://other.example")
    assert len({shop.id, other.id, shop.hook_token, other.hook_token}) == 4
    assert len(shop.hook_token) == 40
    assert shop.hook_token not in repr(shop)


def test_a_new_store_starts_with_its_own_time_zone_and_all_else_by_default(connector: Connector) -> None:
    with connector.db.begin() as tx:
        made, _ = shops.add(tx, connector.vault, "stall", StoreAccess("https://x.example", {}), PROFILE, NOW)
    assert made.settings == Settings(timezone="Asia/Tokyo")
    assert (made.name, made.currency, made.version, made.status) == ("New name", "JPY", "2", "active")
    assert (made.connected_at, made.reconciled_at, made.progress) == (NOW, None, {})


def test_connecting_again_keeps_id_hook_secret_and_first_day_and_takes_the_new_credentials(
    connector: Connector, shop: Shop
) -> None:
    known, access = again(connector, StoreAccess(shop.address, {"key": "new"}))
    assert (known.id, known.hook_token, known.connected_at) == (shop.id, shop.hook_token, shop.connected_at)
    assert access == StoreAccess(shop.address, {"key": "new"}, "hook secret")
    with connector.db.begin() as tx:
        assert shops.access_of(tx, connector.vault, known) == access


def test_connecting_again_takes_the_platforms_own_new_hook_secret(connector: Connector, shop: Shop) -> None:
    _, access = again(connector, StoreAccess(shop.address, {"key": "new"}, "rotated"))
    assert access.hook_secret == "rotated"


def test_connecting_again_takes_the_new_name_and_leaves_the_settings(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"timezone": "Europe/Berlin", "improve_days": 3})
        shops.set_status(tx, shop.id, "closed")
    known, _ = again(connector, StoreAccess(shop.address, {"key": "new"}))
    assert (known.name, known.version, known.status) == ("New name", "2", "active")
    assert known.settings == Settings(timezone="Europe/Berlin", improve_days=3, cold_start_days=0)


def test_a_store_whose_secret_cannot_be_opened_gets_a_new_one(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        vault = Vault("another secret, long enough, of the tests")
        _, access = shops.add(tx, vault, "stall", StoreAccess(shop.address, {"key": "new"}), PROFILE, NOW)
    assert access.hook_secret != "hook secret"
    assert len(access.hook_secret) == 64
    assert set(access.hook_secret) <= set("0123456789abcdef")


def test_the_same_address_on_another_platform_is_another_store(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, shop.address, platform="kiosk")
    assert other.id != shop.id


def test_credentials_are_kept_nowhere_but_in_the_vault(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        kept = tx.execute(sa.select(metadata.tables["stores"])).one()
    assert "hook secret" not in repr(kept)
    assert "ck" not in repr([value for name, value in kept._mapping.items() if name != "hook_token"])


def test_access_without_credentials_needs_the_merchant(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        tx.execute(secrets.delete())
        with pytest.raises(NeedsMerchant):
            shops.access_of(tx, connector.vault, shop)


def test_a_store_is_found_by_platform_and_token_together(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        assert shops.by_token(tx, "stall", shop.hook_token) == shop
        assert shops.by_token(tx, "kiosk", shop.hook_token) is None
        assert shops.by_token(tx, "stall", shop.hook_token[:-1]) is None


def test_a_store_that_there_is_not_is_bad_input(connector: Connector) -> None:
    with connector.db.begin() as tx, pytest.raises(BadInput, match=r"^there is no store s404$"):
        shops.get(tx, "s404")


def test_stores_are_listed_oldest_first(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        old = StoreAccess("https://old.example", {})
        older, _ = shops.add(tx, connector.vault, "stall", old, PROFILE, NOW - timedelta(days=9))
        assert [one.id for one in shops.every(tx)] == [older.id, shop.id]


def test_one_setting_is_changed_and_the_others_stay(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"improve_days": "3"})
        assert shops.change_settings(tx, shop.id, {"notify_customers": False}) == Settings(
            improve_days=3, notify_customers=False, cold_start_days=0
        )
        assert shops.get(tx, shop.id).settings == Settings(improve_days=3, notify_customers=False, cold_start_days=0)


def test_where_one_setting_is_wrong_none_is_changed(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        with pytest.raises(BadInput, match=r"^settings\.improve_days: "):
            shops.change_settings(tx, shop.id, {"notify_customers": False, "improve_days": "soon"})
        assert shops.get(tx, shop.id).settings == Settings(cold_start_days=0)


def test_progress_is_kept_as_it_was_given(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        shops.set_progress(tx, shop.id, {"products_cursor": "p2", "products_count": 7})
        assert shops.get(tx, shop.id).progress == {"products_cursor": "p2", "products_count": 7}


def test_what_an_earlier_version_took_and_nobody_can_mean_counts_as_not_set(connector: Connector, shop: Shop) -> None:
    kept = {"capture_filled": "stripe;paypal", "improve_days": 3, "colour": "blue"}
    with connector.db.begin() as tx:
        tx.execute(sa.update(metadata.tables["stores"]).values(settings=kept))
        assert shops.get(tx, shop.id).settings == Settings(improve_days=3)
        assert shops.change_settings(tx, shop.id, {"buffer_days": 2}) == Settings(improve_days=3, buffer_days=2)
        with pytest.raises(BadInput):
            shops.change_settings(tx, shop.id, {"capture_filled": "stripe;paypal"})
