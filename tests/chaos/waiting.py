"""Waiting for something to become true, with a deadline."""

import time
from collections.abc import Callable


def until(true: Callable[[], object], seconds: float, what: Callable[[], object] = str) -> None:
    """Look again and again until it is true; fails after so many seconds with what was there instead."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what()
        time.sleep(0.05)
