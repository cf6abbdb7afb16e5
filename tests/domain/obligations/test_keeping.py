"""The clock's state is kept as JSON between calls."""

import msgspec

from connector.domain.obligations import Answer, LegalClock
from tests.domain.obligations.given import FILLED, Story, line, order


def kept(clock: LegalClock | None) -> LegalClock:
    return msgspec.json.decode(msgspec.json.encode(clock), type=LegalClock)


def test_a_clock_that_was_kept_is_the_clock_that_was() -> None:
    story = Story(order(line("2026-06-01", name="1"), line(None, name="2")))
    assert kept(story.clock) == story.clock
    story.answered("2026-03-05T12:00:00Z", Answer.WAIT)
    assert kept(story.clock) == story.clock
    story.answered("2026-03-06T12:00:00Z", Answer.CANCEL)
    assert kept(story.clock) == story.clock


def test_a_clock_that_is_kept_after_every_step_tells_the_same_story() -> None:
    def story(keep: bool) -> list[str]:
        one = Story(order(FILLED))
        for at in ("2026-03-31T03:59:59Z", "2026-04-07T04:00:00Z", "2026-04-08T03:59:59Z", "2026-06-01T00:00:00Z"):
            one.clock = kept(one.clock) if keep else one.clock
            one.until(at)
        return one.told()

    assert story(keep=True) == story(keep=False)
