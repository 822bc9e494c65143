"""Surfaces: what boards and walls are made of."""

from typing import Final

import cv2
import numpy as np

from training.scenes.paint import (
    Colour,
    Dice,
    Field,
    Pixels,
    any_colour,
    between,
    chance,
    draw_line,
    flat,
    grain,
    hsv,
    pick,
    soft_noise,
    toned,
)

KINDS: Final = (
    "white", "whiteboard", "paint", "paper", "brown", "wood", "cork", "felt",
    "chalk", "colour", "brick", "view", "concrete",
)  # fmt: skip
"""Surfaces by name."""


def surface(height: int, width: int, kind: str, rng: Dice) -> Pixels:
    """Return a surface of a kind."""
    if kind == "view":
        return _view(height, width, rng)
    base = flat(height, width, _base(kind, rng))
    return toned(base, _texture(kind, height, width, rng))


def _base(kind: str, rng: Dice) -> Colour:
    hue = between(rng, 0, 360)
    match kind:
        case "white" | "whiteboard":
            return hsv(hue, between(rng, 0, 0.09), between(rng, 0.6, 0.98))
        case "paper":
            return hsv(between(rng, 25, 70), between(rng, 0, 0.17), between(rng, 0.66, 1))
        case "brown":
            tint = between(rng, 0.22, 0.6)
            return hsv(between(rng, 18, 46), tint, between(rng, 0.35, 0.85))
        case "wood":
            tint = between(rng, 0.15, 0.7)
            return hsv(between(rng, 10, 44), tint, between(rng, 0.2, 0.85))
        case "cork":
            return hsv(between(rng, 18, 40), between(rng, 0.3, 0.65), between(rng, 0.4, 0.8))
        case "felt":
            return hsv(hue, between(rng, 0.05, 0.85), between(rng, 0.12, 0.75))
        case "chalk":
            tint = between(rng, 0.03, 0.5)
            return hsv(between(rng, 80, 240), tint, between(rng, 0.08, 0.36))
        case "brick":
            return hsv(between(rng, 0, 45), between(rng, 0.05, 0.6), between(rng, 0.3, 0.85))
        case "concrete":
            return hsv(between(rng, 20, 220), between(rng, 0, 0.1), between(rng, 0.3, 0.8))
        case "colour":
            return hsv(hue, between(rng, 0.3, 0.95), between(rng, 0.2, 0.95))
        case _:
            return hsv(hue, between(rng, 0, 0.3), between(rng, 0.35, 0.97))


def _texture(kind: str, height: int, width: int, rng: Dice) -> Field:
    shape = (height, width)
    tone = soft_noise(*shape, max(height, width) / 4, rng) * between(rng, 0, 5)
    match kind:
        case "white" | "paint":
            tone += grain(*shape, rng) * between(rng, 0, 2)
            if chance(rng, 0.3):
                tone += soft_noise(*shape, between(rng, 3, 9), rng) * between(rng, 0, 3)
        case "whiteboard":
            for _ in range(int(rng.integers(0, 4))):
                tone += _smear(height, width, rng)
        case "paper" | "brown":
            tone += soft_noise(*shape, between(rng, 25, 90), rng) * between(rng, 1, 6)
            tone += grain(*shape, rng) * between(rng, 0, 4)
            if chance(rng, 0.4):
                _crease(tone, rng)
        case "wood":
            tone += _planks(height, width, rng)
        case "cork" | "concrete":
            rough = 1.0 if kind == "cork" else 0.4
            tone += soft_noise(*shape, between(rng, 2, 4), rng) * between(rng, 5, 22) * rough
            tone += grain(*shape, rng) * between(rng, 2, 12) * rough
        case "felt":
            tone += _weave(height, width, rng)
        case "chalk":
            tone += soft_noise(*shape, between(rng, 40, 120), rng) * between(rng, 2, 8)
            for _ in range(int(rng.integers(0, 5))):
                tone += np.abs(_smear(height, width, rng)) * 1.5
        case "brick":
            tone += _courses(height, width, rng)
        case _:
            tone += soft_noise(*shape, between(rng, 30, 150), rng) * between(rng, 0, 6)
    return tone


def _smear(height: int, width: int, rng: Dice) -> Field:
    """Return a wiped band: soft along its way, streaky across."""
    band = np.zeros((height // 4 + 1, width // 4 + 1), np.float32)
    size = np.array([band.shape[1], band.shape[0]])
    ends = rng.uniform(0, 1, (3, 2)) * size
    thick = max(2, int(size.min() * between(rng, 0.05, 0.3)))
    cv2.polylines(band, [ends.astype(np.int32)], False, (1.0,), thick)
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


def _view(height: int, width: int, rng: Dice) -> Pixels:
    """Return what is seen through glass: street, trees, sky, a room."""
    pixels = flat(height, width, hsv(between(rng, 0, 360), between(rng, 0, 0.3), between(rng, 0.3, 1)))
    size = np.array([width, height], np.float32)
    horizon = between(rng, 0.3, 0.8) * height
    pixels[int(horizon) :] = flat(1, 1, any_colour(rng))[0, 0]
    for _ in range(int(rng.integers(15, 70))):
        hue = pick(rng, (between(rng, 0, 360), 30, 100, 130, 215))
        colour = hsv(hue, between(rng, 0, 0.7), between(rng, 0.05, 1))
        x, y = rng.uniform(-0.1, 1, 2) * size
        wide, tall = rng.uniform(0.01, 0.22, 2) * size
        kind = rng.random()
        if kind < 0.45:
            cv2.rectangle(pixels, (int(x), int(y)), (int(x + wide), int(y + tall)), colour, -1)
        elif kind < 0.7:
            axes = (max(2, int(wide)), max(2, int(tall)))
            cv2.ellipse(pixels, (int(x), int(y)), axes, between(rng, 0, 180), 0, 360, colour, -1)
        else:
            end = np.array([x, y]) + rng.normal(0, 0.25, 2) * size
            draw_line(pixels, [[x, y], end.tolist()], colour, between(rng, 1, 9))
    pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), between(rng, 0.7, 4)), np.uint8)
    leaves = soft_noise(height, width, between(rng, 4, 14), rng) * between(rng, 2, 20)
    return toned(pixels, leaves)
