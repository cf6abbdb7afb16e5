"""Connections to PostgreSQL that do not wait for ever, and are looked at when they have rested."""

from collections.abc import Generator
from time import monotonic
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa

from connector.store import storable

R = TypeVar("R")

REST_SECONDS = 5.0
PING_SECONDS = 1.0
LOST = ("08", "57P")  # connection exceptions; shut down, crashed or starting up
PASSING = ("08", "40", "53", "55", "57", "58")  # and collisions, want of resources, locks, cancellation, the system
# The driver prepares what it sends often, and a plan that is made once, for tables that are still empty, reads them
# from end to end when they are full.
PLANNING = "set plan_cache_mode = force_custom_plan"
# A peer that vanishes without a word is noticed within a minute, and not after the two hours of the kernel's default.
KEPT_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


class Link(psycopg.Connection[Any]):
    """A connection that is closed where the server says nothing for `patience` seconds (None: wait)."""

    patience: float | None = None

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        """Wait for the server."""
        bounded = gen if self.patience is None else self._bounded(gen, monotonic() + self.patience)
        return super().wait(bounded, *args, **kwargs)

    def _bounded(self, gen: Generator[Any, Any, R], ends: float) -> Generator[Any, Any, R]:
        """The driver comes back every tenth of a second, with nothing to read."""
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and monotonic() > ends:
                    self.close()
                    raise psycopg.OperationalError("the server does not answer")
                wanted = gen.send(ready)
        except StopIteration as end:
            found: R = end.value
            return found


def make_engine(url: str, pool_size: int, patience: float | None) -> sa.Engine:
    """An engine of such connections; with `patience` a server that is away is known within four seconds."""
    connect_timeout = 2 if patience else 10
    engine = sa.create_engine(
        url,
        json_serializer=storable.dumps,
        hide_parameters=True,  # an error text must not carry what a row holds
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=3,
        connect_args={"connect_timeout": connect_timeout, "application_name": "backorder", **KEPT_ALIVE},
    )

    @sa.event.listens_for(engine, "do_connect")
    def connect(dialect: Any, record: Any, args: Any, given: Any) -> Link:  # noqa: ARG001 - SQLAlchemy's shape
        link = Link.connect(*args, **given, autocommit=True)
        link.patience = patience
        storable.register(link.adapters)
        link.execute(PLANNING)
        link.autocommit = False
        return link

    @sa.event.listens_for(engine, "checkin")
    def rest(link: Any, record: Any) -> None:  # noqa: ARG001
        record.info["rests_since"] = monotonic()

    @sa.event.listens_for(engine, "checkout")
    def look(link: Link, record: Any, proxy: Any) -> None:  # noqa: ARG001
        """Asking costs a round trip, so only who has rested is asked."""
        if monotonic() - record.info.get("rests_since", monotonic()) < REST_SECONDS:
            return
        link.patience = PING_SECONDS
        try:
            engine.dialect.do_ping(link)  # type: ignore[arg-type] # a driver's connection, as SQLAlchemy itself does
        except psycopg.Error as error:
            raise sa.exc.InvalidatePoolError from error
        link.patience = patience

    return engine


def is_lost(error: BaseException | None) -> bool:
    """Whether an error of the driver says that the server is away, rather than that it refuses something."""
    if not isinstance(error, psycopg.Error):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(LOST)


def is_passing(error: BaseException | None) -> bool:
    """Whether a refusal of the driver may be over the next time; what else it refuses, it always will."""
    if not isinstance(error, psycopg.Error):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(PASSING)
