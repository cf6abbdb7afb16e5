"""How long 10,000 notices take through a mail service that answers after 50 ms."""

import dataclasses
import time

import sqlalchemy as sa

from connector.domain.effects import NoticeLine, SendNotice
from connector.pipeline.connector import Connector
from connector.store import outbox
from connector.store.tables import outbox as rows
from tests.bench.figures import table
from tests.bench.place import place
from tests.bench.slow_mail import slow_mail
from tests.chaos.storefront import Storefront, open_storefront
from tests.chaos.waiting import until

NOTICES = 10_000
LATENCY = 0.05
TO_REACH = 60


def run() -> str:
    """Worker and clock as they run, the mail service in a process of its own."""
    with slow_mail(LATENCY) as service, place(**service.entries) as here:
        store = open_storefront(here.connector)
        _fill(here.connector, store)
        here.installation.worker()
        began = time.monotonic()
        here.installation.clock()
        until(lambda: _done(here.connector, store) == NOTICES, 300, lambda: str(_done(here.connector, store)))
        seconds = time.monotonic() - began
        taken = service.taken()
    row = [NOTICES, f"{LATENCY * 1000:.0f}", seconds, NOTICES / seconds, taken]
    head = ("notices", "ms an answer", f"seconds (at most {TO_REACH})", "mails/s", "mails taken")
    return table("Mails: one worker, from the outbox to the mail service", head, [row])


def _fill(connector: Connector, store: Storefront) -> None:
    line = (NoticeLine("Reading Lamp", 3, 2, None),)
    plain = SendNotice("", "backordered", "", "", "", "Ann Archer", "en", None, None, line)
    notices = [
        dataclasses.replace(plain, key=f"notice:{n}:1", order=str(n), number=str(n), to=f"buyer-{n}@example.com")
        for n in range(NOTICES)
    ]
    with connector.db.begin() as tx:
        outbox.put_messages(tx, store.id, notices, connector.clock())


def _done(connector: Connector, store: Storefront) -> int:
    query = sa.select(sa.func.count()).where(rows.c.store == store.id, rows.c.status == "done")
    with connector.db.begin() as tx:
        return int(tx.scalar(query) or 0)
