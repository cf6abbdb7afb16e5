"""What a test of chaos has in its hands: the connector's own view, the processes, and the mail service."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from adapters.woocommerce.practice import PracticeStore
from connector.pipeline.connect import connect
from connector.pipeline.connector import Config, Connector
from connector.store import plans
from connector.store.tables import inbox, outbox
from connector.wiring import build
from tests.chaos.installation import Installation, free_port, installation
from tests.chaos.waiting import until
from tests.fakes.sendgrid import SendGridService

DOUBT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class House:
    """An installation with a mail service; nothing runs until a test starts it."""

    connector: Connector
    installation: Installation
    sendgrid: SendGridService

    @property
    def url(self) -> str:
        """Where the web process is."""
        return self.installation.url

    def connect(self, shop: PracticeStore) -> str:
        """Connect a practice store; its id."""
        options = {"url": shop.url, "key": shop.key, "secret": shop.secret}
        return connect(self.connector, "woocommerce", options, lambda *_: None).store

    def count(self, table: sa.Table, **where: object) -> int:
        """How many rows have these values."""
        query = sa.select(sa.func.count()).select_from(table)
        for name, value in where.items():
            query = query.where(table.c[name] == value)
        with self.connector.db.begin() as tx:
            return int(tx.scalar(query) or 0)

    def rows(self, table: sa.Table, *names: str) -> list[Any]:
        """Some columns of all rows."""
        with self.connector.db.begin() as tx:
            return list(tx.execute(sa.select(*(table.c[name] for name in names))).all())

    def is_quiet(self) -> bool:
        """Whether nothing is left to do; asked in the order in which things go on, so that none slips by."""
        with self.connector.db.begin() as tx:
            return not (
                tx.scalar(sa.select(sa.func.count()).where(inbox.c.status == "due"))
                or plans.stores_dirty(tx, self.connector.clock())
                or tx.scalar(sa.select(sa.func.count()).where(outbox.c.status.in_(("due", "sending", "unknown"))))
            )

    def until_quiet(self, seconds: float) -> None:
        """Wait until nothing is left to do."""
        until(self.is_quiet, seconds, lambda: str(self.states()))

    def states(self) -> dict[str, Counter[Any]]:
        """How many rows stand where."""
        effects = Counter(tuple(row) for row in self.rows(outbox, "kind", "status", "result"))
        return {"inbox": Counter(row.status for row in self.rows(inbox, "status")), "outbox": effects}

    def mailed(self) -> Counter[str]:
        """How many mails each address has got."""
        return Counter(mail.to for mail in list(self.sendgrid.mails))

    def word_of_mails(self) -> None:
        """The mail service tells of every mail that it has taken, once more if it has told before."""
        ids = {mail.notice_id for mail in list(self.sendgrid.mails)}
        events = [self.sendgrid.event(one, "processed") for one in sorted(ids)]
        for start in range(0, len(events), 200):
            assert self.sendgrid.post_events(f"{self.url}/webhooks/mail/events", *events[start : start + 200]) == 200


@contextlib.contextmanager
def house(database_url: str, folder: Path, sendgrid: SendGridService, **changed: Any) -> Iterator[House]:
    """A house on a database; `changed` replaces entries of its configuration."""
    port = free_port()
    config = Config(
        env="test",
        home=folder,
        url=f"http://127.0.0.1:{port}",
        secret="a secret of the tests, long enough",
        database_url=database_url,
        dial_allow=(sendgrid.address, *changed.pop("dial_allow", ())),
        sendgrid_key=sendgrid.api_key,
        sendgrid_url=sendgrid.url,
        sendgrid_events_key=sendgrid.events_key,
        port=port,
        doubt=timedelta(seconds=changed.pop("doubt", DOUBT_SECONDS)),
        sweep_seconds=0.5,
        **changed,
    )
    connector = build(config, lambda: datetime.now(UTC))
    with installation(config, folder / "logs") as made:
        yield House(connector, made, sendgrid)
    connector.db.close()
