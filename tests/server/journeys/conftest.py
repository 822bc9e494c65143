"""A conference from its event.toml on: real photos, the real reader, and its people.

They read pages as text, and press buttons by what stands on them.
"""

import datetime as dt
import io
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from sample_boards.events import SampleEvent
from sample_boards.truth import BoardTruth
from server.app import app_of
from server.config import Settings
from server.intake.claims import Worker
from server.intake.loop import work_once
from server.intake.sight import vision_of
from server.site import Site
from vision.image.photo_file import check_file

VOID = {"input", "img", "br", "meta", "link", "source", "wbr", "hr"}


@dataclass
class Form:
    """A form as a browser would send it: fields as drawn, and its buttons."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, value, and what stands on it."""


class Forms(HTMLParser):
    """Finds the forms of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.text = ""
        self._form: Form | None = None
        self._into: str | None = None
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            self._form = Form(given.get("action", ""))
            self.found.append(self._form)
        if self._form is None:
            return
        fields = self._form.fields
        if tag == "button":
            self._form.buttons.append((name, value, ""))
        elif tag == "input" and (
            given.get("type") not in {"checkbox", "radio"} or "checked" in given
        ):
            fields[name] = value
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in given or self._select not in fields):
            fields[self._select] = value
            self._into = None if "value" in given else self._select
        elif tag == "textarea":
            fields[name] = ""
        if tag in {"button", "textarea"}:
            self._into = name if tag == "textarea" else "<button>"

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        if tag in {"button", "textarea", "option"}:
            self._into = None
            self.text += " "

    def handle_data(self, data):
        self.text += data + ("" if self._into else " ")
        if self._form is None or self._into is None:
            return
        if self._into == "<button>":
            name, value, text = self._form.buttons[-1]
            self._form.buttons[-1] = (name, value, plain(text + data))
        else:
            self._form.fields[self._into] += data.lstrip("\n")


def plain(text: str) -> str:
    """Return a text on one line, its dashes as hyphens."""
    return " ".join(text.split()).replace("\N{EN DASH}", "-")


@dataclass
class Person:
    """Somebody with a browser: what they see is the page that they opened last.

    Parameters
    ----------
    client : FlaskClient
    path : str
        The page's address.
    html : str
        The page.
    """

    client: FlaskClient
    path: str = ""
    html: str = ""

    @property
    def token(self) -> str:
        """What their forms carry against forgery."""
        with self.client.session_transaction() as cookie:
            return cookie["csrf"]

    def open(self, path: str) -> str:
        """Open a page; return what stands on it."""
        return self._see(self.client.get(path, follow_redirects=True))

    def press(self, button: str, near: str = "", **typed: str) -> str:
        """Press a button, once something is typed; return what stands on the next page.

        Parameters
        ----------
        button : str
            A pattern of what stands on it.
        near : str
            What is in its form's address or fields, where several have such a button.
        **typed : str
            What is typed into the form's fields.
        """
        for form in Forms(self.html).found:
            for name, value, text in form.buttons:
                holds = (form.action, *form.fields.values())
                if not (re.search(button, text) and any(near in one for one in holds)):
                    continue
                sent = {**form.fields, **({name: value} if name else {}), **typed}
                to = form.action or self.path
                return self._see(self.client.post(to, data=sent, follow_redirects=True))
        there = [text for form in Forms(self.html).found for *_, text in form.buttons]
        raise AssertionError(f"No button {button!r} {near} among {there}")

    def _see(self, answer) -> str:
        assert answer.status_code == 200, answer.text
        self.path, self.html = answer.request.path, answer.text
        return plain(Forms(self.html).text)


@dataclass
class Conference:
    """A sample event that is served, and whose day a test lets pass.

    Parameters
    ----------
    event : SampleEvent
    site : Site
    """

    event: SampleEvent
    site: Site
    now: dt.datetime
    lanes: tuple[str, ...] = ("straighten", "read", "settle")

    def at(self, day: int, time: str) -> None:
        """Let it be this time on a day of the event's month, in its zone."""
        hour, minute = map(int, time.split(":"))
        self.now = self.now.replace(day=day, hour=hour, minute=minute)

    def person(self, role: str | None = None, name: str = "Ada") -> Person:
        """Return an attendee, or somebody who was invited as a role."""
        person = Person(app_of(self.site).test_client())
        if role:
            person.open(f"/sign-in/{self.site.tokens.issue(role, name)}")
        return person

    def send(self, staff: Person, number: int = 0) -> dict:
        """Let staff send a photo, and the workers read it; return what staff is told."""
        path = self.event.photos[number]
        photo = (io.BytesIO(path.read_bytes()), path.name)
        answer = staff.client.post(
            "/photos", data={"csrf_token": staff.token, "photo": photo}
        )
        assert answer.status_code == 202, answer.text
        answer.request.input_stream.close()  # a large photo's is a file
        vision = vision_of(self.site)
        for lane in self.lanes:
            while work_once(Worker(self.site, vision, "test"), lane):
                pass
        (sent,) = answer.json["photos"]
        return staff.client.get(f"/photos/{sent['id']}").json

    def hung(self, number: int = 0) -> list[tuple[str, str]]:
        """Return the cells in which cards hang on a photo, in truth."""
        cards = self.truth(number).cards
        return sorted((card.room, card.slot) for card in cards if card.room)

    def misread(self, number: int = 0) -> list[str]:
        """Return the titles of a photo's cards that no session has at their place."""
        truth = self.truth(number)
        told: dict[tuple[str, str], str] = {}
        for one in self.sessions(truth.board):
            place = one["room"], one["slot"]
            told[place] = told.get(place, "") + one["title"].casefold()
        return [
            card.title
            for card in truth.cards
            if card.room
            and card.title.casefold() not in told.get((card.room, card.slot), "")
        ]

    def truth(self, number: int = 0) -> BoardTruth:
        """Return what is true of a photo."""
        return self.event.truth(self.event.photos[number])

    def places(self, board: str) -> list[tuple[str, str]]:
        """Return where the sessions are that the JSON tells."""
        return sorted((one["room"], one["slot"]) for one in self.sessions(board))

    def at_place(self, board: str, room: str, start: str) -> dict:
        """Return the one session of the JSON that is there then."""
        (found,) = (
            one
            for one in self.sessions(board)
            if one["room"] == room and one["slot"].startswith(start)
        )
        return found

    def sessions(self, board: str) -> list[dict]:
        """Return the sessions that the JSON tells."""
        return self.document(board)["sessions"]

    def cells(self, board: str, state: str) -> set[tuple[str, str]]:
        """Return the cells of which the JSON tells this state."""
        cells = self.document(board)["cells"]
        return {(one["room"], one["slot"]) for one in cells if one["state"] == state}

    def document(self, board: str) -> dict:
        """Return a board's JSON."""
        return self.person().client.get(f"{self.home}/{board}.json").json

    def calendar(self) -> dict[str, str]:
        """Return the calendar's entries and their states."""
        data = self.person().client.get(f"{self.home}.ics").data
        entries = Calendar.from_ical(data).walk("VEVENT")
        return {str(one["SUMMARY"]): str(one["STATUS"]) for one in entries}

    @property
    def home(self) -> str:
        """The short address."""
        return f"/{self.site.profile.event.short_path}"


@pytest.fixture
def conference(tmp_path) -> Iterator[Callable[[SampleEvent], Conference]]:
    """Serve a sample event from a new folder."""
    opened: list[Conference] = []

    def conference(event: SampleEvent, **options) -> Conference:
        folder = tmp_path / event.name
        shutil.copytree(event.folder, folder, ignore=shutil.ignore_patterns("*.py"))
        settings = Settings(
            profile_path=Path(folder / "event.toml"),
            data_dir=tmp_path / "data",
            secret_key="secret",
            public_url="https://board.example",
        )
        site = Site.open(settings)
        first = site.profile.boards[0]
        opens = dt.datetime.combine(first.date, dt.time(8), site.profile.event.timezone)
        held = Conference(event, site, opens, **options)
        held.site = replace(site, clock=lambda: held.now, check_photo=check_file)
        opened.append(held)
        return held

    yield conference
    for held in opened:
        held.site.database.close()
