"""A load generator in a process of its own: `python -m tests.bench.load PORT CONNECTIONS FILE`, requests from FILE.

Each connection sends its next request when the last one was answered. With RATE as a fourth argument, requests are
begun at that rate whatever the answers do, and times count from when a request was due.
"""

import asyncio
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.figures import percentile
from tests.chaos.storefront import Post


@dataclass(frozen=True, slots=True)
class Load:
    """What a run came to: answers with 200, others, seconds in all, and the answers' times in milliseconds."""

    good: int
    bad: int
    seconds: float
    p50: float
    p99: float
    longest: float

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return self.good / self.seconds


def run_load(port: int, connections: int, posts: Sequence[Post], rate: float | None = None) -> Load:
    """Send all requests from another process, and wait for it."""
    with tempfile.NamedTemporaryFile(suffix=".requests") as file:
        Path(file.name).write_bytes(pickle.dumps([_request(post) for post in posts]))
        more = [str(rate)] if rate else []
        command = [sys.executable, "-m", "tests.bench.load", str(port), str(connections), file.name, *more]
        done = subprocess.run(command, check=True, capture_output=True, timeout=300)
    return Load(**json.loads(done.stdout))


def _request(post: Post) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in post.headers.items())
    start = f"POST {post.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(post.body)}\r\n{head}\r\n"
    return start.encode() + post.body


async def _answer(link: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes) -> int:
    reader, writer = link
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    if length:
        await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])


async def _connection(port: int, waiting: Iterator[tuple[float, bytes]], done: list[tuple[int, float]]) -> None:
    link = await asyncio.open_connection("127.0.0.1", port)
    for due, request in waiting:
        if (early := due - time.monotonic()) > 0:
            await asyncio.sleep(early)
        began = due or time.monotonic()
        status = await _answer(link, request)
        done.append((status, time.monotonic() - began))
    link[1].close()


async def _run(port: int, connections: int, requests: Sequence[bytes], rate: float | None) -> Load:
    done: list[tuple[int, float]] = []
    began = time.monotonic()
    due = (began + at / rate if rate else 0.0 for at in range(len(requests)))
    waiting = zip(due, requests, strict=False)
    await asyncio.gather(*(_connection(port, waiting, done) for _ in range(connections)))
    seconds = time.monotonic() - began
    times = sorted(1000 * one for _, one in done)
    good = sum(status == 200 for status, _ in done)
    return Load(good, len(done) - good, seconds, percentile(times, 50), percentile(times, 99), times[-1])


def _main() -> None:
    port, connections, file, *rate = sys.argv[1:]
    requests = pickle.loads(Path(file).read_bytes())
    load = asyncio.run(_run(int(port), int(connections), requests, float(rate[0]) if rate else None))
    print(json.dumps(asdict(load)))


if __name__ == "__main__":
    _main()
