"""How a woken job is run, the same in every process that puts wake-ups into the queue or takes them out."""

import structlog

from connector.domain.errors import BadInput, Retryable
from connector.pipeline.connector import Connector
from connector.store.queue import Waker, open_queue
from jobs import JOBS

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
