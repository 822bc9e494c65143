"""Push-pins of clear plastic, with their shadow."""

from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from sample_boards.paper import Image
from sample_boards.pens import Mask

PIN_RADIUS_MM: Final = 5.0
"""Radius of a pin's foot."""

SPRITE_MM: Final = 34.0
"""Side of the square that a pin and its shadow are drawn in."""

SPRITE_SCALE: Final = 12.0
"""Pixels per millimetre of the sprite before it is shrunk."""


@lru_cache(maxsize=64)
def pin_sprite(px_per_mm: float, lean_deg: int) -> tuple[Image, Mask]:
    """Draw one pin, its head leaning off its foot.

    Parameters
    ----------
    px_per_mm : float
        Scale wanted.
    lean_deg : int
        Direction that the head leans to, clockwise from the right.

    Returns
    -------
    colours : ndarray of shape (N, N, 3), uint8
        Colour of pin and shadow.
    opacity : ndarray of shape (N, N), uint8
        How much they hide.
    """
    side = round(SPRITE_MM * SPRITE_SCALE)
    colours = np.full((side, side, 3), 24, np.uint8)
    opacity = np.zeros((side, side), np.uint8)
    foot = np.array([side / 2, side / 2])
    radius = PIN_RADIUS_MM * SPRITE_SCALE
    angle = np.deg2rad(lean_deg)
    lean = np.array([np.cos(angle), np.sin(angle)]) * radius * 1.15
    _draw_shadow(opacity, foot, lean, radius)
    _glass_disc(colours, opacity, foot, radius, 120)
    _glass_stem(colours, opacity, foot, lean, radius)
    _glass_disc(colours, opacity, foot + lean, radius * 0.86, 165)
    _glint(colours, opacity, foot + lean, radius)
    wanted = max(3, round(SPRITE_MM * px_per_mm))
    return (
        np.asarray(
            cv2.resize(colours, (wanted, wanted), interpolation=cv2.INTER_AREA),
            dtype=np.uint8,
        ),
        np.asarray(
            cv2.resize(opacity, (wanted, wanted), interpolation=cv2.INTER_AREA),
            dtype=np.uint8,
        ),
    )


def _at(point: np.ndarray) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))


def _draw_shadow(
    opacity: Mask, foot: np.ndarray, lean: np.ndarray, radius: float
) -> None:
    shadow = np.zeros_like(opacity)
    fall = np.array([-radius * 0.15, radius * 0.9])
    cv2.line(shadow, _at(foot), _at(foot + lean * 0.4 + fall), 110, round(radius * 1.3))
    soft = cv2.GaussianBlur(shadow, (0, 0), radius * 0.28)
    np.maximum(opacity, soft, out=opacity)


def _glass_disc(
    colours: Image, opacity: Mask, centre: np.ndarray, radius: float, body: int
) -> None:
    rim = max(2, round(radius * 0.16))
    disc = np.zeros_like(opacity)
    cv2.circle(disc, _at(centre), round(radius), 255, -1, cv2.LINE_AA)
    inside = disc > 127
    colours[inside] = (205, 214, 218)
    opacity[inside] = body
    cv2.circle(colours, _at(centre), round(radius - rim / 2), (110, 122, 128), rim)
    ring = np.zeros_like(opacity)
    cv2.circle(ring, _at(centre), round(radius - rim / 2), 215, rim, cv2.LINE_AA)
    np.maximum(opacity, ring, out=opacity)
    cv2.ellipse(
        colours, _at(centre), (round(radius * 0.72), round(radius * 0.72)),
        0, 150, 260, (250, 252, 255), rim, cv2.LINE_AA,
    )  # fmt: skip
    cv2.ellipse(
        opacity, _at(centre), (round(radius * 0.72), round(radius * 0.72)),
        0, 150, 260, 235, rim, cv2.LINE_AA,
    )  # fmt: skip


def _glass_stem(
    colours: Image, opacity: Mask, foot: np.ndarray, lean: np.ndarray, radius: float
) -> None:
    width = round(radius * 0.62)
    cv2.line(colours, _at(foot), _at(foot + lean), (150, 162, 170), width, cv2.LINE_AA)
    cv2.line(opacity, _at(foot), _at(foot + lean), 170, width, cv2.LINE_AA)
    bright = round(radius * 0.16)
    side = np.array([-lean[1], lean[0]]) * 0.14
    start, end = _at(foot + side), _at(foot + lean + side)
    cv2.line(colours, start, end, (246, 250, 255), bright, cv2.LINE_AA)


def _glint(colours: Image, opacity: Mask, centre: np.ndarray, radius: float) -> None:
    cv2.circle(
        colours, _at(centre), round(radius * 0.22), (60, 66, 70), -1, cv2.LINE_AA
    )
    spot = centre - np.array([radius * 0.3, radius * 0.34])
    cv2.circle(
        colours, _at(spot), round(radius * 0.2), (255, 255, 255), -1, cv2.LINE_AA
    )
    cv2.circle(opacity, _at(spot), round(radius * 0.2), 250, -1, cv2.LINE_AA)
