"""Values from the tables of an event.toml, checked: what is wrong is told all at once."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from rapidfuzz import fuzz, process

from calibration.errors import FieldError, FieldErrors
from calibration.event import (
    Board,
    Event,
    Margins,
    Profile,
    ReferencePhoto,
    check_board,
    check_boards,
    check_event,
)
from calibration.event_toml import (
    BlockedShape,
    BoardShape,
    EventShape,
    ReferenceShape,
    Tables,
)
from calibration.geometry import Quad
from calibration.layout import CellId, Layout, Slot
from calibration.names import check_names


def profile_from(tables: Tables) -> Profile:
    """Return the profile that tables say.

    Raises
    ------
    FieldError
        If any of them is at fault, or a value is; it tells all.
    """
    wrong = FieldErrors(tables.faults)
    events: list[Event] = []
    if tables.event is not None:
        with wrong.within("event"):
            events.append(_event(tables.event))
    boards: dict[int, Board] = {}
    for place, board in tables.boards.items():
        with wrong.within("boards", place):
            boards[place] = _board(board)
    with wrong.within():
        check_boards(boards)
    wrong.refuse()
    return Profile(events[0], tuple(boards.values()))


def _event(shape: EventShape) -> Event:
    wrong = FieldErrors()
    zones: list[ZoneInfo] = []
    with wrong.within("timezone"):
        zones.append(_timezone(shape.timezone))
    with wrong.within():
        check_event(shape.name, shape.short_path, shape.hashtag, shape.words)
    wrong.refuse()
    return Event(
        shape.name,
        zones[0],
        shape.short_path,
        shape.hashtag,
        tuple(shape.words),
        shape.share_labels,
        planned=shape.planned,
    )


def _timezone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        similar = process.extract(
            name, available_timezones(), scorer=fuzz.WRatio, limit=1
        )
        meant = (
            f'did you mean "{similar[0][0]}"?'
            if similar
            else "there are none at all here: install the package tzdata"
        )
        msg = f'no timezone is called "{name}"; {meant}'
        raise FieldError(msg) from error


def _board(shape: BoardShape) -> Board:
    wrong = FieldErrors()
    layouts: list[Layout] = []
    with wrong.within():
        check_board(shape.slug, shape.title, shape.date, shape.tags or ())
    with wrong.within():
        layouts.append(_layout(shape))
    tags: tuple[int, int, int, int] | None = None
    with wrong.within("tags"):
        tags = _tags(shape.tags)
    reference: ReferencePhoto | None = None
    with wrong.within("reference"):
        reference = _reference(shape.reference)
    margins = Margins()
    with wrong.within("margins"):
        margins = Margins(**shape.margins.model_dump())
    wrong.refuse()
    return Board(
        shape.slug,
        shape.title,
        shape.date,
        layouts[0],
        tags,
        reference,
        shape.votes,
        margins,
        shape.beside,
    )


def _layout(shape: BoardShape) -> Layout:
    wrong = FieldErrors()
    slots = []
    for index, label in enumerate(shape.slots):
        with wrong.within("slots", index):
            slots.append(Slot.parse(label))
    if wrong.found:  # without its slots there is no layout, but there are rooms
        with wrong.within():
            check_names(tuple(shape.rooms), "rooms")
        wrong.refuse()
    blocked, entries = _blocked(shape.blocked, shape.rooms)
    try:
        return Layout(
            tuple(shape.rooms),
            tuple(slots),
            shape.rooms_along,
            tuple(shape.column_edges),
            tuple(shape.row_edges),
            blocked,
        )
    except FieldError as error:
        for each in (error, *error.also):
            match each.key:
                case ("blocked", int(cell), part):  # an entry may stand for several
                    fault = FieldError(each.message, "blocked", entries[cell], part)
                case _:
                    fault = FieldError(each.message, *each.key)
            known = [(one.message, one.key) for one in wrong.found]
            if (fault.message, fault.key) not in known:
                wrong.found.append(fault)
        wrong.refuse()
        raise


def _blocked(
    entries: list[BlockedShape], rooms: list[str]
) -> tuple[dict[CellId, str], list[int]]:
    """Return why cells are blocked, and which entry says so of each."""
    blocked: dict[CellId, str] = {}
    said_by: list[int] = []
    wrong = FieldErrors()
    for index, entry in enumerate(entries):
        for room in rooms if entry.room is None else [entry.room]:
            cell = CellId(room, entry.slot)
            if cell in blocked:
                msg = f'expected each cell once, got "{cell.room}", "{cell.slot}" twice'
                wrong.found.append(FieldError(msg, "blocked", index))
                break
            blocked[cell] = entry.reason
            said_by.append(index)
    wrong.refuse()
    return blocked, said_by


def _tags(tags: list[int] | None) -> tuple[int, int, int, int] | None:
    if tags is None:
        return None
    if len(tags) != 4:  # noqa: PLR2004  (a board has four corners)
        raise FieldError(f"expected four tag ids, got {len(tags)}")
    return tags[0], tags[1], tags[2], tags[3]


def _reference(shape: ReferenceShape | None) -> ReferencePhoto | None:
    if shape is None:
        return None
    return ReferencePhoto(Path(shape.photo), _corners(shape.corners))


def _corners(points: list[list[float]]) -> Quad:
    for index, point in enumerate(points):
        if len(point) != 2:  # noqa: PLR2004  (a point has x and y)
            raise FieldError(f"expected [x, y], got {point}", "corners", index)
    try:
        return Quad.from_array(points)
    except ValueError as error:
        msg = (
            "expected four corners of the cell area in the order top left, top right, "
            f"bottom right, bottom left, got {points}"
        )
        raise FieldError(msg, "corners") from error
