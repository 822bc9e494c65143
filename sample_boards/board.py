"""A board to draw: its plane in millimetres, its grid, its cards."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from sample_boards.cards import Card

Look = Literal["printed", "taped", "whiteboard"]

TAG_MODULES = 6
"""Modules along a 4x4 tag's side, its black border included."""

LIFT_SHIFT = 0.22
"""How far a corner seems to move outwards per millimetre that it stands off."""


@dataclass(frozen=True, slots=True)
class BlockedCell:
    """A cell that is taken by another event.

    Parameters
    ----------
    room, slot : str
        The cell.
    reason : str
        Why.
    """

    room: str
    slot: str
    reason: str


@dataclass(frozen=True, slots=True)
class DrawnBoard:
    """A board, as it stands in the room.

    Parameters
    ----------
    slug, title : str
        Its name in addresses; what is written on top of it.
    look : {"printed", "taped", "whiteboard"}
        What it is made of.
    rooms, slots : tuple of str
        Columns and rows; slots as ``10:00-11:00``.
    cell_mm : tuple of float
        Width and height of a cell.
    hours_mm, head_mm : float
        Width of the column of hours, height of the row of rooms.
    margins_mm : tuple of float
        What is left around those: left, top, right, bottom.
    lines : bool
        Whether the grid is drawn.
    cards : tuple of Card
        Cards, the lowest first.
    tags : tuple of int
        ArUco 4x4_50 ids top left, top right, bottom right, bottom left; or none.
    tag_mm : float
        Side of a tag's black square.
    tag_shifts_mm : tuple of tuple of float
        How far each tag is from where it belongs, to the right and down, in the
        order of `tags`; empty if all are where they belong.
    blocked : tuple of BlockedCell
        Cells that are taken by other events.
    seed : int
        Its own randomness.
    """

    slug: str
    title: str
    look: Look
    rooms: tuple[str, ...]
    slots: tuple[str, ...]
    cell_mm: tuple[float, float] = (150.0, 98.0)
    hours_mm: float = 84.0
    head_mm: float = 64.0
    margins_mm: tuple[float, float, float, float] = (14.0, 14.0, 14.0, 14.0)
    lines: bool = True
    cards: tuple[Card, ...] = ()
    tags: tuple[int, ...] = ()
    tag_mm: float = 54.0
    tag_shifts_mm: tuple[tuple[float, float], ...] = ()
    blocked: tuple[BlockedCell, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        if len(self.tags) not in {0, 4}:
            msg = f"expected four tags or none, got {self.tags}"
            raise ValueError(msg)

    @property
    def cell_area_mm(self) -> Rect:
        """The cells' outline, from the board's top left corner."""
        left = self.margins_mm[0] + self.hours_mm
        top = self.margins_mm[1] + self.head_mm
        return Rect(
            left,
            top,
            left + self.cell_mm[0] * len(self.rooms),
            top + self.cell_mm[1] * len(self.slots),
        )

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the whole board."""
        area = self.cell_area_mm
        return area.right + self.margins_mm[2], area.bottom + self.margins_mm[3]

    def size_px(self, px_per_mm: float) -> tuple[int, int]:
        """Return width and height of the board's picture at a scale."""
        width_mm, height_mm = self.size_mm
        return round(width_mm * px_per_mm), round(height_mm * px_per_mm)

    def cell_rect_mm(self, column: int, row: int) -> Rect:
        """Return a cell's outline, counted from 0."""
        area = self.cell_area_mm
        left = area.left + column * self.cell_mm[0]
        top = area.top + row * self.cell_mm[1]
        return Rect(left, top, left + self.cell_mm[0], top + self.cell_mm[1])

    def cell_centre_mm(self, room: str, slot: str) -> tuple[float, float]:
        """Return the centre of a cell by its names."""
        return self.cell_rect_mm(self.rooms.index(room), self.slots.index(slot)).centre

    def cell_at_mm(self, x_mm: float, y_mm: float) -> tuple[str, str] | None:
        """Return room and slot of the cell that a point lies in, if it does."""
        area = self.cell_area_mm
        if not (area.left <= x_mm < area.right and area.top <= y_mm < area.bottom):
            return None
        column = int((x_mm - area.left) // self.cell_mm[0])
        row = int((y_mm - area.top) // self.cell_mm[1])
        return self.rooms[column], self.slots[row]

    def tag_quads_mm(self) -> tuple[Quad, ...]:
        """Return the black squares of the tags: TL, TR, BR, BL.

        Each touches its corner of the cell area from outside with its own
        inner corner, unless it was moved.
        """
        if not self.tags:
            return ()
        area, side = self.cell_area_mm, self.tag_mm
        corners = (
            (area.left - side, area.top - side),
            (area.right, area.top - side),
            (area.right, area.bottom),
            (area.left - side, area.bottom),
        )
        shifts = self.tag_shifts_mm or ((0.0, 0.0),) * len(corners)
        return tuple(
            Rect(x + dx, y + dy, x + dx + side, y + dy + side).to_quad()
            for (x, y), (dx, dy) in zip(corners, shifts, strict=True)
        )


def card_quad_mm(card: Card) -> Quad:
    """Return where a card lies on the board plane, its lifted corners shifted."""
    width, height = card.size_mm
    flat = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (width / 2, height / 2)
    outwards = flat / np.hypot(*flat.T)[:, None]
    flat = flat + outwards * np.array(card.lift_mm)[:, None] * LIFT_SHIFT
    angle = np.deg2rad(card.tilt_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return Quad.from_array(flat @ turn + card.centre_mm)


def on_card_quad_mm(card: Card, rect_mm: Rect) -> Quad:
    """Return where a rect on a card (from its top left corner) lies on the board."""
    board = board_from_card(card)
    return board.apply_quad(rect_mm.to_quad())


def board_from_card(card: Card) -> Homography:
    """Return the map from a card (mm from its corner) to the board plane (mm)."""
    flat = Rect(0, 0, *card.size_mm).to_quad()
    return Homography.from_quads(target=card_quad_mm(card), source=flat)
