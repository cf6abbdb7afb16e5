"""What is done in the background: one file per job, one table that says when."""

from collections.abc import Mapping
from datetime import timedelta

from jobs import (
    absorb,
    answer_requests,
    disconnect,
    forget,
    perform,
    plan,
    poll,
    poll_failing,
    reconcile,
    reconcile_all,
    roll,
    sweep,
    take_in,
    watch,
    watch_all,
)
from jobs.base import Job, Tick

JOBS: Mapping[str, Job] = {
    "absorb": absorb.run,
    "answer_requests": answer_requests.run,
    "disconnect": disconnect.run,
    "forget": forget.run,
    "perform": perform.run,
    "plan": plan.run,
    "poll": poll.run,
    "poll_failing": poll_failing.run,
    "reconcile": reconcile.run,
    "reconcile_all": reconcile_all.run,
    "roll": roll.run,
    "sweep": sweep.run,
    "take_in": take_in.run,
    "watch": watch.run,
    "watch_all": watch_all.run,
}

# These wait for answers from outside; each kind has hands of its own, so that suppliers who do not answer keep no
# mail waiting, and those who did not answer last time keep no other supplier waiting.
HANDS: Mapping[str, int] = {"calls": 20, "feeds": 16, "failing feeds": 4}
OUTWARD: Mapping[str, str] = {
    "answer_requests": "calls",
    "disconnect": "calls",
    "perform": "calls",
    "poll": "feeds",
    "poll_failing": "failing feeds",
    "reconcile": "calls",
    "take_in": "calls",
}

SCHEDULE: tuple[Tick, ...] = (
    Tick("sweep", None),
    Tick("roll", timedelta(seconds=60)),
    Tick("reconcile_all", timedelta(minutes=15)),
    Tick("watch_all", timedelta(hours=1)),
    Tick("forget", timedelta(hours=24)),
)
