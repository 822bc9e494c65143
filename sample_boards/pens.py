"""Pens: what a stroke leaves on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from sample_boards.strokes import Stroke

Colour = tuple[int, int, int]
"""Blue, green, red, 0 to 255."""

Mask = npt.NDArray[np.uint8]
"""Coverage, (H, W) uint8, 0 to 255."""

SUBPIXEL_BITS: Final = 4
"""Fraction bits of the coordinates given to OpenCV's drawing functions."""

INKS: Final[dict[str, Colour]] = {
    "black": (34, 30, 30),
    "blue": (150, 62, 24),
    "green": (62, 110, 20),
    "red": (44, 36, 190),
}
"""Ink colours by name."""


@dataclass(frozen=True, slots=True)
class Pen:
    """A pen.

    Parameters
    ----------
    name : str
        Name of the pen.
    width_mm : float
        Width of its widest stroke.
    nib_ratio : float
        Thickness of the nib against its width; 1 is round, less is a chisel.
    nib_deg : float
        Angle of a chisel nib.
    pressure : float
        How far the width varies along a stroke, 0 to 1.
    density : float
        Opacity of the ink, 0 to 1.
    grain : float
        How much paper shows through, 0 to 1.
    """

    name: str
    width_mm: float
    nib_ratio: float = 1.0
    nib_deg: float = 0.0
    pressure: float = 0.15
    density: float = 0.95
    grain: float = 0.1


PENS: Final[tuple[Pen, ...]] = (
    Pen("chisel marker", 1.9, nib_ratio=0.45, nib_deg=35, pressure=0.08, grain=0.12),
    Pen("bullet marker", 1.35, pressure=0.12, grain=0.08),
    Pen("fibre pen", 0.9, pressure=0.18, grain=0.1),
    Pen("ballpoint", 0.62, pressure=0.35, density=0.86, grain=0.3),
    Pen("thin pen", 0.5, pressure=0.2, density=0.92, grain=0.15),
)
"""The pens on the table beside the board."""

BOARD_MARKER: Final = Pen("board marker", 2.4, pressure=0.22, density=0.9, grain=0.25)
"""What is written on whiteboards with."""


def pen_named(name: str) -> Pen:
    """Return the pen of this name.

    Raises
    ------
    ValueError
        If there is no such pen.
    """
    for pen in (*PENS, BOARD_MARKER):
        if pen.name == name:
            return pen
    msg = f"expected one of {[pen.name for pen in PENS]}, got {name!r}"
    raise ValueError(msg)


def draw_ink(
    strokes: Sequence[Stroke],
    pen: Pen,
    size_wh: tuple[int, int],
    px_per_mm: float,
    rng: np.random.Generator,
) -> Mask:
    """Draw strokes with a pen.

    Parameters
    ----------
    strokes : sequence of ndarray of shape (N, 2)
        Ways of the pen tip in millimetres, y down.
    pen : Pen
        What draws.
    size_wh : tuple of int
        Size of the mask in pixels.
    px_per_mm : float
        Scale of the mask.
    rng : numpy.random.Generator
        Pressure and grain.

    Returns
    -------
    ndarray of shape (H, W), uint8
        Opacity of the ink.
    """
    mask = np.zeros((size_wh[1], size_wh[0]), np.uint8)
    for stroke in strokes:
        _draw_stroke(mask, stroke * px_per_mm, pen, px_per_mm, rng)
    return _grained(mask, pen, px_per_mm, rng)


def _draw_stroke(
    mask: Mask,
    way_px: Stroke,
    pen: Pen,
    px_per_mm: float,
    rng: np.random.Generator,
) -> None:
    phase = rng.uniform(0, 2 * np.pi)
    steps = np.arange(len(way_px))
    press = 1 - pen.pressure * (0.5 + 0.5 * np.sin(phase + steps * 0.37))
    widths_px = np.maximum(pen.width_mm * px_per_mm * press, 1.0)
    if pen.nib_ratio < 1:
        _draw_chisel(mask, way_px, widths_px, pen)
        return
    fixed = np.rint(way_px * 2**SUBPIXEL_BITS).astype(np.int32)
    for i in range(len(fixed) - 1):
        cv2.line(
            mask,
            fixed[i].tolist(),
            fixed[i + 1].tolist(),
            255,
            round(float(widths_px[i])),
            cv2.LINE_AA,
            SUBPIXEL_BITS,
        )


def _draw_chisel(
    mask: Mask, way_px: Stroke, widths_px: npt.NDArray[np.float64], pen: Pen
) -> None:
    angle = np.deg2rad(pen.nib_deg)
    along = np.array([np.cos(angle), -np.sin(angle)]) / 2
    across = np.array([np.sin(angle), np.cos(angle)]) / 2 * pen.nib_ratio
    corners = np.array(
        [along + across, along - across, -along - across, across - along]
    )
    for i in range(len(way_px) - 1):
        nibs = np.vstack(
            [way_px[i] + corners * widths_px[i], way_px[i + 1] + corners * widths_px[i]]
        )
        hull = cv2.convexHull(nibs.astype(np.float32))
        fixed = np.rint(hull * 2**SUBPIXEL_BITS).astype(np.int32)
        cv2.fillConvexPoly(mask, fixed, 255, cv2.LINE_AA, SUBPIXEL_BITS)


def _grained(mask: Mask, pen: Pen, px_per_mm: float, rng: np.random.Generator) -> Mask:
    """Let the paper show through where the pen slid over it."""
    height, width = mask.shape
    cell_px = max(1, round(px_per_mm * 0.25))
    coarse = rng.normal(0, 1, (height // cell_px + 2, width // cell_px + 2)).astype(
        np.float32
    )
    noise = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    opacity = pen.density * (1 - pen.grain * np.clip(noise, 0, 1.6))
    return np.asarray(mask * opacity.astype(np.float32), dtype=np.uint8)
