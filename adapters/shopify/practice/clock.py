"""Time as the fake sees it: a clock that only the test moves, or the real one."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

START = datetime(2026, 11, 2, 14, 0, tzinfo=UTC)


class Clock(Protocol):
    """What the fake wants of time."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""

    def tick(self) -> None:
        """A second goes by between two things that happen, where time is only thought of."""


class VirtualClock:
    """A clock that stands still until it is moved; `advance` can serve as somebody's sleep."""

    def __init__(self, start: datetime = START) -> None:
        self._start = self._now = start
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def tick(self) -> None:
        self.advance(1.0)

    def advance(self, seconds: float) -> None:
        """Let seconds go by."""
        with self._lock:
            self._now += timedelta(seconds=seconds)

    def monotonic(self) -> float:
        """Seconds since the start."""
        return (self.now() - self._start).total_seconds()


class RealClock:
    """The wall clock, for a fake that runs by itself."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC)

    def tick(self) -> None:
        """Time goes by itself."""
