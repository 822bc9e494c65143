"""Bearing witness: the truth of a photo, from the board and the way it was taken."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad, Rect
from calibration.lens import Projection
from sample_boards.board import DrawnBoard, card_quad_mm, on_card_quad_mm
from sample_boards.cards import Card, write_card
from sample_boards.pens import Mask
from sample_boards.truth import (
    BoardTruth,
    CardState,
    CardTruth,
    CellState,
    CellTruth,
    LineTruth,
)

MEASURING_WIDTH_PX: Final = 1600
"""Width of the picture that visible shares are counted in."""

VISIBLE_SHARE: Final = 0.95
"""A card of which this much is seen counts as visible."""

COVERED_SHARE: Final = 0.35
"""A card of which less is seen counts as covered."""

CELL_SEEN_SHARE: Final = 0.65
"""A cell of which less is free of people counts as covered."""

DECIMALS: Final = 3
"""Decimals of coordinates and shares in the truth: thousandths of a pixel."""


def witness(
    board: DrawnBoard,
    px_per_mm: float,
    projection: Projection,
    hidden: Mask,
    *,
    taken_at: str = "",
) -> BoardTruth:
    """Write down everything that is true of a photo.

    Parameters
    ----------
    board : DrawnBoard
        The board.
    px_per_mm : float
        Scale that it was drawn at.
    projection : Projection
        The way it was taken.
    hidden : ndarray of shape (H, W), uint8
        Where people hide the board, 255, at the photo's size.
    taken_at : str
        Time with offset, ISO 8601.
    """
    matrix = projection.homography.matrix.tolist()
    shares = _visible_shares(board, px_per_mm, projection, hidden)
    area = board.cell_area_mm
    return BoardTruth(
        board=board.slug,
        photo_wh=projection.lens.photo_wh,
        board_wh=board.size_px(px_per_mm),
        px_per_mm=px_per_mm,
        board_from_photo=tuple((row[0], row[1], row[2]) for row in matrix),
        radial_k1=projection.lens.k1,
        cell_area_board=_scaled(area, px_per_mm),
        rooms=board.rooms,
        slots=board.slots,
        cells=_cells(board, px_per_mm, projection, hidden),
        cards=tuple(
            _card(card, px_per_mm, projection, seen, inside)
            for card, (seen, inside) in zip(board.cards, shares, strict=True)
        ),
        tag_quads_photo=tuple(
            (tag, _rounded(projection.quad_photo(_quad_px(quad, px_per_mm))))
            for tag, quad in zip(board.tags, board.tag_quads_mm(), strict=True)
        ),
        taken_at=taken_at,
    )


def _scaled(rect: Rect, px_per_mm: float) -> Rect:
    edges = (rect.left, rect.top, rect.right, rect.bottom)
    return Rect(*(round(edge * px_per_mm, DECIMALS) for edge in edges))


def _quad_px(quad_mm: Quad, px_per_mm: float) -> Quad:
    return Quad.from_array(quad_mm.to_array() * px_per_mm)


def _rounded(quad: Quad) -> Quad:
    return Quad.from_array(np.round(quad.to_array(), DECIMALS))


def _card(
    card: Card, px_per_mm: float, projection: Projection, seen: float, inside: float
) -> CardTruth:
    quad_board = _quad_px(card_quad_mm(card), px_per_mm)
    written = write_card(card)
    hand = card.handwriting
    lines = []
    for line in written:
        left, top, right, bottom = line.bounds_mm()
        rect_mm = Rect(left - 0.5, top - 0.5, right + 0.5, bottom + 0.5)
        quad = _quad_px(on_card_quad_mm(card, rect_mm), px_per_mm)
        lines.append(
            LineTruth(
                line.text,
                line.role,
                _rounded(quad),
                _rounded(projection.quad_photo(quad)),
            )
        )
    return CardTruth(
        card_id=card.card_id,
        kind="written" if card.colour is None else "card",
        quad_board=_rounded(quad_board),
        quad_photo=_rounded(projection.quad_photo(quad_board)),
        room=card.room,
        slot=card.slot,
        text="\n".join(line.text for line in written),
        title=hand.written(card.title),
        description=hand.written(card.description),
        host=hand.written(card.host),
        lines=tuple(lines),
        visible=round(seen, DECIMALS),
        state=_card_state(seen, inside),
        struck=card.struck,
    )


def _card_state(seen: float, inside: float) -> CardState:
    if inside < COVERED_SHARE:
        return "outside"
    if seen < COVERED_SHARE:
        return "covered"
    return "visible" if seen >= VISIBLE_SHARE else "partial"


def _small(hidden: Mask, projection: Projection) -> tuple[Mask, float]:
    """Return the mask of people at the size for measuring, and its scale."""
    width, height = projection.lens.photo_wh
    scale = min(1.0, MEASURING_WIDTH_PX / width)
    size_wh = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(hidden, size_wh, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), scale


def _outline(
    quad_board: Quad, projection: Projection, scale: float
) -> npt.NDArray[np.int32]:
    corners = quad_board.to_array()
    steps = np.linspace(0, 1, 6, endpoint=False)[:, None]
    ring = np.vstack(
        [corners[i] + (corners[(i + 1) % 4] - corners[i]) * steps for i in range(4)]
    )
    return np.rint(projection.photo_from_board(ring) * scale * 16).astype(np.int32)


def _visible_shares(
    board: DrawnBoard, px_per_mm: float, projection: Projection, hidden: Mask
) -> list[tuple[float, float]]:
    """Return for every card the share that is seen and the share in the photo."""
    people, scale = _small(hidden, projection)
    owner = np.zeros(people.shape, np.int32)
    inside: list[float] = []
    areas: list[float] = []
    for number, card in enumerate(board.cards, start=1):
        quad = _quad_px(card_quad_mm(card), px_per_mm)
        ring = _outline(quad, projection, scale)
        mask = np.zeros(people.shape, np.uint8)
        cv2.fillPoly(mask, [ring], 1, cv2.LINE_8, 4)
        whole = float(cv2.contourArea(ring)) / 256
        count = float(np.count_nonzero(mask))
        areas.append(max(whole, count, 1.0))
        inside.append(min(1.0, count / areas[-1]))
        if card.colour is None:
            owner[(mask > 0) & (owner == 0)] = number
        else:
            owner[mask > 0] = number
    owner[people > 127] = 0
    counts = np.bincount(owner.ravel(), minlength=len(areas) + 1)[1:]
    # A mask drawn by fillPoly is a little larger than the area it stands for.
    return [
        (min(1.0, float(count) / area), share)
        for count, area, share in zip(counts, areas, inside, strict=True)
    ]


def _cells(
    board: DrawnBoard, px_per_mm: float, projection: Projection, hidden: Mask
) -> tuple[CellTruth, ...]:
    people, scale = _small(hidden, projection)
    taken = {(card.room, card.slot) for card in board.cards}
    blocked = {(cell.room, cell.slot) for cell in board.blocked}
    cells = []
    for row, slot in enumerate(board.slots):
        for column, room in enumerate(board.rooms):
            rect = _scaled(board.cell_rect_mm(column, row), px_per_mm)
            ring = _outline(rect.to_quad(), projection, scale)
            mask = np.zeros(people.shape, np.uint8)
            cv2.fillPoly(mask, [ring], 1, cv2.LINE_8, 4)
            count = max(1, int(np.count_nonzero(mask)))
            whole = max(float(cv2.contourArea(ring)) / 256, count)
            seen = int(np.count_nonzero((mask > 0) & (people <= 127))) / count
            key = (room, slot)
            state = _cell_state(
                blocked=key in blocked,
                taken=key in taken,
                seen=seen,
                inside=count / whole,
            )
            cells.append(CellTruth(room, slot, rect, state, round(seen, DECIMALS)))
    return tuple(cells)


def _cell_state(*, blocked: bool, taken: bool, seen: float, inside: float) -> CellState:
    if inside < 0.5:
        return "unseen"
    if seen < CELL_SEEN_SHARE:
        return "covered"
    if taken:
        return "taken"
    return "blocked" if blocked else "free"
