"""The legal clock of one order: what the facts, the buyer and time alone do to it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from connector.domain.errors import BadInput
from connector.domain.jurisdictions import RULES, Regime, Rules, rules_for
from connector.domain.obligations.days import end_of_day, later, local_day
from connector.domain.obligations.deadlines import Case, case_of, instants, lapse_of, open_lines, right_arises
from connector.domain.obligations.ending import Step, close_duty, close_options, end_lines, open_duty, refund_sent
from connector.domain.obligations.events import (
    Events,
    ObligationBreached,
    RightArose,
    StaffNeeded,
    StaffReason,
)
from connector.domain.obligations.offering import adopted, agreed, came_back, offer, waited
from connector.domain.obligations.values import Answer, ByHand, Cause, Duty, LegalClock, Right, Standing

WRITTEN = frozenset({"e-mail", "letter"})

_INSTANT = timedelta(microseconds=1)


def watch(before: LegalClock | None, standing: Standing, now: datetime) -> Step:
    """The clock after looking at an order as it stands now, and what follows.

    Call it after every change of the order's facts and at `next_instant`; `before` is None the first time. An
    instant before the last one seen counts as that one. The same call again says nothing new. Raises BadInput for a
    naive `now` and for another order's standing.
    """
    clock, said = _caught_up(before, standing, now)
    case = case_of(clock, standing)
    if case:
        clock, offered = offer(case, clock.seen)
        clock, lapsed = _lapsed(clock, standing, clock.seen)
        clock, arisen = _rights(clock, standing)
        said += offered + lapsed + arisen
    clock, late = _refund_late(clock)
    return clock, said + late


def answer(
    before: LegalClock | None,
    standing: Standing,
    given: Answer,
    now: datetime,
    *,
    notice: int | None = None,
    until: date | None = None,
) -> Step:
    """The clock after what a buyer said, and what follows at once; call `watch` after it.

    `wait` agrees to the date last offered, or, where none could be given, to wait without one; `notice` is the
    serial of the option that was answered, and an answer to an older one than the last agrees to nothing. `until`
    is a further period that the consumer sets (UK, EU; BadInput elsewhere and before the T-day is over). `cancel`
    ends all that is unshipped (16 CFR 435.2(c)(1)). `partial` and `substitute` are no consent to a delay and change
    nothing here. An answer at the very instant of a deadline is in time.
    """
    if given is Answer.CANCEL:
        return cancel(before, standing, Cause.BUYER, now)
    clock, said = _caught_up(before, standing, now)
    case = case_of(clock, standing)
    if given is not Answer.WAIT or case is None:
        return clock, said
    if until is not None:
        _check_period(case, until)
        return agreed(clock, until), said
    if notice is not None and (clock.option is None or clock.option.serial != notice):
        return clock, said
    return waited(clock), said


def cancel(
    before: LegalClock | None,
    standing: Standing,
    cause: Cause,
    now: datetime,
    lines: Collection[str] | None = None,
) -> Step:
    """The clock after the buyer (16 CFR 435.2(c)(1)) or the seller (c)(4) ends lines; None: all that are unshipped.

    Says nothing where no law binds the order or no such line is open. Raises BadInput for another cause.
    """
    if cause not in {Cause.BUYER, Cause.SELLER}:
        raise BadInput(f"cause: {cause.value} is for the clock alone to find")
    clock, said = _caught_up(before, standing, now)
    rules = rules_for(standing.regime, standing.exempt)
    if rules is None:
        return clock, said
    clock, ended = end_lines(clock, standing, rules, cause, clock.seen, clock.seen, lines)
    return clock, said + ended


def refunded(before: LegalClock, now: datetime) -> Step:
    """The clock after the money went back: the duty met, or breached if late; nothing where none was owed."""
    clock = replace(before, seen=max(before.seen, _aware(now)))
    return refund_sent(clock, clock.seen)


def unreached(before: LegalClock, standing: Standing, serial: int, now: datetime) -> Step:
    """The clock after word that an option bounced or never arrived: it counts as not sent, its duty is open again.

    Says nothing of an option that was answered or followed by another. Set `Standing.reachable` to false until
    there is another address, and call `watch` after it: it sends again, or breaches once the time is over.
    """
    clock, said = _caught_up(before, standing, now)
    case = case_of(clock, standing)
    if case is None:
        return clock, said
    clock, back = came_back(case, serial, clock.seen)
    return clock, said + back


def told(before: LegalClock | None, standing: Standing, given: ByHand, now: datetime) -> Step:
    """The clock after the merchant has given the option that is needed in another way than by a notice of ours.

    Says nothing where none is needed, or where the law wants it in writing and it was not (WRITTEN).
    """
    clock, said = _caught_up(before, standing, now)
    case = case_of(clock, standing)
    if case is None or (case.rules.in_writing and given.how not in WRITTEN):
        return clock, said
    clock, offered = offer(case, clock.seen, given)
    return clock, said + offered


def next_instant(clock: LegalClock, standing: Standing) -> datetime | None:
    """The next instant at which time alone changes something: call `watch` then. None: never."""
    return min((at for at in instants(clock, standing) if at > clock.seen), default=None)


def _aware(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise BadInput("now: a time needs its offset")
    return now


def _caught_up(before: LegalClock | None, standing: Standing, now: datetime) -> Step:
    """The clock at `now`, with all that was over before that instant."""
    clock = _begun(standing, now) if before is None else before
    if clock.order != standing.order:
        raise BadInput(f"order: the clock of {clock.order} was shown {standing.order}")
    now = max(_aware(now), clock.seen)
    rules = rules_for(standing.regime, standing.exempt)
    regime = standing.regime if rules else Regime.NONE
    newly = before is None or clock.regime is not regime or clock.idle
    idle = not open_lines(clock, standing)
    clock = replace(clock, seen=now, regime=regime, idle=idle)
    if idle:
        return close_options(clock, now)
    if rules is None:
        return clock, ()
    clock, told = _begin_watching(clock, standing, rules, newly)
    clock, lapsed = _lapsed(clock, standing, now - _INSTANT)
    return clock, told + lapsed


def _begun(standing: Standing, now: datetime) -> LegalClock:
    """A clock that has seen nothing; T is fixed here (16 CFR 435.2(a)(1))."""
    rules = RULES.get(standing.regime, RULES[Regime.US_FTC])
    unstated = rules.credit_days if standing.credit_without_time else rules.ship_days
    days = unstated if standing.stated_days is None else standing.stated_days
    t_day = later(local_day(standing.placed_at, standing.zone), days)
    return LegalClock(standing.order, t_day, now, Regime.NONE)


def _begin_watching(clock: LegalClock, standing: Standing, rules: Rules, newly: bool) -> Step:
    """What was offered before us is taken over; a deadline that we did not see pass is left to a person."""
    known = adopted(clock, standing, rules)
    if known is not clock:
        newly, clock = True, replace(known, late_start=False)
    case = case_of(clock, standing)
    lapse = lapse_of(case) if case and newly else None
    if lapse is None or lapse.at >= clock.seen:
        return clock, ()
    clock = replace(clock, late_start=True)
    return clock, (StaffNeeded(clock.order, StaffReason.LATE_START, lapse.at, clock.seen),)


def _lapsed(clock: LegalClock, standing: Standing, until: datetime) -> Step:
    """The order ended where its time was over by `until`, the option duty that was not done breached before."""
    case = case_of(clock, standing)
    lapse = lapse_of(case) if case else None
    if case is None or lapse is None or lapse.at > until:
        return clock, ()
    said: Events = ()
    missed = _missed(clock, lapse.cause)
    if missed:
        clock, opened = open_duty(clock, missed, lapse.at, clock.seen)
        clock, breached = close_duty(clock, missed, clock.seen, ObligationBreached)
        said = opened + breached
    clock, ended = end_lines(clock, standing, case.rules, lapse.cause, lapse.at, clock.seen)
    return clock, said + ended


def _missed(clock: LegalClock, cause: Cause) -> Duty | None:
    """The option duty that a lapse shows was never done."""
    if cause is Cause.NO_VALID_OPTION:
        return Duty.FIRST_OPTION
    return Duty.RENEWED_OPTION if cause is Cause.RENEWED_SILENCE and not clock.renewal_pending else None


def _rights(clock: LegalClock, standing: Standing) -> Step:
    case = case_of(clock, standing)
    at = right_arises(case) if case else None
    right = Right.END_CONTRACT if clock.r_day else Right.FURTHER_PERIOD
    if at is None or at > clock.seen or right in clock.rights:
        return clock, ()
    return replace(clock, rights=(*clock.rights, right)), (RightArose(clock.order, right, clock.seen),)


def may_set(clock: LegalClock | None, until: date, zone: ZoneInfo) -> bool:
    """Whether a consumer may set a further period until the end of a day of the store (UK, EU: once T is over)."""
    rules = RULES.get(clock.regime) if clock else None
    if clock is None or rules is None or rules.option_is_duty:
        return False
    return end_of_day(until, zone) >= clock.seen and until > clock.t_day


def _check_period(case: Case, until: date) -> None:
    if case.rules.option_is_duty:
        raise BadInput("until: this law lets the buyer agree to the date offered only")
    if not may_set(case.clock, until, case.standing.zone):
        raise BadInput(f"until: {until} is no further period")


def _refund_late(clock: LegalClock) -> Step:
    due = clock.due(Duty.REFUND)
    if due is None or due > clock.seen:
        return clock, ()
    return close_duty(clock, Duty.REFUND, clock.seen, ObligationBreached)
