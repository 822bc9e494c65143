"""The first event.toml of a conference: a board for each day, with comments. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import tomlkit

from calibration.errors import FieldError
from calibration.event import Board, Event, Profile
from calibration.layout import Layout, Slot
from calibration.profile import dump_profile
from server.errors import SetupError
from server.setup.drafts import slug_of

HEAD = """\
What Boardcast knows of the conference and its boards.
After a change: boardcast reload, if the site is running."""

EVENT_NOTES = {
    "timezone": "in which all hours are meant",
    "short_path": "first part of the address: /os",
    "hashtag": "of posts about the sessions",
}

BOARD_NOTES = {
    "slug": "second part of the address",
    "rooms": "as they stand on the board, in their order",
    "slots": "the hours, in their order",
}
"""What is said of keys, behind their values."""

BOARD_HINT = """\
Where the board is in a photo, this tells: boardcast calibrate PHOTO --board {slug}
Not to be had: blocked = [{{ room = "…", slot = "…", reason = "Keynote" }}]"""


@dataclass(frozen=True, slots=True)
class FirstEvent:
    """What a person says of a conference.

    Parameters
    ----------
    event : Event
    first_day : datetime.date
    days : int
        One board each.
    layout : Layout
        Of all of them.
    """

    event: Event
    first_day: dt.date
    days: int
    layout: Layout

    def profile(self) -> Profile:
        """Return its profile."""
        dates = [self.first_day + dt.timedelta(days=day) for day in range(self.days)]
        titles = [f"{date:%A}" for date in dates]
        if len(set(titles)) < len(titles):
            titles = [f"{date:%A %d %B}" for date in dates]
        boards = [
            Board(slug_of(title), title, date, self.layout)
            for title, date in zip(titles, dates, strict=True)
        ]
        return Profile(self.event, tuple(boards))


def event_of(name: str, timezone: str, short_path: str, hashtag: str) -> Event:
    """Return the event that a person names.

    Raises
    ------
    SetupError
        If something of it is not to be had.
    """
    try:
        zone = ZoneInfo(timezone)
    except (KeyError, ValueError, OSError) as error:
        raise SetupError(
            f'There is no timezone "{timezone}".',
            hint='Name it by continent and city: "Europe/Vienna".',
        ) from error
    try:
        return Event(name.strip(), zone, short_path, hashtag)
    except FieldError as error:
        raise SetupError(
            f"{error.key[0]}: {error}.", hint="Correct that and try again."
        ) from error


def layout_of(rooms: Sequence[str], hours: Sequence[str], minutes: int) -> Layout:
    """Return the layout of rooms and hours.

    Parameters
    ----------
    rooms : sequence of str
    hours : sequence of str
        ``HH:MM-HH:MM``; a longer span than a slot is cut into slots.
    minutes : int
        Length of a slot.

    Raises
    ------
    SetupError
        If they are no rooms and hours of a board.
    """
    try:
        slots = [slot for text in hours for slot in _cut(Slot.parse(text), minutes)]
        return Layout(tuple(rooms), tuple(slots))
    except FieldError as error:
        raise SetupError(
            f"{error}.",
            hint='Write rooms as "Room 1, Room 2" and hours as "10:00-13:00, '
            '14:00-18:00".',
        ) from error


def commented(profile: Profile) -> str:
    """Return the text of an event.toml, with comments for whoever changes it."""
    document = tomlkit.parse(dump_profile(profile))
    for key, note in EVENT_NOTES.items():
        if key in document["event"]:
            document["event"][key].comment(note)
    for board in document["boards"]:
        for key, note in BOARD_NOTES.items():
            board[key].comment(note)
    text = "".join(f"# {line}\n" for line in HEAD.splitlines()) + tomlkit.dumps(
        document
    )
    hint = BOARD_HINT.format(slug=profile.boards[0].slug)
    return text + "\n" + "".join(f"# {line}\n" for line in hint.splitlines())


def _cut(slot: Slot, minutes: int) -> list[Slot]:
    """Return a span cut into slots of so many minutes; the last may be shorter."""
    start, end = slot.minutes()
    return [
        Slot.parse(f"{_clock(begin)}-{_clock(min(end, begin + minutes), '24:00')}")
        for begin in range(start, end, minutes)
    ]


def _clock(minutes: int, midnight: str = "00:00") -> str:
    clock = f"{minutes // 60 % 24:02}:{minutes % 60:02}"
    return midnight if clock == "00:00" else clock
