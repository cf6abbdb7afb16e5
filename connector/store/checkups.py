"""What the last check-up of a store found, and what has come from the store since."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from connector.ports import Examined, Verdict
from connector.store.engine import Tx
from connector.store.tables import inbox, stores


@dataclass(frozen=True, slots=True)
class Checked:
    """A check-up that was begun at a time."""

    at: datetime
    examined: Examined


def keep(tx: Tx, store: str, checked: Checked) -> None:
    """Remember a check-up instead of the one before."""
    found = [[one.point, one.good, one.words] for one in checked.examined.verdicts]
    kept = {"at": checked.at.isoformat(), "asked": checked.examined.asked, "verdicts": found}
    tx.execute(sa.update(stores).where(stores.c.id == store).values(checkup=kept))


def last(tx: Tx, store: str) -> Checked | None:
    """The last check-up; None where there was none."""
    kept = tx.scalar(sa.select(stores.c.checkup).where(stores.c.id == store))
    if kept is None:
        return None
    verdicts = tuple(Verdict(*one) for one in kept["verdicts"])
    return Checked(datetime.fromisoformat(kept["at"]), Examined(verdicts, kept["asked"]))


def came_since(tx: Tx, store: str, at: datetime) -> datetime | None:
    """When the first new delivery came at or after this time; None where none has."""
    mine = (inbox.c.store == store, inbox.c.received_at >= at)
    came: datetime | None = tx.scalar(sa.select(sa.func.min(inbox.c.received_at)).where(*mine))
    return came
