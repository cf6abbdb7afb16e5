"""What a customer is given for having to wait: beside the legal duty, and never in its place."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from connector.domain.board import OrderBefore
from connector.domain.effects import GrantOffer, Offer, SendNotice
from connector.domain.notices import notice_named
from connector.domain.settings import Settings


def consoled(
    before: OrderBefore, notices: Sequence[SendNotice], settings: Settings, now: datetime
) -> tuple[tuple[SendNotice, ...], tuple[GrantOffer, ...]]:
    """The notices with the offer that goes along, and the offer; one for an order in all its time.

    A notice of the legal clock carries none: what the law gives the customer is money, and must not look like less.
    An offer whose letter did not go is told of by the next other letter, as long as it lasts.
    """
    today = now.astimezone(settings.zone).date()
    if before.untold and before.untold.until >= today:
        carrier = next((one for one in notices if notice_named(one.template).ages), None)
        return tuple(replace(one, offer=before.untold) if one is carrier else one for one in notices), ()
    if before.offered or not any(notice.template == settings.offer_with for notice in notices):
        return tuple(notices), ()
    offer = Offer(settings.offer_percent, today + timedelta(days=settings.offer_days))
    told = tuple(
        replace(notice, offer=offer) if notice.template == settings.offer_with else notice for notice in notices
    )
    grant = GrantOffer(offer_key(before.order), before.order, before.number, before.email, offer)
    return told, (grant,)


def offer_key(order: str) -> str:
    """The key of an order's one offer."""
    return f"offer:{order}"
