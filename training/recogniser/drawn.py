"""Drawn lines: words that the real cards do not have, in hands of many fonts."""

from typing import Final

import cv2
import numpy as np

from training.recogniser.lines import HEIGHT_PX, Strip, steps_needed
from training.scenes import words
from training.scenes.lettering import any_written
from training.scenes.paint import Dice, between, chance

PX_PER_STEP: Final = 8
"""Of a strip's width, for each step of the recogniser."""

WIDEST_PX: Final = 480


def drawn_line(rng: Dice) -> tuple[Strip, str]:
    """Return a drawn line and what it says."""
    while True:
        text = _text(rng)
        mask = any_written(text, rng)
        height = mask.shape[0]
        room = [between(rng, 0.02, 0.25) * height for _ in range(4)]
        top, bottom, left, right = (round(side) for side in room)
        shown = cv2.copyMakeBorder(mask, top, bottom, left, right, cv2.BORDER_CONSTANT)
        scaled = max(1, round(shown.shape[1] * HEIGHT_PX / shown.shape[0]))
        if scaled <= WIDEST_PX and scaled / PX_PER_STEP > steps_needed(text):
            break
    strip = cv2.resize(shown, (scaled, HEIGHT_PX), interpolation=cv2.INTER_AREA)
    paper, ink = between(rng, 110, 245), between(rng, 5, 90)
    if chance(rng, 0.05):
        paper, ink = ink, paper
    grey = paper + (ink - paper) * (strip.astype(np.float32) / 255)
    return np.clip(grey, 0, 255).astype(np.uint8), text


def _text(rng: Dice) -> str:
    kind = rng.random()
    if kind < 0.55:
        return words.phrase(rng, 1, 4)
    if kind < 0.75:
        return words.title(rng)
    return words.host(rng) if kind < 0.9 else words.hour(rng)
