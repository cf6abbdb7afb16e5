"""What other services say is kept without the addresses in it."""

import pytest

from connector.domain.addresses import without_addresses

KNOWN = ("Ann.Lee@example.com", "Annabel Lee")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("550 5.1.1 <bob@example.org>: unknown", "550 5.1.1 <…>: unknown"),
        ("to=bob%40example.org&x=1", "…"),
        ('"bob stone"@example.org', "…"),
        ('"bob.stone"@example.org is full', "… is full"),
        ("bounce+bob=example.org@mail.example came back", "… came back"),
        ("mailto:ANN.LEE@EXAMPLE.COM", "mailto:…"),
        ("user ann.lee does not exist", "user … does not exist"),
        ("the mailbox of annabel lee is full", "the mailbox of … is full"),
        ("joann.leeds stays, as does 250 2.0.0 OK @ once", "joann.leeds stays, as does 250 2.0.0 OK @ once"),
        ("", ""),
    ],
)
def test_no_address_and_nothing_known_of_whom_is_left(said: str, kept: str) -> None:
    assert without_addresses(said, *KNOWN) == kept


def test_an_address_of_two_letters_takes_no_words_with_it() -> None:
    assert without_addresses("no: user no is unknown to no@example.com", "no@example.com", "") == (
        "no: user no is unknown to …"
    )


def test_a_text_without_end_is_cut_before_it_is_read() -> None:
    assert len(without_addresses("x" * 10_000_000)) == 2_000
