"""An order whose waiting part is an order of its own in the store: for everybody else it stays one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from adapters.woocommerce.payloads import Meta, Order
from connector.domain.facts import Line, OrderSnapshot, OrderState

# What the companion plugin writes (class-backorder-notices-split.php).
OF, INTO, LINE = "_backorder_split_of", "_backorder_split_into", "_backorder_line"
# Where an order stands of which parts stand differently: what goes on before what has ended.
STANDING = (OrderState.OPEN, OrderState.UNPAID, OrderState.COMPLETED, OrderState.CANCELLED, OrderState.GONE)
OVER = (OrderState.CANCELLED, OrderState.GONE)


def split_off(entries: Sequence[Meta]) -> str:
    """The order that one with these meta data was split off; "" where it is one of its own."""
    return _id(entries, OF)


def split_into(entries: Sequence[Meta]) -> str:
    """The order that a part of one with these meta data has become; "" where it is whole."""
    return _id(entries, INTO)


def line_of(entries: Sequence[Meta]) -> str:
    """The line that the units of one with these meta data were moved from; "" where they were not."""
    return _id(entries, LINE)


def is_divided(order: Order) -> bool:
    """Whether more has to be read than this to know the order."""
    return bool(split_off(order.meta_data) or split_into(order.meta_data))


def moved(order: Order) -> dict[str, str]:
    """By line of a part: the line of the whole that its units were moved from."""
    return {str(line.id): known for line in order.line_items if (known := line_of(line.meta_data))}


def joined(
    whole: OrderSnapshot, part: OrderSnapshot | None, lines: Mapping[str, str], seen_at: datetime
) -> OrderSnapshot:
    """Both as the one order that they are; `part` None: it is gone, `lines` as `moved` tells them.

    What of it has been cancelled, or is gone, is wanted no more while the other goes on.
    """
    if part is None:
        return replace(whole, seen_at=seen_at)
    pieces = (whole, replace(part, lines=tuple(replace(line, id=lines.get(line.id, line.id)) for line in part.lines)))
    state = next(state for state in STANDING if state in (whole.state, part.state))
    wanted = pieces if state in OVER else tuple(piece for piece in pieces if piece.state not in OVER)
    return replace(
        whole,
        state=state,
        lines=_added(wanted),
        seen_at=seen_at,
        refunded=all(piece.refunded for piece in pieces if piece.state is state),
        authorised="",
        parts=(part.order,),
    )


def _added(pieces: Sequence[OrderSnapshot]) -> tuple[Line, ...]:
    found: dict[str, Line] = {}
    for line in (line for piece in pieces for line in piece.lines):
        known = found.get(line.id)
        found[line.id] = line if known is None else _both(known, line)
    return tuple(found.values())


def _both(one: Line, other: Line) -> Line:
    units = {name: getattr(one, name) + getattr(other, name) for name in ("quantity", "shipped", "taken")}
    return replace(one, **units)


def _id(entries: Sequence[Meta], key: str) -> str:
    value = next((entry.value for entry in entries if entry.key == key), None)
    return str(value) if isinstance(value, str | int) and str(value).isdecimal() else ""
