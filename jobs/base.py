"""What a job is: a function of the connector, a way to wake other jobs, and a subject."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from connector.pipeline.connector import Connector

Wake = Callable[[str, str], None]
Job = Callable[[Connector, Wake, str], None]


@dataclass(frozen=True, slots=True)
class Tick:
    """A job that the clock wakes; `every` None: as often as the installation sweeps."""

    job: str
    every: timedelta | None
