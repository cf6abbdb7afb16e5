"""What came of a call to the outside, in one word: for those who count calls."""

from adapters.http.answer import Answer

OK, THROTTLED, REFUSED, FAILED, UNANSWERED = "ok", "throttled", "refused", "failed", "unanswered"
TOO_MANY_REQUESTS = 429


def outcome_of(answer: Answer) -> str:
    """By its status alone."""
    if answer.status < 400:
        return OK
    if answer.status == TOO_MANY_REQUESTS:
        return THROTTLED
    return REFUSED if answer.status < 500 else FAILED
