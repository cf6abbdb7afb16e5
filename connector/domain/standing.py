"""Where the merchant's rules put a claim: its class, the day by which it is to ship, whether it waits for others."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from connector.domain.settings import Settings
from connector.domain.strategies import Claim

SHIP_DAYS = 30  # where nothing was stated: 16 CFR 435.2(a)(1)(ii), Directive 2011/83/EU art. 18(1)


def ranked(claims: Iterable[Claim], settings: Settings) -> list[Claim]:
    """The claims with what the settings say: ships complete, and as far as the rule asks class and deadline."""
    if settings.ships_whole:
        claims = [one if one.ship_complete is not None else replace(one, ship_complete=True) for one in claims]
    if settings.fill_order == "priority" and settings.ranks:
        ranks = settings.ranks
        return [replace(claim, rank=claim.rank or ranks.get(claim.segment, 0)) for claim in claims]
    if settings.fill_order == "nearest_deadline":
        return [replace(claim, deadline=_deadline(claim, settings)) for claim in claims]
    return list(claims)


def _deadline(claim: Claim, settings: Settings) -> date:
    """The day by which an order is to ship: as stated or usual, or sooner where its segment's days are fewer."""
    stated = SHIP_DAYS if claim.stated_days is None else claim.stated_days
    days = min(stated, settings.days_to_ship.get(claim.segment, stated))
    return claim.placed_at.astimezone(settings.zone).date() + timedelta(days=days)
