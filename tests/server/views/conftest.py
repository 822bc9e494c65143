"""A small site with two boards: Friday has a photo, Saturday has none yet."""

import datetime as dt
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from wsgiref.types import WSGIApplication
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId, Layout, Slot
from calibration.lens import Projection, RadialLens
from calibration.profile import Board, Event, Profile, save_profile
from server.app import app_of
from server.config import Settings
from server.publish.pictures import (
    EncodedPicture,
    declare,
    encode_board,
    encode_crop,
    store_board,
    store_crops,
)
from server.publish.releases import publish
from server.schedule.corrections.edit import Edit
from server.site import Site
from server.store.cards import add_observation
from server.store.corrections import append_correction
from server.store.photos import add_photo, set_progress, set_state
from server.store.pictures import add_picture
from server.store.values import Release
from vision.cards import BoardObservation, CardDescriptor, MissingCard, ReadCard
from vision.fields.notice import notice_of
from vision.reading import (
    BoardReading,
    CardFields,
    CardLine,
    CardReading,
    CellReading,
    PhotoFacts,
    RegistrationFacts,
)
from vision.registration.frame import Registration

NEW_YORK = ZoneInfo("America/New_York")
TAKEN_AT = dt.datetime(2024, 5, 17, 9, 42, tzinfo=NEW_YORK)
QUAD = Quad.from_array([[0, 0], [9, 0], [9, 9], [0, 9]])
BOARD_SHAPE = (800, 1600, 3)
ROOMS = ("Room 301", "Room 302", "Room 303")
SLOTS = ("10:00-11:00", "11:00-12:00", "13:00-14:00")
VOID = {"meta", "link", "img", "input", "source", "br"}
ORIGINAL = b"the photo as received: GPS and faces"


@dataclass
class Clock:
    """The site's clock, which a test sets."""

    now: dt.datetime

    def __call__(self) -> dt.datetime:
        return self.now

    def at(self, hour: int, minute: int = 0, day: int = 17) -> None:
        self.now = dt.datetime(2024, 5, day, hour, minute, tzinfo=NEW_YORK)


def whole(board: Board) -> Registration:
    """Return where a board is in a photo that shows just its cells."""
    height, width, _ = BOARD_SHAPE
    return Registration(
        board=board,
        method="tags",
        projection=Projection(Homography(np.eye(3)), RadialLens(0.0, (width, height))),
        size_wh=(width, height),
        cell_area=Rect(0, 0, width, height),
        residual_px=0.5,
        coverage=1.0,
    )


@dataclass(frozen=True)
class Post:
    """One card to put on the board of a test."""

    id: str
    room: str = "Room 301"
    slot: str = "10:00-11:00"
    title: str = "Type checking at scale"
    description: str = ""
    host: str = ""
    urls: tuple[str, ...] = ()
    confidence: float = 0.9
    split_confidence: float = 1.0
    until: str | None = None
    cancelled: bool = False
    change: str = "new"
    lines: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    shade: int | None = None

    def reading(self) -> CardReading:
        fields = CardFields(
            title=self.title,
            description=self.description,
            host=self.host,
            urls=self.urls,
            split_confidence=self.split_confidence,
            notice=notice_of(self.title),
            cancelled=self.cancelled,
        )
        return CardReading(
            quad_photo=QUAD,
            cell=CellId(self.room, self.slot),
            lines=tuple(
                CardLine(
                    text,
                    0.5 if text in self.unsure else 0.99,
                    Rect(0, number / 2, len(text) / 4, number / 2 + 0.4).to_quad(),
                )
                for number, text in enumerate(self.lines)
            ),
            fields=fields,
            confidence=self.confidence,
            colour="#ffd54f",
            engine="null",
            until=self.until,
        )

    def quad_area(self) -> Quad:
        """Return where it hangs: in the middle of its cell."""
        if self.room not in ROOMS or self.slot not in SLOTS:
            return QUAD
        left, top = ROOMS.index(self.room) / 3 + 0.05, SLOTS.index(self.slot) / 3 + 0.05
        return Rect(left, top, left + 0.2, top + 0.2).to_quad()

    def seen(self, *, known: bool) -> ReadCard:
        shade = self.shade or int(self.id[:2], 16)
        return ReadCard(
            reading=self.reading(),
            crop=np.full((60, 90, 3), shade, np.uint8),
            descriptor=CardDescriptor(np.zeros((8, 8), np.uint8)),
            quad_area=self.quad_area(),
            known=self.id if known else None,
            change=self.change,
        )


@pytest.fixture
def clock() -> Clock:
    return Clock(dt.datetime(2024, 5, 17, 10, 5, tzinfo=NEW_YORK))


@pytest.fixture
def profile() -> Profile:
    layout = Layout(
        rooms=ROOMS,
        slots=tuple(map(Slot.parse, SLOTS)),
        blocked={CellId("Room 303", "13:00-14:00"): "Keynote overflow"},
    )
    event = Event("PyCon US 2024", NEW_YORK, "os", "#PyConOpenSpace")
    friday = Board("friday", "Friday", dt.date(2024, 5, 17), layout, (0, 1, 2, 3))
    saturday = Board("saturday", "Saturday", dt.date(2024, 5, 18), layout, (4, 5, 6, 7))
    return Profile(event, (friday, saturday))


@pytest.fixture
def site(tmp_path, profile, clock) -> Site:
    save_profile(profile, tmp_path / "event.toml")
    settings = Settings(
        profile_path=tmp_path / "event.toml",
        data_dir=tmp_path,
        secret_key="secret",
        public_url="https://board.example",
    )
    opened = replace(Site.open(settings), clock=clock)
    yield opened
    opened.database.close()


@pytest.fixture
def client(site) -> FlaskClient:
    return app_of(site).test_client()


@cache
def board_pictures(at: dt.datetime, board: str) -> tuple[EncodedPicture, ...]:
    """Return a straight board of one shade, which is another one each minute."""
    shade = round(at.timestamp() / 60) % 100 + 100 * (board == "saturday")
    return encode_board(np.full(BOARD_SHAPE, shade, np.uint8))


@dataclass(frozen=True)
class Seeder:
    """Puts photos on a site as the worker does, without any vision."""

    site: Site

    def photo(
        self,
        *posts: Post,
        at: dt.datetime = TAKEN_AT,
        gone: tuple[str, ...] = (),
        covered: tuple[str, ...] = (),
        cells: dict[tuple[str, str], str] | None = None,
        board: str = "friday",
        known: tuple[str, ...] = (),
    ) -> Release:
        """Add a photo that shows these cards, and publish it."""
        blobs = self.site.blobs
        pictures = board_pictures(at, board)
        picture = store_board(blobs, pictures)
        seen = tuple(post.seen(known=post.id in known) for post in posts)
        crops = [encode_crop(card.crop) for card in seen]
        shas = store_crops(blobs, crops)
        original = self.site.originals.put(ORIGINAL + at.isoformat().encode())
        with self.site.database.write() as session:
            record, _ = add_photo(
                session,
                sha256=original,
                size_bytes=1,
                given_board=board,
                sender="Sam",
                received_at=at,
                taken_at=at,
            )
            declare(session, [*pictures, *crops])
            set_state(session, record.id, "straightened", board)
            placed = whole(self.site.profile.board(board))
            add_picture(session, record.id, board, at, picture, registration=placed)
            add_observation(
                session,
                photo_id=record.id,
                at=at,
                observation=BoardObservation(
                    reading=self._reading(board, seen, cells or {}),
                    cards=seen,
                    missing=(
                        *(MissingCard(name, "gone") for name in gone),
                        *(MissingCard(name, "covered") for name in covered),
                    ),
                ),
                crops=dict(enumerate(shas)),
                new_ids=[post.id for post in posts if post.id not in known],
            )
            set_progress(session, record.id, len(posts), len(posts))
            set_state(session, record.id, "read", board)
            return publish(session, self.site.profile, board, cause="photo read", at=at)

    def _reading(self, board, seen, cells) -> BoardReading:
        return BoardReading(
            board=board,
            photo=PhotoFacts("0" * 64, 4032, 3024),
            registration=RegistrationFacts("tags", Homography(np.eye(3)), 0, 0.5, 1),
            findings=(),
            cells=tuple(
                CellReading(CellId(*cell), state) for cell, state in cells.items()
            ),
            cards=tuple(card.reading for card in seen),
        )


@pytest.fixture
def seeder(site) -> Seeder:
    return Seeder(site)


@pytest.fixture
def make_post() -> Callable[..., Post]:
    return Post


@pytest.fixture
def friday(seeder, make_post) -> Release:
    """The Friday board: two cards at ten, one at eleven, one cell free."""
    return seeder.photo(
        make_post("aa0000000001", host="Maya", urls=("example.org/typing",)),
        make_post("bb0000000002", room="Room 302", title="", confidence=0.2),
        make_post("cc0000000003", slot="11:00-12:00", title="Knitting", confidence=0.6),
        cells={
            ("Room 301", "10:00-11:00"): "taken",
            ("Room 302", "10:00-11:00"): "taken",
            ("Room 303", "10:00-11:00"): "free",
            ("Room 302", "11:00-12:00"): "covered",
        },
    )


@pytest.fixture
def doubtful(site, seeder, make_post) -> Release:
    """A board with a guess, an unreadable card, and one that a person corrected."""
    seeder.photo(
        make_post("aa0000000001", title="Knittinq patterns", host="Ines",
                  confidence=0.1, split_confidence=0.6),
        make_post("bb0000000002", room="Room 302", title="Bokeh", description="perdere",
                  host="Tom", confidence=0.0, split_confidence=0.3,
                  urls=("example.org",)),
        make_post("cc0000000003", room="Room 303", title="Tvpe chccking", host="Maya",
                  confidence=0.0, split_confidence=0.3),
    )  # fmt: skip
    with site.database.write() as session:
        append_correction(
            session,
            "friday",
            Edit("cc0000000003", title="Type checking"),
            author="Ada",
            made_at=TAKEN_AT,
        )
        return publish(session, site.profile, "friday", cause="correction", at=TAKEN_AT)


@pytest.fixture
def token_of(site) -> Callable[[str, str], str]:
    """The token of somebody: one for each, however often they sign in."""
    return cache(site.tokens.issue)


@pytest.fixture
def sign_in(client, token_of) -> Callable[..., str]:
    """Sign the client in and return what its forms carry against forgery."""

    def sign_in(role: str = "facilitator", name: str = "Ada") -> str:
        client.get(f"/sign-in/{token_of(role, name)}")
        with client.session_transaction() as cookie:
            return cookie["csrf"]

    return sign_in


class _Page(HTMLParser):
    """Collects the texts of elements by class, and every tag's attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, list[str]]] = []
        self.texts: dict[str, list[str]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        names = [tag, *(attributes.get("class") or "").split()]
        for name in names:
            self.texts.setdefault(name, []).append("")
        if tag not in VOID:
            self.open.append((tag, names))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        for name in {name for _, names in self.open for name in names}:
            self.texts[name][-1] += data


@dataclass(frozen=True)
class PageText:
    """A page as its readers get it: texts by element or class, and its tags."""

    texts: dict[str, list[str]]
    tags: list[tuple[str, dict[str, str | None]]]

    def __getitem__(self, name: str) -> list[str]:
        """Return the texts of all elements of this name or class.

        Spans of time have a dash on the page; here it is a hyphen.
        """
        return [
            " ".join(text.split()).replace("\N{EN DASH}", "-")
            for text in self.texts.get(name, [])
        ]

    def attributes(self, tag: str, name: str) -> list[str]:
        """Return an attribute of all elements with this tag."""
        return [
            attributes[name] or ""
            for kind, attributes in self.tags
            if kind == tag and name in attributes
        ]

    def field(self, name: str) -> list[str]:
        """Return the values of all inputs of this name."""
        return [
            attributes.get("value") or ""
            for kind, attributes in self.tags
            if kind == "input" and attributes.get("name") == name
        ]


@pytest.fixture
def read_page() -> Callable[[str], PageText]:
    def read_page(html: str) -> PageText:
        parser = _Page()
        parser.feed(html)
        return PageText(parser.texts, parser.tags)

    return read_page


@pytest.fixture
def photo_file() -> BytesIO:
    """A JPEG as a phone sends it; there is no board in it."""
    return BytesIO(encode_crop(np.full((90, 120, 3), 90, np.uint8)).data)


@dataclass
class Line:
    """What lies between browser and site: it can answer in the site's place."""

    app: WSGIApplication
    answers: dict[str, WSGIApplication | None] = field(default_factory=dict)
    """By a part of the address; None hangs up."""

    def __call__(self, environ, start_response):
        for part, answer in self.answers.items():
            if part in environ["PATH_INFO"]:
                return (answer or self.hang_up)(environ, start_response)
        return self.app(environ, start_response)

    def hang_up(self, environ, start_response):
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return Response()(environ, start_response)


@pytest.fixture
def line(site) -> Line:
    return Line(app_of(site))


@pytest.fixture
def address(line) -> str:
    server = make_server("127.0.0.1", 0, line, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


DESKTOP = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def signed_in(address, token_of):
    """Sign a window in by one's link: without the pages that one sees on the way."""

    def signed_in(page: Page, role="facilitator", name="Ada") -> None:
        way = f"{address}/sign-in/{token_of(role, name)}"
        page.context.request.get(way, max_redirects=0)

    return signed_in


@pytest.fixture
def open_page(address, window):
    """Open a page at a width."""
    page = window(**DESKTOP)

    def open_page(path: str, width=1280, scheme="light", page=page) -> Page:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.goto(address + path)
        return page

    open_page.page = page
    yield open_page
    page.emulate_media(color_scheme="light")


@pytest.fixture
def desk(open_page, friday, signed_in) -> Page:
    assert friday.number == 1
    signed_in(open_page.page)
    page = open_page("/desk/friday")
    page.locator("[name=way]:focus").wait_for()
    return page
