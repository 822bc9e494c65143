"""What a card's own paper looks like, and where something else lies on it.

Looked at small: paper, pins and stickers are large beside the strokes of a pen.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.image.arrays import Image
from vision.image.hue import Floats, of_hue

Bits = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

LOOK_PX = 160
"""Width at which a crop is looked at, as nearly as whole steps come: 120 to 240. A vote
dot on a card is 5 to 15 wide there, a pen's stroke 1 to 4."""

MAX_LOOK_PX = 480
"""Height of that look at most: a strange crop must not take longer than others."""

CORE = 1 / 6
"""Part of a crop on each side that may not be the card's own paper."""

SPARSE = 2
"""Every second pixel of the core in both directions tells its colour as all do."""

TINGE_BINS = 64
"""Levels of a and of b that are told apart: four of OpenCV's are one, as fine as
noise, and what is asked of a colour is asked 4096 times instead of once a pixel."""

_LEVELS = np.arange(TINGE_BINS, dtype=np.float32) * 4 + 1.5 - 128

TINGES: Floats = np.stack(np.meshgrid(_LEVELS, _LEVELS, indexing="ij"), -1)
"""a and b at the middle of each bin, of shape (64, 64, 2), 0 is neutral."""

LIGHT_STEP_PX = 4
"""Pixels averaged to one before light is measured."""

LIGHT_WINDOW = 9
"""Side of the window, in such steps, in which the lightest is taken for paper: wider
than a pen's stroke and its letter."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A crop of a card, small, and the colour of its paper.

    Parameters
    ----------
    scale : float
        Pixels of the look per pixel of the crop.
    lab : ndarray of shape (H, W, 3), uint8
        The look in CIELAB as OpenCV has it.
    own : ndarray of shape (2,), float32
        The paper's a and b, 0 is neutral.
    own_lightness : float
        The paper's L, 0 to 255.
    bins : ndarray of shape (H, W), uint16
        Which of `TINGES`, row by row, each pixel has.
    """

    scale: float
    lab: Bits
    own: Floats
    own_lightness: float
    bins: npt.NDArray[np.uint16]

    @property
    def lightness(self) -> Bits:
        """L of each pixel, (H, W), uint8."""
        return self.lab[..., 0]

    @property
    def core(self) -> tuple[slice, slice]:
        """The middle of the look as an index: there is nothing beside the card."""
        height, width = self.lightness.shape
        return _core(height, width)

    @property
    def light(self) -> Bits:
        """L that paper has, or would have, at each pixel, (H, W), uint8."""
        height, width = self.lightness.shape
        steps_wh = max(1, width // LIGHT_STEP_PX), max(1, height // LIGHT_STEP_PX)
        coarse = cv2.resize(self.lightness, steps_wh, interpolation=cv2.INTER_AREA)
        window = LIGHT_WINDOW, LIGHT_WINDOW
        lightest = cv2.blur(cv2.dilate(coarse, np.ones(window, np.uint8)), window)
        return np.asarray(cv2.resize(lightest, (width, height)), np.uint8)

    @property
    def other(self) -> Mask:
        """Where a colour is not the paper's, in whatever light, (H, W), bool."""
        return np.asarray(~of_hue(TINGES, self.own).ravel()[self.bins], np.bool_)


def ground_of(crop: Image) -> Ground:
    """Look at a card.

    Parameters
    ----------
    crop : ndarray of shape (H, W, 3), uint8, BGR
        Any size from 1 x 1; most of its middle is the card.
    """
    height, width = crop.shape[:2]
    step = max(1, round(width / LOOK_PX), math.ceil(height / MAX_LOOK_PX))
    # Whole steps: OpenCV takes twenty times as long for others.
    size_wh = max(1, width // step), max(1, height // step)
    even = crop[: size_wh[1] * step, : size_wh[0] * step]
    small = cv2.resize(even, size_wh, interpolation=cv2.INTER_AREA)
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB), np.uint8)
    core = lab[_core(*lab.shape[:2])][::SPARSE, ::SPARSE]
    lightness, *tinge = np.median(core.reshape(-1, 3), axis=0).tolist()
    own = np.array(tinge, np.float32) - 128
    bins = (lab[..., 1] >> 2).astype(np.uint16) * TINGE_BINS + (lab[..., 2] >> 2)
    return Ground(1 / step, lab, own, lightness, np.asarray(bins, np.uint16))


def _core(height: int, width: int) -> tuple[slice, slice]:
    top, left = int(height * CORE), int(width * CORE)
    return slice(top, height - top), slice(left, width - left)
