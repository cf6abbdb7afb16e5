"""A server on loopback that answers with given bytes, and remembers who came and what was asked."""

import socket
import threading
from collections import deque
from collections.abc import Callable
from typing import Self

Answering = Callable[[socket.socket], None]


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer; `retry_after="1"` becomes a header of that name."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


class Listener:
    """Gives each request the next of `answers` (bytes, or what is to be done with the socket); the last one stays."""

    def __init__(self, *answers: bytes | Answering) -> None:
        self.connections = 0
        self.requests: list[bytes] = []
        self.stopped = threading.Event()
        self._answers = deque(answers)
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listening.close()
        for connection in self._open:
            end(connection)
        for thread in self._threads[1:]:
            thread.join()

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def wrap(self, connection: socket.socket) -> socket.socket:
        """What is spoken on a connection; plain text unless a subclass says otherwise."""
        return connection

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, accepted: socket.socket) -> None:
        connection = accepted
        try:
            connection = self.wrap(accepted)
            self._open.append(connection)
            while request := _request(connection):
                self.requests.append(request)
                given = self._answers.popleft() if len(self._answers) > 1 else self._answers[0]
                if callable(given):
                    given(connection)
                else:
                    connection.sendall(given)
        except OSError:
            return
        finally:
            connection.close()


def end(connection: socket.socket) -> None:
    """Close a connection, whoever waits on it."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
    finally:
        connection.close()


def _request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return b""
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
