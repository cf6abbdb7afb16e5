"""Pre-orders at Shopify: a selling plan whose balance is charged when the goods are there, one for its terms."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from adapters.shopify.client import Client
from adapters.shopify.ids import gid
from adapters.shopify.paging import whole
from adapters.shopify.profile import Installation
from adapters.shopify.shapes import Connection, Ref, Shape, UserError
from connector.domain.errors import Ambiguous, NeedsMerchant, Retryable
from connector.ports import PreOrder, StoreAccess

RIGHT = "write_purchase_options"
LACKS = (
    f"To offer pre-orders that are paid later, the app needs the right {RIGHT}: allow it on the app's page in the"
    " Shopify admin."
)
NO_GATEWAY = (
    "Shopify does not let this shop sell by a plan that is paid later: that takes Shopify Payments, or PayPal Express"
    " with reference transactions."
)


class Features(Shape, frozen=True):
    """What a shop can do; payments that come later need the same gateways as subscriptions do."""

    eligible_for_subscriptions: bool


class Able(Shape, frozen=True):
    """The shop."""

    features: Features


class Group(Shape, frozen=True):
    """A group of selling plans, and the code that its app knows it by."""

    id: str
    merchant_code: str


class PlanGroups(Shape, frozen=True):
    """The answer to PlanGroups."""

    shop: Able
    current_app_installation: Installation
    selling_plan_groups: Connection[Group]


class Creation(Shape, frozen=True):
    """What became of a group that was to be made."""

    user_errors: tuple[UserError, ...]
    selling_plan_group: Ref | None = None


class Created(Shape, frozen=True):
    """The answer to PlanGroupCreate."""

    selling_plan_group_create: Creation


class Addition(Shape, frozen=True):
    """What became of variants that were to be added."""

    user_errors: tuple[UserError, ...]


class Added(Shape, frozen=True):
    """The answer to PlanGroupAdd."""

    selling_plan_group_add_product_variants: Addition


class ShopifyPreOrders:
    """Implements `PreOrders`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def offer(self, access: StoreAccess, plan: PreOrder, items: Sequence[str]) -> bool:
        """Offer variants by a plan of these terms; True where the plan is new. A plan that is there is used again.

        Shopify offers such plans to consumers only: buyers of companies (B2B) do not see them.
        """
        client, code = self._client.errand(), code_of(plan)
        found = _groups(client, access)
        variants = [gid("ProductVariant", item) for item in items]
        here = next((group.id for group in found if group.merchant_code == code), None)
        if here is not None:
            form = {"id": here, "variants": variants}
            _check(client.call(access, "PlanGroupAdd", form, Added).data.selling_plan_group_add_product_variants)
            return False
        wanted = {"input": _form(plan, code), "resources": {"productVariantIds": variants}}
        try:
            made = client.call(access, "PlanGroupCreate", wanted, Created, tries=1).data.selling_plan_group_create
        except Ambiguous as unknown:
            raise Retryable(str(unknown)) from unknown  # whoever tries again finds it there
        _check(made)
        return True


def code_of(plan: PreOrder) -> str:
    """What a plan is known by again: its terms."""
    return f"backorder-{plan.deposit}-{plan.ships_on.isoformat() if plan.ships_on else 'undated'}"


def _groups(client: Client, access: StoreAccess) -> list[Group]:
    def page(cursor: str | None) -> PlanGroups:
        return client.call(access, "PlanGroups", {"after": cursor}, PlanGroups).data

    first = page(None)
    if all(scope.handle != RIGHT for scope in first.current_app_installation.access_scopes):
        raise NeedsMerchant(LACKS)
    if not first.shop.features.eligible_for_subscriptions:
        raise NeedsMerchant(NO_GATEWAY)
    return whole(first.selling_plan_groups, lambda cursor: page(cursor).selling_plan_groups)


def _check(done: Creation | Addition) -> None:
    if done.user_errors:
        texts = "; ".join(error.message.rstrip(".") for error in done.user_errors)
        raise NeedsMerchant(f"Shopify does not offer this: {texts}.")


def _form(plan: PreOrder, code: str) -> dict[str, object]:
    """One plan: what is paid now, the balance when the goods are there; its units leave the stock when they ship."""
    delivery: dict[str, object] = {"fulfillmentTrigger": "UNKNOWN", "intent": "FULFILLMENT_BEGIN"}
    if plan.ships_on is not None:
        exact = datetime.combine(plan.ships_on, time(12), UTC).isoformat()
        delivery |= {"fulfillmentTrigger": "EXACT_TIME", "fulfillmentExactTime": exact}
    billing = {
        "checkoutCharge": {"type": "PERCENTAGE", "value": {"percentage": float(plan.deposit)}},
        "remainingBalanceChargeTrigger": "ON_FULFILLMENT",
    }
    one = {
        "name": plan.name,
        "category": "PRE_ORDER",
        "options": [plan.name],
        "billingPolicy": {"fixed": billing},
        "deliveryPolicy": {"fixed": delivery},
        "inventoryPolicy": {"reserve": "ON_FULFILLMENT"},
    }
    return {"name": plan.name, "merchantCode": code, "options": [plan.name], "sellingPlansToCreate": [one]}
