"""The task queue: it carries wake-ups only; what has to be done stands in inbox and outbox."""

import contextlib
from collections.abc import Callable, Iterator

import psycopg
from huey import PostgresHuey, RedisHuey
from huey.api import Huey

from connector.domain.errors import Retryable
from connector.store.engine import Database, wait_for_store
from connector.store.links import KEPT_ALIVE

NAME = "backorder"


def open_queue(db: Database, redis_url: str | None) -> Huey:
    """The queue in Redis where there is one, else in PostgreSQL."""
    if redis_url:
        return RedisHuey(NAME, url=redis_url, results=False)
    dsn = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    # Two processes that create the queue's tables at once would trip over each other.
    with db.begin() as tx, _reached():
        wait_for_store(tx, "the queue's tables")
        return PostgresHuey(NAME, dsn=dsn, results=False, connect_timeout=10, **KEPT_ALIVE)


class Waker:
    """Puts wake-ups into the queue; the same one is not put again while it waits there."""

    def __init__(self, huey: Huey, run: Callable[[str, str], None]) -> None:
        self.huey = huey

        def wake(job: str, subject: str) -> None:  # a task is known by its module's name, which is not run's own
            run(job, subject)

        self._task = huey.task()(wake)

    def wake(self, job: str, subject: str) -> None:
        """Have a worker run a job soon; Retryable where the queue cannot be reached."""
        self.waking()(job, subject)

    def waking(self) -> Callable[[str, str], None]:
        """A way to wake many at once: the queue is looked at now, and not for each."""
        with _reached():
            waiting = {tuple(task.args) for task in self.huey.pending()}

        def wake(job: str, subject: str) -> None:
            if (job, subject) not in waiting:
                waiting.add((job, subject))
                with _reached():
                    self._task(job, subject)

        return wake


@contextlib.contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError as error:
        raise Retryable("the queue cannot be reached") from error
