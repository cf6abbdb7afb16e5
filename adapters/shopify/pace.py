"""Pacing: Shopify gives every app and shop a bucket of points that refills with time, and says how full it is."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec import Struct

# What a bucket is taken to restore where an answer does not say (the slowest plan).
SLOWEST_RATE = 100.0
# Even the dearest query (1,000 points) is restored in less; who must wait longer comes back later.
LONGEST_WAIT = 15.0


class ThrottleStatus(Struct, frozen=True, rename="camel"):
    """How full the bucket is after an answer, in points, and how many it gains in a second."""

    currently_available: float
    restore_rate: float


class Cost(Struct, frozen=True, rename="camel"):
    """What a query was said to cost before it ran."""

    requested_query_cost: float | None = None
    throttle_status: ThrottleStatus | None = None


@dataclass(slots=True)
class Bucket:
    """A shop's points as last heard of, and what each operation cost when it was last sent."""

    available: float = float("inf")
    rate: float = SLOWEST_RATE
    heard_at: float = 0.0
    costs: dict[str, float] = field(default_factory=dict)

    def shortage(self, operation: str, now: float) -> float:
        """Seconds until the bucket holds what the operation costs."""
        missing = self.costs.get(operation, 0.0) - (self.available + (now - self.heard_at) * self.rate)
        return max(0.0, missing / self.rate)


class Pace:
    """Holds back calls that the shop's bucket cannot pay yet; shared by all threads of a process."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`monotonic` counts seconds from anywhere."""
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._buckets: dict[str, Bucket] = {}

    def spend(self, shop: str, operation: str) -> float:
        """Seconds to wait before sending the operation, whose points are taken unless it must wait too long."""
        with self._lock:
            bucket = self._buckets.setdefault(shop, Bucket())
            wait = bucket.shortage(operation, self._monotonic())
            if wait <= LONGEST_WAIT:
                bucket.available -= bucket.costs.get(operation, 0.0)
            return wait

    def heard(self, shop: str, operation: str, cost: Cost | None) -> None:
        """Remember what an answer said of the cost and of the bucket."""
        if cost is None:
            return
        with self._lock:
            bucket = self._buckets.setdefault(shop, Bucket())
            bucket.costs[operation] = cost.requested_query_cost or 0.0
            if cost.throttle_status is not None:
                bucket.available = cost.throttle_status.currently_available
                bucket.rate = max(cost.throttle_status.restore_rate, 1.0)
                bucket.heard_at = self._monotonic()
