"""Which page about backorders was written into a store, and how it looked then."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from connector.store.engine import Tx
from connector.store.tables import policy_pages


@dataclass(frozen=True, slots=True)
class Published:
    """A page by the store's id, where it is, and digests: of what we wrote, and of what the store made of it."""

    page: str
    url: str
    ours: str
    theirs: str


def get(tx: Tx, store: str) -> Published | None:
    """The page that was written last."""
    p = policy_pages.c
    row = tx.execute(sa.select(p.page, p.url, p.ours, p.theirs).where(p.store == store)).one_or_none()
    return None if row is None else Published(*row)


def keep(tx: Tx, store: str, page: Published, now: datetime) -> None:
    """This is the page from now on."""
    values = {"page": page.page, "url": page.url, "ours": page.ours, "theirs": page.theirs, "written_at": now}
    row = insert(policy_pages).values(store=store, **values)
    tx.execute(row.on_conflict_do_update(index_elements=["store"], set_=values))
