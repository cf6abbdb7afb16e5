"""Discount codes: what a code looks like, and how the store is asked to make one."""

import base64
import hmac
from hashlib import sha256

from connector.domain.consolation import offer_key
from connector.domain.effects import GrantOffer, Offer
from connector.domain.wording import day
from connector.pipeline.connector import Config
from connector.ports import Discount

SIGNS = 12  # of 32 each: nobody guesses one of 2^60


def discount_of(config: Config, store: str, grant: GrantOffer) -> Discount:
    """The discount that a store is asked to make; the same one whenever it is asked."""
    return Discount(_code(config, store, grant.order), grant.offer.percent, grant.to, grant.offer.until)


def words(config: Config, store: str, order: str, offer: Offer) -> str:
    """What the customer is told of it."""
    code = _code(config, store, order)
    return (
        f"For your patience: {offer.percent} % off your next order with the code {code}, once, until"
        f" {day(offer.until)}. It comes on top of all that you have a right to."
    )


def _code(config: Config, store: str, order: str) -> str:
    # In lower case, as WooCommerce keeps codes; Shopify does not mind the case.
    digest = hmac.digest(config.secret.encode(), f"{store}/{offer_key(order)}".encode(), sha256)
    return f"wait-{base64.b32encode(digest).decode().lower()[:SIGNS]}"
