"""Printed things that are no cards: posters, leaflets, codes."""

import cv2
import numpy as np

from training.scenes.paint import (
    Dice,
    Pixels,
    any_colour,
    between,
    chance,
    cut,
    fill_shape,
    flat,
    pick,
)
from training.scenes.stationery import white
from training.scenes.writing import Box, Pen, any_ink, put_line


def poster(width: int, height: int, rng: Dice) -> Pixels:
    """Return a printed thing that is no card: poster, leaflet, QR code, logo."""
    pixels = flat(height, width, white(rng) if chance(rng, 0.5) else any_colour(rng))
    ink = any_ink(rng, float(pixels.mean()))
    printed = Pen(int(rng.integers(24)), ink, 1.0, printed=True)
    top = 0.0
    while top < height * 0.92:
        tall = height * between(rng, 0.04, 0.3)
        kind = rng.random()
        box = Box(width * 0.06, top + tall * 0.1, width * 0.88, tall * 0.8)
        if kind < 0.5:
            for row in range(rows := int(rng.integers(1, 6))):
                part = Box(
                    box.left,
                    box.top + row * box.height / rows,
                    box.width,
                    box.height / rows * 0.8,
                )
                put_line(
                    pixels,
                    printed.line("small", rng),
                    part,
                    printed,
                    pick(rng, (0, 0.5)),
                )
        elif kind < 0.7:
            ring = [
                [box.left, box.top],
                [box.left + box.width, box.top],
                [box.left + box.width, box.top + box.height],
                [box.left, box.top + box.height],
            ]
            fill_shape(pixels, ring, any_colour(rng))
        elif kind < 0.82 and box.height > 16:
            modules = int(rng.integers(15, 30))
            code = (rng.random((modules, modules)) < 0.5).astype(np.uint8) * 255
            side = int(min(box.height, box.width))
            part2 = cut(pixels.shape, box.left, box.top, side, side)
            if part2 is not None:
                place = pixels[part2]
                place[:] = cv2.resize(
                    code, place.shape[1::-1], interpolation=cv2.INTER_NEAREST
                )[..., None]
        top += tall
    return pixels
