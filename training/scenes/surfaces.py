"""Surfaces: what boards and walls are made of."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from training.scenes.paint import (
    Colour,
    Dice,
    Field,
    Pixels,
    between,
    chance,
    flat,
    grain,
    hsv,
    pick,
    soft_noise,
    toned,
)
from training.scenes.views import draw_view

KINDS: Final = (
    "white", "whiteboard", "paint", "paper", "brown", "wood", "cork", "felt",
    "chalk", "colour", "brick", "view", "concrete",
)  # fmt: skip
"""Surfaces by name."""


Range = tuple[float, float]

COLOURS: Final[dict[str, tuple[Range, Range, Range]]] = {
    "white": ((0, 360), (0, 0.09), (0.6, 0.98)),
    "whiteboard": ((0, 360), (0, 0.09), (0.6, 0.98)),
    "paper": ((25, 70), (0, 0.17), (0.66, 1)),
    "brown": ((18, 46), (0.22, 0.6), (0.35, 0.85)),
    "wood": ((10, 44), (0.15, 0.7), (0.2, 0.85)),
    "cork": ((18, 40), (0.3, 0.65), (0.4, 0.8)),
    "felt": ((0, 360), (0.05, 0.85), (0.12, 0.75)),
    "chalk": ((80, 240), (0.03, 0.5), (0.08, 0.36)),
    "brick": ((0, 45), (0.05, 0.6), (0.3, 0.85)),
    "concrete": ((20, 220), (0, 0.1), (0.3, 0.8)),
    "colour": ((0, 360), (0.3, 0.95), (0.2, 0.95)),
}
"""Hue in degrees, saturation and value of surfaces."""

ANY_PAINT: Final[tuple[Range, Range, Range]] = ((0, 360), (0, 0.3), (0.35, 0.97))
"""The same of walls."""


def surface(height: int, width: int, kind: str, rng: Dice) -> Pixels:
    """Return a surface of a kind."""
    if kind == "view":
        return draw_view(height, width, rng)
    base = flat(height, width, _base(kind, rng))
    return toned(base, _texture(kind, height, width, rng))


def _base(kind: str, rng: Dice) -> Colour:
    ranges = COLOURS.get(kind, ANY_PAINT)
    hue, saturation, value = (between(rng, low, high) for low, high in ranges)
    return hsv(hue, saturation, value)


def _texture(kind: str, height: int, width: int, rng: Dice) -> Field:
    tone = soft_noise(height, width, max(height, width) / 4, rng) * between(rng, 0, 5)
    draw = TEXTURES.get(kind, _cloudy)
    return np.asarray(tone + draw(height, width, rng), np.float32)


def _painted(height: int, width: int, rng: Dice) -> Field:
    tone = grain(height, width, rng) * between(rng, 0, 2)
    if chance(rng, 0.3):
        rough = soft_noise(height, width, between(rng, 3, 9), rng)
        tone += rough * between(rng, 0, 3)
    return tone


def _wiped(height: int, width: int, rng: Dice) -> Field:
    tone = np.zeros((height, width), np.float32)
    for _ in range(int(rng.integers(0, 4))):
        tone += _smear(height, width, rng)
    return tone


def _chalky(height: int, width: int, rng: Dice) -> Field:
    tone = soft_noise(height, width, between(rng, 40, 120), rng) * between(rng, 2, 8)
    for _ in range(int(rng.integers(0, 5))):
        tone += np.abs(_smear(height, width, rng)) * 1.5
    return tone


def _creased(height: int, width: int, rng: Dice) -> Field:
    tone = soft_noise(height, width, between(rng, 25, 90), rng) * between(rng, 1, 6)
    tone += grain(height, width, rng) * between(rng, 0, 4)
    if chance(rng, 0.4):
        _crease(tone, rng)
    return tone


def _rough(height: int, width: int, rng: Dice) -> Field:
    depth = between(rng, 0.3, 1)
    tone = soft_noise(height, width, between(rng, 2, 4), rng) * between(rng, 5, 22)
    tone += grain(height, width, rng) * between(rng, 2, 12)
    return tone * np.float32(depth)


def _cloudy(height: int, width: int, rng: Dice) -> Field:
    return soft_noise(height, width, between(rng, 30, 150), rng) * between(rng, 0, 6)


def _smear(height: int, width: int, rng: Dice) -> Field:
    """Return a wiped band: soft along its way, streaky across."""
    band = np.zeros((height // 4 + 1, width // 4 + 1), np.float32)
    size = np.array([band.shape[1], band.shape[0]])
    ends = rng.uniform(0, 1, (3, 2)) * size
    thick = max(2, int(size.min() * between(rng, 0.05, 0.3)))
    cv2.polylines(
        band, [ends.astype(np.int32)], isClosed=False, color=(1.0,), thickness=thick
    )
    band = np.asarray(cv2.GaussianBlur(band, (0, 0), max(1.0, thick / 4)), np.float32)
    large = cv2.resize(band, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large * np.float32(rng.normal(0, 7)), np.float32)


def _crease(tone: Field, rng: Dice) -> None:
    height, width = tone.shape
    for _ in range(int(rng.integers(1, 4))):
        if chance(rng, 0.5):
            at = int(rng.integers(1, max(2, height - 2)))
            tone[at - 1] += between(rng, 0, 14)
            tone[at] -= between(rng, 4, 22)
        else:
            at = int(rng.integers(1, max(2, width - 2)))
            tone[:, at - 1] += between(rng, 0, 14)
            tone[:, at] -= between(rng, 4, 22)


def _planks(height: int, width: int, rng: Dice) -> Field:
    upright = chance(rng, 0.5)
    long, across = (height, width) if upright else (width, height)
    rows = np.repeat(rng.standard_normal(across // 2 + 1), 2)[:across]
    fibre = np.asarray(rows, np.float32)[None, :] * between(rng, 2, 14)
    tone = soft_noise(long, across, 40, rng) * between(rng, 2, 8) + fibre
    stretched = soft_noise(long // 24 + 2, across, 2, rng)
    tone += cv2.resize(stretched, (across, long)) * np.float32(between(rng, 2, 12))
    if chance(rng, 0.7):
        plank = int(between(rng, 40, 300))
        for start in range(int(rng.integers(0, plank)), across, plank):
            tone[:, start : start + plank] += rng.normal(0, 9)
            tone[:, start : start + pick(rng, (1, 2, 3))] -= between(rng, 10, 70)
    return np.asarray(tone if upright else tone.T, np.float32)


def _weave(height: int, width: int, rng: Dice) -> Field:
    rate = between(rng, 0.8, 2.4)
    across = np.sin(np.arange(width, dtype=np.float32) * rate)
    down = np.sin(np.arange(height, dtype=np.float32) * rate * between(rng, 0.8, 1.2))
    weave = (across[None, :] + down[:, None]) * between(rng, 0, 6)
    return np.asarray(
        weave + grain(height, width, rng) * between(rng, 1, 8), np.float32
    )


def _courses(height: int, width: int, rng: Dice) -> Field:
    tone = grain(height, width, rng) * between(rng, 2, 10)
    course = int(between(rng, 16, 52))
    brick = int(course * between(rng, 1.6, 3.4))
    joint, depth = pick(rng, (2, 3, 4)), between(rng, -60, 60)
    for row, top in enumerate(range(0, height, course)):
        for left in range(-(row % 2) * brick // 2, width, brick):
            tone[top : top + course, max(0, left) : left + brick] += rng.normal(0, 7)
            tone[top : top + course, max(0, left) : max(0, left) + joint] += depth
        tone[top : top + joint] += depth
    return tone


TEXTURES: Final[dict[str, Callable[[int, int, Dice], Field]]] = {
    "white": _painted,
    "paint": _painted,
    "whiteboard": _wiped,
    "paper": _creased,
    "brown": _creased,
    "wood": _planks,
    "cork": _rough,
    "concrete": _rough,
    "felt": _weave,
    "chalk": _chalky,
    "brick": _courses,
}
"""What the surfaces feel like."""
