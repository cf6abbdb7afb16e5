"""The bucket of points that an app has in a shop."""

from adapters.shopify.practice.clock import Clock

SECONDS_IN_BUCKET = 20


class Bucket:
    """Holds 20 seconds' worth of points; calls take from it, time fills it."""

    def __init__(self, clock: Clock, rate: float) -> None:
        self._clock = clock
        self.rate = rate
        self.capacity = SECONDS_IN_BUCKET * rate
        self._points = self.capacity
        self._at = clock.now()

    @property
    def available(self) -> float:
        """The points that are in it now."""
        now = self._clock.now()
        self._points = min(self.capacity, self._points + (now - self._at).total_seconds() * self.rate)
        self._at = now
        return self._points

    def take(self, points: float) -> bool:
        """Take points, or nothing where there are too few."""
        if points > self.available:
            return False
        self._points -= points
        return True

    def drain(self, left: float = 0.0) -> None:
        """Leave only so many points, as another part of the app would have."""
        self._points = min(left, self.available)

    def status(self) -> dict[str, float]:
        """What an answer says of it."""
        available = int(self.available)
        return {"maximumAvailable": self.capacity, "currentlyAvailable": available, "restoreRate": self.rate}
