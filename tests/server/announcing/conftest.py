import datetime as dt
import json
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from calibration.announcing import Announcing
from calibration.layout import CellId
from calibration.profile import save_profile
from server.announcing.sending import (
    STEADY_FOR,
    Sender,
    news_and_decisions,
    send_once,
)
from server.announcing.services import Service
from server.site import Site
from server.store.announcements import announcements_of
from vision.image.photo_file import check_file

PART = re.compile(rb'name="description"\r\n\r\n(.*?)\r\n--', re.DOTALL)


@dataclass
class Web:
    """A server that speaks what Mastodon, Bluesky and Discord do; answers as told.

    What others speak is in `chats`: one of these, set as `chat`, answers instead.

    Parameters
    ----------
    port : int
    answers : dict
        By a part of the path: a status; "late" for 200 once `go` is set; "hang" for
        no answer; "cut" for a connection
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
    chat: object = None
    ended: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

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
        elif path.endswith("createRecord"):
            record = json.loads(body)["record"]
            shown = record.get("embed", {}).get("images", ())
            self.posts.append((record["text"], *(one["alt"] for one in shown)))
        elif path.endswith(("createSession", "uploadBlob")):
            return {"accessJwt": "token", "refreshJwt": "token", "blob": {"size": 1}}
        else:
            self.posts.append(body)
        return {"id": str(len(self.media))}


@pytest.fixture
def web() -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            known.asked.append(self.path)
            answer = known.answer(self.path)
            if answer in {"hang", "cut"}:
                known.take(self.path, body)
                if answer == "hang":
                    known.ended.wait(30)
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            if answer == "late":
                known.go.wait(30)
                answer = 200
            said = {"error": "no"}
            if answer == 200 and known.chat:
                answer, said = known.chat(self.command, self.path, self.headers, body)
            elif answer == 200:
                said = known.take(self.path, body)
            data = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(answer)
            if answer == 429:
                self.send_header("Retry-After", "30")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST  # noqa: N815  (their names)

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


@dataclass
class Day:
    """A site whose clock is set, with senders as many as are wanted."""

    journey: object
    web: Web
    now: dt.datetime = dt.datetime(2024, 5, 17, 12, 7, tzinfo=dt.UTC)

    @property
    def site(self):
        return self.journey.site

    def sender(self, owner="a", services=None):
        return Sender(self.site, services or (self.web.mastodon(),), owner)

    def send(self, sender=None):
        """Send all that is due."""
        while send_once(sender or self.sender()):
            pass

    def later(self, **delta):
        self.now += dt.timedelta(**delta)

    def photo(self, name, cards, at="12:00", **more):
        """Publish a photo that shows cards by their titles, and wait a little."""
        self.journey.send(name, at)
        shot = self.journey.scripted.Shot(
            {title: CellId(*cell) for title, cell in cards.items()}, **more
        )
        self.journey.work({name: shot})
        self.later(seconds=STEADY_FOR.total_seconds())

    def news(self):
        """Return what is to be told, by session."""
        with self.site.database.read() as session:
            board = self.site.profile.board("friday")
            return news_and_decisions(session, self.site, board, self.now)

    def stored(self):
        zone = self.site.profile.event.timezone
        return self.journey.ask(announcements_of, "friday", zone)

    def states(self):
        """Return how far each delivery is."""
        return [one.state for entry in self.stored() for one in entry.deliveries]


RULES = Announcing("automatic", at_most=60)


@pytest.fixture
def rules() -> Announcing:
    return RULES


@pytest.fixture
def day(folder, profile, rules, journey, web) -> Iterator[Day]:
    event = replace(profile.event, hashtag="#PyConOpenSpace")
    save_profile(replace(profile, event=event, announce=rules), folder / "event.toml")
    journey.site.database.close()
    shutil.rmtree(folder / "data")
    site = Site.open(journey.scripted.settings_in(folder))
    made = Day(None, web)
    site = replace(site, clock=lambda: made.now, check_photo=check_file)
    made.journey = replace(journey, site=site)
    yield made
    site.database.close()
