"""Lines as another hand, pen or camera might have made them."""

import cv2
import numpy as np

from training.recogniser.lines import Strip
from training.scenes.paint import Dice, between, chance


def varied(strip: Strip, rng: Dice) -> Strip:
    """Return a line a little stretched, slanted, moved, blurred, faded and noisy."""
    height, width = strip.shape
    place = np.array(
        [
            [between(rng, 0.88, 1.12), rng.normal(0, 0.08), rng.normal(0, 3)],
            [rng.normal(0, 0.015), between(rng, 0.88, 1.1), rng.normal(0, 2.5)],
        ],
        np.float32,
    )
    shown = cv2.warpAffine(
        strip, place, (width, height), borderMode=cv2.BORDER_REPLICATE
    )
    if chance(rng, 0.2):  # a thicker or a thinner pen
        how = cv2.MORPH_ERODE if chance(rng, 0.5) else cv2.MORPH_DILATE
        shown = cv2.morphologyEx(shown, how, np.ones((2, 2), np.uint8))
    seen = shown.astype(np.float32)
    mean = float(seen.mean())
    seen = (seen - mean) * between(rng, 0.55, 1.4) + mean + float(rng.normal(0, 20))
    fate = rng.random()
    if fate < 0.3:
        seen = cv2.GaussianBlur(seen, (0, 0), between(rng, 0.3, 1.6))
    elif fate > 0.8:
        share = between(rng, 0.3, 1)
        small = max(4, round(width * share)), max(8, round(height * share))
        seen = cv2.resize(seen, small, interpolation=cv2.INTER_AREA)
        seen = cv2.resize(seen, (width, height), interpolation=cv2.INTER_CUBIC)
    seen = seen + rng.standard_normal(seen.shape) * between(rng, 0, 5)
    return np.clip(seen, 0, 255).astype(np.uint8)
