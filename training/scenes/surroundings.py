"""What is around a board: wall, furniture, other sheets, windows."""

import cv2
import numpy as np

from training.scenes.paint import (
    Dice,
    Pixels,
    any_colour,
    between,
    chance,
    cut,
    draw_line,
    fill_shape,
    pick,
    wobbly,
)
from training.scenes.posters import poster
from training.scenes.surfaces import KINDS, surface


def draw_surroundings(height: int, width: int, rng: Dice) -> Pixels:
    """Draw the wall and the room behind and beside a board."""
    if chance(rng, 0.06):
        grey = pick(rng, (0, 0, 128, 255))
        return np.full((height, width, 3), grey, np.uint8)
    pixels = surface(
        height, width, pick(rng, (*KINDS, "paint", "paint", "white", "concrete")), rng
    )
    for _ in range(int(rng.integers(0, 12))):
        _thing(pixels, rng)
    if chance(rng, 0.5):
        pixels = np.asarray(
            cv2.GaussianBlur(pixels, (0, 0), between(rng, 0.5, 4)), np.uint8
        )
    return pixels


def _thing(pixels: Pixels, rng: Dice) -> None:
    height, width = pixels.shape[:2]
    x, y = between(rng, -0.1, 1) * width, between(rng, -0.1, 1) * height
    wide, tall = between(rng, 0.03, 0.4) * width, between(rng, 0.03, 0.5) * height
    kind = rng.random()
    if kind < 0.4:
        box = cv2.boxPoints(((x, y), (wide, tall), float(rng.normal(0, 10))))
        fill_shape(pixels, box, any_colour(rng), between(rng, 0.6, 1))
    elif kind < 0.55:
        axes = (max(2, int(wide / 3)), max(2, int(tall / 3)))
        cv2.ellipse(
            pixels,
            (int(x), int(y)),
            axes,
            between(rng, 0, 180),
            0,
            360,
            any_colour(rng),
            -1,
            cv2.LINE_AA,
        )
    elif kind < 0.7:
        end = [between(rng, 0, 1) * width, between(rng, 0, 1) * height]
        draw_line(
            pixels, wobbly([x, y], end, 8, rng), any_colour(rng), between(rng, 1, 14)
        )
    else:
        part = cut(pixels.shape, x, y, wide, tall)
        if part is None:
            return
        place = pixels[part]
        if min(place.shape[:2]) < 12:
            return
        if kind < 0.77:
            _panes(place, rng)
        elif kind < 0.85:
            place[:] = poster(place.shape[1], place.shape[0], rng)
        else:
            place[:] = surface(place.shape[0], place.shape[1], pick(rng, KINDS), rng)
            if chance(rng, 0.5):
                cv2.rectangle(
                    place,
                    (0, 0),
                    (place.shape[1] - 1, place.shape[0] - 1),
                    any_colour(rng),
                    int(rng.integers(2, 16)),
                )


def _panes(place: Pixels, rng: Dice) -> None:
    """Draw a window, a shelf or a lamp: bright or coloured fields in a frame."""
    height, width = place.shape[:2]
    place[:] = np.rint(any_colour(rng)).astype(np.uint8)
    columns, rows = int(rng.integers(1, 6)), int(rng.integers(1, 6))
    bar = max(1.0, min(width / columns, height / rows) * between(rng, 0.03, 0.25))
    outside = surface(height, width, pick(rng, ("view", "paint", "white")), rng)
    mixed_fields, dim = chance(rng, 0.35), between(rng, 0.5, 1.1)
    for column in range(columns):
        for row in range(rows):
            part = cut(
                place.shape,
                column * width / columns + bar / 2,
                row * height / rows + bar / 2,
                width / columns - bar,
                height / rows - bar,
            )
            if part is None:
                continue
            if mixed_fields:
                place[part] = np.rint(any_colour(rng)).astype(np.uint8)
            else:
                place[part] = np.clip(outside[part] * dim, 0, 255).astype(np.uint8)
