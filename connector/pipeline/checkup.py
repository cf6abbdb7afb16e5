"""A connected store is checked: what it lets us do, and whether a webhook that it is made to send really comes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.domain.errors import BadInput
from connector.pipeline.connect import hook_url
from connector.pipeline.connector import Connector
from connector.pipeline.reaching import reach
from connector.ports import CheckUp, Verdict
from connector.store import checkups, shops
from connector.store.checkups import Checked

LATE = timedelta(minutes=10)
LOOK_SECONDS = 0.5
ARRIVAL = "Arrival"


@dataclass(frozen=True, slots=True)
class Report:
    """How a connection stands now: the verdicts, and when the check-up was made."""

    at: datetime
    verdicts: tuple[Verdict, ...]

    @property
    def is_bad(self) -> bool:
        """Whether something is not in order."""
        return any(one.good is False for one in self.verdicts)

    @property
    def is_open(self) -> bool:
        """Whether a webhook is still awaited."""
        return self.verdicts[-1].good is None


def can_check(connector: Connector, platform: str) -> bool:
    """Whether there is a check-up for stores of a kind."""
    adapter = connector.platforms.get(platform)
    return adapter is not None and adapter.checkup is not None


def check(connector: Connector, store: str) -> Report:
    """Look a store over and make it send a webhook; BadInput for one that is not connected, or of another kind."""
    began = connector.clock()
    with connector.db.begin() as tx:
        shop = shops.get(tx, store)
    access = reach(connector, shop)
    if not access.credentials:
        raise BadInput(f"store {store} has been removed")
    checkup = _checkup(connector, shop.platform)
    checked = Checked(began, checkup.examine(access, hook_url(connector, shop)))
    with connector.db.begin() as tx:
        checkups.keep(tx, store, checked)
    return _report(connector, store, checkup, checked)


def standing(connector: Connector, store: str) -> Report | None:
    """What the last check-up found and what came since; None before the first."""
    with connector.db.begin() as tx:
        shop, checked = shops.get(tx, store), checkups.last(tx, store)
    return None if checked is None else _report(connector, store, _checkup(connector, shop.platform), checked)


def wait(
    connector: Connector, store: str, report: Report, seconds: float, pause: Callable[[float], None] = time.sleep
) -> Report:
    """The report once the webhook has come, or that time is over."""
    ends = time.monotonic() + seconds
    while report.is_open and time.monotonic() < ends:
        pause(LOOK_SECONDS)
        report = standing(connector, store) or report
    return report


def _checkup(connector: Connector, platform: str) -> CheckUp:
    checkup = connector.platforms[platform].checkup
    if checkup is None:
        raise BadInput(
            f"{platform} stores need no check-up: each reading (`store reconcile`, every 15 minutes by itself) looks"
            " at what we may do and makes webhooks anew that are missing; the desk says what is wrong"
        )
    return checkup


def _report(connector: Connector, store: str, checkup: CheckUp, checked: Checked) -> Report:
    with connector.db.begin() as tx:
        came = checkups.came_since(tx, store, checked.at)
    return Report(checked.at, (*checked.examined.verdicts, _arrival(checked, came, checkup, connector.clock())))


def _arrival(checked: Checked, came: datetime | None, checkup: CheckUp, now: datetime) -> Verdict:
    if came is not None:
        seconds = int((came - checked.at).total_seconds())
        return Verdict(ARRIVAL, True, f"A webhook came {seconds} s after the check-up had begun.")
    if not checked.examined.asked:
        return Verdict(ARRIVAL, None, "The store could not be made to send a webhook.")
    if now - checked.at < LATE:
        return Verdict(
            ARRIVAL, None, f"The webhook that the store was made to send has not come yet. {checkup.lateness}"
        )
    said = f"The webhook that the store was made to send has not come within {LATE.seconds // 60} minutes."
    what = "If that is not it, something between the store and this installation stops what the store sends."
    return Verdict(ARRIVAL, False, f"{said} {checkup.lateness} {what}")
