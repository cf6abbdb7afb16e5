"""How a woken job is run, the same in every process that puts wake-ups into the queue or takes them out."""

from functools import partial

import structlog

from connector.domain.errors import BadInput, Retryable
from connector.pipeline.connector import Connector
from connector.store.queue import Waker, open_queue
from jobs import JOBS, OUTWARD
from jobs.hands import Hands

log = structlog.get_logger()


def waker_for(connector: Connector, hands: Hands | None = None) -> Waker:
    """The way to wake jobs, and what a woken job does; `hands` do what calls out."""
    huey = open_queue(connector.db, connector.config.redis_url)

    def do(job: str, subject: str) -> None:
        try:
            JOBS[job](connector, waker.wake, subject)
        except BadInput as error:
            log.warning("job_has_no_subject", job=job, subject=subject, error=str(error))
        except Retryable as error:
            log.warning("job_comes_again", job=job, subject=subject, error=str(error))

    def run(job: str, subject: str) -> None:
        if hands is not None and job in OUTWARD:
            hands.give(job, subject, partial(do, job, subject))
        else:
            do(job, subject)

    waker = Waker(huey, run)
    return waker
