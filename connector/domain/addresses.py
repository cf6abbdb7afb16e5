"""What other services say, without the addresses that they say it of."""

import re

# As a mail's text, a bounce or a link writes them: plain, with the part before the sign in quotes, percent-encoded.
ADDRESS = re.compile(r"(?:\"[^\"]+\"|[^\s@<>(),;:\"\[\]]+?)(?:@|%40)[^\s@<>(),;:\"\[\]]+", re.IGNORECASE)
GONE = "…"
SHORTEST = 3
LONGEST = 2_000


def without_addresses(text: str, *known: str) -> str:
    """The text without any address, nor what is known of somebody: an address, its part before the sign, a name.

    No more than the beginning of a text that is long beyond reason.
    """
    text = text[:LONGEST]
    for one in sorted(filter(None, _spellings(known)), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", GONE, text, flags=re.IGNORECASE)
    return ADDRESS.sub(GONE, text)


def _spellings(known: tuple[str, ...]) -> set[str]:
    local = {one.partition("@")[0] for one in known if "@" in one}
    return {*known, *(one for one in local if len(one) >= SHORTEST)}
