"""Posting deliveries from many connections at once."""

import contextlib
import http.client
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.chaos.storefront import Post

SECONDS = 20.0
NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one delivery: the answer's status (0: none), after how many seconds, and whether it went out."""

    post: Post
    status: int
    seconds: float
    begun: bool


class Line:
    """A connection that is kept from one delivery to the next, or one for each, as WooCommerce does it."""

    def __init__(self, url: str, *, kept: bool) -> None:
        self._link = http.client.HTTPConnection(urlsplit(url).netloc, timeout=SECONDS)
        self._more = {} if kept else {"Connection": "close"}

    def post(self, post: Post) -> Told:
        """Send once; never again by itself."""
        began, begun, status = time.monotonic(), False, NO_ANSWER
        try:
            self._link.request("POST", post.path, post.body, {**post.headers, **self._more})
            begun = True
            with self._link.getresponse() as answer:
                answer.read()
                status = answer.status
        except (OSError, http.client.HTTPException):
            self._link.close()
        return Told(post, status, time.monotonic() - began, begun)

    def close(self) -> None:
        """Hang up."""
        self._link.close()


def post_all(url: str, posts: Sequence[Post], lines: int = 8, *, kept: bool = True) -> list[Told]:
    """Send all, over so many connections at once."""
    waiting = iter(posts)
    lock = threading.Lock()

    def work() -> list[Told]:
        with contextlib.closing(Line(url, kept=kept)) as line:
            return [line.post(post) for post in _shared(waiting, lock)]

    with ThreadPoolExecutor(lines) as pool:
        return [told for future in [pool.submit(work) for _ in range(lines)] for told in future.result()]


def post_until_told(url: str, posts: Sequence[Post], lines: int = 8, seconds: float = 60.0) -> list[Told]:
    """Send all, and again what was not acknowledged, as a store's own retries would; every answer there was."""
    deadline = time.monotonic() + seconds
    answers: list[Told] = []
    left = list(posts)
    while left:
        assert time.monotonic() < deadline, len(left)
        told = post_all(url, left, lines)
        answers += told
        left = [one.post for one in told if one.status != 200]
    return answers


class Flood:
    """Deliveries that go on until they are stopped; `told` has what became of each.

    Each connection rests for `pause` seconds after an answer.
    """

    def __init__(
        self, url: str, posts: Iterable[Post], lines: int = 8, *, kept: bool = True, pause: float = 0.0
    ) -> None:
        self.told: list[Told] = []
        self._stop = threading.Event()
        self._pause = pause
        self._waiting = iter(posts)
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(url, kept), daemon=True) for _ in range(lines)]

    def __enter__(self) -> "Flood":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(2 * SECONDS)

    def acknowledged(self) -> list[Told]:
        """Those that were answered with 200."""
        return [one for one in list(self.told) if one.status == 200]

    def _run(self, url: str, kept: bool) -> None:
        with contextlib.closing(Line(url, kept=kept)) as line:
            for post in _shared(self._waiting, self._lock, self._stop.is_set):
                told = line.post(post)
                self.told.append(told)
                self._stop.wait(self._pause if told.status != NO_ANSWER else 0.02)


def _shared(
    waiting: Iterator[Post], lock: threading.Lock, ended: Callable[[], bool] = lambda: False
) -> Iterator[Post]:
    while not ended():
        with lock:
            post = next(waiting, None)
        if post is None:
            return
        yield post
