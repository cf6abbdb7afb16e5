"""How options are offered, answered, come back, or are missed."""

from dataclasses import replace
from datetime import date, datetime

from connector.domain.jurisdictions import Rules
from connector.domain.obligations.days import end_of_day, later
from connector.domain.obligations.deadlines import Case, date_offered, option_needed
from connector.domain.obligations.ending import Step, close_duty, open_duty
from connector.domain.obligations.events import (
    DutyEvent,
    Events,
    ObligationMet,
    OptionNotice,
    StaffNeeded,
    StaffReason,
)
from connector.domain.obligations.values import (
    ByHand,
    Cause,
    Consent,
    Duty,
    Lapse,
    LegalClock,
    Option,
    Silence,
    Standing,
    Template,
)


def offer(case: Case, now: datetime, given: ByHand | None = None) -> Step:
    """The option that is needed now, opened and sent; only opened, with word to staff, without an address.

    `given`: the merchant has told the buyer, so that it counts as given and none is to be sent.
    """
    needed = option_needed(case, now)
    if needed is None:
        return case.clock, ()
    duty, missed, due = needed
    clock: LegalClock = case.clock
    said: Events = ()
    if case.rules.option_is_duty:
        clock, said = _opened(case, duty, due, now)
    if not case.standing.reachable and given is None:
        return clock, said
    eta = given.offered if given else date_offered(case, missed)
    clock, sent = _sent(replace(case, clock=clock), duty, eta, now)
    clock, met = close_duty(clock, duty, now)
    return clock, said + tuple(_marked(one, given.how) if given else one for one in sent + met)


def _marked(event: DutyEvent, how: str) -> DutyEvent:
    """What was done, as done by hand."""
    return replace(event, by_hand=how) if isinstance(event, OptionNotice | ObligationMet) else event


def _opened(case: Case, duty: Duty, due: datetime, now: datetime) -> Step:
    clock, said = open_duty(case.clock, duty, due, now)
    if said and not case.standing.reachable:
        said += (StaffNeeded(clock.order, StaffReason.UNREACHABLE, due, now),)
    return clock, said


def _sent(case: Case, duty: Duty, eta: date | None, now: datetime) -> Step:
    if duty is Duty.FIRST_OPTION:
        clock, silence = first_sent(case.clock, case.standing, case.rules, eta)
        template = Template.FIRST
    else:
        clock, silence = _renewed_sent(case)
        template = Template.RENEWED
    clock = replace(clock, options=clock.options + 1)
    clock = replace(clock, option=Option(clock.options, template, eta))
    notice = OptionNotice(
        clock.order,
        template,
        clock.options,
        eta,
        silence,
        clock.lapse.at if clock.lapse else None,
        (eta - clock.t_day).days if eta else None,
        case.rules.withdrawal,
        now,
    )
    return clock, (notice,)


def first_sent(
    clock: LegalClock, standing: Standing, rules: Rules, eta: date | None
) -> tuple[LegalClock, Silence | None]:
    """The state after a first option with this date, and what silence means (16 CFR 435.2(b)(1)(ii), (iii))."""
    clock = replace(clock, first_offered=True)
    if rules.silence_days is None:
        return clock, None
    if eta is not None and eta <= later(clock.t_day, rules.silence_days):
        return replace(clock, r_day=eta, consent=Consent.SILENT, lapse=None), Silence.CONSENT
    days = rules.undated_days if eta is None else rules.silence_days
    lapse = Lapse(end_of_day(later(clock.t_day, days), standing.zone), Cause.NO_CONSENT)
    return replace(clock, r_day=eta, consent=Consent.NONE, lapse=lapse), Silence.CANCEL


def _renewed_sent(case: Case) -> tuple[LegalClock, Silence | None]:
    """The state after a renewed option: silence ends the order with the old R-day (16 CFR 435.2(b)(2))."""
    if case.rules.silence_days is None or case.r_end is None:
        return case.clock, None
    lapse = Lapse(case.r_end, Cause.RENEWED_SILENCE)
    if case.clock.lapse and case.clock.lapse.at <= lapse.at:
        lapse = case.clock.lapse
    return replace(case.clock, lapse=lapse), Silence.CANCEL


def adopted(clock: LegalClock, standing: Standing, rules: Rules) -> LegalClock:
    """The state with a first option that the merchant gave in time before the clock watched."""
    told = standing.told
    if clock.first_offered or told is None or told.at > end_of_day(clock.t_day, standing.zone):
        return clock
    clock, _ = first_sent(clock, standing, rules, told.offered)
    clock = replace(clock, option=Option(0, Template.FIRST, told.offered))
    return waited(clock) if told.consented else clock


def waited(clock: LegalClock) -> LegalClock:
    """The state after the buyer has agreed to wait, for the date last offered or, undated, for good."""
    if clock.option is None or clock.option.answered:
        return clock
    return agreed(clock, clock.option.offered)


def agreed(clock: LegalClock, until: date | None) -> LegalClock:
    """The state after an express consent until a date; None is a standing one (16 CFR 435.2(b)(2))."""
    return replace(
        clock,
        option=replace(clock.option, answered=True) if clock.option else None,
        consent=Consent.STANDING if until is None else Consent.EXPRESS,
        r_day=until,
        lapse=None,
        rights=(),
    )


def came_back(case: Case, serial: int, now: datetime) -> Step:
    """An unanswered option that did not reach the buyer counts as never sent; its duty is open again."""
    clock, option = case.clock, case.clock.option
    if option is None or option.answered or option.serial != serial:
        return clock, ()
    renewed = option.template is Template.RENEWED
    due = case.r_end if renewed and case.r_end else case.t_end
    clock = replace(clock, option=None)
    if not renewed:
        clock = replace(clock, first_offered=False, r_day=None, consent=Consent.NONE, lapse=None)
    elif clock.lapse and clock.lapse.cause is Cause.RENEWED_SILENCE:
        clock = replace(clock, lapse=None)
    said: Events = ()
    if case.rules.option_is_duty:
        duty = Duty.RENEWED_OPTION if renewed else Duty.FIRST_OPTION
        clock, said = open_duty(clock, duty, due, now)
    return clock, (*said, StaffNeeded(clock.order, StaffReason.BOUNCED, due, now))
