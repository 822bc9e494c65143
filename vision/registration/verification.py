"""When a board is believed to stand where its tags say.

Four points fit four corners wherever they are, so tags alone prove nothing: one that
fell off and was stuck back elsewhere takes the board along. Its lines must agree, or
a photo of it that was placed before; where they say otherwise, the board stands where
they say. Where there are neither, it is placed by its tags alone, and staff are told.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from calibration.lens import Projection
from calibration.profile import Board
from vision.errors import BoardMismatchError, BoardNotFoundError, RegistrationError
from vision.image.photo import Photo
from vision.image.rectify import Registration
from vision.image.shrink import Grey, grey_of
from vision.registration.choose import register_by_references
from vision.registration.frame import UNIT_CORNERS, registration_from_area
from vision.registration.reference import Reference
from vision.registration.settle import other_cells, settled
from vision.registration.tags import (
    MIN_TAGS,
    Tag,
    inner_corners,
    register_by_tags,
    side_px,
)

STUCK_BY_HAND = 0.15
"""Distance in units of a cell from its corner up to which a tag hangs where it belongs:
two centimetres of a cell of fourteen. Further off it was moved."""

SAME_PLACE = 0.02
"""Mean distance of the cells' corners, in units of a cell, up to which tags agree with
a photo: it leaves up to .012 itself, and is the better one where they do not."""

EXACT = 0.008
"""Deviation of four tags' corners from one plane, in units of a tag's side, up to which
they fit each other: stuck by hand they leave up to .007. One that was moved by a fifth
of a cell leaves .01, the more the further. That all moved alike, lines tell."""

MIN_AGREEING = 2
"""Tags that must hang at the corners that lines or a photo give: one alone hangs there
by chance, or the lines are those of the next cell."""


def believed(
    photo: Photo, board: Board, tags: Sequence[Tag], references: Sequence[Reference]
) -> Registration:
    """Place a board by its tags, and by what agrees or disagrees with them.

    Parameters
    ----------
    photo : Photo
    board : Board
        With tag ids.
    tags : sequence of Tag
        Seen in the photo; those of other boards are ignored.
    references : sequence of Reference
        Of this board and others; only this one's are asked.

    Raises
    ------
    BoardNotFoundError
        If fewer than three tags are seen, or they do not fit one rectangle and
        nothing else tells where the board is.
    BoardMismatchError
        If the board shows other lines than its layout, or is elsewhere than most of
        its tags say.
    """
    grey = grey_of(photo.pixels)
    refusal = None
    placed = []
    every = [tag for tag in tags if tag.id in (board.tags or ())]
    for some in _choices(every):
        try:
            registration = register_by_tags(photo, board, some)
        except BoardNotFoundError as error:
            refusal = refusal or error
            continue
        placed.append(registration)
        by_tags = registration.unit
        exact = len(some) > MIN_TAGS and registration.residual_px <= EXACT * side_px(
            some
        )
        unit = settled(grey, by_tags, board.layout, exact=exact)
        if unit is not None:
            _require_layout(grey, unit, board, hold=True)
            moved = registration if unit is by_tags else _moved_to(registration, unit)
            if some is not every:
                # Tried again and again, edges of cards look like lines once.
                moved = _as_photos_say(moved, _by_photo(photo, board, references))
            return _with_moved(moved, tags)
    if refusal is None:
        _require_layout(grey, placed[0].unit, board, hold=False)
    found = _by_photo(photo, board, references)
    if found is not None:
        by_all = found if refusal is not None else _as_photos_say(placed[0], found)
        return _with_moved(by_all, tags)
    if refusal is not None:
        raise refusal
    return replace(placed[0], checked=False)


def _choices(tags: Sequence[Tag]) -> list[Sequence[Tag]]:
    """Return all tags, then all but one of four: that one may have been moved."""
    fewer = itertools.combinations(tags, MIN_TAGS) if len(tags) > MIN_TAGS else ()
    return [tags, *fewer]


def _as_photos_say(
    registration: Registration, found: Registration | None
) -> Registration:
    """Return a registration if photos placed before agree with it, else theirs."""
    if found is None or _distance(registration, found) <= SAME_PLACE:
        return registration
    return found


def _moved_to(registration: Registration, unit: Projection) -> Registration:
    """Return a registration with its cell area elsewhere."""
    area = registration.cell_area
    return registration_from_area(
        registration.board,
        registration.method,
        unit.homography,
        unit.lens,
        aspect=area.width / area.height,
        residual_px=registration.residual_px,
    )


def _by_photo(
    photo: Photo, board: Board, references: Sequence[Reference]
) -> Registration | None:
    """Place the board by photos that tell more than tags do; None if they do not."""
    usable = [entry for entry in references if entry.board == board and entry.checked]
    if not usable:
        return None
    try:
        return register_by_references(photo, usable)
    except RegistrationError:
        return None


def _distance(first: Registration, second: Registration) -> float:
    """Return the mean distance of the cells' corners that a photo shows, in cells."""
    layout = first.board.layout
    columns, rows = layout.column_edges, layout.row_edges
    grid = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    seen = second.unit.photo_from_board(grid)
    inside = ((seen >= 0) & (seen < second.unit.lens.photo_wh)).all(axis=1)
    if not inside.any():
        return float("inf")
    off = first.unit.board_from_photo(seen[inside]) - grid[inside]
    cells = off * [len(columns) - 1, len(rows) - 1]
    return float(np.hypot(*cells.T).mean())


def _with_moved(registration: Registration, tags: Sequence[Tag]) -> Registration:
    """Say which tags were moved.

    Raises
    ------
    BoardMismatchError
        If those that were not are too few to be sure of the rest.
    """
    board = registration.board
    cells = [len(board.layout.column_edges) - 1, len(board.layout.row_edges) - 1]
    corners = inner_corners(board, tags)
    seen = registration.unit.board_from_photo(np.array(list(corners.values())))
    off = np.hypot(*((seen - UNIT_CORNERS[list(corners)]) * cells).T)
    ids = board.tags or ()
    moved = tuple(
        ids[place]
        for place, distance in zip(corners, off, strict=True)
        if distance > STUCK_BY_HAND
    )
    if len(corners) - len(moved) < MIN_AGREEING:
        raise BoardMismatchError(
            f"Board {board.slug} is not where its tags say: tags "
            f"{', '.join(map(str, moved))} hang at other places than its corners.",
            hint="Stick each tag to its corner of the cells again. Was the board "
            "rebuilt since its reference photo? Then take another one.",
            board=board.slug,
        )
    return replace(registration, moved_tags=moved)


def _require_layout(grey: Grey, unit: Projection, board: Board, *, hold: bool) -> None:
    """Refuse a board whose lines make other cells than its layout has.

    Raises
    ------
    BoardMismatchError
    """
    cells = other_cells(grey, unit, board.layout, hold=hold)
    if cells is None:
        return
    layout = board.layout
    raise BoardMismatchError(
        f"The lines between the tags of board {board.slug} make {cells[0]} columns and "
        f"{cells[1]} rows; event.toml has {len(layout.column_edges) - 1} and "
        f"{len(layout.row_edges) - 1}.",
        hint="Check whether it is this board, and whether its rooms and slots in "
        "event.toml are those on the wall.",
        board=board.slug,
    )
