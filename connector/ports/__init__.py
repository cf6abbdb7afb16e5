"""What the product needs of the outside, as protocols, and the values that pass through them."""

from connector.ports.app import App, DataRequest, LookAgain, RequestKind
from connector.ports.feeds import FeedFormat, FeedRows, FeedSource, Fetched, Rejected, Validators
from connector.ports.mail import Letter, Mailer
from connector.ports.platform import BackorderPolicy, CheckUp, Consent, Fulfilment, OrderDesk, Platform
from connector.ports.values import (
    Accepted,
    Arranged,
    Delivery,
    Discount,
    Examined,
    Kept,
    Page,
    Refunded,
    StoreAccess,
    StoreProfile,
    Subscription,
    Unusable,
    Verdict,
    Written,
)

__all__ = [
    "Accepted",
    "App",
    "Arranged",
    "BackorderPolicy",
    "CheckUp",
    "Consent",
    "DataRequest",
    "Delivery",
    "Discount",
    "Examined",
    "FeedFormat",
    "FeedRows",
    "FeedSource",
    "Fetched",
    "Fulfilment",
    "Kept",
    "Letter",
    "LookAgain",
    "Mailer",
    "OrderDesk",
    "Page",
    "Platform",
    "Refunded",
    "Rejected",
    "RequestKind",
    "StoreAccess",
    "StoreProfile",
    "Subscription",
    "Unusable",
    "Validators",
    "Verdict",
    "Written",
]
