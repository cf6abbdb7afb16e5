"""What a merchant's people do with the fulfillment orders of their shop, by hand."""

from datetime import datetime

from adapters.shopify.practice import payloads
from adapters.shopify.practice.records import FulfilmentOrder, Hold, Order
from adapters.shopify.practice.shop import Shop


def left_of(order: Order) -> list[FulfilmentOrder]:
    """Those of an order's fulfillment orders that have still something to ship."""
    return [one for one in order.fulfilment_orders if one.units]


def hold(shop: Shop, order: Order) -> None:
    """Put all that has not shipped on hold."""
    with shop.work_at(order) as tell:
        for one in left_of(order):
            was_held = bool(one.holds)
            new = Hold(shop.catalogue.new_id(), "OTHER", by_app=False)
            shop.fulfilments.hold(order, one, new)
            if not was_held:
                tell("placed_on_hold", payloads.placed_on_hold(one, new, None))


def release(shop: Shop, order: Order, *, only_own: bool = False) -> None:
    """Release what is on hold, whoever holds it, or what the merchant does."""
    with shop.work_at(order) as tell:
        for one in left_of(order):
            if one.holds:
                own = [hold.id for hold in one.holds if not hold.by_app]
                shop.fulfilments.release(order, one, own if only_own else None)
                if not one.holds:
                    tell("hold_released", {"fulfillment_order": payloads.work(one)})


def move(shop: Shop, order: Order, of: FulfilmentOrder, location: int) -> FulfilmentOrder:
    """Have one shipped from somewhere else; the one that takes its place."""
    with shop.work_at(order) as tell:
        moved = shop.fulfilments.move(order, of, location)
        tell("moved", payloads.moved(of, moved))
        return moved


def schedule(shop: Shop, order: Order, at: datetime) -> None:
    """Have all that has not shipped wait for a time, as prepaid subscriptions do."""
    with shop.work_at(order):
        for one in left_of(order):
            one.status, one.fulfil_at = "SCHEDULED", at


def begin(shop: Shop, order: Order) -> None:
    """Somebody packs what has not shipped."""
    with shop.work_at(order) as tell:
        for one in left_of(order):
            one.status = "IN_PROGRESS"
            tell("progress_reported", {"fulfillment_order": payloads.work(one)})


def stop(shop: Shop, order: Order) -> None:
    """Nobody packs it any more."""
    with shop.work_at(order) as tell:
        for one in left_of(order):
            one.status = "OPEN"
            tell("manually_reported_progress_stopped", {"fulfillment_order": payloads.work(one)})


def merge(shop: Shop, order: Order) -> None:
    """Make one of all that is open."""
    with shop.work_at(order) as tell:
        some = [one for one in left_of(order) if one.status == "OPEN"]
        whole = shop.fulfilments.merge(order, some)
        gone = [{"fulfillment_order_id": payloads.work(one)["id"]} for one in some]
        tell("merged", {"fulfillment_order": payloads.work(whole), "merge_intents": gone})


def come_due(shop: Shop, order: Order) -> None:
    """The time of what was scheduled has come."""
    with shop.work_at(order) as tell:
        for one in shop.fulfilments.come_due(order):
            tell("scheduled_fulfillment_order_ready", {"fulfillment_order": payloads.work(one)})
