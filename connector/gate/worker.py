"""gunicorn's threads, given only requests that have arrived: whoever is slow, or says nothing, holds none of them."""

import contextlib
import ctypes
import select
import socket
import struct
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from connector.gate.arriving import Arriving, Verdict

ARRIVE_SECONDS = 10.0
LAST_SECONDS = 5.0
PATIENT_SECONDS = 1.0
READ_TIMEOUT, WRITE_TIMEOUT = struct.pack("ll", 1, 0), struct.pack("ll", 10, 0)
MOST_HELD = 64 * 1024 * 1024
PIECE = 64 * 1024
REFUSALS = {
    Verdict.HEAD_TOO_LARGE: "431 Request Header Fields Too Large",
    Verdict.BODY_TOO_LARGE: "413 Content Too Large",
}
REFUSAL = "HTTP/1.1 {}\r\nContent-Type: text/plain\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
KEEPING = ctypes.PyDLL(None)
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


class _Watch(ctypes.Structure):
    _fields_ = (("fd", ctypes.c_int), ("events", ctypes.c_short), ("revents", ctypes.c_short))


def close_where_nobody_waits(listener: Any) -> bool:
    """Close, unless a connection waits to be accepted; whether it is closed.

    Both calls keep the interpreter's lock: else other threads run in between, for milliseconds, and whoever comes
    meanwhile is reset.
    """
    watch = _Watch(listener.fileno(), select.POLLIN, 0)
    keeping, where, one = KEEPING, ctypes.byref(watch), ctypes.c_ulong(1)
    if keeping.poll(where, one, 0) == 0:
        keeping.close(watch.fd)
        listener.detach()
        return True
    return False


class Worker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """Threads that never wait for a client, and that end without a loss.

    gunicorn's own class waits for a request's bytes in a thread, so that a few silent clients stop the house. When it
    ends it resets the connections that wait to be accepted, and a WooCommerce store never sends a delivery again.
    """

    def enqueue_req(self, conn: TConn) -> None:
        """A request may come on this connection: wait for all of it beside the threads."""
        conn.sock.setblocking(False)
        conn.arriving, conn.waits = Arriving(), False
        before = conn.parser.unreader.take_buffered() if conn.parser else b""
        if before:
            self._take(conn, before)
        else:
            self._hear(conn)

    def _hear(self, conn: TConn, _: object = None) -> None:
        try:
            data = conn.sock.recv(PIECE)
        except (BlockingIOError, InterruptedError):
            self._wait_for(conn)
            return
        except OSError:
            data = b""
        if not data:
            self._hang_up(conn)
        elif conn.arriving is not None:
            self._take(conn, data)

    def _take(self, conn: TConn, data: bytes) -> None:
        verdict = conn.arriving.take(data)
        if verdict is Verdict.WHOLE:
            self._let_in(conn)
            return
        self._wait_for(conn)
        if verdict is not Verdict.PART:
            self._refuse(conn, REFUSALS[verdict])
        elif conn.arriving.waits_for_word:
            conn.arriving.waits_for_word = False
            self._say(conn, GO_ON)
        elif len(conn.arriving.data) > PIECE:
            self._hold_no_more_than(MOST_HELD)

    def _wait_for(self, conn: TConn) -> None:
        if not conn.waits:
            conn.waits = True
            conn.timeout = time.monotonic() + (ARRIVE_SECONDS if self.alive else LAST_SECONDS)
            self.pending_conns.append(conn)
            self.poller.register(conn.sock, EVENT_READ, partial(self._hear, conn))

    def _wait_no_more_for(self, conn: TConn) -> None:
        if conn.waits:
            self.poller.unregister(conn.sock)
            self.pending_conns.remove(conn)

    def _let_in(self, conn: TConn) -> None:
        """All of it is there: what the thread reads, it has; what it writes, the client takes soon or never."""
        self._wait_no_more_for(conn)
        if not conn.initialized:
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, READ_TIMEOUT)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, WRITE_TIMEOUT)
        conn.data_ready = True
        conn.init()
        conn.parser.unreader.unread(bytes(conn.arriving.data))
        conn.arriving = None
        super().enqueue_req(conn)

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """Whoever was answered and goes is seen out beside everything else.

        gunicorn waits here, for up to two seconds each, until the client closes its side: all others wait as well.
        """
        if fs.cancelled() or fs.exception() is not None or fs.result():
            super().finish_request(conn, fs)
            return
        conn.arriving, conn.waits = None, False
        conn.sock.setblocking(False)
        self._say_no_more(conn)
        self._wait_for(conn)

    def _refuse(self, conn: TConn, status: str) -> None:
        """Say so, and let the rest of it fall until it ends: a client that is cut off would not read the answer."""
        conn.arriving = None
        self._say(conn, REFUSAL.format(status).encode())
        self._say_no_more(conn)

    def _say(self, conn: TConn, text: bytes) -> None:
        with contextlib.suppress(OSError):
            conn.sock.send(text)

    def _say_no_more(self, conn: TConn) -> None:
        with contextlib.suppress(OSError):
            conn.sock.shutdown(socket.SHUT_WR)

    def _hang_up(self, conn: TConn) -> None:
        self._wait_no_more_for(conn)
        self.nr_conns -= 1
        conn.close()

    def _hold_no_more_than(self, most: int) -> None:
        """Where what has arrived in parts gets too much, whoever has the largest part goes."""
        sizes = {conn: len(conn.arriving.data) for conn in self.pending_conns if conn.arriving}
        while sum(sizes.values()) > most:
            largest = max(sizes, key=lambda conn: sizes[conn])
            del sizes[largest]
            self._hang_up(largest)

    def accept(self, listener: Any) -> None:
        """Let somebody in; where the house is full, whoever has been arriving for longest has to go."""
        super().accept(listener)
        if self.nr_conns >= self.worker_connections and self.pending_conns:
            oldest = self.pending_conns[0]
            if oldest.timeout - time.monotonic() < ARRIVE_SECONDS - PATIENT_SECONDS:
                self._hang_up(oldest)

    def set_accept_enabled(self, enabled: bool) -> None:
        """At the end (`alive` is false by then), take all who wait, and let nobody wait any more."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            while not close_where_nobody_waits(listener):
                self.accept(listener)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, time.monotonic() + LAST_SECONDS)
