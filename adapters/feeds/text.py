"""What characters a file is written in: told by its mark, else found out, never by leaving out what does not fit."""

import codecs
import io
from collections.abc import Iterator

from charset_normalizer import from_bytes

from connector.domain.errors import Unreadable

# UTF-32 first: its little-endian mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What exports are written in, apart from Unicode. On a short file a guess among all character sets is mostly wrong,
# and it cannot tell the Latin ones apart.
USUAL = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp932", "gb18030", "big5", "cp949")
COMMONEST = "cp1252"
# What servers call Latin-1 or ASCII is read as windows-1252 (WHATWG Encoding Standard, names and labels).
MEANT = {"iso8859_1": "cp1252", "ascii": "cp1252"}
# What a server may call the characters of a file. Python knows more, and some are no character sets: escapes that
# run over the end of a line, names of hosts.
KNOWN = frozenset(
    {"utf_8", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "koi8_r", "koi8_u", "mac_roman", "euc_jp", "shift_jis"}
    | {"gb2312", "gbk", "euc_kr", "cp437", "cp850", "cp852", "cp866", "cp874", "cp1255", "cp1256", "cp1258"}
    | {f"iso8859_{part}" for part in range(2, 17)}
    | set(USUAL)
)
SAMPLE_BYTES = 64 * 1024
PIECE_BYTES = 1024 * 1024


def encoding_of(body: bytes, named: str | None) -> str:
    """The encoding that reads all of `body`; `named` counts where it is not Unicode. Or Unreadable."""
    marked = next((encoding for mark, encoding in MARKS if body.startswith(mark)), None)
    if marked:
        candidates = [marked]
    elif _reads(body, "utf-8"):
        candidates = ["utf-8"]
    else:
        candidates = _plausible(body, named)
    found = next((encoding for encoding in candidates if _reads(body, encoding)), None)
    if found is None:
        raise Unreadable("The file is not text in any character set that we know. Export it as CSV in UTF-8.")
    return found


def _plausible(body: bytes, named: str | None) -> list[str]:
    found = [match.encoding for match in from_bytes(_telling_lines(body), cp_isolation=list(USUAL))]
    guesses = sorted(found, key=lambda encoding: encoding != COMMONEST)
    known = _codec(named)
    return [known, *guesses] if known else guesses


def _telling_lines(body: bytes) -> bytes:
    sample = bytearray()
    for line in io.BytesIO(body):
        if not line.isascii():
            sample += line[:SAMPLE_BYTES]
        if len(sample) >= SAMPLE_BYTES:
            break
    return bytes(sample)


def _codec(named: str | None) -> str | None:
    try:
        known = codecs.lookup(named).name.replace("-", "_") if named else ""
    except (LookupError, ValueError):  # ValueError: a name with a NUL in it
        return None
    meant = MEANT.get(known, known)
    return meant if meant in KNOWN else None


def _reads(body: bytes, encoding: str) -> bool:
    try:
        for _ in pieces(body, encoding):
            pass
    except UnicodeError:
        return False
    return True


def pieces(body: bytes, encoding: str) -> Iterator[str]:
    """The text of a file, a little at a time: as a whole it may take four times the file's memory."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for at in range(0, len(body), PIECE_BYTES):
        yield decoder.decode(body[at : at + PIECE_BYTES])
    yield decoder.decode(b"", final=True)
