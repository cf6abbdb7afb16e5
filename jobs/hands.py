"""Threads for jobs that call out: one that waits for somebody's answer must not keep other stores' news waiting."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

import structlog

log = structlog.get_logger()


class Hands:
    """Some threads for each kind of job, and what they have been given; a job does not wait for a hand twice."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._pools = {kind: ThreadPoolExecutor(count, thread_name_prefix=kind) for kind, count in counts.items()}
        self._lock = threading.Lock()
        self._waiting: set[tuple[str, str]] = set()
        self._given: set[Future[None]] = set()

    def give(self, kind: str, job: str, subject: str, work: Callable[[], None]) -> None:
        """Have a job done by the next hand of its kind that is free."""
        with self._lock:
            if (job, subject) in self._waiting:
                return
            self._waiting.add((job, subject))
            given = self._pools[kind].submit(self._take, job, subject, work)
            self._given.add(given)
        given.add_done_callback(self._done)

    def close(self, seconds: float) -> bool:
        """Take nothing more, and wait so long for what is being done; False where something is not finished."""
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            left = set(self._given)
        return not wait(left, seconds).not_done

    def _take(self, job: str, subject: str, work: Callable[[], None]) -> None:
        with self._lock:
            self._waiting.discard((job, subject))
        work()

    def _done(self, given: Future[None]) -> None:
        with self._lock:
            self._given.discard(given)
        if not given.cancelled() and (error := given.exception()) is not None:
            log.error("job_failed", exc_info=error)
