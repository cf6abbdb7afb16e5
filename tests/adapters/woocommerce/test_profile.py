"""What a store says about itself, to keys that may see all of it and to keys that may not."""

import pytest

from connector.domain.errors import NeedsMerchant, Retryable
from connector.ports import StoreProfile
from tests.adapters.woocommerce.conftest import Scripted, Shopfront, Talking
from tests.adapters.woocommerce.recorded import recordings

FORBIDDEN = {"code": "woocommerce_rest_cannot_view", "message": "Sorry", "data": {"status": 403}}


def test_a_store_names_itself(front: Shopfront) -> None:
    assert front.platform.profile(front.access) == StoreProfile("Practice Store", "UTC", "USD", "11.0.1")


def test_a_recorded_status_is_understood(talking: Talking, scripted: Scripted) -> None:
    scripted.says("products", [])
    scripted.says("system_status", recordings("rest_system_status_excerpt")[0]["body_raw"])
    scripted.says("/wp-json/", {"name": "Laden", "timezone_string": "Europe/Berlin", "gmt_offset": 1})
    platform, access = talking
    assert platform.profile(access) == StoreProfile("Laden", "Europe/Berlin", "USD", "11.0.1")


def test_a_key_that_may_only_see_products_is_enough(talking: Talking, scripted: Scripted) -> None:
    scripted.says("products", [])
    scripted.says("system_status", FORBIDDEN, 403)
    scripted.says("data/currencies/current", {"code": "EUR"})
    scripted.says("/wp-json/", "<html>Blocked</html>", 403)
    platform, access = talking
    assert platform.profile(access) == StoreProfile("127.0.0.1", "UTC", "EUR", "")


def test_what_nobody_may_see_is_empty(talking: Talking, scripted: Scripted) -> None:
    scripted.says("products", [])
    scripted.says("*", FORBIDDEN, 403)
    platform, access = talking
    assert platform.profile(access) == StoreProfile("127.0.0.1", "UTC", "", "")


def test_a_key_that_cannot_read_products_is_refused(talking: Talking, scripted: Scripted) -> None:
    scripted.says("*", FORBIDDEN, 401)
    platform, access = talking
    with pytest.raises(NeedsMerchant, match="shop manager"):
        platform.profile(access)
    assert len(scripted.seen) == 1


def test_a_store_that_is_away_is_not_taken_for_a_poor_one(talking: Talking, scripted: Scripted) -> None:
    scripted.says("products", [])
    scripted.says("/wp-json/", {"name": "Laden"})
    scripted.says("system_status", "<html>Fatal</html>", 500)
    platform, access = talking
    with pytest.raises(Retryable):
        platform.profile(access)


@pytest.mark.parametrize(
    ("offset", "zone"),
    [
        (0, "UTC"),
        ("", "UTC"),
        ("0", "UTC"),
        (2, "Etc/GMT-2"),
        ("-5", "Etc/GMT+5"),
        (5.5, "Asia/Kolkata"),
        ("5.75", "Asia/Kathmandu"),
        (0.25, "UTC"),
        (99, "UTC"),
        ("nan", "UTC"),
        ("soon", "UTC"),
    ],
)
def test_a_bare_offset_has_a_zone(offset: object, zone: str, talking: Talking, scripted: Scripted) -> None:
    scripted.says("products", [])
    scripted.says("system_status", {"settings": {"currency": "USD"}})
    scripted.says("/wp-json/", {"name": "Laden", "timezone_string": "", "gmt_offset": offset})
    platform, access = talking
    assert platform.profile(access).timezone == zone
