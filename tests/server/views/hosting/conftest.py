"""A site of two days online, and what hosts do with its form."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from calibration.layout import Layout, Slot
from calibration.profile import Board, Event, Profile, save_profile
from server.app import app_of
from server.config import Settings
from server.site import Site
from server.store.corrections import corrections_of
from server.store.releases import latest_release

TAIPEI = ZoneInfo("Asia/Taipei")
DESKS = ("Desk 1", "Desk 2", "Desk 3")
LINK = "https://gather.example/pycontw"


@dataclass
class Clock:
    """The site's clock, which a test sets."""

    now: dt.datetime

    def __call__(self) -> dt.datetime:
        return self.now

    def at(self, hour: int, minute: int = 0, day: int = 2) -> None:
        self.now = dt.datetime(2021, 10, day, hour, minute, tzinfo=TAIPEI)


@pytest.fixture
def clock() -> Clock:
    return Clock(dt.datetime(2021, 10, 2, 8, tzinfo=TAIPEI))


@pytest.fixture
def hosting() -> str:
    return "open"


@pytest.fixture
def profile(hosting) -> Profile:
    def day(number: int, *slots: str, **keys) -> Board:
        return Board(
            f"day-{number}",
            f"Day {number}",
            dt.date(2021, 10, number + 1),
            Layout(DESKS, tuple(map(Slot.parse, slots))),
            online=True,
            hosting=hosting,
            links=dict.fromkeys(DESKS, LINK),
            **keys,
        )

    return Profile(
        Event("PyCon Taiwan 2021", TAIPEI, "os"),
        (
            day(1, "08:55-09:45", "09:45-10:35", "10:35-11:25", "15:30-16:15"),
            day(2, "10:30-11:20", "14:30-15:20", no_talks=("14:30-15:20",)),
        ),
    )


@pytest.fixture
def site(tmp_path, profile, clock, scripted) -> Site:
    save_profile(profile, tmp_path / "event.toml")
    settings = Settings(
        profile_path=tmp_path / "event.toml",
        data_dir=tmp_path,
        secret_key="a secret of the tests",
        public_url="https://board.example",
    )
    opened = replace(Site.open(scripted.stored(settings)), clock=clock)
    yield opened
    opened.database.close()


@pytest.fixture
def other_process(site, clock) -> Site:
    """The same site as another process of the server has it."""
    opened = replace(Site.open(site.settings), clock=clock)
    yield opened
    opened.database.close()


@dataclass
class Device:
    """A browser of a host, or of anybody."""

    site: Site
    client: FlaskClient

    def form(self, board: str = "day-1", **filled: str) -> str:
        """Open the form; return what makes it one form."""
        answer = self.client.get(f"/os/{board}/host", query_string=filled)
        (form,) = re.findall(r'name="form" value="([^"]+)"', answer.text)
        return form

    def take(self, title="Git for two", host="Mei", *, board="day-1", **fields):
        """Fill the form in and send it."""
        fields = {"room": "Desk 1", "slot": "09:45-10:35", **fields}
        if "form" not in fields:
            fields["form"] = self.form(board)
        return self.client.post(
            f"/os/{board}/host", data={"title": title, "host": host, **fields}
        )

    def own(self, answer) -> str:
        """Return the path of the session that a form has become."""
        assert answer.status_code == 303, answer.text
        return answer.location.split("?")[0]

    def change(self, path: str, action: str, **fields):
        return self.client.post(path, data={"action": action, **fields})

    def edit(self, path: str, **fields):
        """Send the form of an own session, with what it was drawn with."""
        page = self.client.get(path).text
        seen = dict(re.findall(r'name="(seen_\w+)" value="([^"]*)"', page))
        shown = {name.removeprefix("seen_"): value for name, value in seen.items()}
        return self.change(path, "save", **seen, **{**shown, **fields})


@pytest.fixture
def new_device(site):
    apps = {}

    def new_device(at=site):
        app = apps.setdefault(id(at), app_of(at))
        return Device(at, app.test_client())

    return new_device


@pytest.fixture
def device(new_device) -> Device:
    return new_device()


@pytest.fixture
def client(device) -> FlaskClient:
    return device.client


@pytest.fixture
def published(site):
    """Return what is published of a board: room, slot, title of each session."""

    def published(board="day-1"):
        with site.database.read() as session:
            release = latest_release(session, board)
        sessions = release.schedule.sessions if release else ()
        return [(*one.cell, one.title) for one in sessions if not one.cancelled]

    return published


@pytest.fixture
def corrections(site):
    def corrections(board="day-1"):
        with site.database.read() as session:
            return corrections_of(session, board)

    return corrections


@pytest.fixture
def facilitator(site, new_device):
    """A device of a facilitator, and what its forms carry."""
    device = new_device()
    device.client.get(f"/sign-in/{site.tokens.issue('facilitator', 'Ada')}")
    with device.client.session_transaction() as cookie:
        token = cookie["csrf"]

    def post(path, **fields):
        return device.client.post(path, data={"csrf_token": token, **fields})

    post.client = device.client
    return post
