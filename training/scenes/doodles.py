"""Doodles: what people draw on cards beside words."""

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
    flat,
    hsv,
    pick,
    wobbly,
)
from training.scenes.posters import poster
from training.scenes.writing import Box, Pen, put_line

DOT_HUES = (0, 120, 215, 55, 290)
"""Colours of vote dots."""


def decorate(pixels: Pixels, pen: Pen, rng: Dice) -> None:
    """Add what people add to a card, seldom: dots, stickers, drawings."""
    if chance(rng, 0.06):
        _dots(pixels, rng)
    if chance(rng, 0.1):
        _sticker(pixels, rng)
    if chance(rng, 0.08):
        _drawing(pixels, pen, rng)


def _dots(pixels: Pixels, rng: Dice) -> None:
    height, width = pixels.shape[:2]
    hue = pick(rng, DOT_HUES)
    radius = max(2, int(min(height, width) * between(rng, 0.03, 0.08)))
    for _ in range(int(rng.integers(1, 10))):
        centre = (int(width * between(rng, 0, 1)), int(height * between(rng, 0.4, 1)))
        colour = hsv(hue if chance(rng, 0.7) else pick(rng, DOT_HUES), 0.8, 0.75)
        cv2.circle(pixels, centre, radius, colour, -1, cv2.LINE_AA)


def _sticker(pixels: Pixels, rng: Dice) -> None:
    height, width = pixels.shape[:2]
    most = pick(rng, (0.45, 0.75), (60, 40))
    wide, tall = width * between(rng, 0.15, most), height * between(rng, 0.15, most)
    left, top = between(rng, 0, width - wide), between(rng, 0, height - tall)
    if chance(rng, 0.4):
        angles = np.linspace(0, 2 * np.pi, int(rng.integers(5, 30)), endpoint=False)
        ring = np.column_stack([np.cos(angles), np.sin(angles)]) * [wide / 2, tall / 2]
        ring *= rng.uniform(0.7, 1, (len(angles), 1))
        fill_shape(
            pixels, ring + np.array([left + wide / 2, top + tall / 2]), any_colour(rng)
        )
        return
    part = cut(pixels.shape, left, top, wide, tall)
    if part is None:
        return
    if chance(rng, 0.4):
        place = pixels[part]
        place[:] = poster(place.shape[1], place.shape[0], rng)
        return
    pixels[part] = flat(1, 1, any_colour(rng))[0, 0]
    logo = Pen(int(rng.integers(24)), any_colour(rng), 1.0, printed=True)
    box = Box(left, top, wide, tall).shrunk(0.1)
    put_line(pixels, logo.line("title", rng), box, logo, 0.5)


def _drawing(pixels: Pixels, pen: Pen, rng: Dice) -> None:
    """Draw circles, a smile, a curve or a little person with the pen."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    thick = max(1, round(side * between(rng, 0.008, 0.03)))
    centre = np.array([width * between(rng, 0.2, 0.8), height * between(rng, 0.3, 0.8)])
    radius = side * between(rng, 0.08, 0.3)
    at = (int(centre[0]), int(centre[1]))
    kind = pick(rng, ("circles", "smile", "chart", "person", "filled"))
    if kind == "circles":
        for _ in range(int(rng.integers(1, 4))):
            shift = centre + rng.normal(0, 0.6, 2) * radius
            axes = (int(radius), int(radius * between(rng, 0.6, 1.1)))
            spot = (int(shift[0]), int(shift[1]))
            cv2.ellipse(pixels, spot, axes, 0, 0, 360, pen.ink, thick, cv2.LINE_AA)
    elif kind == "smile":
        cv2.circle(pixels, at, int(radius), pen.ink, thick, cv2.LINE_AA)
        mouth = (int(radius * 0.6), int(radius * 0.5))
        cv2.ellipse(pixels, at, mouth, 0, 10, 170, pen.ink, thick, cv2.LINE_AA)
        for way in (-1, 1):
            eye = (int(centre[0] + way * radius * 0.35), int(centre[1] - radius * 0.3))
            cv2.circle(pixels, eye, thick, pen.ink, -1, cv2.LINE_AA)
    elif kind == "chart":
        steps = np.linspace(-1, 1, 7)
        way = np.column_stack([steps, rng.normal(0, 0.5, 7)]) * radius + centre
        draw_line(pixels, way, pen.ink, thick)
        corner = centre + np.array([[-1, -1], [-1, 1], [1, 1]]) * radius
        draw_line(pixels, corner, pen.ink, thick)
    elif kind == "person":
        head = (at[0], int(centre[1] - radius))
        cv2.circle(pixels, head, int(radius * 0.4), pen.ink, thick, cv2.LINE_AA)
        for start, end in (
            ((0, -0.6), (0, 0.3)), ((0, 0.3), (-0.5, 1)),
            ((0, 0.3), (0.5, 1)), ((-0.6, -0.2), (0.6, -0.2)),
        ):  # fmt: skip
            ends = np.array([start, end]) * radius + centre
            draw_line(pixels, wobbly(ends[0], ends[1], 0.5, rng), pen.ink, thick)
    else:
        axes = (int(radius), int(radius * between(rng, 0.5, 1.2)))
        colour = any_colour(rng)
        cv2.ellipse(
            pixels, at, axes, 0, 0, between(rng, 200, 360), colour, -1, cv2.LINE_AA
        )
