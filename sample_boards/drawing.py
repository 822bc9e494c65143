"""A whole board as a picture: ground, tags, then card over card."""

from typing import Final

import cv2
import numpy as np

from calibration.geometry import Quad
from calibration.homography import Homography
from sample_boards.board import DrawnBoard, board_from_card, card_quad_mm
from sample_boards.cards import Card, card_ink, draw_card
from sample_boards.looks import draw_ground, heading_cards
from sample_boards.paper import Image, blended, with_ink
from sample_boards.pens import INKS, Mask
from sample_boards.pins import SPRITE_MM, pin_sprite
from sample_boards.printing import print_tag

SHADOW_DEPTH: Final = 0.5
"""How much light a card's shadow takes away."""

SHADOW_FALL_MM: Final = (1.0, 2.2)
"""Where the shadow of a flat card falls: light comes from above."""

EDGE_BOW_MM: Final = 1.1
"""How far the edges of a card are bent inwards at most."""

MAX_PAD_MM: Final = 18.0
"""How far a card's shadow reaches at most."""


def draw_board(board: DrawnBoard, px_per_mm: float) -> Image:
    """Draw a board from the front, in even light.

    Parameters
    ----------
    board : DrawnBoard
        The board.
    px_per_mm : float
        Scale: board pixels per millimetre; a pixel (x, y) has its centre at
        (x, y) / px_per_mm millimetres.

    Returns
    -------
    ndarray of shape (H, W, 3), uint8
        The whole board, edge to edge.
    """
    image = draw_ground(board, px_per_mm)
    for heading in heading_cards(board):
        _lay_card(image, heading, px_per_mm)
    stick_tags(image, board, px_per_mm)
    for card in board.cards:
        _lay_card(image, card, px_per_mm)
    return image


def stick_tags(image: Image, board: DrawnBoard, px_per_mm: float) -> None:
    """Stick a board's tags onto its picture, in place."""
    for tag, quad_mm in zip(board.tags, board.tag_quads_mm(), strict=True):
        print_tag(image, tag, Quad.from_array(quad_mm.to_array() * px_per_mm))


def _lay_card(image: Image, card: Card, px_per_mm: float) -> None:
    """Lay one card on a board's picture, in place."""
    corners = card_quad_mm(card).to_array() * px_per_mm
    pad = MAX_PAD_MM * px_per_mm
    left, top = np.maximum(np.floor(corners.min(axis=0) - pad), 0).astype(int)
    right, bottom = np.ceil(corners.max(axis=0) + pad).astype(int)
    place = image[top:bottom, left:right]
    if place.size == 0:
        return
    origin = Homography.translation(-float(left), -float(top))
    if card.colour is None:
        place[:] = with_ink(
            place, _placed_ink(card, place, origin, px_per_mm), INKS[card.ink]
        )
        return
    _cast_shadow(place, card, corners - (left, top), px_per_mm)
    picture, outline = _placed_card(card, place, origin, px_per_mm)
    place[:] = blended(place, picture, outline)
    for number, pin_mm in enumerate(card.pins_mm):
        centre = origin.apply(board_from_card(card).apply([pin_mm]) * px_per_mm)[0]
        lean_deg = 40 + 5 * ((card.seed * 7 + number * 3) % 8)
        _stick_pin(place, (float(centre[0]), float(centre[1])), lean_deg, px_per_mm)


def _picture_map(card: Card, origin: Homography, px_per_mm: float) -> Homography:
    """Return place pixels from the pixels of a card's picture.

    The picture's own edges lie half a pixel outside its first and last centre.
    """
    card_mm = Homography.scaling(1 / px_per_mm, 1 / px_per_mm)
    half = Homography.translation(0.5, 0.5)
    board = Homography.scaling(px_per_mm, px_per_mm) @ board_from_card(card)
    return origin @ board @ card_mm @ half


def _placed_ink(card: Card, place: Image, origin: Homography, px_per_mm: float) -> Mask:
    ink = card_ink(card, px_per_mm)
    warp = _picture_map(card, origin, px_per_mm).matrix
    size_wh = (place.shape[1], place.shape[0])
    return np.asarray(cv2.warpPerspective(ink, warp, size_wh), dtype=np.uint8)


def _placed_card(
    card: Card, place: Image, origin: Homography, px_per_mm: float
) -> tuple[Image, Mask]:
    picture = draw_card(card, px_per_mm)
    outline = _outline(card, px_per_mm)
    warp = _picture_map(card, origin, px_per_mm).matrix
    size_wh = (place.shape[1], place.shape[0])
    colours = cv2.warpPerspective(
        picture, warp, size_wh, borderMode=cv2.BORDER_REPLICATE
    )
    opacity = cv2.warpPerspective(outline, warp, size_wh)
    return np.asarray(colours, dtype=np.uint8), np.asarray(opacity, dtype=np.uint8)


def _outline(card: Card, px_per_mm: float) -> Mask:
    """Return the shape of the paper: edges a little bent, corners where they are."""
    width = round(card.size_mm[0] * px_per_mm)
    height = round(card.size_mm[1] * px_per_mm)
    mask = np.zeros((height, width), np.uint8)
    if card.shape == "ellipse":
        centre, axes = (width // 2, height // 2), (width // 2 - 1, height // 2 - 1)
        cv2.ellipse(mask, centre, axes, 0, 0, 360, 255, -1, cv2.LINE_AA)
        return mask
    rng = np.random.default_rng([card.seed, 5])
    bows = rng.uniform(0, EDGE_BOW_MM, 4) * px_per_mm
    t = np.linspace(0, 1, 24, endpoint=False)
    arc = 4 * t * (1 - t)
    ring = np.vstack(
        [
            np.column_stack([t * width, arc * bows[0]]),
            np.column_stack([width - arc * bows[1], t * height]),
            np.column_stack([(1 - t) * width, height - arc * bows[2]]),
            np.column_stack([arc * bows[3], (1 - t) * height]),
        ]
    )
    cv2.fillPoly(
        mask, [np.rint((ring - 0.5) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4
    )
    return mask


def _cast_shadow(
    place: Image, card: Card, corners_px: np.ndarray, px_per_mm: float
) -> None:
    lift = np.array(card.lift_mm)[:, None]
    fall = np.array(SHADOW_FALL_MM) * (0.5 + 0.3 * lift)
    shadow = np.zeros(place.shape[:2], np.float32)
    for share, soft_mm, offset in (
        (0.55, 0.8, fall * 0.35),
        (0.75, 1.4 + 0.35 * float(lift.mean()), fall),
    ):
        layer = np.zeros(place.shape[:2], np.uint8)
        ring = corners_px + offset * px_per_mm
        if card.shape == "ellipse":
            ring = _ellipse_points(ring)
        fixed = np.rint(ring * 16).astype(np.int32)
        cv2.fillPoly(layer, [fixed], 255, cv2.LINE_AA, 4)
        blurred = cv2.GaussianBlur(layer, (0, 0), max(0.5, soft_mm * px_per_mm))
        np.maximum(shadow, blurred * (share / 255), out=shadow)
    tone = 1 - SHADOW_DEPTH * shadow[..., None]
    place[:] = np.rint(place * tone).astype(np.uint8)


def _ellipse_points(corners_px: np.ndarray) -> np.ndarray:
    """Return points on the ellipse that fits into a quad, (48, 2) float32."""
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    centre = corners_px.mean(axis=0)
    right = (corners_px[1] + corners_px[2]) / 2 - centre
    down = (corners_px[2] + corners_px[3]) / 2 - centre
    ring = centre + np.outer(np.cos(angles), right) + np.outer(np.sin(angles), down)
    return np.asarray(ring, dtype=np.float32)


def _stick_pin(
    place: Image, centre_px: tuple[float, float], lean_deg: int, px_per_mm: float
) -> None:
    colours, opacity = pin_sprite(px_per_mm, lean_deg)
    half = SPRITE_MM * px_per_mm / 2
    left, top = round(centre_px[0] - half), round(centre_px[1] - half)
    right, bottom = left + colours.shape[1], top + colours.shape[0]
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(right, place.shape[1]), min(bottom, place.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    part = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
    under = place[y0:y1, x0:x1]
    under[:] = blended(under, colours[part], opacity[part])
