"""What the page of a set-up sends and gets, a sheet for each board. Pure."""

import datetime as dt
import itertools
from dataclasses import astuple, fields
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from calibration.errors import FieldError, FieldErrors
from calibration.event import Board, Margins, check_board
from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import Layout, RoomsAlong, Slot
from calibration.names import check_names
from server.setup.drafts import Wishes

OUTSIDE_SHARE = 0.25
"""How far a corner may lie outside of the photo, in units of the photo's sides: people
stand too near, and the last column is cut off."""

DASHES = str.maketrans(dict.fromkeys("\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}", "-"))
"""What phones make of a hyphen between two hours."""

EXPECTED = {"date": "expected a day", "margins": "expected a number of cells"}

Corners = tuple[tuple[float, float], ...]
"""Of the cell area in the photo: TL, TR, BR, BL; they may make no sense."""

SIDES = tuple(side.name for side in fields(Margins))


class Sheet(BaseModel):
    """A board as it stands on the page.

    Corners are in pixels of the upright photo, in the order TL, TR, BR, BL; `board` is
    the slug of the one in event.toml that it is, empty for a new one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    board: str
    title: str
    slug: str
    date: dt.date
    rooms: tuple[str, ...]
    slots: tuple[str, ...]
    rooms_along: RoomsAlong
    corners: Corners
    column_edges: tuple[float, ...]
    row_edges: tuple[float, ...]
    margins: tuple[float, float, float, float]


def sheet_of(board: Board, area: Quad, known: str) -> Sheet:
    """Return the sheet of a board, and of which one in event.toml it is."""
    layout = board.layout
    return Sheet(
        board=known,
        title=board.title,
        slug=board.slug,
        date=board.date,
        rooms=layout.rooms,
        slots=tuple(slot.label for slot in layout.slots),
        rooms_along=layout.rooms_along,
        corners=tuple((point.x, point.y) for point in area.corners),
        column_edges=layout.column_edges,
        row_edges=layout.row_edges,
        margins=astuple(board.margins),
    )


def parse_sheet(sent: Any) -> Sheet:
    """Return the sheet that a page sent as JSON.

    Raises
    ------
    FieldError
        If it is none, with the key.
    """
    try:
        return Sheet.model_validate(sent)
    except ValidationError as error:
        wrong = FieldErrors()
        for fault in error.errors():
            key = fault["loc"]
            message = EXPECTED.get(str(key[0]) if key else "", fault["msg"])
            wrong.found.append(FieldError(message, *key))
        wrong.refuse()
        raise


def wishes_of(sheet: Sheet, photo_wh: tuple[int, int]) -> Wishes:
    """Return what a sheet says of a board on a photo of this size.

    Raises
    ------
    FieldError
        If its names, corners or lines make no sense; it tells all.
    """
    title, rooms = sheet.title.strip(), tuple(room.strip() for room in sheet.rooms)
    labels = tuple(_hours(label) for label in sheet.slots)
    slug = sheet.board or sheet.slug.strip()
    slots: list[Slot] = []
    corners, margins = None, None
    wrong = FieldErrors()
    with wrong.within():
        check_board(slug, title, sheet.date, ())
    with wrong.within():
        check_names(rooms, "rooms")
    for index, label in enumerate(labels):
        with wrong.within("slots", index):
            slots.append(Slot.parse(label))
    for name in ("column_edges", "row_edges"):
        with wrong.within():
            check_order(getattr(sheet, name), name)
    with wrong.within():
        corners = area_of(sheet.corners, photo_wh)
    with wrong.within():
        margins = _margins(sheet.margins)
    if len(slots) == len(labels):
        edges = sheet.column_edges, sheet.row_edges
        with wrong.within():
            Layout(rooms, tuple(slots), sheet.rooms_along, *edges)
    _once(wrong).refuse()
    return Wishes(
        slug=slug,
        title=title,
        date=sheet.date,
        rooms=rooms,
        slots=labels,
        rooms_along=sheet.rooms_along,
        corners_photo=corners,
        column_edges=sheet.column_edges,
        row_edges=sheet.row_edges,
        margins=margins,
    )


def _once(wrong: FieldErrors) -> FieldErrors:
    """Return of each field what was found first: it is in the page's words."""
    first: dict[tuple[str | int, ...], FieldError] = {}
    for error in wrong.found:
        first.setdefault(error.key, error)
    return FieldErrors(first.values())


def _margins(cells: tuple[float, float, float, float]) -> Margins:
    try:
        return Margins(*cells)
    except FieldError as error:
        found = (error, *error.also)
        FieldErrors(
            FieldError(one.message, "margins", SIDES.index(str(one.key[0])))
            for one in found
        ).refuse()
        raise


def _hours(label: str) -> str:
    """Return hours as they stand in event.toml: no blanks, a plain hyphen."""
    return "".join(label.split()).translate(DASHES)


def check_order(edges: tuple[float, ...], name: str) -> None:
    """Check that lines do not cross.

    Raises
    ------
    FieldError
        If one does, with its name and number.
    """
    for index, (before, after) in enumerate(itertools.pairwise(edges), 1):
        if not before < after:
            # The ends are the corners' own: the line beside one is what was moved.
            line = min(index, len(edges) - 2)
            raise FieldError("this line has passed the one beside it", name, line)


def area_of(corners: Corners, photo_wh: tuple[int, int]) -> Quad:
    """Return the cell area, which must be somewhere on the photo and not fold.

    Raises
    ------
    FieldError
        If it does not, with the corner.
    """
    width, height = photo_wh
    for index, (x, y) in enumerate(corners):
        if not (
            -OUTSIDE_SHARE <= x / width <= 1 + OUTSIDE_SHARE
            and -OUTSIDE_SHARE <= y / height <= 1 + OUTSIDE_SHARE
        ):
            msg = "this corner is too far outside of the photo"
            raise FieldError(msg, "corners", index)
    try:
        area = Quad.from_array(corners)
        Homography.from_quads(target=Rect(0, 0, 1, 1).to_quad(), source=area)
    except ValueError as error:
        msg = (
            "the four corners make no board: they go round from top left to top right, "
            "bottom right and bottom left, and none lies between the others"
        )
        raise FieldError(msg, "corners") from error
    return area
