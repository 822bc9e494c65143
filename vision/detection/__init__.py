"""Finding the cards on a straightened board, and the cell of each.

Cards are looked for on the whole board: they straddle lines, overlap and tilt.
What lies outside of the cell area is a heading, a legend or a passer-by.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId
from vision.cards import Colour, DetectedCard, Kind
from vision.detection.cells import MIN_INSIDE, cell_of, cell_rects, inside_share
from vision.detection.grid import Grid
from vision.detection.ink import ink_quads, ink_quads_cell_by_cell
from vision.detection.outlines import card_quads
from vision.detection.paper import with_all_paper
from vision.detection.trust import Outline
from vision.detection.views import (
    Coarse,
    Search,
    View,
    look_coarsely,
    search_all,
    search_rest,
)
from vision.image.arrays import Mask
from vision.image.colour import ColourMap, colour_in, label_in
from vision.image.parallel import on_both_cores
from vision.image.rectify import RectifiedBoard, Registration
from vision.image.small_board import CELL_PX, Shrunk, shrink

__all__ = [
    "CardSurvey",
    "Coarse",
    "DetectedCard",
    "HungCard",
    "Shrunk",
    "cell_rects",
    "find_cards",
    "find_in",
    "look_at",
    "shrink",
]

REACH_SHARE = 0.4
"""How far around the cell area cards are looked for, in cells: they hang over
its edge, but headings must not grow together with them."""

LEAST_PAPER_PX = 3
"""How far beyond its outline the paper of a card that hangs as it hung must reach, in
sixty-fourths of the card: at half the size, edges are blurred by as much."""


@dataclass(frozen=True, slots=True)
class HungCard:
    """A known card that hangs as it hung: it need not be looked for.

    Parameters
    ----------
    known : str
        Its id.
    quad_board : Quad
        Its outline in board pixels.
    colour_bgr : tuple of int
        Its colour, as it was found.
    """

    known: str
    quad_board: Quad
    colour_bgr: Colour


@dataclass(frozen=True, slots=True, eq=False)
class CardSurvey:
    """The cards, and which colours the board itself has.

    Parameters
    ----------
    cards : tuple of DetectedCard
        Row by row, then from left to right.
    colours : ColourMap
        Of the board, shrunk.
    scale : float
        Pixels of the colour map per board pixel.
    shrunk : Shrunk
        The board at the size at which cards were looked for.
    """

    cards: tuple[DetectedCard, ...]
    colours: ColourMap
    scale: float
    shrunk: Shrunk


def find_cards(board: RectifiedBoard, hung: Sequence[HungCard] = ()) -> CardSurvey:
    """Find the cards on a straightened board.

    Parameters
    ----------
    board : RectifiedBoard
    hung : sequence of HungCard
        Known cards that hang as they hung. What they explain is not looked at again;
        where anything else hangs together with them, they are found as others are.
    """
    shrunk, registration = shrink(board), board.registration
    coarse = look_at(shrunk, registration) if hung else None
    return find_in(shrunk, registration, hung, coarse)


def look_at(shrunk: Shrunk, registration: Registration) -> Coarse:
    """Return what is needed to tell what known cards leave of a board.

    Parameters
    ----------
    shrunk : Shrunk
        The straight picture.
    registration : Registration
        Of its photo.
    """
    grid = Grid.of(registration.board.layout, shrunk.area)
    return look_coarsely(shrunk.pixels, grid, _reached(shrunk))


def find_in(
    shrunk: Shrunk,
    registration: Registration,
    hung: Sequence[HungCard],
    coarse: Coarse | None,
) -> CardSurvey:
    """Find the cards on a straightened board that was shrunk before.

    Parameters
    ----------
    shrunk : Shrunk
        The straight picture.
    registration : Registration
        Of its photo.
    hung : sequence of HungCard
        As of `find_cards`.
    coarse : Coarse or None
        From `look_at`; without it hung cards are looked for as others are.
    """
    to_shrunk = Homography.scaling(shrunk.scale, shrunk.scale)
    asked = [
        (card, quad)
        for card in hung
        if inside_share(quad := to_shrunk.apply_quad(card.quad_board), shrunk.area)
        > MIN_INSIDE
    ]
    grid = Grid.of(registration.board.layout, shrunk.area)
    search = _search(shrunk, grid, [quad for _, quad in asked], coarse)
    known = [asked[index] for index in search.hung]
    cells = cell_rects(registration)
    tasks: tuple[Callable[[], list[DetectedCard]], ...] = (
        lambda: _looked_for(shrunk, search, cells, [quad for _, quad in known]),
        lambda: _as_found(search, cells, known, shrunk.scale),
    )
    found = [card for part in on_both_cores(_done, tasks) for card in part]
    return CardSurvey(
        tuple(sorted(found, key=_reading_order)),
        search.view.colours,
        search.view.scale * shrunk.scale,
        shrunk,
    )


def _done(task: Callable[[], list[DetectedCard]]) -> list[DetectedCard]:
    """Return what a task finds."""
    return task()


def _reached(shrunk: Shrunk) -> Mask:
    """Return the cell area and what of the board is close to it."""
    return _around(shrunk.area, REACH_SHARE * CELL_PX, shrunk.pixels.shape)


def _search(
    shrunk: Shrunk, grid: Grid, hung: Sequence[Quad], coarse: Coarse | None
) -> Search:
    """Return where cards are looked for: everywhere, if none hang as they hung."""
    around = _reached(shrunk)
    if hung and coarse is not None:
        search = search_rest(coarse, shrunk.pixels, grid, around, hung)
        if search.hung:
            return search
    return search_all(shrunk.pixels, grid, around)


def _looked_for(
    shrunk: Shrunk,
    search: Search,
    cells: Mapping[CellId, Rect],
    hung: Sequence[Quad],
) -> list[DetectedCard]:
    """Return the cards that are looked for, beside those that need not be."""
    area, near = shrunk.area, search.near
    coloured = card_quads(
        shrunk.pixels,
        search,
        _around(area, 0, shrunk.pixels.shape),
        CELL_PX,
        _outlines(search.view, hung),
    )
    inside = [quad for quad in coloured if inside_share(quad, area) > MIN_INSIDE]
    find_writing = ink_quads_cell_by_cell if hung else ink_quads
    written = find_writing(
        shrunk.pixels,
        [rect.scaled(shrunk.scale) for rect in cells.values()],
        (*coloured, *hung),
        CELL_PX,
    )
    papers = with_all_paper(inside, near.colours.foreground, near.smooth, hung)
    to_board = Homography.scaling(1 / shrunk.scale, 1 / shrunk.scale)
    view = search.view
    to_view = Homography.scaling(view.scale, view.scale)

    def found(quad: Quad, paper: Quad, kind: Kind, colour: Colour) -> DetectedCard:
        quad_board = to_board.apply_quad(quad)
        cell = cell_of(quad_board, cells)
        return DetectedCard(quad_board, cell, colour, to_board.apply_quad(paper), kind)

    return [
        *(
            found(quad, paper, "card", colour_in(near.smooth, quad))
            for quad, paper in zip(inside, papers, strict=True)
        ),
        *(
            found(quad, quad, "ink", colour_in(view.smooth, to_view.apply_quad(quad)))
            for quad in written
        ),
    ]


def _as_found(
    search: Search,
    cells: Mapping[CellId, Rect],
    hung: Sequence[tuple[HungCard, Quad]],
    scale: float,
) -> list[DetectedCard]:
    """Return cards that hang as they hung, as if they had been looked for.

    Parameters
    ----------
    search : Search
    cells : mapping of CellId to Rect
        In board pixels.
    hung : sequence of (HungCard, Quad)
        With their places on the shrunk board.
    scale : float
        Pixels of the shrunk board per board pixel.
    """
    view = search.view
    to_view = Homography.scaling(view.scale, view.scale)
    to_board = Homography.scaling(*[1 / (view.scale * scale)] * 2)
    papers = with_all_paper(
        [to_view.apply_quad(quad) for _, quad in hung],
        view.colours.foreground,
        view.smooth,
        least_px=LEAST_PAPER_PX,
    )
    return [
        DetectedCard(
            card.quad_board,
            cell_of(card.quad_board, cells),
            card.colour_bgr,
            to_board.apply_quad(paper),
            "card",
            card.known,
        )
        for (card, _), paper in zip(hung, papers, strict=True)
    ]


def _outlines(view: View, hung: Sequence[Quad]) -> list[Outline]:
    """Return cards on the shrunk board with the colours that they have in a view."""
    to_view = Homography.scaling(view.scale, view.scale)
    labels = view.colours.labels
    return [
        Outline(quad, label_in(labels, to_view.apply_quad(quad)), straight=True)
        for quad in hung
    ]


def _around(area: Rect, reach_px: float, shape: tuple[int, ...]) -> Mask:
    """Return the cell area and some way around it as a mask."""
    mask = np.zeros(shape[:2], np.bool_)
    top, left = max(0, round(area.top - reach_px)), max(0, round(area.left - reach_px))
    mask[top : round(area.bottom + reach_px), left : round(area.right + reach_px)] = 1
    return mask


def _reading_order(card: DetectedCard) -> tuple[float, float]:
    """Return a key that sorts cards by their top edge, then their left one."""
    bounds = card.quad_board.bounds
    return (bounds.top, bounds.left)
