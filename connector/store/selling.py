"""Which items' backorders are switched, and what was said of each last."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from connector.domain.effects import SwitchBackorders
from connector.domain.selling import Said, Switch, said_by
from connector.store.engine import Tx
from connector.store.sets import among, as_table
from connector.store.tables import items


def switches(stock: str, rows: Iterable[Any]) -> tuple[Switch, ...]:
    """The items that hold a stock's policy (a parent where it is the parent's), and those that did before."""
    there = [row for row in rows if not row.gone]
    holders = [row for row in there if row.tracked and (row.item == stock or row.stock_only)]
    holders = holders or [row for row in there if row.tracked]
    return tuple(
        Switch(row.item, row.parent, Said(row.policy), row in holders)
        for row in there
        if row in holders or row.policy != Said.NOTHING
    )


def save(tx: Tx, store: str, said: Sequence[SwitchBackorders]) -> None:
    """Keep what is said of items now."""
    _set(tx, store, [(one.item, said_by(one)) for one in said])


def leave(tx: Tx, store: str, ids: Iterable[str]) -> None:
    """The merchant has changed these by hand: the rule lets go of them."""
    _set(tx, store, [(one, Said.BY_HAND) for one in ids])


def put_back(tx: Tx, store: str) -> tuple[SwitchBackorders, ...]:
    """What has to be said so that every item sells again as its merchant had it."""
    mine = sa.and_(items.c.store == store, items.c.policy.in_((Said.ALLOW, Said.STOP)), ~items.c.gone)
    query = sa.select(items.c.item, items.c.parent).where(mine).order_by(items.c.item)
    return tuple(SwitchBackorders(row.item, row.parent, None) for row in tx.execute(query))


def items_with(tx: Tx, store: str, skus: Sequence[str]) -> dict[str, list[str]]:
    """What can be bought, by each of these SKUs."""
    mine = (items.c.store == store, among(items.c.sku, skus), ~items.c.gone, ~items.c.stock_only)
    found: dict[str, list[str]] = {}
    for row in tx.execute(sa.select(items.c.sku, items.c.item).where(*mine).order_by(items.c.item)):
        found.setdefault(row.sku, []).append(row.item)
    return found


def forget(tx: Tx, store: str) -> None:
    """Nothing is said of any item."""
    mine = sa.and_(items.c.store == store, items.c.policy != Said.NOTHING)
    tx.execute(sa.update(items).where(mine).values(policy=Said.NOTHING))


def _set(tx: Tx, store: str, said: Sequence[tuple[str, Said]]) -> None:
    if said:
        new = as_table([{"id": item, "to": word} for item, word in said], id=sa.Text(), to=sa.Text()).c
        tx.execute(sa.update(items).where(items.c.store == store, items.c.item == new.id).values(policy=new.to))
