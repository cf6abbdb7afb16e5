"""What the product needs of the outside, as protocols, and the values that pass through them."""

from connector.ports.app import App, DataRequest, LookAgain, RequestKind
from connector.ports.feeds import FeedFormat, FeedRows, FeedSource, Fetched, Rejected, Validators
from connector.ports.mail import Letter, Mailer
from connector.ports.platform import BackorderPolicy, CheckUp, Consent, OrderDesk, Platform, PreOrders
from connector.ports.values import (
    Accepted,
    Delivery,
    Discount,
    Examined,
    Page,
    PreOrder,
    Refunded,
    StoreAccess,
    StoreProfile,
    Subscription,
    Taken,
    Unusable,
    Verdict,
    Written,
)

__all__ = [
    "Accepted",
    "App",
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
    "Letter",
    "LookAgain",
    "Mailer",
    "OrderDesk",
    "Page",
    "Platform",
    "PreOrder",
    "PreOrders",
    "Refunded",
    "Rejected",
    "RequestKind",
    "StoreAccess",
    "StoreProfile",
    "Subscription",
    "Taken",
    "Unusable",
    "Validators",
    "Verdict",
    "Written",
]
