"""How what somebody typed is read: each reader gives the value, or raises ValueError with words."""

import re
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connector.domain.jurisdictions import EXEMPT_GOODS
from connector.domain.segments import traits_of
from connector.domain.strategies import STANCES

NO_ZONES = ("localtime", "Factory", "posix", "right/")  # in the zone database, and no zones, or with leap seconds
ROLE = re.compile(r"[\w-]+")  # WordPress makes no others


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
    for name, stance in _named(printed(text, 1000)):
        if not is_segment(name) or stance not in STANCES:
            raise ValueError(f"must look like b2b=win,dtc=fill, each one of {', '.join(STANCES)}")
    return text.strip()


def segment_names(text: str) -> str:
    """Reads names of segments between commas."""
    if not all(is_segment(name) for name, _, _ in parts(text)) or "=" in text:
        raise ValueError("must be names of segments between commas, such as b2b,wholesale")
    return printed(text, 120)


def locations(text: str) -> str:
    for word, _, name in parts(text):
        if not word or not name:
            raise ValueError("must look like EAST=Main Street,WEST=Warehouse 2")
    return printed(text, 1000)


def exemptions(text: str) -> str:
    for sku, why in _named(text):
        if not sku or why not in EXEMPT_GOODS:
            raise ValueError(f"must look like FERN-*=growing,SETUP=service, each one of {', '.join(EXEMPT_GOODS)}")
        if "*" in sku[:-1]:
            raise ValueError(f"{sku}: a star stands for any ending, and only at the end, such as FERN-*")
    return printed(text, 1000)


def gateways(text: str) -> str:
    """Reads ids of payment methods between commas."""
    if not all(re.fullmatch(r"[A-Za-z0-9_-]+", part.strip()) for part in text.split(",") if part.strip()):
        raise ValueError("must be ids of payment methods between commas, such as stripe,ppcp-gateway")
    return printed(text, 120)


def is_segment(name: str) -> bool:
    """Whether a text can name a segment: letters, digits, spaces, dots and dashes."""
    return re.fullmatch(r"[\w.-]+( [\w.-]+)*", name) is not None


def _named(text: str) -> Iterator[tuple[str, str]]:
    """Names and what stands for each; ValueError for one that is named twice."""
    seen: set[str] = set()
    for name, _, value in parts(text):
        if name in seen:
            raise ValueError(f"names {name} twice")
        seen.add(name)
        yield name, value


def printed(text: str, most: int) -> str:
    if any(ord(sign) < 32 for sign in text) or len(text) > most:
        raise ValueError(f"must be one line of at most {most} characters")
    return text.strip()


def numbers(least: int, most: int) -> Callable[[str], str]:
    """Reads a number for each segment: b2b=5,dtc=30."""
    read = whole(least, most)

    def parse(text: str) -> str:
        for name, number in _named(text):
            if not is_segment(name):
                raise ValueError("must look like b2b=5,dtc=30")
            read(number)
        return printed(text, 1000)

    return parse


def traits(text: str) -> str:
    for one in traits_of(text):
        if ";" in one.name or not is_segment(one.segment) or (one.where == "role" and not ROLE.fullmatch(one.name)):
            raise ValueError(f"{one.where}:{one.name}={one.segment} names nothing that there can be")
    return printed(text, 1000)


def clock_time(text: str) -> str:
    if text.strip() and not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text.strip()):
        raise ValueError("must be a time such as 16:00, or empty")
    return text.strip()


def parts(text: str) -> tuple[tuple[str, str, str], ...]:
    """What stands between commas, cut at its first equals sign."""
    cut = (part.partition("=") for part in text.split(",") if part.strip())
    return tuple((name.strip(), equals, value.strip()) for name, equals, value in cut)


def one_line(text: str) -> str:
    return printed(text, 120)


def is_address(text: str) -> bool:
    """Whether a text looks like an e-mail address."""
    return re.fullmatch(r"[^\s@<>(),;:\"\[\]]+@[^\s@<>(),;:\"\[\]]+", text) is not None


def address(text: str) -> str:
    if text.strip() and not is_address(text.strip()):
        raise ValueError("must be an e-mail address such as orders@example.com")
    return one_line(text)
