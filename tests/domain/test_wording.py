"""Numbers of things are said as people say them."""

import pytest

from connector.domain.wording import counted


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (0, ("order",), "0 orders"),
        (1, ("order",), "1 order"),
        (2, ("order",), "2 orders"),
        (1, ("try", "tries"), "1 try"),
        (2, ("try", "tries"), "2 tries"),
    ],
)
def test_one_is_one_and_all_else_is_many(count: int, words: tuple[str, ...], said: str) -> None:
    assert counted(count, *words) == said
