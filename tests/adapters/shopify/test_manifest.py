"""What the app asks of Shopify in its configuration is what the code needs and does."""

import re
import tomllib

from adapters.shopify import desk, policies
from adapters.shopify.access import OPTIONAL_SCOPES, SCOPES
from adapters.shopify.client import VERSION
from adapters.shopify.listing import TYPES
from adapters.shopify.manifest import MANIFEST, manifest

SAID = tomllib.loads(manifest("0123456789abcdef", "https://ours.example"))
BLOCK = MANIFEST.parent / "extensions" / "backorder-notice"


def test_the_app_asks_for_the_rights_that_the_operations_need() -> None:
    assert SAID["access_scopes"]["scopes"].split(",") == list(SCOPES)
    assert SAID["access_scopes"]["optional_scopes"] == list(OPTIONAL_SCOPES)


def test_webhooks_and_the_theme_block_speak_the_version_that_the_client_speaks() -> None:
    block = tomllib.loads((BLOCK / "shopify.extension.toml").read_text(encoding="utf-8"))
    assert (SAID["webhooks"]["api_version"], block["api_version"]) == (VERSION, VERSION)


def test_the_metafields_that_are_written_to_variants_are_defined_and_no_others() -> None:
    defined = {key: one["type"] for key, one in SAID["variant"]["metafields"]["app"].items()}
    assert defined == {**TYPES, policies.MARK: policies.TYPE}


def test_the_metafields_that_are_written_to_orders_are_defined_and_no_theme_reads_them() -> None:
    defined = SAID["order"]["metafields"]["app"]
    assert {key: one["type"] for key, one in defined.items()} == desk.TYPES
    assert [one["access"] for one in defined.values()] == [{"admin": "merchant_read"}] * 3


def test_themes_may_read_the_metafields_of_listings_alone_and_merchants_change_none() -> None:
    access = {key: one["access"] for key, one in SAID["variant"]["metafields"]["app"].items()}
    ours = {"admin": "merchant_read"}
    assert access.pop(policies.MARK) == ours
    assert access == {key: {**ours, "storefront": "public_read"} for key in TYPES}


def test_the_theme_block_reads_no_metafield_that_is_not_defined() -> None:
    liquid = (BLOCK / "blocks" / "backorder-notice.liquid").read_text(encoding="utf-8")
    read = set(re.findall(r"metafields\['\$app'\]\.(\w+)", liquid))
    assert read == set(TYPES)


def test_addresses_and_client_id_are_the_installations() -> None:
    assert (SAID["client_id"], SAID["embedded"]) == ("0123456789abcdef", True)
    assert SAID["application_url"] == "https://ours.example/shopify"
    assert SAID["auth"]["redirect_urls"] == ["https://ours.example/shopify/back"]
    assert "$" not in manifest("0123456789abcdef", "https://ours.example")


def test_what_concerns_the_app_as_a_whole_comes_to_one_address() -> None:
    (told,) = SAID["webhooks"]["subscriptions"]
    assert told["uri"] == "https://ours.example/webhooks/shopify/app"
    assert told["topics"] == ["app/uninstalled", "app/scopes_update"]
    assert told["compliance_topics"] == ["customers/data_request", "customers/redact", "shop/redact"]
