"""The legal clock of a waiting order: options, consent, deemed cancellation and refund, as one immutable state.

`watch` looks at an order as it stands, `answer`, `cancel`, `refunded` and `unreached` bring in what people and the
mail service did, `next_instant` says when time alone will matter. Each gives the new clock and what follows.
"""

from connector.domain.obligations.clock import answer, cancel, next_instant, refunded, unreached, watch
from connector.domain.obligations.events import (
    CancelledNotice,
    DeemedCancelled,
    DutyEvent,
    Notice,
    ObligationBreached,
    ObligationMet,
    ObligationOpened,
    OptionNotice,
    RefundStatement,
    RightArose,
    StaffNeeded,
    StaffReason,
)
from connector.domain.obligations.values import (
    Answer,
    CancelledLine,
    Cause,
    Consent,
    Duty,
    Lapse,
    LegalClock,
    OpenDuty,
    Option,
    Right,
    Silence,
    Standing,
    Template,
    Told,
    Unshipped,
)

__all__ = [
    "Answer",
    "CancelledLine",
    "CancelledNotice",
    "Cause",
    "Consent",
    "DeemedCancelled",
    "Duty",
    "DutyEvent",
    "Lapse",
    "LegalClock",
    "Notice",
    "ObligationBreached",
    "ObligationMet",
    "ObligationOpened",
    "OpenDuty",
    "Option",
    "OptionNotice",
    "RefundStatement",
    "Right",
    "RightArose",
    "Silence",
    "StaffNeeded",
    "StaffReason",
    "Standing",
    "Template",
    "Told",
    "Unshipped",
    "answer",
    "cancel",
    "next_instant",
    "refunded",
    "unreached",
    "watch",
]
