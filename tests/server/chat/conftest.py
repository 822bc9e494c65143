"""A chat server that does whatever a test wants, over real sockets."""

import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest
from httpx2 import create_ssl_context

from server.chat.engine import ChatEngine
from server.chat.server import ChatServer

DRIP_S = 0.01
LET_GO_S = 10

Behaviour = Callable[["FakeChat", socket.socket], None]


@dataclass(frozen=True)
class Asked:
    """One request as it reached the server."""

    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self):
        return json.loads(self.body)


@dataclass
class FakeChat:
    """Does one thing after the other; the last one for ever."""

    script: list[Behaviour] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def handle(self, connection: socket.socket, asked: Asked) -> None:
        number = len(self.asked)
        self.asked.append(asked)
        try:
            self.script[min(number, len(self.script) - 1)](self, connection)
        except OSError:  # the client has gone, as it should
            return


class Handler(StreamRequestHandler):
    def handle(self) -> None:
        if self.rfile.peek(1)[:1] not in {b"P", b""}:  # a TLS handshake
            self.server.fake.handle(self.connection, Asked("", {}, b""))
            return
        target = self.rfile.readline().decode().strip()
        headers = {}
        while line := self.rfile.readline().decode().strip():
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        body = self.rfile.read(int(headers.get("content-length", "0")))
        self.server.fake.handle(self.connection, Asked(target, headers, body))


class Behaviours:
    """Things a server does."""

    @staticmethod
    def answers(body: bytes, status: str = "200 OK", **headers: str) -> Behaviour:
        fields = {"Content-Length": str(len(body)), "Connection": "close"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())

        def behave(_fake: FakeChat, connection: socket.socket) -> None:
            connection.sendall(f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body)

        return behave

    @classmethod
    def says(cls, content: object, **choice: object) -> Behaviour:
        document = {"choices": [{"message": {"content": content}, **choice}]}
        return cls.answers(json.dumps(document).encode())

    @classmethod
    def fails(cls, status: str, **headers: str) -> Behaviour:
        return cls.answers(b'{"error": {"message": "no"}}', status, **headers)

    @staticmethod
    def sends(data: bytes) -> Behaviour:
        return lambda _fake, connection: connection.sendall(data)

    @staticmethod
    def drips(before: bytes, drop: bytes = b" ") -> Behaviour:
        def behave(fake: FakeChat, connection: socket.socket) -> None:
            connection.sendall(before)
            while not fake.over.wait(DRIP_S):
                connection.sendall(drop)

        return behave

    @staticmethod
    def floods(before: bytes) -> Behaviour:
        def behave(fake: FakeChat, connection: socket.socket) -> None:
            connection.sendall(before)
            while not fake.over.is_set():
                connection.sendall(b" " * 65536)

        return behave

    @staticmethod
    def hangs(fake: FakeChat, _connection: socket.socket) -> None:
        fake.over.wait(LET_GO_S)

    @staticmethod
    def resets(_fake: FakeChat, connection: socket.socket) -> None:
        connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        connection.close()


@pytest.fixture(scope="session")
def server_that() -> type[Behaviours]:
    """Things a chat server does: ``server_that.says("...")`` and so on."""
    return Behaviours


@pytest.fixture
def chat_servers():
    """Start servers: (behaviours) to a `FakeChat`."""
    started = []

    def start(*script: Behaviour) -> FakeChat:
        server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
        server.fake = FakeChat(list(script))
        server.fake.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        started.append((server, thread))
        return server.fake

    yield start
    for server, thread in started:
        server.fake.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


TRANSPORT = "httpx2._transports.default"


ssl_context = cache(create_ssl_context)


@dataclass
class Asker:
    """A chat engine, what it told, how long it slept, and what time it is for it."""

    engine: ChatEngine
    told: list[str]
    slept_s: list[float]
    now: list[float]


@pytest.fixture
def asking(monkeypatch):
    """Make a chat engine: (url, **fields of ChatServer). Its tries follow at once."""
    slept_s: list[float] = []
    # Certificates of all the world, read once: it is most of what a request costs.
    monkeypatch.setattr(f"{TRANSPORT}.create_ssl_context", ssl_context)

    async def sleep(seconds: float) -> None:
        slept_s.append(seconds)

    monkeypatch.setattr("openai._base_client.anyio.sleep", sleep)

    def make(url: str, **fields: object) -> Asker:
        told, now = [], [1000.0]
        server = ChatServer(url, **{"model": "m", "timeout_s": 5.0, **fields})
        return Asker(
            ChatEngine(server, told.append, lambda: now[0]), told, slept_s, now
        )

    return make
