"""What event.toml says, in the language of the request."""

from collections.abc import Iterable, Sequence

from calibration.event import Event, RoomFacts
from calibration.names import RoomKind
from calibration.profile import Board
from server.languages.current import gettext as _
from server.languages.current import language, ngettext
from server.schedule.sessions import Session
from server.site import site


def the_event() -> Event:
    """Return what is known of the event, for the foot of every page."""
    return site().profile.event


def event_text(text: str) -> str:
    """Return a name or note of event.toml in this request's language.

    As it is where it is given in one language only, or is no text of the event's.
    """
    return site().profile.event.texts.get(text, {}).get(language().tag, text)


def place(here: Session | Sequence[str], board: Board | None = None) -> str:
    """Return where a session takes place, or rooms of a board, in words."""
    if isinstance(here, Session):
        rooms: Sequence[str] = here.rooms or (here.cell.room,)
        all_of_them = here.all_rooms
    else:
        rooms = here
        all_of_them = board is not None and 1 < len(here) == len(board.layout.rooms)
    return _("All rooms") if all_of_them else ", ".join(map(event_text, rooms))


def facts_in_words(here: Session | str, board: Board) -> str:
    """Return what a session's room, or a room, is and how many fit: ``Table · up to 6``.

    Empty where only its name is known, or the session is in several. What it is, is left
    out where its name says it: "Table 4".
    """
    if isinstance(here, Session):
        return (
            ""
            if here.all_rooms or here.rooms
            else facts_in_words(here.cell.room, board)
        )
    facts = board.facts_of(here)
    fits = people_in_words(facts.capacity) if facts.capacity else ""
    kind = _kind_in_words(facts)
    said = kind.casefold() in event_text(here).casefold()
    return " · ".join(filter(None, ("" if said else kind, fits)))


def people_in_words(number: int) -> str:
    """Return how many people fit."""
    return ngettext("up to %(num)s person", "up to %(num)s people", number)


def _kind_in_words(facts: RoomFacts) -> str:
    words: dict[RoomKind, str] = {
        "room": "",
        "table": _("Table"),
        "hall": _("Hall"),
        "online": _("Online"),
    }
    return words[facts.kind]


def free_in_words(kind: RoomKind, boards: Iterable[Board]) -> str:
    """Return what free rooms of a kind are headed with, among the rooms of boards."""
    if len({it.facts_of(room).kind for it in boards for room in it.layout.rooms}) == 1:
        return _("Free")
    words: dict[RoomKind, str] = {
        "room": _("Free rooms"),
        "table": _("Free tables"),
        "hall": _("Free halls"),
        "online": _("Free online"),
    }
    return words[kind]
