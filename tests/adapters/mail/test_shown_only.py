"""The console and the mailbox show what would have been sent, and send nothing."""

import io
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.mail.console import Console
from adapters.mail.mailbox import Mailbox
from connector.domain.errors import BadSignature
from connector.ports import Letter

RULE = "-" * 72


def test_the_console_shows_a_letter_as_text(letter: Letter) -> None:
    stream = io.StringIO()
    assert Console(stream).send(letter) == ""
    assert stream.getvalue() == (
        f"{RULE}\n"
        "From: The Shop <shop@example.com>\n"
        "To: Ada Buyer <buyer@example.com>\n"
        "Subject: Your order #1001 has a new date\n"
        "Notice: n-1 (delay)\n"
        "\n"
        "It ships on 4 December.\n"
        f"{RULE}\n"
    )


def test_the_console_s_head_stays_one_line_each(make_letter: Callable[..., Letter]) -> None:
    stream = io.StringIO()
    Console(stream).send(make_letter(subject="a\r\nTo: b", to_name="c\nd"))
    assert stream.getvalue().splitlines()[2:4] == ["To: c d <buyer@example.com>", "Subject: a To: b"]


def test_the_mailbox_keeps_a_letter_as_one_file_and_nothing_beside_it(tmp_path: Path, letter: Letter) -> None:
    directory = tmp_path / "made" / "when-needed"
    id_ = Mailbox(directory).send(letter)
    assert [file.name for file in directory.iterdir()] == [f"{id_}.json"]
    kept = json.loads((directory / f"{id_}.json").read_bytes())
    assert (kept["notice_id"], kept["to"], kept["html"]) == ("n-1", letter.to, letter.html)
    assert (directory / f"{id_}.json").stat().st_mode & 0o077 == 0


def test_the_same_notice_again_changes_nothing(tmp_path: Path, make_letter: Callable[..., Letter]) -> None:
    first = Mailbox(tmp_path).send(make_letter(subject="first"))
    again = Mailbox(tmp_path).send(make_letter(subject="again"))
    assert first == again
    assert [letter.subject for letter in Mailbox(tmp_path).letters()] == ["first"]


@pytest.mark.parametrize("notice", ["../../etc/passwd", "a/b", "", "x" * 5000, "\x00"])
def test_a_notice_s_id_leads_to_no_other_directory(
    notice: str, tmp_path: Path, make_letter: Callable[..., Letter]
) -> None:
    id_ = Mailbox(tmp_path / "box").send(make_letter(notice))
    assert [file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.*")] == [f"box/{id_}.json"]


def test_letters_are_shown_with_the_latest_first(tmp_path: Path, make_letter: Callable[..., Letter]) -> None:
    box = Mailbox(tmp_path)
    assert box.letters() == ()
    sent = [make_letter(f"n-{number}") for number in range(3)]
    for second, letter in enumerate(sent):
        kept = tmp_path / f"{box.send(letter)}.json"
        os.utime(kept, (second, second))
    assert box.letters() == tuple(reversed(sent))


def test_a_letter_that_is_still_being_written_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "abc.part").write_bytes(b'{"half": ')
    assert Mailbox(tmp_path).letters() == ()


def test_neither_believes_any_event(tmp_path: Path) -> None:
    for mailer in (Console(io.StringIO()), Mailbox(tmp_path)):
        with pytest.raises(BadSignature):
            mailer.events({}, b"[]", datetime(2026, 11, 23, tzinfo=UTC))
