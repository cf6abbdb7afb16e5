"""The settings' table: every entry reads its own default, and a bad value is refused by name."""

from dataclasses import asdict, fields
from typing import Any

import pytest

from connector.domain.entries import Setting
from connector.domain.errors import BadInput
from connector.domain.settings import SETTINGS, Settings, read_settings

EXEMPTIONS = "must look like FERN-*=growing,SETUP=service, each one of subscription, growing, service"

SEGMENTS = "must be names of segments between commas, such as b2b,wholesale"
STANCES = "must look like b2b=win,dtc=fill, each one of win, gain, redistribute, fill, lose"
GATEWAYS = "must be ids of payment methods between commas, such as stripe,ppcp-gateway"


def by_name(entry: Setting) -> str:
    """An entry's name, for the test's own."""
    return entry.name


@pytest.mark.parametrize("entry", SETTINGS, ids=by_name)
def test_every_entry_reads_its_own_default_as_a_form_shows_it(entry: Setting) -> None:
    text = ("yes" if entry.default else "no") if isinstance(entry.default, bool) else str(entry.default)
    assert entry.parse(text) == entry.default


@pytest.mark.parametrize("entry", SETTINGS, ids=by_name)
def test_every_entry_reads_its_own_default_as_json_keeps_it(entry: Setting) -> None:
    assert read_settings({entry.name: entry.default}) == Settings()


@pytest.mark.parametrize("entry", SETTINGS, ids=by_name)
def test_every_entry_is_explained_in_a_sentence(entry: Setting) -> None:
    assert entry.help.endswith(".")
    assert entry.help[0].isupper()


@pytest.mark.parametrize("entry", [entry for entry in SETTINGS if entry.choices], ids=by_name)
def test_every_choice_can_be_chosen(entry: Setting) -> None:
    assert [entry.parse(choice) for choice in entry.choices] == list(entry.choices)


def test_the_table_has_every_setting_once() -> None:
    assert [entry.name for entry in SETTINGS] == [field.name for field in fields(Settings)]


def test_settings_that_were_read_are_read_again_to_the_same() -> None:
    settings = read_settings({"timezone": "Europe/Berlin", "improve_days": "3", "notify_customers": "off"})
    assert settings == Settings(timezone="Europe/Berlin", improve_days=3, notify_customers=False)
    assert read_settings(asdict(settings)) == settings


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("timezone", "Mars/Olympus", "must be a time zone such as Europe/Berlin"),
        ("timezone", "", "must be a time zone such as Europe/Berlin"),
        ("timezone", "../../etc/passwd", "must be a time zone such as Europe/Berlin"),
        ("timezone", "America", "must be a time zone such as Europe/Berlin"),
        ("timezone", "localtime", "must be a time zone such as Europe/Berlin"),
        ("timezone", "Factory", "must be a time zone such as Europe/Berlin"),
        ("timezone", "posixrules", "must be a time zone such as Europe/Berlin"),
        ("timezone", "right/Europe/Berlin", "must be a time zone such as Europe/Berlin"),
        ("segments", "b\x002b=win", "must be one line of at most 1000 characters"),
        ("classes", "b2b", "must be a whole number from -1000 to 1000"),
        ("classes", "=3", "must look like b2b=5,dtc=30"),
        ("sla_days", "b2b=0", "must be a whole number from 1 to 3650"),
        ("cut_off", "4pm", "must be a time such as 16:00, or empty"),
        ("cut_off", "24:00", "must be a time such as 16:00, or empty"),
        (
            "fill_order",
            "fairest",
            "must be one of first_come, priority, complete_most, nearest_deadline, segments",
        ),
        ("improve_days", "0", "must be a whole number from 1 to 365"),
        ("improve_days", "366", "must be a whole number from 1 to 365"),
        ("improve_days", "7.5", "must be a whole number from 1 to 365"),
        ("improve_days", "²", "must be a whole number from 1 to 365"),
        ("improve_days", "--7", "must be a whole number from 1 to 365"),
        ("improve_days", "9" * 5000, "must be a whole number from 1 to 365"),
        ("settle_seconds", -1, "must be a whole number from 0 to 3600"),
        ("notify_customers", "maybe", "must be yes or no"),
        ("write_listings", 2, "must be yes or no"),
        ("sender_name", "Lamps\r\nBcc: all@example.com", "must be one line of at most 120 characters"),
        ("sender_name", "x" * 121, "must be one line of at most 120 characters"),
        ("sender_name", None, "must be a text, a number, true or false"),
        ("sender_name", ["Lamps"], "must be a text, a number, true or false"),
        ("exempt_skus", "FERN", EXEMPTIONS),
        ("exempt_skus", "FERN=cod", EXEMPTIONS),
        ("exempt_skus", "A*B=growing", "A*B: a star stands for any ending, and only at the end, such as FERN-*"),
        ("exempt_skus", "FERN-*=growing,FERN-*=service", "names FERN-* twice"),
        ("exempt_segments", "b2b;vip", SEGMENTS),
        ("exempt_segments", "b2b=win", SEGMENTS),
        ("segments", "b2b;dtc=win", STANCES),
        ("segments", "b2b=win,b2b=lose", "names b2b twice"),
        ("classes", "b2b=5,b2b=6", "names b2b twice"),
        ("sla_days", "b2*=5", "must look like b2b=5,dtc=30"),
        ("segment_of", "role:wholesale;role:vip=b2b", "role:wholesale;role:vip=b2b names nothing that there can be"),
        ("segment_of", "order:_vat;x=b2b", "order:_vat;x=b2b names nothing that there can be"),
        ("capture_filled", "stripe;paypal", GATEWAYS),
        ("capture_filled", "stripe paypal", GATEWAYS),
        ("capture_filled", "stripe*", GATEWAYS),
        ("sender_email", "orders", "must be an e-mail address such as orders@example.com"),
        ("sender_email", "a@b.example, c@d.example", "must be an e-mail address such as orders@example.com"),
        ("sender_email", "a@b.example\nBcc: c", "must be an e-mail address such as orders@example.com"),
    ],
)
def test_a_bad_value_names_the_entry_and_what_it_must_be(name: str, value: Any, expected: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_settings({name: value})
    assert str(refused.value) == f"settings.{name}: {expected}"


@pytest.mark.parametrize(
    ("sku", "why"),
    [("FERN-1", "growing"), ("FERN-", "growing"), ("SETUP", "service"), ("SETUP-2", None), ("fern-1", None)],
)
def test_a_sku_is_left_out_by_its_name_or_how_it_begins(sku: str, why: str | None) -> None:
    assert read_settings({"exempt_skus": "FERN-*=growing, SETUP=service"}).exemption_of(sku) == why


def test_names_between_commas_may_have_spaces_around_them() -> None:
    read = read_settings({"capture_filled": " stripe , ppcp-gateway ", "exempt_segments": "b2b, big shops,"})
    assert read.authorising == {"stripe", "ppcp-gateway"}
    assert read.businesses == {"b2b", "big shops"}
    assert read_settings({"segments": "b2b = win , dtc=fill"}).stances == {"b2b": "win", "dtc": "fill"}


def test_a_setting_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match=r"^settings\.colour: there is no such setting$"):
        read_settings({"colour": "blue"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [("yes", True), ("ON", True), (" true ", True), ("1", True), ("no", False), ("Off", False), ("0", False)],
)
def test_yes_and_no_have_several_spellings(text: str, expected: bool) -> None:
    assert read_settings({"tell_imported": text}).tell_imported is expected


def test_the_zone_is_the_one_that_is_named() -> None:
    assert read_settings({"timezone": "Asia/Tokyo"}).zone.key == "Asia/Tokyo"
