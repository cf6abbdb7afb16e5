"""Suppliers' files behind a web address, fetched only when they have changed."""

from email.message import Message
from time import monotonic
from urllib.parse import urljoin, urlsplit

from adapters.http import Answer, Http, gunzip
from connector.domain.errors import NeedsMerchant, Retryable
from connector.ports import Fetched, Validators

SCHEMES = ("http", "https")
SECONDS = 90.0  # for all hops and tries together; less than a poll is lent out for
MOST_BYTES = 50_000_000
TRIES = 3
MOST_HOPS = 3
MOVED = frozenset({301, 302, 303, 307, 308})
LATER = frozenset({408, 425, 429})
GZIP_MAGIC = b"\x1f\x8b"
TEXTS = {
    401: "The supplier's server wants a login. Put the user name and password into the address.",
    403: "The supplier's server refuses us the file. Ask the supplier to let us read it.",
    404: "There is no file at this address. Ask the supplier for the right one.",
    410: "The supplier has removed the file from this address. Ask for the new one.",
}


class HttpSource:
    """Reads http:// and https:// addresses; a user name and password may stand in the address."""

    name = "http"

    def __init__(self, http: Http, seconds: float = SECONDS) -> None:
        """`seconds` is how long a file may take, from the first address to the last byte."""
        self._http = http.of("feeds")
        self._seconds = seconds

    def handles(self, url: str) -> bool:
        """Whether this is a web address."""
        return url.strip().lower().partition("://")[0] in SCHEMES

    def check(self, url: str) -> None:
        """Nothing, for a public address on a usual port whose name is known."""
        self._http.check(url)

    def fetch(self, url: str, validators: Validators) -> Fetched | None:
        """The file, unpacked where it is gzip, or None where it has not changed.

        Raises NeedsMerchant for what the merchant or the supplier has to mend, Retryable for what passes,
        Unreadable for a file that is too large or broken, Terminal for an address that may not be dialled.
        """
        answer = self._follow(url.strip(), _conditions(validators))
        if answer.status == 304:
            return None
        if answer.status != 200:
            raise _refusal(answer)
        kept = Validators(answer.headers.get("etag"), answer.headers.get("last-modified"))
        return Fetched(_unpacked(answer.body), kept, _charset(answer.headers.get("content-type", "")))

    def _follow(self, url: str, headers: dict[str, str]) -> Answer:
        """The answer at the end of a few redirects, each of which passes the guard like any address."""
        ends = monotonic() + self._seconds
        for _ in range(1 + MOST_HOPS):
            answer = self._http.request(
                "GET", url, headers=headers, timeout=self._seconds, max_bytes=MOST_BYTES, tries=TRIES, ends=ends
            )
            if answer.status not in MOVED:
                return answer
            url = _next(url, answer.headers.get("location", ""))
        raise NeedsMerchant("This address leads on and on. Ask the supplier for the address of the file itself.")


def _conditions(validators: Validators) -> dict[str, str]:
    asked = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in asked.items() if value}


def _next(url: str, location: str) -> str:
    try:
        to = urljoin(url, location)
        downgraded = urlsplit(url).scheme == "https" and urlsplit(to).scheme != "https"
    except ValueError:
        to, downgraded = "", False
    if not location or not to or downgraded:
        raise NeedsMerchant("This address leads to another one that cannot be used. Enter the file's own address.")
    return to


def _refusal(answer: Answer) -> NeedsMerchant | Retryable:
    status = answer.status
    if status >= 500 or status in LATER:
        return Retryable(f"The supplier's server cannot answer now ({status})", answer.retry_after)
    return NeedsMerchant(TEXTS.get(status, f"The supplier's server answers {status} instead of sending a file."))


def _unpacked(body: bytes) -> bytes:
    return b"".join(gunzip([body], MOST_BYTES)) if body.startswith(GZIP_MAGIC) else body


def _charset(content_type: str) -> str | None:
    header = Message()
    header["content-type"] = content_type
    return header.get_content_charset()
