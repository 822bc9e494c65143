"""Where the bare board is seen: the evidence for a free cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Rect
from vision.image.arrays import Floats, Mask, resized, window_of
from vision.image.colour import brightest_channel, lab_of
from vision.registration.frame import Registration
from vision.registration.rectify import WorkingBoard

MIN_SEEN = 0.9
"""Part of a place that must lie in the photo for it to be judged."""

COLOURS, SAMPLES = 6, 20_000
"""Colours that the board's surface is sorted into, for it has another in every light;
pixels by which they are found."""

LIGHTNESS_WEIGHT = 0.5
"""What a step in lightness counts against one in hue and chroma: light varies."""

STRIP, MIN_SHARE, MIN_SPREAD = (0.06, 0.18), 0.2, 0.25
"""Where beside a cell's lines the board's surface is sampled, in cells; part of such a
strip that has a colour where it is found; part of the strips in which one must be found
to be the board's own."""

MAX_DISTANCE = 8.0
"""CIELAB distance, lightness weighted, up to which a pixel has one of these colours."""

MIN_LIGHT = 40.0
"""Level of a board's brightest hundredth from which bare board differs from cards."""


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """What of a board is bare board; masks, (H, W), of half the working scale.

    Where the board's own surface is seen, which of its colours, (C, 3) CIELAB, each
    pixel is nearest to, and where the photo reaches.
    """

    bare: Mask
    labels: npt.NDArray[np.uint8]
    colours: npt.NDArray[np.float64]
    seen: Mask
    working: WorkingBoard

    @property
    def scale(self) -> float:
        """Pixels of the masks per board pixel."""
        return self.working.scale / 2


def find_background(
    registration: Registration, working: WorkingBoard, cards: Mask
) -> Background:
    """Return where a board is bare; `cards`, (H, W), is where any is seen on it."""
    small = resized(working.plain, 0.5)
    seen = np.asarray(brightest_channel(small) > 0, np.bool_)
    covered = cv2.resize(
        cards.astype(np.uint8), small.shape[1::-1], interpolation=cv2.INTER_NEAREST
    )
    free = seen & (covered == 0)
    strips = [
        strip
        for rect in registration.cell_rects.values()
        for strip in _strips(rect.scaled(working.scale / 2))
        if _is_seen(strip, seen)
    ]
    lab = lab_of(np.asarray(cv2.medianBlur(small, 3), np.uint8))
    colours = _own_colours(lab, free, strips)
    labels, near = _nearest(lab, colours)
    lit = working.paper >= MIN_LIGHT
    return Background(near & free & lit, labels, colours, seen, working)


def _strips(rect: Rect) -> tuple[Rect, Rect, Rect, Rect]:
    """Return where beside its four lines a cell shows the board's surface."""
    near, far = STRIP
    left, top, right, bottom = rect.left, rect.top, rect.right, rect.bottom
    across, down = rect.width, rect.height
    return (
        Rect(left + near * across, top, left + far * across, bottom),
        Rect(left, top + near * down, right, top + far * down),
        Rect(right - far * across, top, right - near * across, bottom),
        Rect(left, bottom - far * down, right, bottom - near * down),
    )


def _is_seen(rect: Rect, seen: Mask) -> bool:
    window = window_of(seen, rect)
    return bool(window.size and window.mean() >= MIN_SEEN)


def _own_colours(
    lab: Floats, free: Mask, strips: Sequence[Rect]
) -> npt.NDArray[np.float64]:
    """Return the colours that are found in strips all over what is shown, (C, 3)."""
    mask = np.zeros(free.shape, np.bool_)
    for strip in strips:
        window_of(mask, strip)[:] = True
    samples = _weighted(lab[mask & free])
    if len(samples) < COLOURS:
        return np.empty((0, 3))
    samples = np.ascontiguousarray(samples[:: max(1, len(samples) // SAMPLES)])
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    cv2.setRNGSeed(0)
    _, _, centres = cv2.kmeans(
        samples,
        COLOURS,
        None,
        criteria,
        1,
        cv2.KMEANS_PP_CENTERS,  # type: ignore[call-overload]
    )
    distance = _distances(lab, centres)
    labels = distance.argmin(axis=0)
    labels[~free | (distance.min(axis=0) > MAX_DISTANCE)] = COLOURS
    present = [
        np.bincount(window_of(labels, strip).ravel(), minlength=COLOURS + 1)[:COLOURS]
        > MIN_SHARE * max(1, window_of(labels, strip).size)
        for strip in strips
    ]
    spread = np.mean(present, axis=0)
    own = np.array(centres[spread >= MIN_SPREAD], np.float64)
    own[:, 0] /= LIGHTNESS_WEIGHT
    return own


def _weighted(lab: Floats) -> Floats:
    return lab * np.array([LIGHTNESS_WEIGHT, 1, 1], np.float32)


def _distances(lab: Floats, weighted: Floats) -> Floats:
    """Return each pixel's distances from weighted colours (C, 3), shape (C, H, W)."""
    # Plane by plane: along three values a pixel NumPy's norm takes five times as long.
    planes = cv2.split(_weighted(lab))
    offsets = (
        [plane - at for plane, at in zip(planes, one, strict=True)] for one in weighted
    )
    return np.stack([np.sqrt(x * x + y * y + z * z) for x, y, z in offsets])


def _nearest(
    lab: Floats, colours: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.uint8], Mask]:
    if not len(colours):
        return np.zeros(lab.shape[:2], np.uint8), np.zeros(lab.shape[:2], np.bool_)
    distance = _distances(lab, _weighted(colours.astype(np.float32)))
    near = distance.min(axis=0) <= MAX_DISTANCE
    return distance.argmin(axis=0).astype(np.uint8), np.asarray(near, np.bool_)
