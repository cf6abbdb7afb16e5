"""What Shopify's refusals mean: who has to act, and what is still good in an answer with errors."""

from collections.abc import Sequence

from msgspec import Struct

from adapters.http import Answer
from connector.domain.errors import NeedsMerchant, Retryable, ShutOut, Terminal, Unauthorised

THROTTLED = "THROTTLED"
DENIED = "ACCESS_DENIED"
PASSING = frozenset({"INTERNAL_SERVER_ERROR", "TIMEOUT"})
CLOSED = "SHOP_INACTIVE"

MERCHANT = {
    401: "no longer accepts the access token: connect the store again",
    402: "has frozen the store: settle its bill with Shopify",
    403: "refuses the app: check its rights, or connect the store again",
    404: "does not know the store: check its name",
    423: "has locked the store: ask Shopify's support",
}

# A store that is frozen or locked, or that withholds a right, has not left: it may be back tomorrow.
GONE = frozenset({401, 404})


class Detail(Struct, frozen=True):
    """The machine-readable part of a GraphQL error."""

    code: str | None = None


class Problem(Struct, frozen=True):
    """One error of a GraphQL answer; `path` names the field that is null because of it."""

    message: str
    path: tuple[str | int, ...] | None = None
    extensions: Detail = Detail()

    @property
    def field(self) -> str:
        """The field in words, without the positions in lists: "orders.email"."""
        return ".".join(part for part in self.path or () if isinstance(part, str) and part != "nodes")

    @property
    def withheld(self) -> bool:
        """Whether a right is missing; protected customer data is refused without a code."""
        return self.extensions.code == DENIED or (not self.extensions.code and "not approved" in self.message)


def check_status(shop: str, answer: Answer) -> None:
    """Raise what a status other than 200 means."""
    if answer.status == 200:
        return
    if answer.status in MERCHANT:
        kind = Unauthorised if answer.status in GONE else ShutOut
        raise kind(f"Shopify {MERCHANT[answer.status]} ({shop})")
    text = f"Shopify answered {answer.status} for {shop}"
    if answer.status == 429 or answer.status >= 500:
        raise Retryable(text, answer.retry_after)
    raise Terminal(text)


class Withheld(NeedsMerchant):
    """The app may not read this one thing; all else is still open to it."""


def withheld_fields(shop: str, problems: Sequence[Problem], has_data: bool) -> tuple[str, ...]:
    """The fields that are null for want of a right, where all else in the answer is good; else raise."""
    texts = "; ".join(sorted({problem.message for problem in problems}))
    codes = {problem.extensions.code for problem in problems}
    if codes & PASSING:
        raise Retryable(f"Shopify has a passing problem ({shop}): {texts}")
    if CLOSED in codes:
        raise ShutOut(f"Shopify says that the store is closed ({shop})")
    if not all(problem.withheld for problem in problems):
        raise Terminal(f"Shopify refuses the query ({shop}): {texts}")
    if problems and (not has_data or any(len(problem.path or ()) < 2 for problem in problems)):
        raise Withheld(f"Shopify does not let the app read this ({shop}): {texts}")
    return tuple(sorted({problem.field for problem in problems}))
