"""The worker: takes wake-ups out of the queue and runs their jobs."""

import os
from datetime import UTC, datetime

import structlog

from connector.domain.errors import BadInput, Retryable
from connector.pipeline.connector import Connector
from connector.store.queue import Waker, open_queue
from connector.wiring import build, read_config, set_up_logging
from jobs import JOBS

MAX_DELAY = 0.2
log = structlog.get_logger()


def waker_for(connector: Connector) -> Waker:
    """The way to wake jobs, and what a woken job does."""
    huey = open_queue(connector.db, connector.config.redis_url)

    def run(job: str, subject: str) -> None:
        try:
            JOBS[job](connector, waker.wake, subject)
        except BadInput as error:
            log.warning("job_has_no_subject", job=job, subject=subject, error=str(error))
        except Retryable as error:
            log.warning("job_comes_again", job=job, subject=subject, error=str(error))

    waker = Waker(huey, run)
    return waker


def main() -> None:
    """Run until SIGTERM; what is being done is finished first."""
    config = read_config(os.environ)
    set_up_logging(config.env)
    connector = build(config, lambda: datetime.now(UTC), pool_size=config.workers + 20)
    waker = waker_for(connector)
    consumer = waker.huey.create_consumer(
        workers=config.workers, periodic=False, max_delay=MAX_DELAY, graceful_signal="TERM", check_worker_health=True
    )
    log.info("worker_is_up", workers=config.workers)
    consumer.run()


if __name__ == "__main__":
    main()
