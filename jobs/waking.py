"""How a woken job is run, the same in every process that puts wake-ups into the queue or takes them out."""

from functools import partial

import structlog

from connector.domain.errors import BadInput, Retryable
from connector.pipeline.connector import Connector
from connector.store.queue import Waker, open_queue
from jobs import JOBS, OUTWARD
from jobs.base import Wake
from jobs.hands import Hands

log = structlog.get_logger()


def waker_for(connector: Connector, hands: Hands | None = None) -> Waker:
    """The way to wake jobs, and what a woken job does; `hands` do what calls out."""
    huey = open_queue(connector.db, connector.config.redis_url)

    def run(job: str, subject: str) -> None:
        take_up(connector, waker.wake, hands, job, subject)

    waker = Waker(huey, run)
    return waker


def take_up(connector: Connector, wake: Wake, hands: Hands | None, job: str, subject: str) -> None:
    """Have a woken job done, here or by a hand of its kind."""
    work = partial(_do, connector, wake, job, subject)
    if hands is not None and job in OUTWARD:
        hands.give(OUTWARD[job], job, subject, work)
    else:
        work()


def _do(connector: Connector, wake: Wake, job: str, subject: str) -> None:
    try:
        JOBS[job](connector, wake, subject)
    except BadInput as error:
        log.warning("job_has_no_subject", job=job, subject=subject, error=str(error))
    except Retryable as error:
        log.warning("job_comes_again", job=job, subject=subject, error=str(error))
    finally:
        connector.calls.write_down(connector.db)
