"""An order's goods are held, released and dated at Shopify: looked at, one step done, and looked at again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from adapters.shopify import steps
from adapters.shopify.access import FULFILMENT, allows
from adapters.shopify.client import Client
from adapters.shopify.fulfilments import Part, Seen, look
from adapters.shopify.shapes import Shape, UserError
from adapters.shopify.steps import Lacking, Step, Wanted
from connector.domain.effects import ArrangeOrder
from connector.domain.errors import Ambiguous, NeedsMerchant, Retryable, Terminal
from connector.domain.wording import units
from connector.ports import Arranged, Kept, StoreAccess

MOST_STEPS = 20
LACKS = (
    f"Goods that wait are not held back in Shopify, because the app lacks the right {FULFILMENT}: allow it where you"
    " open the app in the Shopify admin, or set hold_waiting and fulfil_by to no."
)
HIDDEN = (
    "Shopify does not show this order to the app (one of more than 60 days wants the right read_all_orders): hold or"
    " release its goods by hand"
)
# What was true when it was looked at is so no more: it is looked at again.
PASSING = frozenset(
    {
        "DUPLICATE_FULFILLMENT_HOLD_HANDLE",
        "FULFILLMENT_ORDER_NOT_FOUND",
        "FULFILLMENT_ORDER_NOT_SPLITTABLE",
        "FULFILLMENT_ORDERS_NOT_FOUND",
        "GREATER_THAN",
        "INVALID_LINE_ITEM_QUANTITY",
    }
)
SAID = {
    "held_by_others": "{} that wait cannot be held by themselves while somebody else holds the goods that they are"
    " with; that is tried again when that hold is released",
    "in_work": "{} that wait cannot be held any more: somebody works at their fulfillment already",
    "unseen": "{} that wait are not among the fulfillment orders that Shopify shows to the app, such as those of a"
    " fulfillment service, and are not held",
}


class Refusal(Shape, frozen=True):
    """What Shopify refused of a mutation."""

    user_errors: tuple[UserError, ...]


class ShopifyFulfilment:
    """What is held back at Shopify; implements `Fulfilment`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def arrange(self, access: StoreAccess, wanted: ArrangeOrder, before: Kept) -> Arranged:
        """Bring an order's fulfillment orders to what is wanted, step by step; holds with our handle are ours."""
        client = self._client.errand()
        seen = look(client, access, wanted.order)
        plan = _wanted(wanted, before, _parts(seen, wanted, before))
        put_off = dict(plan.put_off)
        for _ in range(MOST_STEPS):
            parts = _parts(seen, wanted, before)
            step, lacking = steps.next_step(parts, replace(plan, put_off=put_off), seen.read_at)
            if step is None:
                return Arranged(_kept(parts, plan, put_off, lacking), _in_words(lacking))
            if isinstance(step, steps.ReschedulePart) and step.part.work.fulfill_at is not None:
                at = step.part.work.fulfill_at
                own = put_off.get(at, at)
                put_off[step.at] = max(own, put_off.get(step.at, own))
            _do(client, access, step)
            seen = look(client, access, wanted.order)
        raise Retryable("Shopify's fulfillment orders of this order do not come to rest")


def _parts(seen: Seen, wanted: ArrangeOrder, before: Kept) -> tuple[Part, ...]:
    if not allows(seen.allowed, FULFILMENT):
        raise NeedsMerchant(LACKS)
    if seen.parts is None:
        if wanted.over and not wanted.lines and not before.held:  # there is nothing of ours to release
            return ()
        raise Terminal(HIDDEN)
    return seen.parts


def _wanted(order: ArrangeOrder, before: Kept, parts: Sequence[Part]) -> Wanted:
    """What is to be held, less what somebody has released by hand."""
    lines = {line.line: line for line in order.lines}
    ours = steps.units_of(part for part in parts if steps.our_holds(part))
    free = {line: _free(line, lines[line].units, before, ours[line]) for line in lines}
    return Wanted(
        units={line: lines[line].units - free[line] for line in lines},
        lines=lines,
        over=order.over,
        put_off={datetime.fromisoformat(at): own for at, own in before.put_off.items()},
        deadlines=frozenset(before.deadlines) | {line.ship_by for line in order.lines if line.ship_by},
    )


def _free(line: str, wanted: int, before: Kept, held: int) -> int:
    """Units that somebody released: as many as we held and do not hold any more; none once more wait than then."""
    if wanted > before.asked.get(line, wanted):
        return 0
    lost = max(min(before.held.get(line, 0), wanted) - held, 0)
    return min(before.free.get(line, 0) + lost, wanted)


def _kept(parts: Sequence[Part], plan: Wanted, put_off: Mapping[datetime, datetime], lacking: Lacking) -> Kept:
    """What it came to, for the next time."""
    times = {part.work.fulfill_at for part in parts}
    dates = {part.work.fulfill_by for part in parts}
    waits = any(part.work.status == "SCHEDULED" and _is_wanted(part, plan) for part in parts)
    return Kept(
        asked={line: one.units for line, one in plan.lines.items()},
        held=dict(steps.units_of(part for part in parts if steps.our_holds(part))),
        free={line: one.units - plan.units[line] for line, one in plan.lines.items() if one.units > plan.units[line]},
        put_off={at.astimezone(UTC).isoformat(): own for at, own in put_off.items() if at in times and at != own},
        deadlines=tuple(sorted(date for date in plan.deadlines if date in dates)),
        again=waits or bool(lacking.held_by_others or lacking.in_work or lacking.unseen),
    )


def _is_wanted(part: Part, plan: Wanted) -> bool:
    return any(plan.units.get(piece.line) for piece in part.pieces)


def _in_words(lacking: Lacking) -> str | None:
    some: dict[str, Counter[str]] = {name: getattr(lacking, name) for name in SAID}
    said = [SAID[name].format(units(sum(found.values()))) for name, found in some.items() if found]
    return f"{'; '.join(said)}." if said else None


def _do(client: Client, access: StoreAccess, step: Step) -> None:
    """Carry a step out; what it came to is looked up afterwards: fulfillment orders are split, merged, replaced."""
    operation, variables, field = _call(step)
    try:
        answer = client.call(access, operation, variables, dict[str, Refusal], tries=1).data[field]
    except Ambiguous as unknown:
        raise Retryable(str(unknown)) from unknown  # the next try sees whether it was done
    if not answer.user_errors:
        return
    text = "; ".join(error.message for error in answer.user_errors)
    if all(error.code in PASSING for error in answer.user_errors):
        raise Retryable(f"Shopify's fulfillment orders have changed meanwhile ({access.address}): {text}")
    raise Terminal(f"Shopify does not hold or date these goods as wanted ({access.address}): {text}")


def _call(step: Step) -> tuple[str, dict[str, Any], str]:
    """The operation of a step, its variables, and the field that answers."""
    id_ = step.part.work.id
    if isinstance(step, steps.HoldPart):
        reason = "UNKNOWN_DELIVERY_DATE" if step.handle == steps.UNDATED else "INVENTORY_OUT_OF_STOCK"
        hold = {"reason": reason, "reasonNotes": step.notes, "handle": step.handle, "externalId": step.handle}
        hold_of = hold | {"fulfillmentOrderLineItems": _inputs(step.pieces)}
        return "FulfillmentOrderHold", {"id": id_, "hold": hold_of}, "fulfillmentOrderHold"
    if isinstance(step, steps.ReleasePart):
        holds = {"id": id_, "holds": list(step.holds)}
        return "FulfillmentOrderReleaseHold", holds, "fulfillmentOrderReleaseHold"
    if isinstance(step, steps.SplitPart):
        return "FulfillmentOrderSplit", {"id": id_, "pieces": _inputs(step.pieces)}, "fulfillmentOrderSplit"
    if isinstance(step, steps.ReschedulePart):
        at = {"id": id_, "at": step.at.isoformat()}
        return "FulfillmentOrderReschedule", at, "fulfillmentOrderReschedule"
    if isinstance(step, steps.OpenPart):
        return "FulfillmentOrderOpen", {"id": id_}, "fulfillmentOrderOpen"
    by = {"ids": [id_], "by": step.by.isoformat()}
    return "FulfillmentDeadline", by, "fulfillmentOrdersSetFulfillmentDeadline"


def _inputs(pieces: Sequence[tuple[str, int]]) -> list[dict[str, object]]:
    return [{"id": id_, "quantity": count} for id_, count in pieces]
