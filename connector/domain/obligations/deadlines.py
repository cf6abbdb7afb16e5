"""What an order's state and standing come to: which lines count, by when they ship, and when time is up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from connector.domain.jurisdictions import Rules, rules_for
from connector.domain.obligations.days import end_of_day, later, start_of_day
from connector.domain.obligations.values import Cause, Consent, Duty, Lapse, LegalClock, Standing, Unshipped

PATIENCE_DAYS = 7
"""What is offered, from the day that will be missed, for lines that have no later date of their own."""


@dataclass(frozen=True, slots=True)
class Case:
    """An order that a law binds and that has lines open: its state, its standing, its law."""

    clock: LegalClock
    standing: Standing
    rules: Rules

    @property
    def t_end(self) -> datetime:
        """The end of the T-day."""
        return end_of_day(self.clock.t_day, self.standing.zone)

    @property
    def warn_at(self) -> datetime:
        """When the buyer is warned if nothing did before: the end of the day before the T-day."""
        return end_of_day(self.clock.t_day - timedelta(days=1), self.standing.zone)

    @property
    def r_end(self) -> datetime | None:
        """The end of the R-day that is in force; None where there is none."""
        return end_of_day(self.clock.r_day, self.standing.zone) if self.clock.r_day else None


def case_of(clock: LegalClock, standing: Standing) -> Case | None:
    """What the option rules look at; None for an order that is exempt, shipped, cancelled or left to staff."""
    rules = rules_for(standing.regime, standing.exempt)
    if rules is None or clock.late_start or not open_lines(clock, standing):
        return None
    return Case(clock, standing, rules)


def open_lines(clock: LegalClock, standing: Standing) -> tuple[Unshipped, ...]:
    """The unshipped lines that are not cancelled."""
    gone = {one.line for one in clock.cancelled}
    return tuple(one for one in standing.unshipped if one.line not in gone)


def date_beyond(case: Case, day: date) -> tuple[bool, date | None]:
    """Whether the open lines cannot ship by a day, and their latest eta (None: unknown, or nothing waits)."""
    etas = [one.eta for one in open_lines(case.clock, case.standing) if one.waiting]
    known = [eta for eta in etas if eta is not None]
    if len(known) < len(etas):
        return True, None
    latest = max(known, default=None)
    return latest is not None and latest > day, latest


def option_needed(case: Case, now: datetime) -> tuple[Duty, date, datetime] | None:
    """The option that has to be offered now: its duty, the day that will be missed, and the last instant for it."""
    clock, zone = case.clock, case.standing.zone
    if not clock.first_offered:
        wanted = now >= case.warn_at or date_beyond(case, clock.t_day)[0]
        return (Duty.FIRST_OPTION, clock.t_day, case.t_end) if wanted and now <= case.t_end else None
    if clock.r_day is None or case.r_end is None or clock.renewal_pending:
        return None
    wanted = now >= start_of_day(clock.r_day, zone) or date_beyond(case, clock.r_day)[0]
    return (Duty.RENEWED_OPTION, clock.r_day, case.r_end) if wanted and now <= case.r_end else None


def date_offered(case: Case, missed: date) -> date | None:
    """The revised date for a day that will be missed; None: none can be given."""
    beyond, latest = date_beyond(case, missed)
    return latest if beyond else later(missed, PATIENCE_DAYS)


def lapse_of(case: Case) -> Lapse | None:
    """When the order ends unless something happens before, and as what (16 CFR 435.2(c)(2), (3), (5))."""
    clock = case.clock
    if not case.rules.option_is_duty:
        return None
    if not clock.first_offered:
        return Lapse(case.t_end, Cause.NO_VALID_OPTION)
    found = [clock.lapse] if clock.lapse else []
    if case.r_end:
        found.append(Lapse(case.r_end, Cause.RENEWED_SILENCE))
    return min(found, key=lambda one: one.at, default=None)


def right_arises(case: Case) -> datetime | None:
    """When the consumer gets the next right, where the law knows no options (CRD art. 18(2), CRA s.28(7), (8))."""
    if case.rules.option_is_duty or case.clock.consent is Consent.STANDING:
        return None
    return case.r_end or case.t_end


def instants(clock: LegalClock, standing: Standing) -> Iterator[datetime]:
    """Every instant at which time alone may change something, past ones included."""
    refund = clock.due(Duty.REFUND)
    if refund:
        yield refund
    case = case_of(clock, standing)
    if case is None:
        return
    if not clock.first_offered:
        yield case.warn_at
    elif clock.r_day and not clock.renewal_pending:
        yield start_of_day(clock.r_day, standing.zone)
    for at in (lapse.at if (lapse := lapse_of(case)) else None, right_arises(case)):
        if at:
            yield at
