import json
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from server.announcing.services import Service

PART = re.compile(rb'name="description"\r\n\r\n(.*?)\r\n--', re.DOTALL)


@dataclass
class Web:
    """A server that speaks what Mastodon and Discord speak, and answers as told.

    Parameters
    ----------
    port : int
    answers : dict
        By a part of the path: a status; "hang" for no answer; "cut" for a connection
        that breaks once the request was taken. 200 for all others. A list is used up.
    asked : list
        Paths.
    posts : list
        What was published: texts, of Mastodon with the alt texts of their pictures.
    """

    port: int
    answers: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    posts: list = field(default_factory=list)
    media: list = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def mastodon(self, name="fosstodon") -> Service:
        return Service(name, f"mastodon://SECRET@127.0.0.1:{self.port}")

    def answer(self, path):
        for part, answer in self.answers.items():
            if part in path:
                return answer.pop(0) if isinstance(answer, list) else answer
        return 200

    def take(self, path, body):
        if path.endswith("/media"):
            self.media.append(PART.search(body)[1].decode())
        elif path.endswith("/statuses"):
            sent = json.loads(body)
            seen = [self.media[int(one) - 1] for one in sent.get("media_ids", ())]
            self.posts.append((sent["status"], *seen))
        elif "multipart" not in path:
            self.posts.append(body)
        return {"id": str(len(self.media))}


@pytest.fixture
def web() -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known.asked.append(self.path)
            answer = known.answer(self.path)
            if answer in {"hang", "cut"}:
                known.take(self.path, body)
                if answer == "hang":
                    known.ended.wait(30)
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            said = known.take(self.path, body) if answer == 200 else {"error": "no"}
            data = json.dumps(said).encode()
            self.send_response(answer)
            if answer == 429:
                self.send_header("Retry-After", "30")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known = Web(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield known
    known.ended.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
