"""How what somebody typed is read: each reader gives the value, or raises ValueError with words."""

import re
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connector.domain.jurisdictions import EXEMPT_GOODS
from connector.domain.segments import traits_of
from connector.domain.strategies import STANCES

NO_ZONES = ("localtime", "Factory", "posix", "right/")  # in the zone database, and no zones, or with leap seconds


def zone(text: str) -> str:
    try:
        if text.startswith(NO_ZONES):
            raise ValueError("is no place")
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("must be a time zone such as Europe/Berlin") from error
    return text


def whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"\s*-?[0-9]{1,9}\s*", text) or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return parse


def share(least: float, most: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        if not re.fullmatch(r"\s*0?\.[0-9]{1,4}\s*", text) or not least <= float(text) <= most:
            raise ValueError(f"must be a number from {least} to {most}")
        return float(text)

    return parse


def yes_no(text: str) -> bool:
    known = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    if text.strip().lower() not in known:
        raise ValueError("must be yes or no")
    return known[text.strip().lower()]


def choice(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return text

    return parse


def segments(text: str) -> str:
    for name, _, stance in parts(text):
        if not name or stance not in STANCES:
            raise ValueError(f"must look like b2b=win,dtc=fill, each one of {', '.join(STANCES)}")
    return printed(text, 1000)


def locations(text: str) -> str:
    for word, _, name in parts(text):
        if not word or not name:
            raise ValueError("must look like EAST=Main Street,WEST=Warehouse 2")
    return printed(text, 1000)


def exemptions(text: str) -> str:
    for sku, _, why in parts(text):
        if not sku or why not in EXEMPT_GOODS:
            raise ValueError(f"must look like FERN-*=growing,SETUP=service, each one of {', '.join(EXEMPT_GOODS)}")
    return printed(text, 1000)


def printed(text: str, most: int) -> str:
    if any(ord(sign) < 32 for sign in text) or len(text) > most:
        raise ValueError(f"must be one line of at most {most} characters")
    return text.strip()


def numbers(least: int, most: int) -> Callable[[str], str]:
    """Reads a number for each segment: b2b=5,dtc=30."""
    read = whole(least, most)

    def parse(text: str) -> str:
        for name, _, number in parts(text):
            if not name:
                raise ValueError("must look like b2b=5,dtc=30")
            read(number)
        return printed(text, 1000)

    return parse


def traits(text: str) -> str:
    traits_of(text)
    return printed(text, 1000)


def clock_time(text: str) -> str:
    if text.strip() and not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text.strip()):
        raise ValueError("must be a time such as 16:00, or empty")
    return text.strip()


def parts(text: str) -> tuple[tuple[str, str, str], ...]:
    """What stands between commas, cut at its first equals sign."""
    return tuple(part.strip().partition("=") for part in text.split(",") if part.strip())


def one_line(text: str) -> str:
    return printed(text, 120)


def is_address(text: str) -> bool:
    """Whether a text looks like an e-mail address."""
    return re.fullmatch(r"[^\s@<>(),;:\"\[\]]+@[^\s@<>(),;:\"\[\]]+", text) is not None


def address(text: str) -> str:
    if text.strip() and not is_address(text.strip()):
        raise ValueError("must be an e-mail address such as orders@example.com")
    return one_line(text)
