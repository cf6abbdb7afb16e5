"""The worker: takes wake-ups out of the queue and runs their jobs."""

import os
import sys
from datetime import UTC, datetime

import structlog

from connector.wiring import begin, build
from jobs import HANDS
from jobs.hands import Hands
from jobs.waking import waker_for

MAX_DELAY = 0.2
STOP_SECONDS = 15.0
log = structlog.get_logger()


def main() -> None:
    """Run until SIGTERM; what is being done is finished first, or left to the next worker after some seconds."""
    config = begin(os.environ)
    connector = build(config, lambda: datetime.now(UTC), pool_size=config.workers + HANDS["calls"])
    hands = Hands(HANDS)
    waker = waker_for(connector, hands)
    consumer = waker.huey.create_consumer(
        workers=config.workers, periodic=False, max_delay=MAX_DELAY, graceful_signal="TERM", check_worker_health=True
    )
    log.info("worker_is_up", workers=config.workers)
    consumer.run()
    if not hands.close(STOP_SECONDS):
        log.warning("worker_leaves_calls_unfinished")
        sys.stdout.flush()
        os._exit(0)  # what is unfinished stands in the outbox, and whoever it waits for may never answer


if __name__ == "__main__":
    main()
