"""A Shopify order as a fact, from a webhook or from GraphQL; both come to the same value."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from adapters.shopify import payloads, shapes
from adapters.shopify.ids import account, plain
from adapters.shopify.standing import (
    BY_BUYER,
    CHARGED,
    REFUNDED,
    Standing,
    has_open_money,
    payment_of,
    settled,
    ships_before_payment,
    state_of,
)
from connector.domain.facts import Line, OrderSnapshot, OrderState, Payment, Reserve
from connector.domain.segments import BUSINESS

SHOPIFY_COUNTS = "shopify"
RETURNED = "return"
SUCCESS = "success"
COMPANY = "PurchasingCompany"

TAG = "tag"

Place = payloads.Address | shapes.Address


@dataclass(frozen=True, slots=True)
class Sale:
    """Who an order was sold to, what it carries, and when its next payment is due."""

    company: bool
    customer: str
    marks: tuple[tuple[str, str], ...]
    pay_by: datetime | None


def from_webhook(order: payloads.Order) -> OrderSnapshot:
    """The order that a webhook carries whole."""
    gone_out, came_back = _fulfilled(order.fulfillments), _returned(order.refunds)
    lines = [_webhook_line(line, gone_out[line.id] - came_back[line.id]) for line in order.line_items]
    standing = Standing(
        cancelled=order.cancelled_at is not None,
        closed=order.closed_at is not None,
        payment=order.financial_status or "",
        fulfilment=order.fulfillment_status or "",
        on_credit=ships_before_payment(
            order.payment_terms is not None, order.company is not None, order.payment_gateway_names
        ),
    )
    company = order.company
    return _snapshot(
        order,
        str(order.id),
        standing,
        lines,
        Sale(
            company=company is not None,
            customer=_account(
                company.location_id if company else None, order.customer.id if order.customer else None
            ),
            marks=_marks((order.tags or "").split(","), [(one.name, one.value) for one in order.note_attributes]),
            pay_by=_next_due(order.payment_terms.payment_schedules if order.payment_terms else ()),
        ),
    )


def bought_by_plan(order: payloads.Order) -> bool:
    """Whether a line was bought by a selling plan, which may charge later, and take from the stock later."""
    return any(line.selling_plan_id is not None for line in order.line_items)


@dataclass(frozen=True, slots=True)
class Plans:
    """The selling plans that are unlike others, by their ids.

    Units of those that reserve `later` leave the stock only when they ship; `subscriptions` are billed by their own
    contracts. One that is deleted is in neither.
    """

    later: Collection[str] = ()
    subscriptions: Collection[str] = ()


NO_PLANS = Plans()


def from_graphql(
    order: shapes.OrderNode, lines: Sequence[shapes.LineNode], plans: Plans = NO_PLANS
) -> OrderSnapshot:
    """The order as GraphQL shows it; `lines` are all of its lines, the further pages included."""
    bought_by = {line.selling_plan.selling_plan_id for line in lines if line.selling_plan is not None}
    by_plan = bool(bought_by.difference(plans.subscriptions))
    entity, terms = order.purchasing_entity, order.payment_terms
    company = entity is not None and entity.type_name == COMPANY
    standing = Standing(
        cancelled=order.cancelled_at is not None,
        closed=order.closed,
        payment=(order.display_financial_status or "").lower(),
        fulfilment=(order.display_fulfillment_status or "").lower(),
        on_credit=by_plan
        or ships_before_payment(order.payment_terms is not None, company, order.payment_gateway_names),
    )
    place = entity.location if entity else None
    customer = order.customer.id if order.customer else None
    sale = Sale(
        company=company,
        customer=_account(plain(place.id) if place else None, plain(customer) if customer else None),
        marks=_marks(order.tags, [(one.key, one.value) for one in order.custom_attributes]),
        pay_by=_next_due(terms.payment_schedules.nodes if terms else ()),
    )
    snapshot = _snapshot(order, plain(order.id), standing, [_graphql_line(line, plans.later) for line in lines], sale)
    if not has_open_money(standing.payment, by_plan):
        return snapshot
    authorised = order.transactions[0].gateway or "" if order.transactions else ""
    payment = Payment.OTHER if by_plan else snapshot.payment  # the terms are the plan's, not the buyer's credit
    return replace(snapshot, authorised=authorised, payment=payment, reserve=_reserve(order.transactions, by_plan))


def _reserve(held: Sequence[shapes.Authorization], by_plan: bool) -> Reserve:
    """What can be taken; of several authorizations the first to end counts."""
    ends = [one.authorization_expires_at for one in held if one.authorization_expires_at is not None]
    until = _utc(min(ends)) if ends else None
    return Reserve(bool(held), until, mandate=by_plan, in_parts=any(one.multi_capturable for one in held))


def _snapshot(
    order: payloads.Order | shapes.OrderNode, order_id: str, standing: Standing, lines: Sequence[Line], sale: Sale
) -> OrderSnapshot:
    state = state_of(standing, lines)
    country, region = _goods_to(order)
    return OrderSnapshot(
        order=order_id,
        number=order.name,
        state=state,
        placed_at=_utc(order.processed_at or order.created_at),
        seen_at=_utc(order.updated_at),
        lines=settled(lines, state),
        email=order.email or "",
        name=_buyer(order),
        country=country,
        region=region,
        locale=order.customer_locale or "",
        segment=BUSINESS if sale.company else "dtc",
        customer=sale.customer,
        marks=sale.marks,
        pay_by=sale.pay_by,
        refunded=standing.payment == REFUNDED,
        charged=standing.payment in CHARGED,
        by_seller=state is OrderState.CANCELLED and (order.cancel_reason or "").lower() != BY_BUYER,
        payment=payment_of(order.payment_terms is not None, order.payment_gateway_names),
    )


def _account(location: str | int | None, customer: str | int | None) -> str:
    """Whose account an order is on: the company's location's, or else the person's."""
    return account(str(location)) if location else str(customer or "")


def _marks(tags: Iterable[str], attributes: Iterable[tuple[str, str | None]]) -> tuple[tuple[str, str], ...]:
    tagged = sorted((TAG, tag.strip()) for tag in tags if tag.strip())
    return (*tagged, *((name, value or "") for name, value in attributes))


def _next_due(payments: Sequence[payloads.Schedule] | Sequence[shapes.Schedule]) -> datetime | None:
    due = (one.due_at for one in payments if one.due_at is not None and one.completed_at is None)
    return min((_utc(moment) for moment in due), default=None)


def _webhook_line(line: payloads.OrderLine, kept: int) -> Line:
    # fulfillable_quantity is 0 for units on hold, so that it cannot tell what was shipped:
    # https://docs.getsubmarine.com/presales/fulfilment-holds-shopify-'on-hold'-status
    # What it does count as fulfillable, however, was not shipped.
    shipped = min(line.current_quantity - line.fulfillable_quantity, kept)
    variant = line.variant_id
    return _line(
        line_id=str(line.id),
        item=str(variant) if variant else "",
        sku=line.sku or "",
        title=line.name,
        quantity=line.current_quantity,
        shipped=shipped,
        tracked=line.variant_inventory_management == SHOPIFY_COUNTS,
    )


def _graphql_line(line: shapes.LineNode, later: Collection[str]) -> Line:
    variant, plan = line.variant, line.selling_plan
    told = _line(
        line_id=plain(line.id),
        item=plain(variant.id) if variant else "",
        sku=line.sku or "",
        title=line.name,
        quantity=line.current_quantity,
        shipped=line.current_quantity - line.unfulfilled_quantity,
        tracked=variant is not None and variant.inventory_item.tracked,
    )
    return replace(told, taken=0) if plan is not None and plan.selling_plan_id in later else told


def _line(*, line_id: str, item: str, sku: str, title: str, quantity: int, shipped: int, tracked: bool) -> Line:
    # Units that are refunded and stay with the buyer make unfulfilledQuantity negative:
    # https://community.shopify.dev/t/negative-order-line-item-quantity-field-s/27826
    shipped = max(0, min(shipped, quantity))
    # Without a variant there is no stock left that the units could still be taken from.
    taken = quantity - shipped if tracked or not item else 0
    return Line(id=line_id, item=item, sku=sku, title=title, quantity=quantity, shipped=shipped, taken=taken)


def _fulfilled(fulfillments: Sequence[payloads.Fulfillment]) -> Mapping[int, int]:
    units: Counter[int] = Counter()
    for fulfillment in fulfillments:
        if fulfillment.status == SUCCESS:
            units.update({line.id: line.quantity for line in fulfillment.line_items})
    return units


def _returned(refunds: Sequence[payloads.Refund]) -> Mapping[int, int]:
    units: Counter[int] = Counter()
    for refund in refunds:
        for line in refund.refund_line_items:
            units[line.line_item_id] += line.quantity if line.restock_type == RETURNED else 0
    return units


def _goods_to(order: payloads.Order | shapes.OrderNode) -> tuple[str, str]:
    """Country and region codes: where the goods go, else where the bill goes, else where the customer is."""
    customer = order.customer.default_address if order.customer else None
    places: tuple[Place | None, ...] = (order.shipping_address, order.billing_address, customer)
    for place in places:
        if place is not None and place.country_code:
            return place.country_code, place.province_code or ""
    return "", ""


def _buyer(order: payloads.Order | shapes.OrderNode) -> str:
    """Who paid, rather than who receives: the mail goes to the buyer."""
    customer = order.customer
    names = (customer.first_name, customer.last_name) if customer else ()
    billed = order.billing_address.name if order.billing_address else ""
    shipped = order.shipping_address.name if order.shipping_address else ""
    return billed or " ".join(name for name in names if name) or shipped or ""


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
