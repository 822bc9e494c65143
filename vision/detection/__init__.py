"""Finding the cards on a rectified board, and the cell of each.

Cards are looked for on the whole board: they straddle lines, overlap and tilt. What
lies outside of the cell area is a heading, a legend or a passer-by.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId
from vision.cards import DetectedCard
from vision.detection.detector import (
    CardMaps,
    Detection,
    lying_on,
)
from vision.detection.ink import ink_quads
from vision.detection.refinement import refined, whole
from vision.detection.scales import view_of
from vision.image.arrays import Image, Mask, grey_of, resized, window_of
from vision.image.colour import colour_in
from vision.registration.rectify import (
    CELL_PX,
    RectifiedBoard,
    WorkingBoard,
    at_working_scale,
)
from vision.registration.tags import find_tags

__all__ = ["CardDetector", "CardSurvey", "find_cards"]

NETWORK_CELL_PX, MASK = 110.0, 0.5
"""Size of a cell (geometric mean of its sides) at which the network sees the board; its
probability from which any card is seen in a place."""

REACH_SHARE, MIN_INSIDE = 0.4, 0.5
"""How far around the cell area cards are looked for, in cells, and part of a card that
must lie on it for it to be a session."""

HELD_SHARE = 0.8
"""Upper part of a card that decides on its cell: cards stick by their upper edge, which
their writers put into the cell."""


@dataclass(frozen=True, slots=True, eq=False)
class CardSurvey:
    """The cards of a board, row by row, and what was seen on the way.

    `mask`, (H, W) bool, is where any card is seen, in pixels of `working`; `picture` is
    the network's input, `maps` its output, `found` the cards in it.
    """

    cards: tuple[DetectedCard, ...]
    mask: Mask
    working: WorkingBoard
    picture: Image
    maps: CardMaps
    found: tuple[Detection, ...]


CardDetector = Callable[[RectifiedBoard], CardSurvey]
"""What finds the cards on a rectified board: `find_cards`, but in some tests."""


def find_cards(board: RectifiedBoard) -> CardSurvey:
    """Find the cards on a rectified board."""
    working = at_working_scale(board)
    window = _around(working, beside=bool(board.registration.board.beside))
    seen_area, usual = window_of(working.pixels, window), NETWORK_CELL_PX / CELL_PX
    view = view_of(lambda scale: resized(seen_area, scale * usual))
    picture, maps, scale = view.picture, view.maps, view.scale * usual
    found = whole(view.found)
    above = lying_on(maps, found)
    found = refined(picture, maps, found)
    working_from_picture = Homography.translation(
        window.left, window.top
    ) @ Homography.scaling(1 / scale, 1 / scale)
    # The network's pixel centres are whole numbers.
    quads = [
        working_from_picture.apply_quad(Quad.from_array(card.corners + 0.5))
        for card in found
    ]
    return CardSurvey(
        _cards(board, working, found, quads, above),
        _mask(maps, window, working),
        working,
        picture,
        maps,
        found,
    )


def _around(working: WorkingBoard, *, beside: bool) -> Rect:
    """Return the cell area and what of the board is close to it, in whole pixels.

    Where cards beside the cells count, also all to the right of them and below.
    """
    height, width = working.pixels.shape[:2]
    area, reach = working.area, REACH_SHARE * CELL_PX
    return Rect(
        max(0, round(area.left - reach)),
        max(0, round(area.top - reach)),
        width if beside else min(width, round(area.right + reach)),
        height if beside else min(height, round(area.bottom + reach)),
    )


def _cards(
    board: RectifiedBoard,
    working: WorkingBoard,
    found: tuple[Detection, ...],
    quads: list[Quad],
    above: tuple[tuple[int, ...], ...],
) -> tuple[DetectedCard, ...]:
    cells = board.registration.cell_rects
    area = working.area
    beside = board.registration.board.beside
    to_board = Homography.scaling(1 / working.scale, 1 / working.scale)
    on_board = [to_board.apply_quad(quad) for quad in quads]
    inside = [quad.overlap(area.to_quad()) > MIN_INSIDE * quad.area for quad in quads]
    tags = _tags_on(board) if beside else ()
    cards = [
        DetectedCard(
            on_board[index],
            _cell_of(on_board[index], cells) if inside[index] else None,
            colour_in(working.pixels, quads[index]),
            "card",
            covered_by=tuple(on_board[other] for other in above[index]),
        )
        for index in range(len(found))
        if inside[index]
        or (
            beside
            and _is_beside(quads[index], area)
            and not _has_tag(on_board[index], tags)
        )
    ]
    ink = ink_quads(
        working.pixels,
        [rect.scaled(working.scale) for rect in cells.values()],
        quads,
        CELL_PX,
    )
    for quad in ink:
        quad_board, colour = to_board.apply_quad(quad), colour_in(working.pixels, quad)
        cards.append(
            DetectedCard(quad_board, _cell_of(quad_board, cells), colour, "ink")
        )
    return tuple(sorted(cards, key=lambda card: card.top_left))


def _is_beside(card: Quad, area: Rect) -> bool:
    """Tell whether a card hangs to the right of the cell area, or below it."""
    x, y = card.centre
    return (x > area.right and y > area.top) or (y > area.bottom and x > area.left)


def _tags_on(board: RectifiedBoard) -> tuple[Quad, ...]:
    """Return where the board's tags are: they stand beside the cells, as cards may."""
    registration = board.registration
    if not registration.board.tags:
        return ()
    tags = find_tags(grey_of(board.pixels), (registration.board,))
    own = set(registration.board.tags)
    return tuple(Quad.from_array(tag.corners_photo) for tag in tags if tag.id in own)


def _has_tag(card: Quad, tags: Sequence[Quad]) -> bool:
    return any(card.overlap(tag) > MIN_INSIDE * tag.area for tag in tags)


def _mask(maps: CardMaps, window: Rect, working: WorkingBoard) -> Mask:
    """Return where any card is seen, in the working board's pixels."""
    mask = np.zeros(working.pixels.shape[:2], np.bool_)
    across, down = round(window.width), round(window.height)
    whole = cv2.resize(maps.mask, (across, down), interpolation=cv2.INTER_LINEAR)
    window_of(mask, window)[:] = whole > MASK
    return mask


def _cell_of(quad_board: Quad, cells: Mapping[CellId, Rect]) -> CellId:
    """Return the cell in which most of a card's upper part lies."""
    corners = quad_board.to_array()
    held = corners.copy()
    held[2:] = corners[:2][::-1] + (corners[2:] - corners[:2][::-1]) * HELD_SHARE
    upper = Quad.from_array(held)
    bounds = upper.bounds
    near = [cell for cell, rect in cells.items() if bounds.overlap(rect) > 0]
    return max(near, key=lambda cell: upper.overlap(cells[cell].to_quad()))
