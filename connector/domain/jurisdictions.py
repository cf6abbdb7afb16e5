"""Which law a waiting order stands under, and that law's figures, as one table."""

from dataclasses import dataclass, replace
from enum import StrEnum

from connector.domain.errors import BadInput


class Regime(StrEnum):
    """The law that an order's delay is measured by."""

    US_FTC = "us_ftc"
    US_CALIFORNIA = "us_california"
    UK = "uk"
    EU = "eu"
    NONE = "none"


class Exemption(StrEnum):
    """Why the rules may not reach an order; which of them count, each law says for itself in RULES.

    `SUBSCRIPTION` means after its first shipment; `BUSINESS` means that the merchant has said so of this buyer.
    """

    SUBSCRIPTION = "subscription"
    GROWING = "growing"
    COD = "cod"
    SERVICE = "service"
    BUSINESS = "business"


EXEMPT_GOODS: tuple[str, ...] = (Exemption.SUBSCRIPTION, Exemption.GROWING, Exemption.SERVICE)
"""The exemptions that are a matter of what was bought; the others are one of who bought it and how it is paid."""


@dataclass(frozen=True, slots=True)
class RefundTerm:
    """Time for a refund: so many days after the day on which the right to it arises, calendar or working days."""

    days: int
    working: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """One law's figures.

    `ship_days`: time to ship where none was stated; `credit_days`: the same where the buyer applied for credit.
    `silence_days`: a date at most this many days after the T-day may be consented to by silence, and a later one
    lapses so many days after the T-day (None: silence means nothing and no order lapses). `undated_days`: the same
    lapse for an offer without a date. `option_is_duty`: whether the law demands the option notices.
    `withdrawal`: whether the notices have to show the right of withdrawal. `in_writing`: whether they have to be
    written, so that a word by telephone is none.
    """

    source: str
    ship_days: int
    credit_days: int
    silence_days: int | None
    undated_days: int
    option_is_duty: bool
    refund: RefundTerm
    withdrawal: bool
    in_writing: bool
    exempt: frozenset[Exemption]


_FTC = Rules(
    source="16 CFR 435",
    ship_days=30,
    credit_days=50,
    silence_days=30,
    undated_days=30,
    option_is_duty=True,
    refund=RefundTerm(7, working=True),
    withdrawal=False,
    in_writing=False,
    exempt=frozenset(Exemption),
)
# California knows no fifty days, wants the delay in writing and as a number of days or weeks, and a refund within one
# week.
_CALIFORNIA = replace(
    _FTC,
    source="16 CFR 435 and California Bus. & Prof. Code 17538",
    credit_days=30,
    undated_days=0,
    refund=RefundTerm(7, working=False),
    in_writing=True,
    exempt=frozenset({Exemption.SUBSCRIPTION, Exemption.COD, Exemption.BUSINESS}),
)
# "Without undue delay" has no figure; 14 days is the limit after a withdrawal (CRD art. 13(1)).
_EU = Rules(
    source="Directive 2011/83/EU art. 18",
    ship_days=30,
    credit_days=30,
    silence_days=None,
    undated_days=0,
    option_is_duty=False,
    refund=RefundTerm(14, working=False),
    withdrawal=True,
    in_writing=False,
    exempt=frozenset({Exemption.SERVICE, Exemption.BUSINESS}),
)

RULES: dict[Regime, Rules] = {
    Regime.US_FTC: _FTC,
    Regime.US_CALIFORNIA: _CALIFORNIA,
    Regime.UK: replace(_EU, source="Consumer Rights Act 2015 s.28"),
    Regime.EU: _EU,
}

AUTO = "auto"
JURISDICTIONS: tuple[str, ...] = (AUTO, *Regime)
"""What the merchant's setting can say: by the customer's address, or one law for all orders."""

_UNITED_STATES = frozenset({"US", "PR", "GU", "VI", "AS", "MP", "UM"})
# The 27 members, the parts of them with codes of their own, and the EEA states, which apply the directive too.
_UNION = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"}
    | {"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
    | {"AX", "GF", "GP", "MF", "MQ", "RE", "YT"}
    | {"IS", "LI", "NO"}
)
_ALSO_WRITTEN = {"UK": "GB", "EL": "GR"}
_UNNAMED = frozenset({"", "ZZ"})


def rules_for(regime: Regime, exempt: Exemption | None) -> Rules | None:
    """The rules that bind an order; None where no law that we know does."""
    rules = RULES.get(regime)
    return None if rules is None or exempt in rules.exempt else rules


def regime_of(setting: str, country: str, region: str, home: str = "") -> Regime:
    """The law for one order, by the merchant's setting and the customer's address.

    `setting` is one of JURISDICTIONS; "auto" goes by `country` (two letters, ISO 3166-1) and `region` ("CA",
    "US-CA" or "California"), and by the store's own country `home` where the order names none ("" or "ZZ").
    A country without a law here gives NONE. Raises BadInput for another setting and for what is no country code.
    """
    if setting not in JURISDICTIONS:
        raise BadInput(f"jurisdiction: must be one of {', '.join(JURISDICTIONS)}")
    if setting != AUTO:
        return Regime(setting)
    where = _code(country)
    if where in _UNNAMED:
        where = _code(home)
    if where in _UNITED_STATES:
        california = where == "US" and region.strip().upper() in {"CA", "US-CA", "CALIFORNIA"}
        return Regime.US_CALIFORNIA if california else Regime.US_FTC
    if where == "GB":
        return Regime.UK
    return Regime.EU if where in _UNION else Regime.NONE


def _code(country: str) -> str:
    code = country.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise BadInput(f"country: {country[:40]!r} is not a two-letter country code")
    return _ALSO_WRITTEN.get(code, code)
