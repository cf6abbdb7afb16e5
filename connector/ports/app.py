"""What an app that merchants install by themselves has to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from connector.ports.values import StoreAccess


class RequestKind(StrEnum):
    """What may be asked for a customer, or for a whole store that has left."""

    EXPORT = "export"
    ERASE = "erase"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class DataRequest:
    """A platform hands on what the law lets people ask of whoever holds their data.

    `address` is the store, `reference` tells the request from others of its kind, `email` and `orders` say who asks.
    """

    kind: RequestKind
    address: str
    reference: str
    email: str = field(repr=False, default="")
    orders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Something about our standing in the store at an address may have changed; only asking the store tells.

    `left_at` is when the merchant is said to have removed us.
    """

    address: str
    left_at: datetime | None = None


class App(Protocol):
    """The installation's own app at a platform, which merchants install by themselves.

    A visitor's token, a query and a delivery that the platform did not sign are BadSignature.
    """

    @property
    def client_id(self) -> str:
        """Its public name there; "" where the installation has none."""

    @property
    def optional_rights(self) -> tuple[str, ...]:
        """Rights, by the platform's names, that a merchant may allow besides those without which nothing works."""

    def address(self, typed: str) -> str:
        """The store that a merchant means; BadInput where it is none."""

    def framed_by(self, address: str) -> tuple[str, ...]:
        """Whose pages may show the app's own inside of them."""

    def visitor(self, token: str, now: datetime) -> str:
        """The address of the store whose back office shows the app."""

    def exchange(self, address: str, token: str, now: datetime) -> StoreAccess:
        """The access that a visitor's token is worth."""

    def ask_at(self, address: str, nonce: str, back_to: str) -> str:
        """Where the store asks its merchant whether the app may come in."""

    def came_back(self, query: Mapping[str, str], now: datetime) -> tuple[str, str, str]:
        """Address, nonce and code of a merchant who has agreed."""

    def redeem(self, address: str, code: str, now: datetime) -> StoreAccess:
        """The access that a code is worth."""

    def is_due(self, access: StoreAccess, now: datetime) -> bool:
        """Whether an access ends soon."""

    def is_over(self, access: StoreAccess, now: datetime) -> bool:
        """Whether an access has ended."""

    def renew(self, access: StoreAccess, now: datetime) -> StoreAccess:
        """The access that follows; may be asked again until it has been used. NeedsMerchant where none follows."""

    def outdated(self, address: str) -> str | None:
        """In words, that a store no longer speaks the version that we do; None where it does, as far as is known."""

    def hear(self, headers: Mapping[str, str], body: bytes) -> DataRequest | LookAgain | None:
        """What a delivery to the app's own address says; None for nothing of ours."""
