"""The board as cards are looked for in it: all of it, or what known cards leave."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from vision.detection.blobs import tidy
from vision.detection.grid import Grid
from vision.detection.palette import Palette, map_colours, map_with, palette_of
from vision.detection.rest import rest_of
from vision.image.arrays import Image, Mask, window_of
from vision.image.colour import ColourMap, brightest_channel
from vision.image.parallel import on_both_cores

INK_MEDIAN_PX = 9
"""Median filter that takes handwriting out of the colours."""

COARSE = 0.5
"""Scale at which it is told what known cards leave: a quarter of the pixels has the
same colours, and cards are still 60 of them wide."""

COARSE_MEDIAN_PX = 5
"""That filter at this scale. Up to this width OpenCV filters twenty times as fast."""

EDGE_MEDIAN_PX = 3
"""The one at full scale that takes the steps of coarse pixels out of edges."""

COARSE_SAMPLES = 5_000
"""Pixels that the colours are made from at this scale: 70 of a single card of 60."""

MIN_STROKE = 40
"""Difference in a channel (0 to 255) that the median makes to ink: paper's grain
and a photo's noise are far below, pencils are not."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The board, sorted by colour.

    Parameters
    ----------
    smooth : ndarray of shape (H, W, 3), uint8, BGR
        The board, its ink smoothed away.
    colours : ColourMap
        Of these pixels.
    scale : float
        Its pixels per pixel of the shrunk board.
    """

    smooth: Image
    colours: ColourMap
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """Where cards are looked for.

    Parameters
    ----------
    view : View
        All of the board.
    near : View
        The board at full size, at least wherever cards are looked for.
    around : ndarray of shape (H, W), bool
        The cell area and what is close to it, in pixels of `near`: what goes on beyond
        it reaches in from beside the board.
    where : ndarray of shape (H, W), bool
        Where of that cards are looked for.
    windows : tuple of Rect
        Whole pixels of `near` that hold all these places and what is around them; no
        piece of colour that counts goes from one to another.
    hung : tuple of int
        The known cards that need not be looked for, by their indices.
    """

    view: View
    near: View
    around: Mask
    where: Mask
    windows: tuple[Rect, ...]
    hung: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Coarse:
    """The board at half its size: what known cards leave of it is told there.

    Parameters
    ----------
    view : View
    palette : Palette
        The colours that it was sorted into.
    foreground : ndarray of shape (h, w), bool
        Where in the view no background is, tidied.
    """

    view: View
    palette: Palette
    foreground: Mask


def search_all(pixels: Image, grid: Grid, around: Mask) -> Search:
    """Look for cards on the whole board.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        The shrunk board.
    grid : Grid
        In its pixels.
    around : ndarray of shape (H, W), bool
        The cell area and what is close to it.
    """
    smooth = np.asarray(cv2.medianBlur(pixels, INK_MEDIAN_PX), np.uint8)
    colours = map_colours(smooth, grid, _strokes(pixels, smooth))
    view = View(smooth, colours, 1.0)
    height, width = around.shape
    return Search(view, view, around, around, (Rect(0, 0, width, height),))


def look_coarsely(pixels: Image, grid: Grid, around: Mask) -> Coarse:
    """Sort a board's colours at half its size.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        The shrunk board.
    grid : Grid
        In its pixels.
    around : ndarray of shape (H, W), bool
        The cell area and what is close to it.
    """
    coarse = np.asarray(_resized(pixels, COARSE, cv2.INTER_AREA), np.uint8)
    coarse_grid = grid.scaled(COARSE)
    smooth = np.asarray(cv2.medianBlur(coarse, COARSE_MEDIAN_PX), np.uint8)
    palette = palette_of(smooth, coarse_grid, COARSE_SAMPLES)
    colours = map_with(palette, smooth, coarse_grid, _strokes(coarse, smooth))
    shown = cv2.resize(
        around.astype(np.uint8), coarse.shape[1::-1], interpolation=cv2.INTER_NEAREST
    )
    foreground = np.asarray(colours.foreground & (shown > 0), np.bool_)
    return Coarse(
        View(smooth, colours, COARSE), palette, tidy(foreground, coarse_grid.cell_px)
    )


def search_rest(
    coarse: Coarse, pixels: Image, grid: Grid, around: Mask, hung: Sequence[Quad]
) -> Search:
    """Look for cards where those that hang as they hung do not explain what is seen.

    Parameters
    ----------
    coarse : Coarse
        Of these pixels.
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        The shrunk board.
    grid : Grid
        In its pixels.
    around : ndarray of shape (H, W), bool
        The cell area and what is close to it.
    hung : sequence of Quad
        Cards that hang as they hung, in its pixels.
    """
    view = coarse.view
    shrunk = Homography.scaling(COARSE, COARSE)
    quads = [shrunk.apply_quad(quad) for quad in hung]
    rest = rest_of(coarse.foreground, quads, grid.scaled(COARSE).cell_px)
    where = cv2.resize(
        rest.where.astype(np.uint8),
        pixels.shape[1::-1],
        interpolation=cv2.INTER_NEAREST,
    )
    windows = tuple(window.scaled(1 / COARSE) for window in rest.windows)
    return Search(
        view,
        _seen_in(
            windows, pixels, coarse.palette, view.colours.background, grid.cell_px
        ),
        around,
        np.asarray((where > 0) & around, np.bool_),
        windows,
        rest.hung,
    )


def _seen_in(
    windows: Sequence[Rect],
    pixels: Image,
    palette: Palette,
    background: Mask,
    cell_px: float,
) -> View:
    """Return the board at full size in windows of it."""
    smooth = np.zeros_like(pixels)
    # What is not looked at counts as ground.
    ground = int(background.argmax())
    labels = np.full(pixels.shape[:2], ground, np.uint8)

    def sort(window: Rect) -> tuple[Image, ColourMap]:
        seen = window_of(pixels, window)
        flat = _without_ink(seen)
        found, ink = palette.labels_of(flat), _strokes(seen, flat)
        return flat, palette.lit(found, background, cell_px, ink)

    for window, (flat, colours) in zip(
        windows, on_both_cores(sort, windows), strict=True
    ):
        window_of(smooth, window)[:] = flat
        window_of(labels, window)[:] = colours.labels
    return View(smooth, ColourMap(labels, background), 1.0)


def _without_ink(pixels: Image) -> Image:
    """Return a part of a board without its handwriting.

    Nearly as `INK_MEDIAN_PX` has it, in a twentieth of the time.
    """
    coarse = _resized(pixels, COARSE, cv2.INTER_AREA)
    flat = cv2.medianBlur(coarse, COARSE_MEDIAN_PX)
    full = cv2.resize(flat, pixels.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.medianBlur(full, EDGE_MEDIAN_PX), np.uint8)


def _strokes(pixels: Image, smooth: Image) -> Mask:
    """Return where thin strokes were before they were smoothed away."""
    steps = np.asarray(cv2.absdiff(pixels, smooth), np.uint8)
    return np.asarray(brightest_channel(steps) > MIN_STROKE, np.bool_)


def _resized(pixels: Image, scale: float, method: int) -> Image:
    """Return pixels at another scale."""
    return np.asarray(
        cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=method), np.uint8
    )
