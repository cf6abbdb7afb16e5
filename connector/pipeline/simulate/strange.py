"""What a scenario holds that can be played and is strange all the same, each with what was made of it."""

from collections.abc import Iterator

from connector.domain.wording import named_few
from connector.pipeline.histories import FEW, remarks
from connector.pipeline.restock import RECEIPT
from connector.pipeline.simulate.scenario import Scenario
from connector.pipeline.unruled import UNRULED
from connector.store import problems
from connector.store.engine import Database
from connector.store.matching import NOBODYS, SEVERAL
from connector.store.oddities import OVERDUE, TWICE

KINDS = (OVERDUE, TWICE, NOBODYS, SEVERAL, RECEIPT, UNRULED)


def strange(scenario: Scenario, database: Database) -> Iterator[str]:
    """Sentences on a scenario that was played in a database, in the order of time."""
    yield from _history(scenario)
    with database.begin() as tx:
        for one in problems.ever(tx, KINDS):
            yield f"{one.first_at:%Y-%m-%d %H:%M} UTC: {one.text}"


def _history(scenario: Scenario) -> Iterator[str]:
    if scenario.sorted_anew:
        yield "the events do not stand in the order of time; each happens at its own"
    start = min((event.at for event in scenario.events), default=scenario.until)
    today = start.astimezone(scenario.settings.zone).date()
    after = [f"$.deliveries[{at}]" for at, one in enumerate(scenario.deliveries) if one.delivered > today]
    if after:
        yield f"{named_few(after, FEW)} came after the first event, and all the same are known from the beginning"
    slips = [(one.delivered - one.promised).days for one in scenario.deliveries]
    yield from remarks([(f"$.deliveries[{at}]", days) for at, days in enumerate(slips)])
