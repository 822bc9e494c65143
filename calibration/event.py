"""The conference and its boards: values that `calibration.profile` reads and writes."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from calibration.announcing import Announcing
from calibration.errors import FieldError, FieldErrors, ProfileError
from calibration.geometry import Quad
from calibration.layout import Layout
from calibration.names import RoomKind, check_name, check_slug
from calibration.online import Hosting, check_link, check_online
from calibration.texts import LANGUAGES

VERSION = 1
"""Of the format of event.toml."""
HASHTAG_PATTERN = re.compile(r"#[^\s#]+(?: #[^\s#]+)*")
"""One, or several with blanks between."""

RESERVED_PATHS = frozenset(
    {"api", "b", "capture", "crops", "desk", "health", "host", "login", "logout"}
    | {"metrics", "photos", "pictures", "sign-in", "sign-out", "static", "version"}
)
"""First parts of addresses that the server keeps for itself."""
RESERVED_SLUGS = frozenset({"people", "s", "version"})
"""Second parts of addresses below a short path: sessions and the version."""
YEARS = range(1970, 2200)
"""Of a board's date: calendars and clocks know no times far outside of them."""
EMAIL_PATTERN = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ADDRESS_PATTERN = re.compile(r"https?://[^\s<>\"']+")
CAPACITIES = range(1, 100_000)
"""Of a room, in people."""
Votes = Literal["", "dots"]
"""How people vote on cards: not at all, or with sticker dots."""
Beside = Literal["", "elsewhere", "people"]
"""What cards beside the cells are: nothing that is published, sessions elsewhere, or
people with their interests."""
PlannedMode = Literal["listed", "scheduled"]
"""Where a session that was planned stands as long as no card is there: ahead, under a
heading of its own, or on the schedule at once."""
IdeasMode = Literal["", "open", "moderated"]
"""Who adds to the list of ideas: facilitators only; anybody; anybody, and a facilitator
looks at it first."""
TAG_IDS = range(50)
"""Ids of the ArUco dictionary 4x4_50, with which the kit prints tags."""
WIDEST_MARGIN = 5.0
"""Cells beyond the cell area that a picture may show: more would be wall, not headings."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask.

    Parameters
    ----------
    name : str
    email, address, handle : str
        How to reach them: by mail, at a web address, in a chat or network. Empty where
        there is none.

    Raises
    ------
    FieldError
        If one of them is not as described.
    """

    name: str
    email: str = ""
    address: str = ""
    handle: str = ""

    def __post_init__(self) -> None:
        wrong = FieldErrors()
        with wrong.within():
            check_name(self.name, "name")
        with wrong.within():
            if self.email and not EMAIL_PATTERN.fullmatch(self.email):
                msg = f'expected an e-mail address, got "{self.email}"'
                raise FieldError(msg, "email")
        with wrong.within():
            if self.address:
                check_address(self.address, "address")
        with wrong.within():
            if self.handle:
                check_name(self.handle, "handle")
        wrong.refuse()


@dataclass(frozen=True, slots=True)
class LinkedPage:
    """A page elsewhere; raises FieldError if the title or the address is none."""

    title: str
    address: str

    def __post_init__(self) -> None:
        wrong = FieldErrors()
        with wrong.within():
            check_name(self.title, "title")
        with wrong.within():
            check_address(self.address, "address")
        wrong.refuse()


def check_address(address: str, key: str) -> None:
    """Check the address of a page elsewhere.

    Raises
    ------
    FieldError
        If it is none that a browser opens.
    """
    if not ADDRESS_PATTERN.fullmatch(address):
        msg = f'expected an address such as "https://example.org", got "{address}"'
        raise FieldError(msg, key)


@dataclass(frozen=True, slots=True)
class Event:
    """The conference.

    Parameters
    ----------
    name : str
        As people say it.
    timezone : ZoneInfo
        In which the boards' dates and slots are meant.
    short_path : str
        First part of the public address: ``os`` puts the board at ``/os``.
    hashtag : str
        With its ``#``; several with blanks between, empty if there is none.
    words : tuple of str
        What is likely to be written on cards and known beforehand: planned
        titles, hosts, sponsors, packages. Words or whole titles.
    share_labels : bool
        Whether the event agrees that crops of cards and their corrected texts are
        exported to train with.
    contact : Contact or None
        Whom to ask.
    how_to_host, privacy : str
        What whoever wants to host reads, and what is recorded and what not; empty
        where nothing is said.
    links : tuple of LinkedPage
        For whoever wants to know more.
    language : str
        In which names and notes are meant, as browsers say it: ``en``, ``zh-Hant``.
        Also of pages for whom no other is known.
    texts : mapping of str to (mapping of str to str)
        What a name or note is in other languages, by itself and then by the language.
    planned : {"listed", "scheduled"}
        Where planned sessions stand as long as no card of them is on the board.
    ideas : {"", "open", "moderated"}
        Whether anybody may add to the list of ideas.
    share_people : bool
        Whether people are in formats that others copy, too.

    Raises
    ------
    FieldError
        If a field is not as described, or the short path is one that the
        server keeps for itself.
    """

    name: str
    timezone: ZoneInfo
    short_path: str
    hashtag: str = ""
    words: tuple[str, ...] = ()
    share_labels: bool = False
    contact: Contact | None = None
    how_to_host: str = ""
    privacy: str = ""
    links: tuple[LinkedPage, ...] = ()
    language: str = "en"
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    planned: PlannedMode = "listed"
    ideas: IdeasMode = ""
    share_people: bool = False

    def __post_init__(self) -> None:
        if not self.timezone.key:
            raise FieldError("expected a timezone with a name", "timezone")
        check_event(self.name, self.short_path, self.hashtag, self.words)
        check_language(self.language)


def check_language(tag: str) -> None:
    """Check the language of an `Event`; FieldError if pages are in no such."""
    if tag not in LANGUAGES:
        msg = f'expected one of {", ".join(LANGUAGES)}, got "{tag}"'
        raise FieldError(msg, "language")


def check_event(name: str, short_path: str, hashtag: str, words: Sequence[str]) -> None:
    """Check what an `Event` says besides its timezone; the FieldError tells all."""
    wrong = FieldErrors()
    with wrong.within():
        check_name(name, "name")
    with wrong.within():
        check_slug(short_path, "short_path", reserved=RESERVED_PATHS)
    with wrong.within():
        if hashtag and not HASHTAG_PATTERN.fullmatch(hashtag):
            msg = f'expected "#" and a word without blanks, or a list of such, got "{hashtag}"'
            raise FieldError(msg, "hashtag")
    for index, word in enumerate(words):
        with wrong.within():
            check_name(word, "words", index)
    wrong.refuse()


@dataclass(frozen=True, slots=True)
class ReferencePhoto:
    """A photo whose registration is known.

    Parameters
    ----------
    photo : Path
        As written in event.toml, relative to it.
    corners : Quad
        Of the cell area, in pixels of the upright photo; they may lie
        outside of the photo.

    Raises
    ------
    FieldError
        If the photo has no name.
    """

    photo: Path
    corners: Quad

    def __post_init__(self) -> None:
        if not self.photo.name:
            raise FieldError("expected a file name, got none", "photo")


@dataclass(frozen=True, slots=True)
class Margins:
    """How far the picture of a board reaches beyond its cells, in cells.

    Headings stand to the left of them and above; cards reach over the last line.

    Raises
    ------
    FieldError
        If one is negative or wider than `WIDEST_MARGIN`.
    """

    left: float = 1.0
    top: float = 1.0
    right: float = 0.25
    bottom: float = 0.25

    def __post_init__(self) -> None:
        wrong = FieldErrors()
        for name in ("left", "top", "right", "bottom"):
            with wrong.within(name):
                cells = getattr(self, name)
                if not 0 <= cells <= WIDEST_MARGIN:
                    msg = f"expected cells from 0 to {WIDEST_MARGIN:g}, got {cells}"
                    raise FieldError(msg)
        wrong.refuse()


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """What a room is besides its name.

    Parameters
    ----------
    kind : {"room", "table", "hall", "online"}
    capacity : int or None
        How many people it is for; None where nobody says.

    Raises
    ------
    FieldError
        If the capacity is no number of people.
    """

    kind: RoomKind = "room"
    capacity: int | None = None

    def __post_init__(self) -> None:
        if self.capacity is not None and self.capacity not in CAPACITIES:
            most = CAPACITIES[-1]
            msg = f"expected a number of people from 1 to {most}, got {self.capacity}"
            raise FieldError(msg, "capacity")


A_ROOM = RoomFacts()
"""What is known of a room of which only the name is."""


@dataclass(frozen=True, slots=True)
class Board:
    """One board of the event.

    Parameters
    ----------
    slug : str
        Its part of the address.
    title : str
        As people say it.
    date : datetime.date
        The day that its slots are on.
    layout : Layout
        Rooms x slots.
    tags : tuple of int or None
        Ids of the tags at its corners: top left, top right, bottom right,
        bottom left.
    reference : ReferencePhoto or None
        The photo by which it is found without tags.
    votes : {"", "dots"}
        What is counted on its cards.
    margins : Margins
        What its picture shows beside the cells.
    facts : mapping of str to RoomFacts
        Of rooms that have more than a name, by the name.
    beside : {"", "elsewhere", "people"}
        What cards beside the cells are.
    online : bool
        Whether there is no wall: its rooms are places on the web, and hosts fill in
        their sessions themselves.
    hosting : {"token", "open", "moderated"}
        Who may do that.
    links : dict of str to str
        Where a place is on the web, by the names of rooms; of some or all.
    no_talks : tuple of str
        Slots in which nothing else of the event runs.

    Raises
    ------
    FieldError
        If the slug cannot stand in an address, the title is no name, the date is
        in another age, the tags are not four different ids of the dictionary, or
        what it says of being online does not fit.
    """

    slug: str
    title: str
    date: dt.date
    layout: Layout
    tags: tuple[int, int, int, int] | None = None
    reference: ReferencePhoto | None = None
    votes: Votes = ""
    margins: Margins = Margins()
    facts: Mapping[str, RoomFacts] = field(default_factory=dict, hash=False)
    beside: Beside = ""
    online: bool = False
    hosting: Hosting = "token"
    links: dict[str, str] = field(default_factory=dict)
    no_talks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        wrong = FieldErrors()
        with wrong.within():
            check_board(self.slug, self.title, self.date, self.tags or ())
        with wrong.within():
            check_online(self, [slot.label for slot in self.layout.slots])
        for room, link in self.links.items():
            with wrong.within("links"):
                check_link(room, link, self.layout.rooms)
        wrong.refuse()

    def facts_of(self, room: str) -> RoomFacts:
        """Return what is known of a room."""
        return self.facts.get(room, A_ROOM)


def check_board(slug: str, title: str, date: dt.date, tags: Sequence[int]) -> None:
    """Check what a `Board` says besides layout and reference; the FieldError tells all."""
    wrong = FieldErrors()
    with wrong.within():
        check_slug(slug, "slug", reserved=RESERVED_SLUGS)
    with wrong.within():
        check_name(title, "title")
    with wrong.within():
        if date.year not in YEARS:
            msg = f"expected a year from {YEARS[0]} to {YEARS[-1]}, got {date}"
            raise FieldError(msg, "date")
    for index, tag in enumerate(tags):
        with wrong.within("tags", index):
            if tag not in TAG_IDS:
                msg = f"expected a tag id from 0 to {TAG_IDS[-1]}, got {tag}"
                raise FieldError(msg)
            if tag in tags[:index]:
                raise FieldError(f"expected four different tag ids, got {tag} twice")
    wrong.refuse()


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that `event.toml` says.

    Parameters
    ----------
    event : Event
    boards : tuple of Board
        In the order in which they are written; at least one.
    version : int
        Of the file's format.
    announce : Announcing or None
        How sessions are announced; None if they are not.

    Raises
    ------
    FieldError
        If there is no board, or two share a slug, or tags other than all four on
        different days.
    """

    event: Event
    boards: tuple[Board, ...]
    version: int = VERSION
    announce: Announcing | None = None

    def __post_init__(self) -> None:
        if self.version != VERSION:
            raise FieldError(f"expected {VERSION}, got {self.version}", "version")
        if not self.boards:
            raise FieldError("expected at least one table [[boards]]", "boards")
        check_boards(dict(enumerate(self.boards)))
        said = self._said()
        texts = {
            text: known for text, known in self.event.texts.items() if text in said
        }
        if texts != self.event.texts:
            # Of what was renamed since nobody needs to know the translation.
            object.__setattr__(self, "event", replace(self.event, texts=texts))

    def _said(self) -> set[str]:
        """Return every text that may be given in several languages."""
        event = self.event
        said = {event.name, event.how_to_host, event.privacy}
        said |= {link.title for link in event.links}
        for board in self.boards:
            said |= {board.title, *board.layout.rooms, *board.layout.blocked.values()}
        return said

    @property
    def walls(self) -> tuple[Board, ...]:
        """The boards that photos show: all but those that are online."""
        return tuple(board for board in self.boards if not board.online)

    def board(self, slug: str) -> Board:
        """Return the board with this slug.

        Raises
        ------
        ProfileError
            If there is none.
        """
        for board in self.boards:
            if board.slug == slug:
                return board
        known = ", ".join(board.slug for board in self.boards)
        raise ProfileError(
            f'There is no board "{slug}".', key="boards", hint=f"Choose from: {known}."
        )


def check_boards(boards: Mapping[int, Board]) -> None:
    """Check that boards, by their places in the file, go together.

    Raises
    ------
    FieldError
        If two share a slug, or tags that do not say which of them it is; it tells
        all.
    """
    wrong = FieldErrors()
    before: list[Board] = []
    for place, board in boards.items():
        if board.slug in {other.slug for other in before}:
            msg = f'expected each slug once, got "{board.slug}" twice'
            wrong.found.append(FieldError(msg, "boards", place, "slug"))
        for index, tag in enumerate(board.tags or ()):
            with wrong.within("boards", place, "tags", index):
                _check_shared(tag, board, before)
        before.append(board)
    wrong.refuse()


def _check_shared(tag: int, board: Board, others: Sequence[Board]) -> None:
    """Check that a tag is no other board's, or that both are one wall on two days."""
    for other in others:
        if tag not in (other.tags or ()):
            continue
        if other.date == board.date:
            msg = f'tag {tag} already belongs to the board "{other.slug}" of that day'
            raise FieldError(msg)
        if other.tags != board.tags:
            msg = (
                f'tag {tag} already belongs to the board "{other.slug}"; on another day '
                "the same wall has the same four tags in the same order"
            )
            raise FieldError(msg)


def likeliest_first(
    boards: Sequence[Board], moment: dt.datetime, timezone: ZoneInfo
) -> tuple[Board, ...]:
    """Order boards by how near their day is to a moment; one day's as they were.

    An evening that goes on after midnight comes before the day that has begun, and of
    two days that are as near the one to come.

    Parameters
    ----------
    boards : sequence of Board
    moment : datetime
        Aware, for example when a photo was taken.
    timezone : ZoneInfo
        The event's.
    """
    today = moment.astimezone(timezone).date()

    def distance(board: Board) -> tuple[int, bool]:
        ends = (slot.span(board.date, timezone)[1] for slot in board.layout.slots)
        if board.date < today and moment < max(ends):
            return -1, False
        return abs((board.date - today).days), board.date < today

    return tuple(sorted(boards, key=distance))
