"""Cases from folders of real boards, whose truth was typed by hand.

A folder of boards has a folder for each, with ``photo.jpg``, ``truth.json``
(the cards) and ``layout.json`` (rooms, slots, corners and edges); what they
hold is written in docs/bench.md.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.cases import Case, PlannedCase
from benchmarks.metrics import TrueCard
from calibration.errors import FieldError
from calibration.event import Board
from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId, Layout, Slot
from calibration.lens import Projection, RadialLens
from server.errors import SettingsError
from vision.image.photo import Photo
from vision.registration import Reference
from vision.registration.frame import UNIT_QUAD

PHOTO, TRUTH, LAYOUT = "photo.jpg", "truth.json", "layout.json"

NO_GRID = ", no grid"
"""Ends the name of a group of boards of which only the cards are known."""

WHOLE_PHOTO = Layout(
    rooms=("1", "2", "3", "4"),
    slots=tuple(Slot.parse(f"{hour}:00-{hour + 1}:00") for hour in (10, 11, 12)),
)
"""What a photo without a grid is taken for: a board of as many cells. Nothing of its
truth may be used, and a detector wants to know how large a cell is."""

ANY_DAY = dt.date(2026, 1, 1)
"""A board needs a date; nothing that is measured depends on it."""


def board_folders(folder: Path) -> list[Path]:
    """Return the folders of boards that have photo and truth; raises if none has."""
    boards = [
        entry
        for entry in sorted(folder.iterdir())
        if all((entry / name).is_file() for name in (PHOTO, TRUTH))
    ]
    if not boards:
        raise SettingsError(
            f"The folder {folder} holds no boards with truth.",
            hint=f"Give one that has folders with {PHOTO}, {TRUTH} and {LAYOUT}.",
        )
    return boards


def folder_cases(folder: Path) -> tuple[PlannedCase, ...]:
    """Return the boards of a folder, those with a grid first."""
    boards = sorted(board_folders(folder), key=lambda board: not has_grid(board))
    return tuple(
        PlannedCase(
            folder.name if has_grid(board) else f"{folder.name}{NO_GRID}",
            board.name,
            partial(load_readable, board),
        )
        for board in boards
    )


def has_grid(folder: Path) -> bool:
    """Whether the layout of a board is known."""
    return (folder / LAYOUT).is_file()


def load_case(folder: Path) -> Case:
    """Read one board, without what its photo can be registered by.

    Parameters
    ----------
    folder : Path
        With photo and truth; without a layout the whole photo is a board.

    Raises
    ------
    SettingsError
        If truth or layout cannot be used.
    PhotoError
        If the photo cannot be used.
    """
    photo = Photo.decode((folder / PHOTO).read_bytes())
    try:
        entries = json.loads((folder / TRUTH).read_text("utf-8"))["cards"]
        shape, layout = {}, WHOLE_PHOTO
        corners = Rect(0, 0, *photo.size_wh).to_quad()
        if has_grid(folder):
            shape = json.loads((folder / LAYOUT).read_text("utf-8"))
            layout, corners = _layout(shape), Quad.from_array(shape["corners"])
        area = Homography.from_quads(target=UNIT_QUAD, source=corners)
        case = Case(
            photo=photo,
            cards=(),
            board=Board("board", folder.name, ANY_DAY, layout),
            area_from_photo=Projection(area, RadialLens(0.0, photo.size_wh)),
            cells=layout.cells if shape else (),
        )
        cards = tuple(
            _card(entry, shape, case)
            for entry in entries
            if not shape or entry["cell"] is not None
        )
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise SettingsError(
            f"The truth of board {folder.name} cannot be used: {error!r}.",
            hint=f"Correct {TRUTH} or {LAYOUT}; docs/bench.md says what they hold.",
        ) from error
    return replace(case, cards=cards)


def load_readable(folder: Path) -> Case:
    """Read one board whose photo is its own reference; see `load_case`."""
    case = load_case(folder)
    if not case.cells:
        return case
    corners = case.area_from_photo.quad_photo(UNIT_QUAD)
    reference = Reference.from_photo(case.board, case.photo, corners)
    return replace(case, references=(reference,))


def left_out(folder: Path) -> tuple[str, ...]:
    """Say which photos of a folder have no truth, a sentence for each."""
    return tuple(
        f"{entry.name} was left out: it has no {TRUTH}."
        for entry in sorted(folder.iterdir())
        if (entry / PHOTO).is_file() and not (entry / TRUTH).is_file()
    )


def _layout(shape: Mapping[str, Any]) -> Layout:
    try:
        return Layout(
            rooms=tuple(shape["rooms"]),
            slots=tuple(Slot.parse(label) for label in shape["slots"]),
            column_edges=_edges(shape, "column"),
            row_edges=_edges(shape, "row"),
        )
    except FieldError as error:
        raise ValueError(error.message) from error


def _edges(shape: Mapping[str, Any], along: str) -> tuple[float, ...]:
    """Return edges as fractions; a layout may give them in pixels."""
    if f"{along}_edges" in shape:
        return tuple(shape[f"{along}_edges"])
    pixels = shape[f"{along}_px"]
    first, last = pixels[0], pixels[-1]
    return tuple((edge - first) / (last - first) for edge in pixels)


def _card(entry: Mapping[str, Any], shape: Mapping[str, Any], case: Case) -> TrueCard:
    """Return a card; rows are counted from the photo's first."""
    left, top, width, height = entry["bbox"]
    bounds = Rect(left, top, left + width, top + height)
    if shape:
        column, row = entry["cell"]
        cell = CellId(shape["rooms"][column], shape["slots"][row - shape["first_row"]])
    else:
        cell = case.cell_at(bounds.centre) or case.board.layout.cells[0]
    return TrueCard(
        bounds_photo=bounds,
        cell=cell,
        text=entry["text"] or "",
        title=entry["title"] or "",
        legible=entry["legible"],
        partial=entry.get("partial", False),
    )
