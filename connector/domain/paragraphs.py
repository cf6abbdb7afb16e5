"""What each law asks for and where it says so, in plain sentences, for those who have to show that it was done."""

from connector.domain.jurisdictions import Regime
from connector.domain.obligations import Cause, Duty

SAYS: dict[tuple[Regime, Duty], tuple[str, str]] = {
    (Regime.US_FTC, Duty.FIRST_OPTION): (
        "16 CFR 435.2(b)(1)",
        "A seller who cannot ship in the time stated at the order (30 days where none was, 50 where the buyer applied"
        " for credit) offers the buyer, before that time is over and without being asked, the choice to agree to the"
        " delay or to cancel for a prompt refund.",
    ),
    (Regime.US_FTC, Duty.RENEWED_OPTION): (
        "16 CFR 435.2(b)(2)",
        "A seller who cannot ship by the revised date either offers the choice again before that date is over; no"
        " answer then means that the order is cancelled.",
    ),
    (Regime.US_FTC, Duty.REFUND): (
        "16 CFR 435.2(c) and 435.1(b)(1)",
        "An order that counts as cancelled is refunded within seven working days, in money and never as a credit.",
    ),
    (Regime.US_CALIFORNIA, Duty.FIRST_OPTION): (
        "16 CFR 435.2(b)(1) and California Business and Professions Code 17538(a)(3)",
        "Within 30 days the seller ships, refunds, or tells the buyer in writing how long the delay will be, as a"
        " number of days or weeks, and offers a refund.",
    ),
    (Regime.US_CALIFORNIA, Duty.RENEWED_OPTION): (
        "16 CFR 435.2(b)(2)",
        "A seller who cannot ship by the revised date either offers the choice again before that date is over; no"
        " answer then means that the order is cancelled.",
    ),
    (Regime.US_CALIFORNIA, Duty.REFUND): (
        "16 CFR 435.2(c) and California Business and Professions Code 17538",
        "An order that counts as cancelled is refunded; the shorter of the two times, one week, is watched here.",
    ),
    (Regime.UK, Duty.REFUND): (
        "Consumer Rights Act 2015 s.28(9)",
        "A consumer who ends the contract because of the delay gets all payments back without undue delay; 14 days"
        " are watched here.",
    ),
    (Regime.EU, Duty.REFUND): (
        "Directive 2011/83/EU art. 18",
        "A consumer who ends the contract because of the delay gets all payments back without undue delay; 14 days"
        " are watched here.",
    ),
}
CANCELLED: dict[Cause, tuple[str, str]] = {
    Cause.NO_CONSENT: (
        "16 CFR 435.2(c)(2)",
        "the date offered was more than 30 days late or could not be named, and the buyer did not agree in time",
    ),
    Cause.RENEWED_SILENCE: (
        "16 CFR 435.2(c)(3)",
        "the revised date passed and the buyer had not agreed to a further delay",
    ),
    Cause.NO_VALID_OPTION: (
        "16 CFR 435.2(c)(5)",
        "the time to ship passed and no valid choice had been offered",
    ),
    Cause.BUYER: ("16 CFR 435.2(c)(1)", "the buyer cancelled before shipment"),
    Cause.SELLER: ("16 CFR 435.2(c)(4)", "the seller decided not to ship"),
}
_AMERICAN = frozenset({Regime.US_FTC, Regime.US_CALIFORNIA})


def of_duty(regime: Regime, duty: Duty) -> tuple[str, str]:
    """Where a law asks for a duty, and in which words of ours; empty where it does not."""
    return SAYS.get((regime, duty), ("", ""))


def of_cause(regime: Regime, cause: Cause) -> tuple[str, str]:
    """Why lines count as cancelled, with the place where the law knows one."""
    place, words = CANCELLED[cause]
    return (place if regime in _AMERICAN else "", words)
