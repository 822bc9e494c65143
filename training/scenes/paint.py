"""Paint: colours, noise, lines and patches on 8-bit pictures."""

import colorsys
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
"""A picture, (H, W, 3) uint8 BGR."""

Mask = npt.NDArray[np.uint8]
"""Opacity, (H, W) uint8."""

Field = npt.NDArray[np.float32]
"""One number a pixel, (H, W) float32."""

Points = npt.NDArray[np.float32]
"""Points, (N, 2) float32."""

Colour = tuple[float, float, float]
"""Blue, green, red, 0 to 255."""

Dice = np.random.Generator
"""Where chance comes from."""

T = TypeVar("T")

TILE: Final = 1024
"""Side of the tile that fine noise is cut from."""

FRACTION_BITS: Final = 3
"""Fraction bits of coordinates given to OpenCV."""


def chance(rng: Dice, share: float) -> bool:
    """Return true in a share of the cases."""
    return bool(rng.random() < share)


def pick(rng: Dice, options: Sequence[T], weights: Sequence[float] | None = None) -> T:
    """Return one of the options, by weight."""
    if weights is None:
        return options[int(rng.integers(len(options)))]
    total = np.cumsum(np.asarray(weights, np.float64))
    return options[int(np.searchsorted(total, rng.random() * total[-1], "right"))]


def between(rng: Dice, low: float, high: float) -> float:
    """Return a number between two."""
    return float(rng.uniform(low, high))


def hsv(hue: float, saturation: float, value: float) -> Colour:
    """Return a colour; hue in degrees, the others 0 to 1."""
    red, green, blue = colorsys.hsv_to_rgb(
        (hue % 360) / 360, min(max(saturation, 0), 1), min(max(value, 0), 1)
    )
    return blue * 255, green * 255, red * 255


def any_colour(rng: Dice) -> Colour:
    """Return a colour of any kind."""
    return hsv(between(rng, 0, 360), between(rng, 0, 1) ** 1.3, between(rng, 0.05, 1))


def lightness(colour: Colour) -> float:
    """Return how light a colour is, 0 to 255."""
    return 0.11 * colour[0] + 0.59 * colour[1] + 0.3 * colour[2]


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return one colour with a share of another in it."""
    blue, green, red = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return blue, green, red


def scaled(colour: Colour, factor: float) -> Colour:
    """Return a darker (or lighter) colour."""
    blue, green, red = (min(255.0, max(0.0, part * factor)) for part in colour)
    return blue, green, red


def soft_noise(height: int, width: int, scale: float, rng: Dice) -> Field:
    """Return smooth noise of about unit deviation, blobs of `scale` pixels."""
    coarse = rng.standard_normal(
        (int(height / scale) + 3, int(width / scale) + 3), dtype=np.float32
    )
    large = cv2.resize(
        coarse,
        (width + int(2 * scale), height + int(2 * scale)),
        interpolation=cv2.INTER_CUBIC if scale > 3 else cv2.INTER_LINEAR,
    )
    left, top = (int(rng.integers(0, int(scale) + 1)) for _ in range(2))
    return np.asarray(large[top : top + height, left : left + width], np.float32)


@lru_cache(maxsize=1)
def _tile() -> Field:
    rng = np.random.default_rng(7)
    return rng.standard_normal((TILE, TILE), dtype=np.float32)


def grain(height: int, width: int, rng: Dice) -> Field:
    """Return fine noise of unit deviation, cheaply: it repeats beyond 1,024 px."""
    top, left = (int(part) for part in rng.integers(0, TILE, 2))
    rows = np.arange(top, top + height) % TILE
    columns = np.arange(left, left + width) % TILE
    return np.asarray(_tile()[rows][:, columns], np.float32)


def toned(pixels: Pixels, tone: Field) -> Pixels:
    """Add brightness to a picture, (H, W) in grey levels."""
    return np.asarray(
        cv2.add(pixels, cv2.merge([tone, tone, tone]), dtype=cv2.CV_8U), np.uint8
    )


def flat(height: int, width: int, colour: Colour) -> Pixels:
    """Return a picture of one colour."""
    return np.full((height, width, 3), np.rint(colour), np.uint8)


def blend(place: Pixels, mask: Mask, colour: Colour, strength: float = 1.0) -> None:
    """Lay a colour over a picture by opacity, in place."""
    share = mask.astype(np.float32)[..., None] * np.float32(strength / 255)
    under = place.astype(np.float32)
    over = np.asarray(colour, np.float32)
    place[:] = (under + (over - under) * share + np.float32(0.5)).astype(np.uint8)


def cut(
    shape: tuple[int, ...], left: float, top: float, width: float, height: float
) -> tuple[slice, slice] | None:
    """Return the part of a rectangle that lies within a picture."""
    x0, y0 = max(0, round(left)), max(0, round(top))
    x1, y1 = min(shape[1], round(left + width)), min(shape[0], round(top + height))
    if x1 - x0 < 2 or y1 - y0 < 2:
        return None
    return np.s_[y0:y1, x0:x1]


def fill_shape(
    pixels: Pixels, ring: npt.ArrayLike, colour: Colour, strength: float = 1.0
) -> None:
    """Fill a polygon, in place."""
    points = np.asarray(ring, np.float32)
    low, high = points.min(0) - 2, points.max(0) + 3
    part = cut(pixels.shape, *low.tolist(), *(high - low).tolist())
    if part is None:
        return
    place = pixels[part]
    mask = np.zeros(place.shape[:2], np.uint8)
    inside = points - (part[1].start, part[0].start)
    cv2.fillPoly(mask, [fixed(inside)], (255,), cv2.LINE_AA, FRACTION_BITS)
    blend(place, mask, colour, strength)


def fixed(points: npt.ArrayLike) -> npt.NDArray[np.int32]:
    """Return points in OpenCV's fixed-point coordinates."""
    return np.asarray(np.rint(np.asarray(points) * 2**FRACTION_BITS), np.int32)


def draw_line(
    pixels: Pixels,
    way: npt.ArrayLike,
    colour: Colour,
    width: float,
    strength: float = 1.0,
) -> None:
    """Draw an open polyline, in place."""
    points = np.asarray(way, np.float32)
    low, high = points.min(0) - width - 2, points.max(0) + width + 3
    part = cut(pixels.shape, *low.tolist(), *(high - low).tolist())
    if part is None:
        return
    place = pixels[part]
    shift = (part[1].start, part[0].start)
    thickness = max(1, round(width))
    lines = [fixed(points - shift)]
    if strength > 0.97 and width >= 1:
        cv2.polylines(
            pixels,
            [fixed(points)],
            isClosed=False,
            color=colour,
            thickness=thickness,
            lineType=cv2.LINE_AA,
            shift=FRACTION_BITS,
        )
        return
    mask = np.zeros(place.shape[:2], np.uint8)
    cv2.polylines(
        mask,
        lines,
        isClosed=False,
        color=(255,),
        thickness=thickness,
        lineType=cv2.LINE_AA,
        shift=FRACTION_BITS,
    )
    blend(place, mask, colour, strength * min(1.0, width))


def wobbly(start: npt.ArrayLike, end: npt.ArrayLike, sway: float, rng: Dice) -> Points:
    """Return a line as a hand draws it: it sways by some pixels."""
    one, other = np.asarray(start, np.float32), np.asarray(end, np.float32)
    count = max(3, int(np.hypot(*(other - one)) / 45))
    steps = np.linspace(0, 1, count, dtype=np.float32)[:, None]
    drift = rng.normal(0, sway, (count, 2)).cumsum(0) * 0.4
    drift -= drift[0] + steps * (drift[-1] - drift[0]) * 0.8
    return np.asarray(one * (1 - steps) + other * steps + drift, np.float32)
