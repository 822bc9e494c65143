"""A scene: a board in its surroundings, photographed, with its truth."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from training.scenes.boards import (
    add_bands,
    add_headings,
    add_posters,
    add_writing,
    draw_board,
)
from training.scenes.hanging import hang_cards
from training.scenes.light import photographed
from training.scenes.paint import (
    Dice,
    Pixels,
    Points,
    any_colour,
    between,
    chance,
)
from training.scenes.people import add_people
from training.scenes.plan import make_plan
from training.scenes.stage import Pinned, Stage
from training.scenes.surroundings import draw_surroundings

SHORTEST, LONGEST = 900, 1400
"""Range of a scene's longer side, px."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A drawn board and all that is true of it.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        The picture, BGR.
    quads : ndarray of shape (N, 4, 2), float32
        Corners of each card's whole paper: top left, top right, bottom right,
        bottom left as it is read; may reach beyond the picture.
    visible : ndarray of shape (N,), float32
        Share of the paper that is seen.
    written : ndarray of shape (N,), bool
        Whether there is writing on it; an arrow alone is none.
    instances : ndarray of shape (H, W), int16
        0 no card, k + 1 card k, -1 no loss either way.
    """

    pixels: Pixels
    quads: npt.NDArray[np.float32]
    visible: npt.NDArray[np.float32]
    written: npt.NDArray[np.bool_]
    instances: npt.NDArray[np.int16]


def draw_scene(seed: int) -> Scene:
    """Draw the scene of a seed; always the same one."""
    rng = np.random.default_rng([seed, 2026])
    plan = make_plan(rng)
    board = draw_board(plan, rng)
    stage = Stage(board, np.zeros(board.shape[:2], np.int16), plan.lamp)
    add_writing(stage, plan, rng)
    add_bands(stage, plan, rng)
    late = chance(rng, 0.3)
    if not late:
        add_posters(stage, plan, rng)
    add_headings(stage, plan, rng)
    hang_cards(stage, plan, rng)
    if late:
        add_posters(stage, plan, rng)
    size, warp = _camera(plan.size_wh, rng)
    pixels, instances = _set(stage, size, warp, rng)
    add_people(pixels, instances, rng)
    quads = _moved(stage.cards, warp)
    return Scene(
        photographed(pixels, rng),
        quads,
        _visible(stage.cards, quads, instances),
        np.array([card.written for card in stage.cards], np.bool_),
        instances,
    )


def _camera(board_wh: tuple[int, int], rng: Dice) -> tuple[tuple[int, int], npt.NDArray[np.float64]]:
    """Return the scene's size, and the way from the board into it."""
    board = np.array(board_wh, np.float64)
    around = rng.uniform(-0.06, 0.2, 2) if chance(rng, 0.6) else rng.uniform(-0.1, 0.03, 2)
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
    warp = cv2.getPerspectiveTransform(corners.astype(np.float32), placed.astype(np.float32))
    return (int(size[0]), int(size[1])), np.asarray(warp, np.float64)


def _set(
    stage: Stage, size: tuple[int, int], warp: npt.NDArray[np.float64], rng: Dice
) -> tuple[Pixels, npt.NDArray[np.int16]]:
    """Set the board into its surroundings."""
    height, width = stage.instances.shape
    if chance(rng, 0.4):
        thick = int(rng.integers(2, 20))
        cv2.rectangle(stage.pixels, (0, 0), (width - 1, height - 1), any_colour(rng), thick)
    around = draw_surroundings(size[1], size[0], rng)
    shown = cv2.warpPerspective(stage.pixels, warp, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    on = cv2.warpPerspective(np.full((height, width), 255, np.uint8), warp, size)
    if chance(rng, 0.3):
        shadow = cv2.GaussianBlur(on, (0, 0), between(rng, 2, 10)).astype(np.float32)
        around = (around * (1 - shadow[..., None] / 255 * np.float32(0.6))).astype(np.uint8)
    pixels = np.where(on[..., None] > 127, shown, around).astype(np.uint8)
    instances = cv2.warpPerspective(stage.instances, warp, size, flags=cv2.INTER_NEAREST)
    return pixels, np.asarray(instances, np.int16)


def _moved(cards: list[Pinned], warp: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    if not cards:
        return np.zeros((0, 4, 2), np.float32)
    points: Points = np.concatenate([card.quad for card in cards])[None]
    moved = cv2.perspectiveTransform(points, warp)
    return np.asarray(moved, np.float32).reshape(-1, 4, 2)


def _visible(
    cards: list[Pinned], quads: npt.NDArray[np.float32], instances: npt.NDArray[np.int16]
) -> npt.NDArray[np.float32]:
    counts = np.bincount(np.maximum(instances, 0).ravel(), minlength=len(cards) + 1)
    whole = [
        max(1.0, cv2.contourArea(quad) * card.cover)
        for card, quad in zip(cards, quads, strict=True)
    ]
    return np.minimum(counts[1 : len(cards) + 1] / np.asarray(whole).reshape(-1), 1).astype(np.float32)
