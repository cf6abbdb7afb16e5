"""Which day listings stated for a whole order."""

from datetime import date

import pytest

from connector.domain.effects import ListingState, WriteListing
from connector.domain.stating import day_stated
from connector.domain.wording import listing_notice

SOON, LATER = date(2026, 3, 20), date(2026, 5, 1)


def shown(
    eta: date | None, available: int = 5, state: ListingState = ListingState.BACKORDER, estimated: bool = False
) -> WriteListing:
    return WriteListing("A", None, state, eta, available, listing_notice(eta, available, estimated))


@pytest.mark.parametrize(
    ("bought", "day"),
    [
        ([(1, shown(SOON))], SOON),
        ([(5, shown(SOON))], SOON),
        ([(6, shown(SOON))], None),
        ([(1, shown(SOON)), (2, shown(LATER))], LATER),
        ([(1, shown(SOON)), (1, None)], None),
        ([(1, shown(SOON)), (1, shown(None))], None),
        ([(1, shown(SOON, estimated=True))], None),
        ([(1, shown(SOON, state=ListingState.IN_STOCK))], None),
        ([], None),
    ],
)
def test_a_day_is_stated_where_it_was_named_for_all_that_was_bought(
    bought: list[tuple[int, WriteListing | None]], day: date | None
) -> None:
    assert day_stated(bought) == day
