"""The clock: wakes what is due; one at a time, however many are started."""

import os
import signal
import threading
from datetime import UTC, datetime
from functools import partial

import sqlalchemy as sa
import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from connector.domain.errors import Retryable
from connector.pipeline.connector import Connector
from connector.store.queue import Waker
from connector.wiring import begin, build
from jobs import SCHEDULE, sweep
from jobs.base import Tick
from jobs.waking import waker_for

GRACE_SECONDS = 300
STANDBY_SECONDS = 5.0
log = structlog.get_logger()


def schedule(connector: Connector, waker: Waker) -> BackgroundScheduler:
    """A scheduler with every entry of SCHEDULE, not started."""
    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"misfire_grace_time": GRACE_SECONDS, "coalesce": True}
    )
    for tick in SCHEDULE:
        every = tick.every.total_seconds() if tick.every else connector.config.sweep_seconds
        scheduler.add_job(
            partial(_tick, connector, waker, tick), "interval", seconds=every, id=tick.job, max_instances=1
        )
    return scheduler


def _tick(connector: Connector, waker: Waker, tick: Tick) -> None:
    """The sweep only looks and wakes, so the clock does it itself; all else is a worker's."""
    try:
        if tick.job == "sweep":
            sweep.run(connector, waker.waking(), "")
        else:
            waker.wake(tick.job, "")
    except Retryable as error:
        log.warning("tick_comes_again", job=tick.job, error=str(error))


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    config = begin(os.environ)
    connector = build(config, lambda: datetime.now(UTC))
    stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stop.set())
    while not stop.is_set():
        try:
            with connector.db.engine.connect() as held:
                if held.scalar(sa.text("select pg_try_advisory_lock(hashtextextended('backorder clock', 7))")):
                    _run(connector, held, stop)
        except (sa.exc.OperationalError, Retryable):
            log.warning("clock_waits_for_the_database")
        stop.wait(STANDBY_SECONDS)


def _run(connector: Connector, held: sa.Connection, stop: threading.Event) -> None:
    """Tick while the lock is ours; a lost connection means a lost lock."""
    scheduler = schedule(connector, waker_for(connector))
    scheduler.start()
    log.info("clock_is_up", sweep_seconds=connector.config.sweep_seconds)
    try:
        while not stop.wait(STANDBY_SECONDS):
            held.execute(sa.text("select 1"))
            held.rollback()
    except sa.exc.OperationalError:
        log.warning("clock_lost_its_lock")
    finally:
        scheduler.shutdown(wait=True)


if __name__ == "__main__":
    main()
