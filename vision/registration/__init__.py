"""Finding the board in a photo: by its tags, or by reference photos.

Four points fit any four corners, so tags alone prove nothing: the board's lines must
agree, or an earlier photo that is registered; where they differ, the board is where
they put it. Where there are neither, a finding says so.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from calibration.profile import Board
from vision.errors import BoardNotFoundError, ReferenceMissingError
from vision.image.arrays import Grey, grey_of
from vision.image.photo import Photo
from vision.registration.frame import Registration, registration_from_area
from vision.registration.reference import RecentPhoto, Reference
from vision.registration.selection import register_by_references
from vision.registration.tagged_grid import (
    finer_cells,
    grid_from_tags,
    lines_hold,
    other_cells,
)
from vision.registration.tags import (
    MIN_TAGS,
    Tag,
    board_of_tags,
    find_tags,
    register_by_tags,
    side_px,
)
from vision.registration.verification import (
    distance_in_cells,
    require_own_cells,
    with_moved_tags,
)

__all__ = ["RecentPhoto", "Reference", "register"]

SAME_PLACE = 0.02
"""Mean distance of the cells' corners, in cells, up to which tags and a photo agree."""

EXACT = 0.008
"""Deviation of four tags' corners from one plane, in sides of a tag, up to which they
fit each other: stuck by hand they leave up to .007, moved by a fifth of a cell .01."""


def register(
    photo: Photo, boards: Sequence[Board], references: Sequence[Reference]
) -> Registration:
    """Find which of the boards, the likeliest first, a photo shows, and where.

    Tags decide where they are seen, unless the board's lines or references contradict
    them; else the references of all these boards are tried. The order says which it is
    where one wall is several days' board.

    BoardNotFoundError if no board can be placed with certainty, AmbiguousBoardError if
    several of one day fit about equally well, BoardMismatchError if tags and the board
    itself contradict each other, ReferenceMissingError if there is nothing to go by.
    """
    tags: Sequence[Tag] = ()
    if tagged := [board for board in boards if board.tags]:
        grey = grey_of(photo.pixels)
        tags = find_tags(grey, tagged)
        if board := board_of_tags(tags, boards):
            return _by_tags_verified(photo, grey, board, tags, references)
    slugs = [board.slug for board in boards]
    usable = [entry for entry in references if entry.board.slug in slugs]
    usable.sort(key=lambda entry: slugs.index(entry.board.slug))
    if not usable:
        if tagged:
            return register_by_tags(photo, tagged[0], tags)
        named = ", ".join(sorted(board.title for board in boards))
        raise ReferenceMissingError(
            f"There are neither tags nor a reference photo of board {named}.",
            hint="Give it tags or a reference photo with its corners in event.toml.",
        )
    return register_by_references(photo, usable)


def _by_tags_verified(
    photo: Photo,
    grey: Grey,
    board: Board,
    tags: Sequence[Tag],
    references: Sequence[Reference],
) -> Registration:
    refusal = None
    placed = []
    every = [tag for tag in tags if tag.id in (board.tags or ())]
    # All of them, then all but one of four: that one may have been moved.
    fewer = itertools.combinations(every, MIN_TAGS) if len(every) > MIN_TAGS else ()
    for some in (every, *fewer):
        try:
            registration = register_by_tags(photo, board, some)
        except BoardNotFoundError as error:
            refusal = refusal or error
            continue
        placed.append(registration)
        by_lines = _by_lines(grey, registration, some)
        if by_lines is not None:
            if some is not every:
                # Of many tries, edges of cards pass for lines in one.
                by_photo = _by_photo(photo, board, references)
                by_lines = _as_photos_say(by_lines, by_photo)
            return with_moved_tags(by_lines, tags)
    if refusal is None:
        require_own_cells(board, other_cells(grey, placed[0].unit, board.layout))
    found = _by_photo(photo, board, references)
    if found is not None:
        by_all = found if refusal is not None else _as_photos_say(placed[0], found)
        return with_moved_tags(by_all, tags)
    if refusal is not None:
        raise refusal
    return replace(placed[0], checked=False)


def _by_lines(
    grey: Grey, registration: Registration, tags: Sequence[Tag]
) -> Registration | None:
    """Return where the lines put a board that these tags placed; None if they don't."""
    layout, by_tags = registration.board.layout, registration.unit
    exact = len(tags) > MIN_TAGS and registration.residual_px <= EXACT * side_px(tags)
    # Lines cannot be more exact than tags that are.
    holds = exact and lines_hold(grey, by_tags, layout)
    unit = by_tags if holds else grid_from_tags(grey, by_tags, layout)
    if unit is None:
        return None
    require_own_cells(registration.board, finer_cells(grey, unit, layout))
    if unit is by_tags:
        return registration
    area = registration.cell_area
    return registration_from_area(
        registration.board,
        registration.method,
        unit,
        aspect=area.width / area.height,
        residual_px=registration.residual_px,
    )


def _as_photos_say(
    registration: Registration, found: Registration | None
) -> Registration:
    """Return a registration if an earlier photo agrees with it, else that photo's."""
    if found is None:
        return registration
    distance = distance_in_cells(registration, found)
    agrees = distance is not None and distance <= SAME_PLACE
    return registration if agrees else found


def _by_photo(
    photo: Photo, board: Board, references: Sequence[Reference]
) -> Registration | None:
    """Place the board by its references that were verified; None if that fails."""
    usable = [entry for entry in references if entry.board == board and entry.checked]
    if not usable:
        return None
    try:
        return register_by_references(photo, usable)
    except BoardNotFoundError:
        return None
