"""The task queue: it carries wake-ups only; what has to be done stands in inbox and outbox."""

from collections.abc import Callable

from huey import PostgresHuey, RedisHuey
from huey.api import Huey

from connector.store.engine import Database, wait_for_store

NAME = "backorder"
CROWDED = 200


def open_queue(db: Database, redis_url: str | None) -> Huey:
    """The queue in Redis where there is one, else in PostgreSQL."""
    if redis_url:
        return RedisHuey(NAME, url=redis_url, results=False)
    dsn = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with db.begin() as tx:  # two processes that create the queue's tables at once would trip over each other
        wait_for_store(tx, "the queue's tables")
        return PostgresHuey(NAME, dsn=dsn, results=False)


class Waker:
    """Puts wake-ups into the queue; the same one is not put twice while the queue has not come to it."""

    def __init__(self, huey: Huey, run: Callable[[str, str], None]) -> None:
        self.huey = huey

        def wake(job: str, subject: str) -> None:  # a task is known by its module's name, which is not run's own
            run(job, subject)

        self._task = huey.task()(wake)
        self._put: set[tuple[str, str]] = set()

    def wake(self, job: str, subject: str) -> None:
        """Have a worker run a job soon."""
        self._task(job, subject)

    def wake_once(self, job: str, subject: str) -> None:
        """The same, but not while it waits in the queue already; for the sweep, which comes again."""
        if self.huey.storage.queue_size() == 0:
            self._put.clear()
        if (job, subject) not in self._put or len(self._put) > CROWDED:
            self._put.add((job, subject))
            self._task(job, subject)
