"""Counts what this process calls outside, and adds it up with what the others called."""

import threading
from collections import Counter

from connector.domain.errors import Retryable
from connector.store import calls
from connector.store.engine import Database


class Calls:
    """Calls by platform and outcome that are not written down yet; a process that is killed loses these."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: Counter[tuple[str, str]] = Counter()

    def note(self, platform: str, outcome: str) -> None:
        """One call came to this."""
        with self._lock:
            self._counted[platform, outcome] += 1

    def write_down(self, database: Database) -> None:
        """Add them to those of all processes: one statement, and none where nothing was called."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
        if not counted:
            return
        try:
            with database.begin() as tx:
                calls.add(tx, counted)
        except Retryable:  # the next job brings them
            with self._lock:
                self._counted += counted
