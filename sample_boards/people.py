"""People in front of the board, seen from behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
import numpy.typing as npt

from sample_boards.paper import Image, blended, noise
from sample_boards.pens import Colour, Mask
from sample_boards.strokes import Stroke, curve

CLOTHES: Final[tuple[Colour, ...]] = (
    (92, 58, 40), (60, 60, 66), (48, 66, 150), (140, 150, 152), (70, 100, 60),
    (150, 110, 70), (36, 34, 38), (120, 80, 130),
)  # fmt: skip
"""Colours of shirts and jackets."""

HAIR: Final[tuple[Colour, ...]] = (
    (28, 30, 36), (44, 66, 96), (70, 110, 150), (120, 125, 130), (30, 44, 78),
)  # fmt: skip
"""Colours of hair."""

SKIN: Final[tuple[Colour, ...]] = ((128, 160, 206), (92, 124, 176), (56, 84, 128))
"""Colours of skin."""

NECK: Final = ((-0.19, -0.3), (0.19, -0.3), (0.25, 0.3), (-0.25, 0.3))
"""Outline of a neck, in heads from its foot."""

TORSO: Final = (
    (0.16, 0.04), (0.34, 0.13), (0.68, 0.27), (0.94, 0.5), (1.08, 1.0),
    (1.14, 1.8), (1.18, 2.8), (1.1, 4.6), (1.0, 8.0),
)  # fmt: skip
"""Right half of a back, in heads from the neck."""

COLLAR: Final = (
    (-0.3, 0.1), (-0.12, 0.05), (0.12, 0.05), (0.3, 0.1), (0.2, 0.17), (-0.2, 0.17),
)  # fmt: skip
"""Outline of a collar, in heads from the neck."""

OUT_OF_FOCUS: Final = 0.012
"""Blur of people against the size of their heads: they stand nearer."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who stands in front of the board.

    Parameters
    ----------
    x : float
        Where the head is, as a share of the photo's width.
    head_top : float
        Where the head begins, as a share of the photo's height.
    head_share : float
        Height of the head as a share of the photo's height.
    arm : {-1, 0, 1}
        Which arm is raised towards the board: left, none, right.
    seed : int
        Clothes, hair and build.
    """

    x: float
    head_top: float
    head_share: float = 0.16
    arm: int = 0
    seed: int = 0


def random_people(seed: int, count: int) -> tuple[Person, ...]:
    """Put people in front of a board.

    Parameters
    ----------
    seed : int
        Equal seeds make equal people.
    count : int
        How many.
    """
    rng = np.random.default_rng([seed, 31])
    spread = (np.arange(count) + rng.uniform(0.2, 0.8, count)) / max(count, 1)
    return tuple(
        Person(
            x=float(x),
            head_top=float(rng.uniform(0.52, 0.72)),
            head_share=float(rng.uniform(0.13, 0.19)),
            arm=int(rng.choice([-1, 0, 0, 1])),
            seed=int(rng.integers(2**31)),
        )
        for x in spread
    )


def stand_in_front(image: Image, people: tuple[Person, ...]) -> tuple[Image, Mask]:
    """Draw people over a photo.

    Parameters
    ----------
    image : ndarray of shape (H, W, 3), uint8
        The photo behind them.
    people : tuple of Person
        The nearest last.

    Returns
    -------
    image : ndarray of shape (H, W, 3), uint8
        The photo with them.
    hidden : ndarray of shape (H, W), uint8
        255 where they hide what is behind.
    """
    hidden = np.zeros(image.shape[:2], np.uint8)
    image = image.copy()
    for person in people:
        _draw_person(image, hidden, person)
    return image, np.where(hidden > 127, 255, 0).astype(np.uint8)


def _draw_person(image: Image, hidden: Mask, person: Person) -> None:
    """Draw somebody over a photo and into the mask of what is hidden, in place."""
    figure = _figure(person, (image.shape[1], image.shape[0]))
    rng = np.random.default_rng([person.seed, 33])
    parts = _parts(figure, person.arm, rng)
    soft = max(0.6, figure.head_px * OUT_OF_FOCUS)
    corners = np.concatenate([part.ring for part in parts])
    reach = 4 * soft + 0.2 * figure.head_px
    left, top = np.maximum(np.floor(corners.min(axis=0) - reach), 0).astype(int)
    right, bottom = np.ceil(corners.max(axis=0) + reach).astype(int)
    place = image[top:bottom, left:right]
    if place.size == 0:
        return
    canvas = place.copy()
    whole = np.zeros(place.shape[:2], np.uint8)
    for part in parts:
        mask = _filled(part.ring - (left, top), place.shape)
        _paint(canvas, mask, part, figure.head_px, rng)
        np.maximum(whole, mask, out=whole)
    alpha = np.asarray(cv2.GaussianBlur(whole, (0, 0), soft), dtype=np.uint8)
    blurred = np.asarray(cv2.GaussianBlur(canvas, (0, 0), soft), dtype=np.uint8)
    place[:] = blended(place, blurred, alpha)
    seen = hidden[top:bottom, left:right]
    np.maximum(seen, alpha, out=seen)


@dataclass(frozen=True, slots=True, eq=False)
class _Figure:
    """A person's measures in photo pixels, and colours."""

    neck: Stroke
    head_px: float
    build: float
    shirt: Colour
    hair: Colour
    skin: Colour
    long_hair: bool
    striped: bool

    def at(self, shape: Sequence[tuple[float, float]] | Stroke) -> Stroke:
        """Place a shape given in heads from the neck."""
        return np.asarray(self.neck + np.asarray(shape) * self.head_px)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A part of the body: outline, colour and what covers it."""

    ring: Stroke
    colour: Colour
    surface: Literal["skin", "cloth", "stripes", "hair"] = "skin"


def _figure(person: Person, photo_wh: tuple[int, int]) -> _Figure:
    rng = np.random.default_rng([person.seed, 32])
    head_px = person.head_share * photo_wh[1]
    top_px = person.head_top * photo_wh[1]
    return _Figure(
        neck=np.array([person.x * photo_wh[0], top_px + head_px * 1.02]),
        head_px=head_px,
        build=float(rng.uniform(0.9, 1.15)),
        shirt=CLOTHES[rng.integers(len(CLOTHES))],
        hair=HAIR[rng.integers(len(HAIR))],
        skin=SKIN[rng.integers(len(SKIN))],
        long_hair=bool(rng.random() < 0.45),
        striped=bool(rng.random() < 0.35),
    )


def _parts(figure: _Figure, arm: int, rng: np.random.Generator) -> list[_Part]:
    """Return the parts of the body, the hindmost first (as seen from behind)."""
    cloth: Literal["cloth", "stripes"] = "stripes" if figure.striped else "cloth"
    parts = [_Part(figure.at(NECK), figure.skin)]
    if arm:
        parts += _arm(figure, arm, rng)
    right = np.array(TORSO) * (figure.build, 1.0)
    torso = np.vstack([right, right[::-1] * (-1, 1)])
    parts.append(_Part(figure.at(torso), figure.shirt, cloth))
    collar = np.array(COLLAR) + rng.normal(0, 0.008, (len(COLLAR), 2))
    dark = (
        figure.shirt[0] * 3 // 4,
        figure.shirt[1] * 3 // 4,
        figure.shirt[2] * 3 // 4,
    )
    parts.append(_Part(figure.at(collar), dark))
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ear = np.column_stack([np.cos(angles) * 0.05, np.sin(angles) * 0.1])
    if not figure.long_hair:
        parts += [
            _Part(figure.at(ear + np.array([side, -0.4])), figure.skin)
            for side in (-0.35, 0.35)
        ]
    parts.append(_Part(figure.at(_hair_outline(figure, rng)), figure.hair, "hair"))
    return parts


def _hair_outline(figure: _Figure, rng: np.random.Generator) -> Stroke:
    """Return a head of hair, ragged at its edge; long hair falls on the shoulders."""
    count = 30
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    ragged = 1 + rng.normal(0, 0.018, count)
    x, y = np.cos(angles) * 0.36 * ragged, np.sin(angles) * 0.49 * ragged - 0.53
    below = np.clip(np.sin(angles), 0, 1)
    if figure.long_hair:
        y = y + below * rng.uniform(0.35, 0.6) * (1 + rng.normal(0, 0.08, count))
        x = x * (1 + 0.16 * below)
    else:
        x = x * (1 - 0.22 * below**2)
    return np.column_stack([x, y])


def _arm(figure: _Figure, side: int, rng: np.random.Generator) -> list[_Part]:
    """Return a raised arm: forearm, hand with a pointing finger, sleeve."""
    shoulder = np.array([0.84 * figure.build * side, 0.52])
    elbow = shoulder + np.array([rng.uniform(0.45, 0.7) * side, 0.3])
    wrist = elbow + np.array([rng.uniform(0.0, 0.3) * side, -1.2])
    knuckles = wrist + np.array([0.03 * side, -0.2])
    finger = knuckles + np.array([0.03 * side, -0.17])
    return [
        _Part(figure.at(_limb(elbow, wrist, 0.16, 0.1)), figure.skin),
        _Part(figure.at(_limb(knuckles, finger, 0.06, 0.045)), figure.skin),
        _Part(figure.at(_limb(wrist, knuckles, 0.11, 0.13)), figure.skin),
        _Part(
            figure.at(
                _limb(shoulder, elbow + np.array([0.02 * side, -0.1]), 0.29, 0.22)
            ),
            figure.shirt,
            "cloth",
        ),
    ]


def _limb(start: Stroke, end: Stroke, start_half: float, end_half: float) -> Stroke:
    along = (end - start) / np.hypot(*(end - start))
    across = np.array([-along[1], along[0]])
    return np.array(
        [
            start - across * start_half,
            end - across * end_half,
            end + along * end_half,
            end + across * end_half,
            start + across * start_half,
            start - along * start_half,
        ]
    )


def _filled(ring: Stroke, shape: tuple[int, ...]) -> Mask:
    closed = np.vstack([ring, ring[:1]])
    smooth = curve(closed, (False,) * len(closed))
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.rint(smooth * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return mask


def _paint(
    canvas: Image, mask: Mask, part: _Part, head_px: float, rng: np.random.Generator
) -> None:
    """Paint a part of the body, round and with its own surface, in place."""
    left, top, width, height = cv2.boundingRect(mask)
    if width == 0 or height == 0:
        return
    place = np.s_[top : top + height, left : left + width]
    inside = np.ascontiguousarray(mask[place])
    deep = cv2.distanceTransform(
        np.where(inside > 127, 1, 0).astype(np.uint8), cv2.DIST_L2, 3
    )
    tone = 0.5 + 0.52 * np.clip(deep / (0.4 * head_px), 0, 1) ** 0.6
    tone += _surface((width, height), part, head_px, rng)
    # Light comes from above: what is further down is darker.
    tone *= np.linspace(1.06, 0.9, height, dtype=np.float32)[:, None]
    painted = np.clip(np.array(part.colour, np.float32) * tone[..., None], 0, 255)
    canvas[place] = blended(canvas[place], painted.astype(np.uint8), inside)


def _surface(
    size_wh: tuple[int, int], part: _Part, head_px: float, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Return what a surface adds to brightness, (H, W) float32."""
    if part.surface == "skin":
        return np.zeros((size_wh[1], size_wh[0]), np.float32)
    if part.surface == "hair":
        return _strands(size_wh, head_px, rng)
    crease = noise(size_wh, head_px * 0.3, rng) * noise(size_wh, head_px * 0.9, rng)
    weave = noise(size_wh, max(1.5, head_px * 0.012), rng)
    tone = 0.06 * crease + 0.045 * weave
    if part.surface == "stripes":
        rows = np.arange(size_wh[1], dtype=np.float32)[:, None] / (0.17 * head_px)
        bent = rows + 0.12 * noise(size_wh, head_px * 0.5, rng)
        tone = tone + 0.4 * (np.sin(2 * np.pi * bent) > 0.55)
    return np.asarray(tone, dtype=np.float32)


def _strands(
    size_wh: tuple[int, int], head_px: float, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Return hair: strands that fall from the crown, with a soft shine."""
    width, height = size_wh
    across = max(4, round(width / max(1.0, head_px * 0.011)))
    coarse = rng.standard_normal((12, across), dtype=np.float32)
    strands = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    x = (np.arange(width, dtype=np.float32) - width / 2)[None, :] / max(width, 1)
    y = np.arange(height, dtype=np.float32)[:, None] / max(head_px, 1.0)
    shine = 0.3 * np.exp(-(((y - 0.3) / 0.14) ** 2) - (x / 0.3) ** 2)
    return np.asarray(0.16 * strands + shine, dtype=np.float32)
