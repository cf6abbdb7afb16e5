"""What a store tells its customers about backorders in general, as its settings have it."""

from collections.abc import Iterator
from dataclasses import dataclass

from connector.domain.jurisdictions import AUTO, RULES, Regime
from connector.domain.settings import Settings

TITLE = "Backorders: what happens when we have to wait for goods"
PLACES = {
    Regime.US_FTC: "the United States",
    Regime.US_CALIFORNIA: "California",
    Regime.UK: "the United Kingdom",
    Regime.EU: "the European Union",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs, as plain text."""

    heading: str
    paragraphs: tuple[str, ...]


def policy_page(settings: Settings) -> tuple[Section, ...]:
    """The sections of the page; nothing in it promises what the settings do not do."""
    parts = (
        ("How you know when it ships", _dates(settings)),
        ("While you wait", _waiting(settings)),
        ("If you would rather not wait", _cancelling(settings)),
        *((f"Your rights in {PLACES[regime]}", _law(regime)) for regime in _regimes(settings.jurisdiction)),
        ("Questions", _questions(settings)),
    )
    told = (Section(heading, tuple(sentences)) for heading, sentences in parts)
    return tuple(section for section in told if section.paragraphs)


def _dates(settings: Settings) -> Iterator[str]:
    yield "Where something is not in stock and can still be ordered, its page says by when a new order can ship."
    kept = round(settings.promise_quantile * 100)
    yield (
        "We work that day out from what our suppliers announce and from how well they have kept their dates before:"
        f" it is a day that we expect to keep in {kept} of 100 cases. Where no day is known yet, we say so."
    )
    if settings.handling_days:
        yield "The days that we need to make a parcel ready are counted in."


def _waiting(settings: Settings) -> Iterator[str]:
    if settings.notify_customers:
        yield "We write to you when an order has to wait, when its day changes, and when everything is here."
    yield {
        "yes": "What is in stock ships at once; what is missing follows as soon as it is here.",
        "no": "An order ships once all of it is here.",
        "ask": "An order ships once all of it is here; if you ask us to, we ship at once what is in stock.",
    }[settings.partial_shipments]
    if settings.offer_with != "never":
        when = "when an order has to wait" if settings.offer_with == "backordered" else "when a day changes first"
        yield (
            f"For your patience you get a code {when}: it takes {settings.offer_percent} % off your next order and is"
            f" good for {settings.offer_days} days."
        )


def _cancelling(settings: Settings) -> Iterator[str]:
    if settings.jurisdiction == Regime.NONE or not settings.notify_customers:
        yield "Write to us while it has not shipped yet."
    else:
        yield (
            "You can cancel what has not shipped yet: by the link in the mails that we send you about your order, or"
            " by writing to us."
        )
    yield "You get the money back the way you paid it, never as a voucher. What you had not paid yet is not charged."


def _law(regime: Regime) -> Iterator[str]:
    rules = RULES[regime]
    if rules.option_is_duty:
        yield (
            f"If we cannot ship in the time that we stated, or within {rules.ship_days} days where we stated none, we"
            f" ask you before that time is over{' in writing' if rules.in_writing else ''} whether you want to wait"
            " or to cancel, and name a new day if we can."
        )
        yield (
            f"If the new day is at most {rules.silence_days} days later and you do not answer, we take it that you"
            " wait. If it is later, or if we cannot name one, we need your express consent: without it the order is"
            " cancelled and your money goes back. If the new day cannot be kept either, we ask you again."
        )
    else:
        yield (
            f"We deliver without undue delay, and within {rules.ship_days} days at the latest unless we have agreed"
            " on another time with you. If we are late you can set us a further period that suits the case, and end"
            " the contract once that has passed too."
        )
    days = "working days" if rules.refund.working else "days"
    yield f"Money that is due back is sent within {rules.refund.days} {days}."
    if rules.withdrawal:
        yield (
            "Your right to withdraw from a contract made at a distance ends 14 days after you have received the"
            " goods; you can use it while you still wait for them."
        )


def _questions(settings: Settings) -> Iterator[str]:
    if settings.sender_email:
        yield f"Write to {settings.sender_email}."


def _regimes(setting: str) -> tuple[Regime, ...]:
    if setting == AUTO:
        return tuple(RULES)
    return tuple(regime for regime in RULES if regime == setting)
