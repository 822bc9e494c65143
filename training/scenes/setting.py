"""The setting of a board: where it is in the picture, and what is around it."""

import cv2
import numpy as np
import numpy.typing as npt

from training.scenes.paint import (
    Dice,
    Pixels,
    any_colour,
    between,
    chance,
    draw_line,
    hsv,
    pick,
    scaled,
    soft_noise,
)
from training.scenes.stage import Stage
from training.scenes.surroundings import draw_surroundings

SHORTEST, LONGEST = 900, 1400
"""Range of a scene's longer side, px."""


def camera(
    board_wh: tuple[int, int], rng: Dice
) -> tuple[tuple[int, int], npt.NDArray[np.float64]]:
    """Return the scene's size, and the way from the board into it."""
    board = np.array(board_wh, np.float64)
    around = (
        rng.uniform(-0.06, 0.2, 2) if chance(rng, 0.6) else rng.uniform(-0.1, 0.03, 2)
    )
    size = board * (1 + around)
    size *= max(1.0, SHORTEST / size.max())
    size = np.minimum(size, LONGEST).astype(int)
    scale = between(rng, 0.93, 1.04)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * board
    spare = size - board * scale
    centre = size / 2 + spare / 2 * rng.uniform(-0.5, 0.5, 2)
    placed = (corners - board / 2) * scale
    angle = np.deg2rad(rng.normal(0, 1.2))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    placed = placed @ turn + centre + rng.normal(0, 0.012, (4, 2)) * board
    warp = cv2.getPerspectiveTransform(
        corners.astype(np.float32), placed.astype(np.float32)
    )
    return (int(size[0]), int(size[1])), np.asarray(warp, np.float64)


def set_up(
    stage: Stage, size: tuple[int, int], warp: npt.NDArray[np.float64], rng: Dice
) -> tuple[Pixels, npt.NDArray[np.int16]]:
    """Set the board into its surroundings."""
    height, width = stage.instances.shape
    if chance(rng, 0.4):
        _frame(stage.pixels, rng)
    around = draw_surroundings(size[1], size[0], rng)
    shown = cv2.warpPerspective(
        stage.pixels,
        warp,
        size,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    on = cv2.warpPerspective(np.full((height, width), 255, np.uint8), warp, size)
    if chance(rng, 0.3):
        shadow = cv2.GaussianBlur(on, (0, 0), between(rng, 2, 10)).astype(np.float32)
        around = (around * (1 - shadow[..., None] / 255 * np.float32(0.6))).astype(
            np.uint8
        )
    pixels = np.where(on[..., None] > 127, shown, around).astype(np.uint8)
    instances = cv2.warpPerspective(
        stage.instances, warp, size, flags=cv2.INTER_NEAREST
    )
    return pixels, np.asarray(instances, np.int16)


def _frame(pixels: Pixels, rng: Dice) -> None:
    """Frame a board; some frames have a tray for pens."""
    height, width = pixels.shape[:2]
    thick = int(rng.integers(2, 20))
    metal = hsv(between(rng, 0, 360), between(rng, 0, 0.1), between(rng, 0.4, 0.9))
    colour = metal if chance(rng, 0.5) else any_colour(rng)
    cv2.rectangle(pixels, (0, 0), (width - 1, height - 1), colour, thick)
    cv2.rectangle(
        pixels, (thick, thick), (width - thick, height - thick), scaled(colour, 0.6), 1
    )
    if chance(rng, 0.25):
        tray = int(between(rng, 12, 34))
        pixels[-tray:] = np.rint(scaled(colour, between(rng, 0.7, 1.1))).astype(
            np.uint8
        )
        for _ in range(int(rng.integers(0, 7))):
            left = between(rng, 0, 1) * width
            long = between(rng, 20, 60)
            at = height - tray * between(rng, 0.5, 1)
            draw_line(
                pixels, [[left, at], [left + long, at]], any_colour(rng), tray / 3
            )


def bulged(
    pixels: Pixels,
    instances: npt.NDArray[np.int16],
    quads: npt.NDArray[np.float32],
    rng: Dice,
) -> tuple[Pixels, npt.NDArray[np.int16], npt.NDArray[np.float32]]:
    """Let a board sag or bulge by some pixels, as paper on a wall does."""
    height, width = instances.shape
    scale, reach = between(rng, 0.25, 0.6) * width, between(rng, 1, 7)
    shift = np.stack([soft_noise(height, width, scale, rng) for _ in range(2)], -1)
    shift *= np.float32(reach)
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    from_x, from_y = columns + shift[..., 0], rows + shift[..., 1]
    edge = cv2.BORDER_REPLICATE
    moved = cv2.remap(pixels, from_x, from_y, cv2.INTER_LINEAR, borderMode=edge)
    truth = cv2.remap(instances, from_x, from_y, cv2.INTER_NEAREST, borderMode=edge)
    points = quads.copy()
    for _ in range(3):
        x = np.clip(points[..., 0], 0, width - 1).astype(int)
        y = np.clip(points[..., 1], 0, height - 1).astype(int)
        points = quads - shift[y, x]
    return (
        np.asarray(moved, np.uint8),
        np.asarray(truth, np.int16),
        np.asarray(points, np.float32),
    )


def cut_off(pixels: Pixels, instances: npt.NDArray[np.int16], rng: Dice) -> None:
    """Leave a corner or a side empty: the photo ended there. In place."""
    height, width = instances.shape
    at, to = rng.uniform(0, 0.22, 2)
    ring = np.array([[0, 0], [at, 0], [to, 1], [0, 1]])
    if chance(rng, 0.5):
        ring = np.array([[0, 0], [1, 0], [1, at], [0, to]])
    if chance(rng, 0.5):
        ring = 1 - ring
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [(ring * [width, height]).astype(np.int32)], (1,))
    pixels[mask > 0] = pick(rng, (0, 0, 128, 255))
    instances[mask > 0] = 0
