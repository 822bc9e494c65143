"""What the page of a board says: a value made of a release and a moment."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from calibration.layout import CellId
from calibration.profile import Board, Event, Profile
from server.languages.current import clock_time, ngettext
from server.languages.current import gettext as _
from server.schedule.sessions import Schedule, Session
from server.schedule.votes import Vote
from server.store.values import Picture, PictureSize, Release, schedule_of
from server.views.event_texts import event_text
from server.views.moment import clock_text, page_version, stale_from
from server.views.sections import Section, sections_of
from vision.reading import CellState

PREVIEW_WIDTH_PX = 1200
"""Of the picture in link previews: what the services show at most."""


@dataclass(frozen=True, slots=True)
class PhotoNote:
    """When the photo was taken.

    Parameters
    ----------
    taken_at : datetime
        Aware, in the event's timezone.
    clock : str
        The same in words: ``11:42``. Its age a script adds: a page that tells it would
        be another one each minute.
    stale_from : datetime or None
        When it becomes too old; None where its age does not matter.
    stale : bool
        Whether it is by now.
    """

    taken_at: dt.datetime
    clock: str
    stale_from: dt.datetime | None
    stale: bool


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of the table of rooms and hours: its state and what is in it.

    As wide as the rooms side by side that are one entry.
    """

    state: CellState
    words: str
    sessions: tuple[Session, ...]
    width: int = 1


@dataclass(frozen=True, slots=True)
class TableRow:
    """One slot of the table of rooms and hours."""

    label: str
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Everything that the page of a board shows.

    Parameters
    ----------
    event : Event
    board : Board
    boards : tuple of Board
        All of the event, in the order of the profile.
    version : str
        See `server.views.moment.page_version`.
    summary : str
        The board in one sentence: alternative text and link previews.
    over : bool
        Whether every slot is past: then nothing is greyed.
    sections : tuple of Section
    free_first : Section or None
        The one that is on, else the next one, if rooms of several kinds are free in it.
    table : tuple of TableRow
        In the order of the slots, cells in the order of the rooms.
    planned : tuple of Session
        Planned ahead, to come, without a card yet.
    elsewhere : tuple of Session
        Held in a place that is no room of the board.
    votes : tuple of Vote
        Those that go on, and what those of today came to.
    now : datetime
    photo : PhotoNote or None
    picture : Picture or None
    preview : PictureSize or None
        For link previews. These three are None before the first photo.
    """

    event: Event
    board: Board
    boards: tuple[Board, ...]
    version: str
    summary: str
    over: bool
    sections: tuple[Section, ...]
    free_first: Section | None
    table: tuple[TableRow, ...]
    planned: tuple[Session, ...]
    elsewhere: tuple[Session, ...]
    votes: tuple[Vote, ...]
    now: dt.datetime
    photo: PhotoNote | None
    picture: Picture | None
    preview: PictureSize | None


def board_page(
    profile: Profile,
    version: int,
    board: Board,
    release: Release | None,
    now: dt.datetime,
) -> BoardPage:
    """Return the page of a board.

    Parameters
    ----------
    profile : Profile
    version : int
        Of the profile.
    board : Board
        One of the profile's.
    release : Release or None
        Its newest; None before the first photo.
    now : datetime
        Aware.
    """
    event = profile.event
    schedule = schedule_of(release, board, event)
    sections = sections_of(schedule, board, now, event.timezone)
    photo = _photo_note(event, board, release, now) if release else None
    return BoardPage(
        event=event,
        board=board,
        boards=profile.boards,
        version=page_version(
            board, release.number if release else 0, version, now, event.timezone
        ),
        summary=_summary(board, schedule, photo),
        over=all(section.phase == "past" for section in sections),
        sections=sections,
        free_first=_free_first(board, sections),
        table=_table(board, schedule, sections),
        planned=tuple(
            one for one in schedule.listed_as("planned") if one.ends_at > now
        ),
        elsewhere=schedule.listed_as("elsewhere"),
        votes=schedule.votes,
        now=now,
        photo=photo,
        picture=release.picture if release else None,
        preview=_preview(release.picture) if release else None,
    )


def _free_first(board: Board, sections: tuple[Section, ...]) -> Section | None:
    soon = [one for one in sections if one.phase in ("now", "next") and one.free]
    kinds = {facts.kind for facts in board.facts.values()}
    return soon[0] if soon and kinds - {"room"} else None


def _photo_note(
    event: Event, board: Board, release: Release, now: dt.datetime
) -> PhotoNote | None:
    if release.photo_taken_at is None:
        return None
    taken_at = release.photo_taken_at.astimezone(event.timezone)
    limit = stale_from(taken_at, board, now, event.timezone)
    return PhotoNote(
        taken_at=taken_at,
        clock=clock_text(taken_at, now, event.timezone),
        stale_from=limit,
        stale=limit is not None and limit <= now,
    )


def _summary(board: Board, schedule: Schedule, photo: PhotoNote | None) -> str:
    """Return the board in one sentence."""
    title = event_text(board.title)
    if photo is None and not board.online:
        return _("The Open Spaces board %(title)s: no photo yet.", title=title)
    held = [session for session in schedule.sessions if not session.cancelled]
    count = len(held)
    rooms = len(
        {room for session in held for room in session.rooms or (session.cell.room,)}
    )
    free = sum(entry.state == "free" for entry in schedule.cells)
    told = {
        "title": title,
        "sessions": ngettext("%(num)s session", "%(num)s sessions", count),
        "rooms": ngettext("%(num)s room", "%(num)s rooms", rooms),
        "free": ngettext("%(num)s free place", "%(num)s free places", free),
    }
    if photo is None:
        return _(
            "Open Spaces online, %(title)s: %(sessions)s in %(rooms)s, %(free)s.",
            **told,
        )
    return _(
        "The Open Spaces board %(title)s, straightened from a photo taken %(time)s: "
        "%(sessions)s in %(rooms)s, %(free)s.",
        time=clock_time(photo.taken_at),
        **told,
    )


def _preview(picture: Picture | None) -> PictureSize | None:
    """Return the smallest JPEG that is wide enough for a link preview."""
    if picture is None:
        return None
    sizes = picture.of_type("image/jpeg")
    wide = [size for size in sizes if size.width >= PREVIEW_WIDTH_PX]
    return min(wide, key=lambda size: size.width) if wide else picture.full


def _words(state: CellState, section: Section) -> str:
    """Return a cell's state as a word; what is over is not to be had any more."""
    match state:
        case "taken":
            return _("taken")
        case "free":
            return "" if section.phase == "past" else _("free")
        case "blocked":
            return _("not available")
        case _:
            return _("not visible")


def _table(
    board: Board, schedule: Schedule, sections: tuple[Section, ...]
) -> tuple[TableRow, ...]:
    """Return rooms x slots; a session of several slots stands in each of them."""
    states = {entry.cell: entry.state for entry in schedule.cells}
    reasons = schedule.reasons(board)

    def cell(room: str, section: Section) -> TableCell:
        here = CellId(room, section.slot.label)
        state = states.get(here, "unseen")
        return TableCell(
            state=state,
            words=reasons.get(here) or _words(state, section),
            sessions=tuple(
                session
                for session in section.running + section.sessions
                if room in (session.rooms or (session.cell.room,))
            ),
        )

    return tuple(
        TableRow(
            f"{clock_time(section.starts_at)}\N{EN DASH}{clock_time(section.ends_at)}",
            _side_by_side(cell(room, section) for room in board.layout.rooms),
        )
        for section in sorted(sections, key=lambda entry: entry.starts_at)
    )


def _side_by_side(cells: Iterable[TableCell]) -> tuple[TableCell, ...]:
    """Return the cells of a row, neighbours with the same in them as one."""
    row: list[TableCell] = []
    for cell in cells:
        one_entry = any(session.rooms for session in cell.sessions)
        alike = row and replace(row[-1], width=1) == cell
        if alike and (one_entry or cell.state == "blocked"):
            row[-1] = replace(row[-1], width=row[-1].width + 1)
        else:
            row.append(cell)
    return tuple(row)
