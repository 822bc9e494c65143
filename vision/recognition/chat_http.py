"""One request to a chat server, bounded in time and in bytes.

Less than a browser on purpose: no redirect is followed, as it would carry key
and picture to somebody else; nothing is unpacked, so that a small answer stays
small; no proxy, cookie or netrc comes in from the environment; and the time is
that of the whole exchange, so that a byte now and then does not keep it alive.
That last is why this is `http.client` and not `requests`, whose timeouts are
those of one read from the socket.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    IncompleteRead,
)
from urllib.parse import SplitResult, urlsplit

MAX_ANSWER_BYTES = 1 << 20
"""Of an answer's body: a card with the odds of each of its letters is a tenth."""

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said, whatever it was.

    Parameters
    ----------
    status : int
    body : bytes
        Whole, at most `MAX_ANSWER_BYTES`.
    retry_after : str
        The header of this name; empty if there is none.
    """

    status: int
    body: bytes
    retry_after: str = ""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why there is no answer.

    Parameters
    ----------
    reason : str
        The rest of a sentence that begins with "the server".
    again : bool
        Whether the same request may find an answer now.
    """

    reason: str
    again: bool


@dataclass(frozen=True, slots=True)
class ChatAddress:
    """Where chat requests go.

    Parameters
    ----------
    url : str
        Base address of a server, checked by `ChatServer`.
    """

    url: str

    def post(
        self, body: bytes, headers: Mapping[str, str], *, timeout_s: float
    ) -> Answer | NoAnswer:
        """Send a request and wait for the whole answer.

        Parameters
        ----------
        body : bytes
        headers : mapping of str to str
        timeout_s : float
            For everything but looking up the host's name.
        """
        parts, ends_s = urlsplit(self.url), time.monotonic() + timeout_s
        try:
            connection = _connected(parts, timeout_s)
        except OSError as error:
            return _fault(error)
        # Kept apart: a connection forgets its socket once an answer begins.
        wire = connection.sock
        with _cut_off(wire, ends_s - time.monotonic()) as late, closing(connection):
            try:
                if isinstance(wire, ssl.SSLSocket):
                    wire.do_handshake()
                connection.request("POST", _target(parts), body, headers)
                with connection.getresponse() as response:
                    answer = _whole(response)
            except (OSError, HTTPException) as error:
                answer = _fault(error)
        return NoAnswer("took too long", again=False) if late.is_set() else answer


def _connected(parts: SplitResult, timeout_s: float) -> HTTPConnection:
    """Connect; the handshake is left to a moment when it can be cut off."""
    host, port = parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme]
    plain = socket.create_connection((host, port), timeout_s)
    if parts.scheme == "http":
        connection = HTTPConnection(host, port)
        connection.sock = plain
        return connection
    context = ssl.create_default_context()
    secure = HTTPSConnection(host, port, context=context)
    secure.sock = context.wrap_socket(
        plain, server_hostname=host, do_handshake_on_connect=False
    )
    return secure


def _target(parts: SplitResult) -> str:
    """Return path and query of the chat address."""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.path.rstrip('/')}/chat/completions{query}"


@contextmanager
def _cut_off(wire: socket.socket, after_s: float) -> Iterator[threading.Event]:
    """Shut a socket down when its time is over.

    Yields
    ------
    Event
        Set when the time was over.
    """
    late = threading.Event()

    def shut_down() -> None:
        late.set()
        try:
            # Wakes the thread that waits for a byte; closing would not. That of
            # SSLSocket also takes away what that thread is just using.
            socket.socket.shutdown(wire, socket.SHUT_RDWR)
        except OSError:  # the other side was faster
            return

    timer = threading.Timer(after_s, shut_down)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        timer.join()


def _whole(response: HTTPResponse) -> Answer | NoAnswer:
    """Read an answer up to its end, or say why not."""
    body = response.read(MAX_ANSWER_BYTES + 1)
    if len(body) > MAX_ANSWER_BYTES:
        return NoAnswer("gave an endless answer", again=False)
    if response.length:  # bytes that were promised and did not come
        raise IncompleteRead(body, response.length)
    if response.headers.get("Content-Encoding", "identity") != "identity":
        return NoAnswer("packed its answer, unasked", again=False)
    return Answer(response.status, body, response.headers.get("Retry-After", ""))


def _fault(error: OSError | HTTPException) -> NoAnswer:
    """Say what an exception means; its own words may repeat what was sent."""
    match error:
        case TimeoutError():
            return NoAnswer("took too long", again=False)
        case ssl.SSLError():
            return NoAnswer("cannot prove who it is (TLS)", again=False)
        case socket.gaierror():
            return NoAnswer("has a name that cannot be found", again=True)
        case ConnectionRefusedError():
            return NoAnswer("is not running at its address", again=True)
        case OSError() | IncompleteRead():
            return NoAnswer("broke the connection", again=True)
        case _:
            return NoAnswer("does not speak HTTP", again=False)
