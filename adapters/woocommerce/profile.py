"""What a store says about itself, and the proof that its key can read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec

from adapters.woocommerce.rest import Rest
from connector.domain.errors import NeedsMerchant, Terminal
from connector.ports import StoreProfile

# WordPress also takes a bare offset; one that is not whole hours has a name only where a country keeps it all year.
ODD_HOURS = {
    -9.5: "Pacific/Marquesas",
    3.5: "Asia/Tehran",
    4.5: "Asia/Kabul",
    5.5: "Asia/Kolkata",
    5.75: "Asia/Kathmandu",
    6.5: "Asia/Yangon",
    8.75: "Australia/Eucla",
    9.5: "Australia/Darwin",
}


class Environment(msgspec.Struct, frozen=True):
    """Where the store runs."""

    version: str = ""


class Settings(msgspec.Struct, frozen=True):
    """How the store is set."""

    currency: str = ""


class SystemStatus(msgspec.Struct, frozen=True):
    """What the store tells its administrators."""

    environment: Environment = Environment()
    settings: Settings = Settings()


class Currency(msgspec.Struct, frozen=True):
    """The currency that prices are in."""

    code: str = ""


class Site(msgspec.Struct, frozen=True):
    """What the site tells everybody; the offset comes as a number or as a text."""

    name: str = ""
    timezone_string: str = ""
    gmt_offset: float | str = 0


def profile(rest: Rest, address: str) -> StoreProfile:
    """The store's name, time zone, currency and version; NeedsMerchant where its key cannot read products.

    What a key may not see comes out empty, except for the name (then the host) and the time zone (then UTC).
    """
    rest.get("products", list[dict[str, Any]], {"per_page": 1, "_fields": "id"})
    site = _site(rest)
    status = _status(rest)
    return StoreProfile(
        name=site.name or urlsplit(address).hostname or address,
        timezone=site.timezone_string or _fixed(site.gmt_offset),
        currency=status.settings.currency or _currency(rest),
        version=status.environment.version,
    )


def _site(rest: Rest) -> Site:
    try:
        return rest.index(Site, {"_fields": "name,timezone_string,gmt_offset"})
    except (NeedsMerchant, Terminal):
        # Many sites hide their index (security plugins do); nothing depends on it.
        return Site()


def _status(rest: Rest) -> SystemStatus:
    try:
        return rest.get("system_status", SystemStatus, {"_fields": "environment,settings"}).value
    except (NeedsMerchant, Terminal):
        return SystemStatus()


def _currency(rest: Rest) -> str:
    try:
        return rest.get("data/currencies/current", Currency).value.code
    except (NeedsMerchant, Terminal):
        return ""


def _fixed(offset: float | str) -> str:
    """The zone that is always `offset` hours ahead of UTC; UTC where none is."""
    try:
        hours = float(offset or 0)
    except ValueError:
        return "UTC"
    if hours == 0 or not -12 <= hours <= 14:
        return "UTC"
    # In these names the sign is turned round (POSIX): Etc/GMT-2 is two hours ahead.
    return f"Etc/GMT{-int(hours):+d}" if hours == int(hours) else ODD_HOURS.get(hours, "UTC")
