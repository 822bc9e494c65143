"""People in front of the board, and hands that reach for it."""

import cv2
import numpy as np
import numpy.typing as npt

from training.scenes.paint import (
    Dice,
    Pixels,
    any_colour,
    between,
    chance,
    hsv,
    pick,
    soft_noise,
)
from training.scenes.surfaces import surface


def add_people(pixels: Pixels, instances: npt.NDArray[np.int16], rng: Dice) -> None:
    """Draw people over a scene; what they hide is no card any more."""
    if chance(rng, 0.15):
        _furniture(pixels, instances, rng)
    for _ in range(pick(rng, (0, 1, 2, 3), (62, 22, 11, 5))):
        _person(pixels, instances, rng)
    if chance(rng, 0.08):
        _hand(pixels, instances, rng)


def _furniture(pixels: Pixels, instances: npt.NDArray[np.int16], rng: Dice) -> None:
    """Stand chairs, tables, plants, lamps before the board's lower part."""
    height, width = instances.shape
    for _ in range(int(rng.integers(1, 4))):
        x, top = between(rng, 0, 1) * width, between(rng, 0.7, 1) * height
        wide = between(rng, 0.05, 0.5) * width
        parts = np.zeros((height, width), np.uint8)
        kind = pick(rng, ("block", "legs", "plant"))
        if kind == "block":
            ring = [
                [x, top],
                [x + wide, top + rng.normal(0, 12)],
                [x + wide, height + 9],
                [x, height + 9],
            ]
            cv2.fillPoly(parts, [np.asarray(ring, np.int32)], (2,))
        elif kind == "legs":
            thick = int(between(rng, 3, 16))
            for step in range(int(rng.integers(1, 5))):
                at = int(x + step * wide / 4)
                cv2.line(
                    parts,
                    (at, int(top)),
                    (at + int(rng.normal(0, 20)), height),
                    (2,),
                    thick,
                )
            cv2.line(
                parts, (int(x), int(top)), (int(x + wide), int(top)), (2,), thick * 2
            )
        else:
            for _leaf in range(int(rng.integers(8, 40))):
                tip = rng.normal(0, 0.12, 2) * height + [x, top]
                stem = (int(x), int(top + height * 0.12))
                cv2.line(parts, stem, (int(tip[0]), int(tip[1])), (2,), 2)
                axes = (int(between(rng, 8, 50)), int(between(rng, 3, 14)))
                cv2.ellipse(
                    parts,
                    (int(tip[0]), int(tip[1])),
                    axes,
                    between(rng, 0, 180),
                    0,
                    360,
                    (2,),
                    -1,
                )
        _paint(pixels, instances, parts, rng)


def _skin(rng: Dice) -> tuple[float, float, float]:
    return hsv(between(rng, 8, 34), between(rng, 0.2, 0.65), between(rng, 0.2, 0.95))


def _person(pixels: Pixels, instances: npt.NDArray[np.int16], rng: Dice) -> None:
    height, width = instances.shape
    size = height * between(rng, 0.07, 0.24)
    x, y = between(rng, -0.05, 1.05) * width, between(rng, 0.35, 1.1) * height
    back = chance(rng, 0.6)
    parts = np.zeros((height, width), np.uint8)
    centre = (int(x), int(y))
    shoulders = np.array(
        [
            [-1.3, 1.5],
            [-0.9, 0.95],
            [-0.35, 0.75],
            [0.35, 0.75],
            [0.9, 0.95],
            [1.3, 1.5],
            [1.45, 6],
            [-1.45, 6],
        ]
    ) * size * between(rng, 0.8, 1.1) + [x, y]
    cv2.fillPoly(parts, [shoulders.astype(np.int32)], (2,))
    cv2.line(parts, centre, (int(x), int(y + size * 0.9)), (1,), int(size * 0.5))
    if chance(rng, 0.4):
        side = pick(rng, (-1, 1))
        elbow = (
            int(x + side * size * between(rng, 1.3, 2.4)),
            int(y + size * between(rng, 0.3, 1.9)),
        )
        wrist = (
            int(elbow[0] + side * size * between(rng, -0.8, 1)),
            int(elbow[1] - size * between(rng, 0.3, 1.8)),
        )
        cv2.line(
            parts,
            (int(x + side * size), int(y + size * 1.3)),
            elbow,
            (2,),
            max(3, int(size * 0.42)),
        )
        cv2.line(parts, elbow, wrist, (pick(rng, (1, 2)),), max(3, int(size * 0.3)))
        cv2.circle(parts, wrist, max(2, int(size * 0.24)), (1,), -1)
    cv2.ellipse(
        parts, centre, (int(size * 0.46), int(size * 0.62)), 0, 0, 360, (1,), -1
    )
    hair = (int(size * between(rng, 0.46, 0.6)), int(size * between(rng, 0.45, 0.66)))
    if back:
        cv2.ellipse(parts, (int(x), int(y - size * 0.06)), hair, 0, 0, 360, (3,), -1)
        if chance(rng, 0.3):
            cv2.line(parts, centre, (int(x), int(y + size)), (3,), int(size * 0.8))
    else:
        cv2.ellipse(parts, (int(x), int(y - size * 0.15)), hair, 0, 180, 360, (3,), -1)
    _paint(pixels, instances, parts, rng)


def _paint(
    pixels: Pixels,
    instances: npt.NDArray[np.int16],
    parts: npt.NDArray[np.uint8],
    rng: Dice,
) -> None:
    x, y, wide, tall = cv2.boundingRect(parts)
    if wide < 2 or tall < 2:
        return
    place, part = pixels[y : y + tall, x : x + wide], parts[y : y + tall, x : x + wide]
    skin = np.asarray(_skin(rng), np.float32)
    hair = np.asarray(
        hsv(between(rng, 5, 45), between(rng, 0, 0.6), between(rng, 0.03, 0.7)),
        np.float32,
    )
    cloth = surface(tall, wide, pick(rng, ("felt", "colour", "paint", "chalk")), rng)
    if chance(rng, 0.2):
        stripe = int(between(rng, 6, 40))
        cloth[(np.arange(tall) // stripe) % 2 == 0] = np.rint(any_colour(rng)).astype(
            np.uint8
        )
    shade = np.linspace(
        between(rng, 0.7, 1.1), between(rng, 0.7, 1.1), wide, dtype=np.float32
    )
    over = cloth.astype(np.float32)
    over[part == 1] = skin
    over[part == 3] = hair
    strands = (
        soft_noise(tall, wide, between(rng, 1, 4), rng)
        * (part == 3)
        * between(rng, 3, 18)
    )
    folds = soft_noise(tall, wide, between(rng, 8, 30), rng) * between(rng, 2, 12)
    inner = cv2.GaussianBlur(
        (part > 0).astype(np.float32), (0, 0), max(1.0, wide * 0.05)
    )
    over += (strands + folds)[..., None]
    over *= shade[None, :, None] * (0.45 + 0.6 * inner)[..., None]
    soft = cv2.GaussianBlur(
        (part > 0).astype(np.float32), (0, 0), between(rng, 0.7, 3)
    )[..., None]
    under = place.astype(np.float32)
    place[:] = np.clip(
        under
        + (over - under) * np.where(part[..., None] > 0, np.maximum(soft, 0.5), 0),
        0,
        255,
    ).astype(np.uint8)
    instances[y : y + tall, x : x + wide][part > 0] = 0


def _hand(pixels: Pixels, instances: npt.NDArray[np.int16], rng: Dice) -> None:
    height, width = instances.shape
    parts = np.zeros((height, width), np.uint8)
    size = height * between(rng, 0.04, 0.11)
    edge = rng.uniform(0, 1, 2) * [width, height]
    side = pick(rng, (0, 1, 2))
    start = ([0.0, edge[1]], [width, edge[1]], [edge[0], height])[side]
    palm = rng.uniform(0.1, 0.9, 2) * [width, height]
    reach = palm - np.asarray(start)
    reach /= max(1.0, float(np.hypot(*reach)))
    cv2.line(
        parts,
        (int(start[0]), int(start[1])),
        (int(palm[0]), int(palm[1])),
        (pick(rng, (1, 2)),),
        max(4, int(size * 0.8)),
    )
    cv2.circle(parts, (int(palm[0]), int(palm[1])), max(3, int(size * 0.55)), (1,), -1)
    for spread in (-0.6, -0.2, 0.2, 0.6):
        turn = np.array(
            [[np.cos(spread), -np.sin(spread)], [np.sin(spread), np.cos(spread)]]
        )
        tip = palm + turn @ reach * size * between(rng, 0.8, 1.5)
        cv2.line(
            parts,
            (int(palm[0]), int(palm[1])),
            (int(tip[0]), int(tip[1])),
            (1,),
            max(2, int(size * 0.24)),
        )
    _paint(pixels, instances, parts, rng)
