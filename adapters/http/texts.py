"""JSON from outside, read also where a text in it holds half a character: that is no reason to lose the rest."""

import json
from typing import Any, TypeVar

import msgspec

from connector.domain.errors import Unreadable

T = TypeVar("T")


def decode(body: bytes, type_: type[T]) -> T:
    """The JSON of `body` as `type_`; Unreadable for anything else, however wrong."""
    try:
        return _strict(body, type_)
    except msgspec.ValidationError as error:
        raise Unreadable(str(error)) from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        mended = _mended(body)
        if mended is None:
            raise Unreadable(str(error)) from None
    try:
        return _strict(mended, type_)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from None


def _strict(body: bytes, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=type_)
    except (RecursionError, OverflowError) as error:
        raise Unreadable(str(error)) from None


def _mended(body: bytes) -> bytes | None:
    """The same without halves of characters and with null for NaN; None for what is no JSON in that reading either.

    PHP and JavaScript both cut texts in the middle of an emoji.
    """
    try:
        value: Any = json.loads(body.decode("utf-8", "replace"), parse_constant=lambda _: None)
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return None
