"""A board as it is being set up: proposed by a photo, changed by a person. Pure."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from calibration.errors import FieldError, FieldErrors
from calibration.event import Board, Event, Margins, Profile, RoomFacts
from calibration.geometry import Quad
from calibration.layout import CellId, Layout, RoomsAlong, Slot
from server.errors import SetupError
from vision.proposal import LayoutProposal

SLUG_SEPARATORS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person says of a board; what is left out, the photo or event.toml says.

    Parameters
    ----------
    slug, title : str
        Empty if left out.
    date : datetime.date, optional
    rooms : tuple of str
    slots : tuple of str
        ``HH:MM-HH:MM``.
    rooms_along : {"columns", "rows"}, optional
    corners_photo : Quad, optional
        Of the cell area, in pixels of the upright photo.
    column_edges, row_edges : tuple of float
        Fractions of the cell area.
    margins : Margins, optional
    """

    slug: str = ""
    title: str = ""
    date: dt.date | None = None
    rooms: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    rooms_along: RoomsAlong | None = None
    corners_photo: Quad | None = None
    column_edges: tuple[float, ...] = ()
    row_edges: tuple[float, ...] = ()
    margins: Margins | None = None


def drafted(
    wishes: Wishes,
    proposal: LayoutProposal | None,
    before: Board | None,
    taken_on: dt.date,
) -> tuple[Board, Quad]:
    """Return a board as a photo of it and a person say.

    Parameters
    ----------
    wishes : Wishes
    proposal : LayoutProposal or None
        Of the photo; None if nothing could be made of it.
    before : Board or None
        As it is in event.toml. Its names hold if the photo shows as many.
    taken_on : datetime.date
        Of the photo: the board's date, if neither a person nor a heading says another.

    Returns
    -------
    tuple of Board and Quad
        The board without its reference, and where its cell area is in the photo.

    Raises
    ------
    SetupError
        If rooms, slots or corners are not to be had, or do not fit together.
    """
    corners = wishes.corners_photo or (proposal and proposal.corners_photo)
    if not corners:
        raise SetupError(
            "The headings of hours and rooms were not found on the photo.",
            hint="Say where the corners of the cells are, with --corners, or take a "
            "photo from nearer, upright and sharp, that shows all headings.",
        )
    try:
        board = board_of(wishes, proposal, before, taken_on)
    except FieldError as error:
        place = " ".join(str(part) for part in error.key)
        raise SetupError(
            f"{place}: {error}." if place else f"{error}.",
            hint="Correct that and try again.",
        ) from error
    return board, corners


def board_of(
    wishes: Wishes,
    proposal: LayoutProposal | None,
    before: Board | None,
    taken_on: dt.date,
) -> Board:
    """Return a board as `drafted` does, wherever it is in the photo.

    Raises
    ------
    FieldError
        If rooms, slots, lines or the rest are not to be had, with the key.
    """
    title = wishes.title or (before.title if before else "")
    title = title or (proposal.title if proposal else "") or "Board"
    layout = _layout(wishes, proposal, before)
    return Board(
        slug=wishes.slug or (before.slug if before else slug_of(title)),
        title=title,
        date=wishes.date or (before.date if before else day_of(proposal, taken_on)),
        layout=layout,
        tags=before.tags if before else None,
        votes=before.votes if before else "",
        margins=wishes.margins or _margins(proposal, before),
        facts=_facts(proposal, before, layout.rooms),
    )


def day_of(proposal: LayoutProposal | None, taken_on: dt.date) -> dt.date:
    """Return the day that stands on a board, else that of its photo."""
    return (proposal and proposal.day.near(taken_on)) or taken_on


def with_board(profile: Profile, board: Board) -> Profile:
    """Return a profile with a board, in the place of the one with the same slug."""
    slugs = [one.slug for one in profile.boards]
    if board.slug in slugs:
        boards = [board if one.slug == board.slug else one for one in profile.boards]
        return replace(profile, boards=tuple(boards))
    return replace(profile, boards=(*profile.boards, board))


def first_profile(name: str, timezone: ZoneInfo, board: Board) -> Profile:
    """Return the profile of a conference of which a board is all that is known."""
    return Profile(Event(name, timezone, "os"), (board,))


def slug_of(title: str) -> str:
    """Return a title as a part of an address: "Día 1" is ``dia-1``."""
    apart = unicodedata.normalize("NFKD", title.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return SLUG_SEPARATORS.sub("-", plain).strip("-") or "board"


def _layout(
    wishes: Wishes, proposal: LayoutProposal | None, before: Board | None
) -> Layout:
    known = before.layout if before else None
    seen = proposal.layout if proposal else None
    alike = known and seen and _counts(known) == _counts(seen)
    names = known if alike or seen is None else seen
    rooms = wishes.rooms or (names.rooms if names else ())
    slots = wishes.slots or (names and tuple(slot.label for slot in names.slots)) or ()
    along = wishes.rooms_along or (names.rooms_along if names else "columns")
    places = _edges_for(seen, known, along, (len(rooms), len(slots)))
    return Layout(
        rooms=rooms,
        slots=_slots(slots),
        rooms_along=along,
        column_edges=wishes.column_edges or places[0],
        row_edges=wishes.row_edges or places[1],
        blocked=_still_blocked(known, rooms, slots) if known else {},
    )


def _facts(
    proposal: LayoutProposal | None, before: Board | None, rooms: tuple[str, ...]
) -> dict[str, RoomFacts]:
    """Return what is known of rooms, and what their headings say, under their names now."""
    facts = {}
    if proposal:
        now = _names_now(proposal.layout.rooms, rooms)
        read = proposal.capacities.items()
        facts = {
            now[room]: RoomFacts("room", fits) for room, fits in read if room in now
        }
    if before:
        now = _names_now(before.layout.rooms, rooms)
        facts |= {now[room]: said for room, said in before.facts.items() if room in now}
    return facts


def _margins(proposal: LayoutProposal | None, before: Board | None) -> Margins:
    """Return what somebody has set before, else where the photo's headings are."""
    if before and before.margins != Margins():
        return before.margins
    return proposal.margins if proposal else Margins()


def _still_blocked(
    known: Layout, rooms: tuple[str, ...], slots: tuple[str, ...]
) -> dict[CellId, str]:
    """Return why cells are blocked, under the names that they have now."""
    room_now = _names_now(known.rooms, rooms)
    slot_now = _names_now(tuple(slot.label for slot in known.slots), slots)
    return {
        CellId(room_now[cell.room], slot_now[cell.slot]): reason
        for cell, reason in known.blocked.items()
        if cell.room in room_now and cell.slot in slot_now
    }


def _names_now(old: tuple[str, ...], new: tuple[str, ...]) -> dict[str, str]:
    """Return what each old name is now: the same, else, of as many, that in its place."""
    now = {name: name for name in old if name in new}
    if len(old) == len(new):
        pairs = zip(old, new, strict=True)
        now |= {was: is_ for was, is_ in pairs if was not in new and is_ not in old}
    return now


def _slots(labels: tuple[str, ...]) -> tuple[Slot, ...]:
    slots = []
    wrong = FieldErrors()
    for index, label in enumerate(labels):
        with wrong.within("slots", index):
            slots.append(Slot.parse(label))
    wrong.refuse()
    return tuple(slots)


def _edges_for(
    seen: Layout | None, known: Layout | None, along: str, counts: tuple[int, int]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the edges that the photo gives, else event.toml, if as many are wanted."""
    for layout in (seen, known):
        if layout and layout.rooms_along == along and _counts(layout) == counts:
            return layout.column_edges, layout.row_edges
    return (), ()


def _counts(layout: Layout) -> tuple[int, int]:
    return len(layout.rooms), len(layout.slots)
