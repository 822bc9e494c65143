"""Sorting a board's pixels into few colours, and telling its background."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from vision.detection.grid import Grid
from vision.detection.ground import background_of
from vision.image.arrays import Image, Mask
from vision.image.colour import ColourMap, brightest_channel

COLOURS = 14
"""Clusters that a board's colours are first sorted into: more than any board's
cards, ink, lines, shade and background have."""

LIGHTNESS_WEIGHT = 0.5
"""Weight of lightness beside a* and b*: light differs across a board and
across a curled card, its hue does not."""

MERGE_DISTANCE = 9.0
"""Clusters closer than this (weighted CIELAB) are one colour in another light."""

MIN_CHROMA = 20.0
"""CIELAB chroma from which a hue is a hue and not a cast of the light."""

MAX_HUE_TURN_DEG, MAX_SATURATION_STEP = 6.0, 0.25
"""Hues this close, and saturations (log of chroma over lightness), are one
colour in light and in shade. Brown paper and orange cards are 0.6 apart."""

NEAR_DISTANCE = 13.5
"""Clusters of one hue closer than this are one colour even if none lies between them:
without that a large card in uneven light is cut in two."""

MIN_SHADE = 0.1
"""Width in cells of a shaded part of a card that gets the card's colour back."""

WRITING_REACH = 0.03
"""How far around strokes, in cells, smoothing darkens the paper: half of its window."""

MIN_WRITTEN = 0.045
"""The same of the paper around writing: letters are higher, seams are thinner."""

SAMPLES = 20_000
"""Pixels that the clusters are made from."""

LEVELS = 64
"""Steps per colour channel of the look-up table."""


@dataclass(frozen=True, slots=True, eq=False)
class Palette:
    """The few colours that a board's pixels are sorted into.

    Parameters
    ----------
    centres : ndarray of shape (C, 3), float32
        Weighted CIELAB colours of clusters of pixels.
    groups : ndarray of shape (C,), intp
        The colour that each cluster is of, counted from 0.
    """

    centres: npt.NDArray[np.float32]
    groups: npt.NDArray[np.intp]

    @property
    def count(self) -> int:
        """How many colours there are."""
        return int(self.groups.max()) + 1

    def labels_of(self, pixels: Image) -> npt.NDArray[np.uint8]:
        """Return the index of each pixel's colour.

        Parameters
        ----------
        pixels : ndarray of shape (H, W, 3), uint8, BGR

        Returns
        -------
        ndarray of shape (H, W), uint8
        """
        table, codes = _weighted_lab_table(), _codes(pixels)
        # A photo has a few thousand of the table's colours: only those are sorted.
        used = np.flatnonzero(np.bincount(codes.ravel(), minlength=len(table)))
        nearest = (
            ((table[used, None, :] - self.centres[None]) ** 2)
            .sum(axis=2)
            .argmin(axis=1)
        )
        label_of = np.zeros(len(table), np.uint8)
        label_of[used] = self.groups[nearest]
        return label_of[codes]

    def lit(
        self,
        labels: npt.NDArray[np.uint8],
        background: Mask,
        cell_px: float,
        ink: Mask,
    ) -> ColourMap:
        """Give the shaded parts of cards the colour that they have in the light.

        Parameters
        ----------
        labels : ndarray of shape (H, W), uint8
            As of `labels_of`.
        background : ndarray of shape (count,), bool
            Which colours are background.
        cell_px : float
            Size of a cell in these pixels.
        ink : ndarray of shape (H, W), bool
            Where thin strokes were.
        """
        one_hue = _groups_of_one_hue(self.centres, self.groups)
        lit = _lit(labels, background, one_hue, cell_px, ink)
        alike = one_hue & _groups_near(self.centres, self.groups)
        return ColourMap(_one_label_each(lit, alike, background), background)


def map_colours(pixels: Image, grid: Grid, ink: Mask) -> ColourMap:
    """Sort a board's pixels by colour and tell the background.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        The board, its ink already smoothed away.
    grid : Grid
        In the same pixels.
    ink : ndarray of shape (H, W), bool
        Where thin strokes were.
    """
    return map_with(palette_of(pixels, grid, SAMPLES), pixels, grid, ink)


def palette_of(pixels: Image, grid: Grid, samples: int) -> Palette:
    """Return the colours of a board.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        The board, its ink already smoothed away.
    grid : Grid
        In the same pixels.
    samples : int
        About how many pixels they are made from.
    """
    inside = (grid.distance(pixels.shape) >= 0) & (brightest_channel(pixels) > 0)
    if not inside.any():
        return Palette(np.zeros((1, 3), np.float32), np.zeros(1, np.intp))
    codes = _codes(pixels)[inside]
    sampled = codes[:: max(1, len(codes) // samples)]
    centres = _centres(_weighted_lab_table(), sampled)
    return Palette(centres, _merged(centres))


def map_with(palette: Palette, pixels: Image, grid: Grid, ink: Mask) -> ColourMap:
    """Sort a board's pixels by given colours and tell the background.

    Parameters
    ----------
    palette : Palette
    pixels, grid, ink
        As of `map_colours`.
    """
    seen = np.asarray(brightest_channel(pixels) > 0, np.bool_)
    labels = palette.labels_of(pixels)
    if not (seen & (grid.distance(pixels.shape) >= 0)).any():
        return ColourMap(labels, np.ones(palette.count, np.bool_))
    background = background_of(labels, palette.count, grid, seen, ink)
    return palette.lit(labels, background, grid.cell_px, ink)


def _codes(pixels: Image) -> npt.NDArray[np.int32]:
    """Return each pixel's index into the look-up table, shape (H, W)."""
    blue, green, red = (
        channel.astype(np.int32) for channel in cv2.split(pixels // (256 // LEVELS))
    )
    return np.asarray((blue * LEVELS + green) * LEVELS + red, np.int32)


@cache
def _weighted_lab_table() -> npt.NDArray[np.float32]:
    """Return the weighted CIELAB colour of each code, shape (LEVELS ** 3, 3)."""
    steps = (np.arange(LEVELS, dtype=np.float32) + 0.5) / LEVELS
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    cube = np.stack([blue, green, red], axis=-1).reshape(1, -1, 3)
    lab = cv2.cvtColor(cube, cv2.COLOR_BGR2Lab)[0]
    table = np.asarray(lab * [LIGHTNESS_WEIGHT, 1, 1], dtype=np.float32)
    table.flags.writeable = False
    return table


def _centres(
    table: npt.NDArray[np.float32], codes: npt.NDArray[np.int32]
) -> npt.NDArray[np.float32]:
    """Return cluster centres of a table's colours, shape (<= COLOURS, 3)."""
    samples = np.ascontiguousarray(table[codes])
    count = min(COLOURS, len(np.unique(codes)))
    # Seeded start: the same photo must give the same cards every time.
    cv2.setRNGSeed(1)
    _, _, centres = cv2.kmeans(
        samples,
        count,
        np.empty((0, 1), np.int32),
        (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 0.1),
        3,
        cv2.KMEANS_PP_CENTERS,
    )
    return np.asarray(centres, dtype=np.float32)


def _merged(centres: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    """Return the group of each centre, counted from 0: chains of close ones.

    Light changes gradually, so one colour is a chain.
    """
    close = np.linalg.norm(centres[:, None] - centres[None], axis=2) < MERGE_DISTANCE
    groups = np.arange(len(centres))
    for first, second in zip(*np.nonzero(close), strict=True):
        groups[groups == groups[second]] = groups[first]
    return np.unique(groups, return_inverse=True)[1]


def _lit(
    labels: npt.NDArray[np.uint8],
    background: Mask,
    same_hue: Mask,
    cell_px: float,
    ink: Mask,
) -> npt.NDArray[np.uint8]:
    """Give the shaded parts of cards the colour that the cards have in the light.

    Only parts that are broad, or less so around writing, whose ink the smoothing mixes
    with the paper: the thin shade between touching cards keeps them apart.
    """
    lit = labels.copy()
    written = cv2.dilate(ink.astype(np.uint8), _disc(2 * WRITING_REACH * cell_px))
    for shade in np.flatnonzero(background):
        partners = np.flatnonzero(same_hue[shade] & ~background)
        if len(partners):
            mask = (labels == shade).astype(np.uint8)
            broad = cv2.morphologyEx(mask, cv2.MORPH_OPEN, _disc(MIN_SHADE * cell_px))
            around = cv2.morphologyEx(
                mask & written, cv2.MORPH_OPEN, _disc(MIN_WRITTEN * cell_px)
            )
            lit[cv2.max(broad, around) > 0] = partners[0]
    return lit


def _one_label_each(
    labels: npt.NDArray[np.uint8], alike: Mask, background: Mask
) -> npt.NDArray[np.uint8]:
    """Give cards' colours that are alike (G, G) the same label."""
    first = np.arange(256, dtype=np.uint8)
    for label in np.flatnonzero(~background):
        if alike[label, label]:
            first[label] = np.flatnonzero(alike[label] & ~background)[0]
    return np.asarray(cv2.LUT(labels, first), np.uint8)


def _groups_near(
    centres: npt.NDArray[np.float32], groups: npt.NDArray[np.intp]
) -> Mask:
    """Tell which groups have centres close to each other, shape (G, G)."""
    count = int(groups.max()) + 1
    near = np.zeros((count, count), np.bool_)
    close = np.linalg.norm(centres[:, None] - centres[None], axis=2) < NEAR_DISTANCE
    for first, second in zip(*np.nonzero(close), strict=True):
        near[groups[first], groups[second]] = True
    return near


def _disc(side_px: float) -> npt.NDArray[np.uint8]:
    """Return a disc of an odd number of pixels across."""
    side = round(side_px) | 1
    return np.asarray(
        cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8
    )


def _groups_of_one_hue(
    centres: npt.NDArray[np.float32], groups: npt.NDArray[np.intp]
) -> Mask:
    """Tell which groups are of one hue in all their centres, shape (G, G)."""
    same = _same_hue(centres)
    count = int(groups.max()) + 1
    return np.array(
        [
            [
                same[np.ix_(groups == one, groups == other)].all()
                for other in range(count)
            ]
            for one in range(count)
        ],
        np.bool_,
    )


def _same_hue(centres: npt.NDArray[np.float32]) -> Mask:
    """Tell which centres are one strong colour in light and in shade, shape (C, C).

    Shade darkens a colour and takes its chroma down with it.
    """
    lightness = np.maximum(centres[:, 0] / LIGHTNESS_WEIGHT, 1)
    chroma = np.hypot(centres[:, 1], centres[:, 2])
    hue = np.arctan2(centres[:, 2], centres[:, 1])
    turn = np.abs(np.angle(np.exp(1j * (hue[:, None] - hue[None]))))
    saturation = np.log(np.maximum(chroma, 1e-6) / lightness)
    strong = chroma >= MIN_CHROMA
    return np.asarray(
        (turn <= np.radians(MAX_HUE_TURN_DEG))
        & (np.abs(saturation[:, None] - saturation[None]) <= MAX_SATURATION_STEP)
        & strong[:, None]
        & strong[None],
        np.bool_,
    )
