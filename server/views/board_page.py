"""What a page of boards says: a value made of their releases and a moment."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from calibration.profile import Board, Event, Profile
from server.languages.current import clock_time, ngettext, short_day, whole_day
from server.languages.current import gettext as _
from server.schedule.sessions import Schedule, Session
from server.schedule.votes import Vote
from server.store.values import Picture, PictureSize, Release, schedule_of
from server.views.board_table import TableRow, table_of
from server.views.choice import day_address
from server.views.event_texts import event_text
from server.views.moment import clock_text, page_version, pages_version, stale_from
from server.views.sections import Hour, Section, hours_of, sections_of

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
class BoardPart:
    """What a page shows of one board.

    Parameters
    ----------
    board : Board
    version : str
        See `server.views.moment.page_version`.
    summary : str
        The board in one sentence: alternative text and link previews.
    sections : tuple of Section
    table : tuple of TableRow
        In the order of the slots, cells in the order of the rooms.
    planned : tuple of Session
        Planned ahead, to come, without a card yet.
    elsewhere : tuple of Session
        Held in a place that is no room of the board.
    votes : tuple of Vote
        Those that go on, and what those of today came to.
    photo : PhotoNote or None
    picture : Picture or None
    preview : PictureSize or None
        For link previews. These three are None before the first photo.
    """

    board: Board
    version: str
    summary: str
    sections: tuple[Section, ...]
    table: tuple[TableRow, ...]
    planned: tuple[Session, ...]
    elsewhere: tuple[Session, ...]
    votes: tuple[Vote, ...]
    photo: PhotoNote | None
    picture: Picture | None
    preview: PictureSize | None

    @property
    def over(self) -> bool:
        """Whether every slot is past."""
        return all(section.phase == "past" for section in self.sections)


@dataclass(frozen=True, slots=True)
class Way:
    """A link of a page's head to another one: a board's, or a whole day's."""

    address: str
    title: str
    here: bool


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Everything that a page shows: of one board, or of all boards of a day.

    Parameters
    ----------
    event : Event
    parts : tuple of BoardPart
        At least one.
    title : str
        The board's, or the day.
    address : str
        The last part of its own: a slug, or a day.
    ways : tuple of Way
        To all boards of the event in the order of the profile, and to its days.
    hours : tuple of Hour
        Of all parts together.
    over : bool
        Whether every one of them is past: then nothing is greyed.
    free_first : Hour or None
        The one that is on, else the next one, if rooms of several kinds are free in it.
    now : datetime
    """

    event: Event
    parts: tuple[BoardPart, ...]
    title: str
    address: str
    ways: tuple[Way, ...]
    hours: tuple[Hour, ...]
    over: bool
    free_first: Hour | None
    now: dt.datetime

    @property
    def joined(self) -> bool:
        """Whether it shows several boards."""
        return len(self.parts) > 1

    @property
    def boards(self) -> tuple[Board, ...]:
        """Those that it shows."""
        return tuple(part.board for part in self.parts)

    @property
    def planned(self) -> tuple[tuple[Board, Session], ...]:
        """Sessions planned ahead, each with its board."""
        return tuple((part.board, it) for part in self.parts for it in part.planned)

    @property
    def elsewhere(self) -> tuple[tuple[Board, Session], ...]:
        """Sessions in places that are no rooms of the boards, each with its board."""
        return tuple((part.board, it) for part in self.parts for it in part.elsewhere)

    @property
    def photographed(self) -> frozenset[str]:
        """Slugs of the boards of which there is a picture."""
        return frozenset(part.board.slug for part in self.parts if part.picture)

    @property
    def version(self) -> str:
        """See `server.views.moment.pages_version`."""
        return pages_version([part.version for part in self.parts])

    @property
    def summary(self) -> str:
        """What is said of it elsewhere."""
        return " ".join(part.summary for part in self.parts)

    @property
    def preview(self) -> PictureSize | None:
        """The picture for link previews."""
        return next((part.preview for part in self.parts if part.preview), None)


def board_page(
    profile: Profile,
    version: int,
    releases: Sequence[tuple[Board, Release | None]],
    now: dt.datetime,
) -> BoardPage:
    """Return the page of a board, or of several boards of a day.

    Parameters
    ----------
    profile : Profile
    version : int
        Of the profile.
    releases : sequence of (Board, Release or None)
        At least one board of the profile, each with its newest release; None before the
        first photo.
    now : datetime
        Aware.
    """
    alone = len(releases) == 1
    parts = tuple(
        _part(profile.event, version, board, release, now, alone=alone)
        for board, release in releases
    )
    first = parts[0].board
    address = first.slug if alone else day_address(first.date, profile.boards)
    hours = hours_of(section for part in parts for section in part.sections)
    return BoardPage(
        event=profile.event,
        parts=parts,
        title=event_text(first.title) if alone else whole_day(first.date),
        address=address,
        ways=_ways(profile.boards, address),
        hours=hours,
        over=all(part.over for part in parts),
        free_first=_free_first([part.board for part in parts], hours),
        now=now,
    )


def _part(
    event: Event,
    version: int,
    board: Board,
    release: Release | None,
    now: dt.datetime,
    *,
    alone: bool,
) -> BoardPart:
    """Return what a page shows of one board, alone or among others."""
    schedule = schedule_of(release, board, event)
    if not alone:
        schedule = _without_all_rooms(schedule)
    sections = sections_of(schedule, board, now, event.timezone)
    photo = _photo_note(event, board, release, now) if release else None
    return BoardPart(
        board=board,
        version=page_version(
            board, release.number if release else 0, version, now, event.timezone
        ),
        summary=_summary(board, schedule, photo),
        sections=sections,
        table=table_of(board, schedule, sections),
        planned=tuple(
            one for one in schedule.listed_as("planned") if one.ends_at > now
        ),
        elsewhere=schedule.listed_as("elsewhere"),
        votes=schedule.votes,
        photo=photo,
        picture=release.picture if release else None,
        preview=_preview(release.picture) if release else None,
    )


def _without_all_rooms(schedule: Schedule) -> Schedule:
    """Return a schedule that names rooms: beside other boards they are not all."""
    return replace(
        schedule,
        sessions=tuple(replace(one, all_rooms=False) for one in schedule.sessions),
        listed=tuple(replace(one, all_rooms=False) for one in schedule.listed),
    )


def _ways(boards: Sequence[Board], here: str) -> tuple[Way, ...]:
    """Return the ways to boards; before several of one day that to all of them."""
    counts = Counter(board.date for board in boards)
    ways = []
    for board in boards:
        if counts.pop(board.date, 1) > 1:
            day = day_address(board.date, boards)
            ways.append(Way(day, short_day(board.date), day == here))
        title = event_text(board.title)
        ways.append(Way(board.slug, title, board.slug == here))
    return tuple(ways)


def _free_first(boards: Sequence[Board], hours: tuple[Hour, ...]) -> Hour | None:
    soon = [one for one in hours if one.phase in ("now", "next") and one.free]
    kinds = {facts.kind for board in boards for facts in board.facts.values()}
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
