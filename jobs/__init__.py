"""What is done in the background: one file per job, one table that says when."""

from collections.abc import Mapping
from datetime import timedelta

from jobs import absorb, forget, perform, plan, poll, reconcile, reconcile_all, roll, sweep
from jobs.base import Job, Tick

JOBS: Mapping[str, Job] = {
    "absorb": absorb.run,
    "forget": forget.run,
    "perform": perform.run,
    "plan": plan.run,
    "poll": poll.run,
    "reconcile": reconcile.run,
    "reconcile_all": reconcile_all.run,
    "roll": roll.run,
    "sweep": sweep.run,
}

OUTWARD = frozenset({"perform", "poll", "reconcile"})  # these wait for answers from outside

SCHEDULE: tuple[Tick, ...] = (
    Tick("sweep", None),
    Tick("roll", timedelta(seconds=60)),
    Tick("reconcile_all", timedelta(minutes=15)),
    Tick("forget", timedelta(hours=24)),
)
