"""The worker: takes wake-ups out of the queue and runs their jobs."""

import os
from datetime import UTC, datetime

import structlog

from connector.wiring import build, read_config, set_up_logging
from jobs.waking import waker_for

MAX_DELAY = 0.2
log = structlog.get_logger()


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
