"""What every notice keeps, because it is registered: words for whatever it may be about."""

from datetime import date
from itertools import product
from pathlib import Path

import pytest

from connector.domain import notices
from connector.domain.effects import NoticeLine, SendNotice
from connector.domain.notices import NOTICES, notice_named
from connector.domain.notices.base import Notice

ETAS = (None, date(2026, 3, 20))
LINES = (
    (),
    (NoticeLine("Lamp", 1, 0, None),),
    (NoticeLine("Lamp", 3, 3, date(2026, 3, 20)), NoticeLine("Bulb", 3, 1, None)),
)
SHAPES = tuple(product(ETAS, ETAS, LINES))
EVERY = pytest.mark.parametrize("kind", NOTICES, ids=lambda kind: kind.name)


def notice(kind: Notice, eta: date | None, previous: date | None, lines: tuple[NoticeLine, ...]) -> SendNotice:
    """A notice of a kind about order #1001."""
    return SendNotice("k", kind.name, "1001", "#1001", "ann@example.com", "Ann", "en", eta, previous, lines)


def test_no_two_notices_have_the_same_name() -> None:
    assert len({kind.name for kind in NOTICES}) == len(NOTICES)


@EVERY
def test_a_notice_has_a_file_of_its_own_and_is_found_by_its_name(kind: Notice) -> None:
    assert (Path(notices.__file__).parent / f"{kind.name}.py").exists()
    assert notice_named(kind.name) is kind


@EVERY
@pytest.mark.parametrize(("eta", "previous", "lines"), SHAPES)
def test_a_notice_has_one_line_of_subject_and_words_of_body(
    kind: Notice, eta: date | None, previous: date | None, lines: tuple[NoticeLine, ...]
) -> None:
    sent = notice(kind, eta, previous, lines)
    subject, body = kind.subject(sent), kind.body(sent)
    assert "#1001" in subject
    assert len(subject) <= 78
    assert subject.isprintable()
    assert body
    assert all(paragraph.strip() == paragraph and paragraph for paragraph in body)
    assert "None" not in " ".join((subject, *body))


@EVERY
@pytest.mark.parametrize(("eta", "previous", "lines"), SHAPES)
def test_a_notice_names_every_line_once(
    kind: Notice, eta: date | None, previous: date | None, lines: tuple[NoticeLine, ...]
) -> None:
    body = " ".join(kind.body(notice(kind, eta, previous, lines)))
    assert [body.count(f"× {line.title}:") for line in lines] == [1] * len(lines)
