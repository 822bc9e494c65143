"""Bends, folds and outlines of a sheet of paper."""

import cv2
import numpy as np

from training.scenes.paint import (
    Colour,
    Dice,
    Mask,
    Pixels,
    between,
    chance,
    fill_shape,
    grain,
    pick,
    scaled,
    soft_noise,
    toned,
)
from training.scenes.stationery import Stationery


def lit(pixels: Pixels, make: Stationery, rng: Dice) -> Pixels:
    """Shade a card: it bends, wrinkles, is folded."""
    height, width = pixels.shape[:2]
    down = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None]
    across = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :]
    tone = down * np.float32(rng.normal(0, 6)) + across * np.float32(rng.normal(0, 5))
    tone = tone + grain(height, width, rng) * np.float32(between(rng, 0, 1.6))
    if make.curl > 0:
        bend = np.clip(down + 0.5 - between(rng, 0.4, 0.8), 0, 1)
        tone = tone + bend * np.float32(rng.normal(0, 60) * make.curl)
    if chance(rng, 0.12):
        tone = tone + soft_noise(height, width, between(rng, 6, 25), rng) * between(
            rng, 1, 6
        )
    if chance(rng, 0.07):
        fold = int(between(rng, 0.25, 0.75) * (height if chance(rng, 0.5) else width))
        if chance(rng, 0.5):
            tone[:, min(fold, width - 1) :] += np.float32(rng.normal(0, 9))
        else:
            tone[min(fold, height - 1) :] += np.float32(rng.normal(0, 9))
    return toned(pixels, np.asarray(tone, np.float32))


def turn_corner(pixels: Pixels, colour: Colour, rng: Dice) -> None:
    """Fold a corner over: its back is seen, with a shadow along the fold."""
    height, width = pixels.shape[:2]
    reach = min(width, height) * between(rng, 0.08, 0.28)
    x, y = pick(rng, ((0, 0), (width, 0), (width, height), (0, height)))
    to_x, to_y = (1 if x == 0 else -1), (1 if y == 0 else -1)
    one, other = [x + reach * to_x, y], [x, y + reach * to_y]
    tip = [x + reach * 0.8 * to_x, y + reach * 0.8 * to_y]
    shadow = [x + reach * 0.95 * to_x, y + reach * 0.95 * to_y]
    fill_shape(pixels, [one, shadow, other], (0, 0, 0), between(rng, 0.1, 0.4))
    fill_shape(pixels, [one, tip, other], scaled(colour, between(rng, 0.75, 1.1)))


def outline(width: int, height: int, make: Stationery, rng: Dice) -> Mask:
    """Return where there is paper."""
    mask = np.full((height, width), 255, np.uint8)
    side = min(width, height)
    if make.shape == "oval":
        mask[:] = 0
        cv2.ellipse(
            mask,
            (width // 2, height // 2),
            (width // 2, height // 2),
            0,
            0,
            360,
            (255,),
            -1,
        )
    elif make.shape == "cloud":
        mask[:] = 0
        for x, y in (
            (0.25, 0.35),
            (0.5, 0.3),
            (0.75, 0.35),
            (0.25, 0.68),
            (0.5, 0.7),
            (0.75, 0.68),
        ):
            cv2.ellipse(
                mask,
                (int(width * x), int(height * y)),
                (int(width * 0.25), int(height * 0.31)),
                0,
                0,
                360,
                (255,),
                -1,
            )
    elif make.shape == "hexagon":
        mask[:] = 0
        ring = np.array(
            [[0.14, 0], [0.86, 0], [1, 0.5], [0.86, 1], [0.14, 1], [0, 0.5]]
        ) * [width, height]
        cv2.fillPoly(mask, [ring.astype(np.int32)], (255,))
    elif make.shape == "rounded":
        radius = max(2, int(side * between(rng, 0.04, 0.16)))
        small = np.zeros_like(mask)
        cv2.rectangle(
            small,
            (radius, radius),
            (width - 1 - radius, height - 1 - radius),
            (255,),
            -1,
        )
        kernel = cv2.getStructuringElement(
            cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)
        )
        mask = np.asarray(cv2.dilate(small, kernel), np.uint8)
    elif make.curl > 0 and chance(rng, 0.5):
        deep = height * make.curl * between(rng, 0, 0.05)
        arch = (
            np.sin(np.linspace(0, np.pi, width))
            if chance(rng, 0.6)
            else np.linspace(0, 1, width)
        )
        mask[np.arange(height)[:, None] >= height - deep * arch[None, :]] = 0
    elif chance(rng, 0.1):
        _fray(mask, rng)
    if make.shape == "plain" and chance(rng, 0.05):
        reach = side * between(rng, 0.06, 0.25)
        x, y = pick(rng, ((0, 0), (width, 0), (width, height), (0, height)))
        ring3 = [
            [x, y],
            [x + reach * (1 if x == 0 else -1), y],
            [x, y + reach * (1 if y == 0 else -1)],
        ]
        cv2.fillPoly(mask, [np.asarray(ring3, np.int32)], (0,))
    return mask


def _fray(mask: Mask, rng: Dice) -> None:
    """Tear or bow an edge."""
    height, width = mask.shape
    deep = max(1.0, min(width, height) * between(rng, 0.01, 0.05))
    if chance(rng, 0.5):
        edge = (soft_noise(1, width, between(rng, 2, 12), rng)[0] * 0.4 + 0.6) * deep
        if chance(rng, 0.5):
            edge = np.sin(np.linspace(0, np.pi, width)).astype(np.float32) * deep
        rows = np.arange(height)[:, None]
        mask[rows >= height - edge[None, :]] = 0
        if chance(rng, 0.3):
            mask[rows < edge[None, ::-1]] = 0
    else:
        edge = (soft_noise(1, height, between(rng, 2, 12), rng)[0] * 0.4 + 0.6) * deep
        columns = np.arange(width)[None, :]
        mask[columns < edge[:, None]] = 0
