"""What event.toml says, in the language of the request."""

from collections.abc import Sequence

from calibration.profile import Board
from server.languages.current import gettext as _
from server.languages.current import language
from server.schedule.sessions import Session
from server.site import site


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
