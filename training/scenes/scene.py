"""A scene: a board in its surroundings, photographed, with its truth."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from training.scenes.boards import draw_board
from training.scenes.hanging import hang_cards
from training.scenes.lettered import (
    add_bands,
    add_headings,
    add_posters,
    add_writing,
)
from training.scenes.light import photographed
from training.scenes.paint import (
    Pixels,
    Points,
    chance,
)
from training.scenes.people import add_people
from training.scenes.plan import make_plan
from training.scenes.setting import bulged, camera, cut_off, set_up
from training.scenes.stage import Pinned, Stage


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
    size, warp = camera(plan.size_wh, rng)
    pixels, instances = set_up(stage, size, warp, rng)
    add_people(pixels, instances, rng)
    quads = _moved(stage.cards, warp)
    if chance(rng, 0.2):
        pixels, instances, quads = bulged(pixels, instances, quads, rng)
    pixels = photographed(pixels, rng)
    if chance(rng, 0.07):
        cut_off(pixels, instances, rng)
    return Scene(
        pixels,
        quads,
        _visible(stage.cards, quads, instances),
        np.array([card.written for card in stage.cards], np.bool_),
        instances,
    )


def _moved(
    cards: list[Pinned], warp: npt.NDArray[np.float64]
) -> npt.NDArray[np.float32]:
    if not cards:
        return np.zeros((0, 4, 2), np.float32)
    points: Points = np.concatenate([card.quad for card in cards])[None]
    moved = cv2.perspectiveTransform(points, warp)
    return np.asarray(moved, np.float32).reshape(-1, 4, 2)


def _visible(
    cards: list[Pinned],
    quads: npt.NDArray[np.float32],
    instances: npt.NDArray[np.int16],
) -> npt.NDArray[np.float32]:
    counts = np.bincount(np.maximum(instances, 0).ravel(), minlength=len(cards) + 1)
    whole = [
        max(1.0, cv2.contourArea(quad) * card.cover)
        for card, quad in zip(cards, quads, strict=True)
    ]
    shares = counts[1 : len(cards) + 1] / np.array(whole, np.float64)
    return np.asarray(np.minimum(shares, 1), np.float32)
