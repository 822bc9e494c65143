"""Cases from folders of real boards, whose truth was typed by hand.

A folder of boards has a folder for each, with ``photo.jpg``, ``truth.json``
(the cards) and ``layout.json`` (rooms, slots, corners and edges); what they
hold is written in docs/bench.md. The photo is its own reference.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.cases import Case, CutCase, PlannedCase
from benchmarks.metrics import TrueCard
from calibration.errors import FieldError
from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId, Layout, Slot
from calibration.lens import Projection, RadialLens
from calibration.profile import Board
from server.errors import SettingsError
from vision.image.photo import Photo
from vision.registration import Reference
from vision.registration.frame import UNIT_QUAD

PHOTO, TRUTH, LAYOUT = "photo.jpg", "truth.json", "layout.json"

NO_GRID = ", no grid"
"""Ends the name of a group of boards of which only the cards are known."""

ANY_DAY = dt.date(2026, 1, 1)
"""A board needs a date; nothing that is measured depends on it."""


def folder_cases(folder: Path) -> tuple[PlannedCase[Case], ...]:
    """Return the boards of a folder that have photo, truth and layout.

    Parameters
    ----------
    folder : Path
        Holds a folder for each board; others in it are left out.

    Raises
    ------
    SettingsError
        If it holds no board with truth.
    """
    boards = _boards(folder)
    return tuple(
        PlannedCase(folder.name, board.name, partial(load_case, board))
        for board in boards
        if (board / LAYOUT).is_file()
    )


def cut_cases(folder: Path) -> tuple[PlannedCase[CutCase], ...]:
    """Return the boards of a folder that have photo and truth, but no layout.

    Parameters
    ----------
    folder : Path
        Holds a folder for each board; others in it are left out.

    Raises
    ------
    SettingsError
        If it holds no board with truth.
    """
    group = f"{folder.name}{NO_GRID}"
    return tuple(
        PlannedCase(group, board.name, partial(load_cut_case, board))
        for board in _boards(folder)
        if not (board / LAYOUT).is_file()
    )


def left_out(folder: Path) -> tuple[str, ...]:
    """Return a remark on each photo of a folder that has no truth."""
    return tuple(
        f"{entry.name} was left out: it has no {TRUTH}."
        for entry in sorted(folder.iterdir())
        if (entry / PHOTO).is_file() and not (entry / TRUTH).is_file()
    )


def _boards(folder: Path) -> list[Path]:
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


def load_cut_case(folder: Path) -> CutCase:
    """Read one board without a grid; each card is a cell of its own.

    Parameters
    ----------
    folder : Path
        With photo and truth.

    Raises
    ------
    SettingsError
        If the truth cannot be used.
    PhotoError
        If the photo cannot be used.
    """
    photo = Photo.decode((folder / PHOTO).read_bytes())
    try:
        entries = json.loads((folder / TRUTH).read_text("utf-8"))["cards"]
        cards = tuple(
            _card(entry, CellId("card", str(number)))
            for number, entry in enumerate(entries)
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unusable(folder, error) from error
    return CutCase(photo=photo, cards=cards)


def load_case(folder: Path) -> Case:
    """Read one board.

    Parameters
    ----------
    folder : Path
        With photo, truth and layout.

    Raises
    ------
    SettingsError
        If truth or layout cannot be used.
    PhotoError
        If the photo cannot be used.
    """
    photo = Photo.decode((folder / PHOTO).read_bytes())
    try:
        shape = json.loads((folder / LAYOUT).read_text("utf-8"))
        entries = json.loads((folder / TRUTH).read_text("utf-8"))["cards"]
        layout, corners = _layout(shape), Quad.from_array(shape["corners"])
        cards = tuple(_cards(entries, shape))
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise _unusable(folder, error) from error
    board = Board("board", folder.name, ANY_DAY, layout)
    return Case(
        photo=photo,
        board=board,
        references=(Reference.from_photo(board, photo, corners),),
        area_from_photo=Projection(
            Homography.from_quads(target=UNIT_QUAD, source=corners),
            RadialLens(0.0, photo.size_wh),
        ),
        cards=cards,
        cells=layout.cells,
    )


def _unusable(folder: Path, error: Exception) -> SettingsError:
    return SettingsError(
        f"The truth of board {folder.name} cannot be used: {error!r}.",
        hint=f"Correct {TRUTH} or {LAYOUT}; docs/bench.md says what they hold.",
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
    pixels: Sequence[float] = shape[f"{along}_px"]
    first, last = pixels[0], pixels[-1]
    return tuple((edge - first) / (last - first) for edge in pixels)


def _cards(
    entries: Sequence[Mapping[str, Any]], shape: Mapping[str, Any]
) -> list[TrueCard]:
    """Return the cards on the grid; rows are counted from the photo's first."""
    cards = []
    for entry in entries:
        if entry["cell"] is None:
            continue
        column, row = entry["cell"]
        cell = CellId(shape["rooms"][column], shape["slots"][row - shape["first_row"]])
        cards.append(_card(entry, cell))
    return cards


def _card(entry: Mapping[str, Any], cell: CellId) -> TrueCard:
    left, top, width, height = entry["bbox"]
    return TrueCard(
        Rect(left, top, left + width, top + height),
        cell,
        entry["text"] or "",
        entry["title"] or "",
        entry["legible"],
    )
