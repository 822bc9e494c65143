"""Views: what is seen through a glass wall that cards are stuck on."""

import cv2
import numpy as np

from training.scenes.paint import (
    Colour,
    Dice,
    Pixels,
    any_colour,
    between,
    blend,
    chance,
    cut,
    draw_line,
    flat,
    hsv,
    mixed,
    pick,
    scaled,
    soft_noise,
    toned,
)


def draw_view(height: int, width: int, rng: Dice) -> Pixels:
    """Draw a street, a yard or a room behind glass, out of focus as a rule."""
    sky = hsv(between(rng, 190, 230), between(rng, 0, 0.45), between(rng, 0.35, 1))
    pixels = flat(height, width, sky)
    horizon = int(between(rng, 0.25, 0.85) * height)
    ground = hsv(between(rng, 0, 360), between(rng, 0, 0.3), between(rng, 0.2, 0.8))
    pixels[horizon:] = np.rint(ground).astype(np.uint8)
    for _ in range(int(rng.integers(1, 7))):
        _building(pixels, horizon, rng)
    for _ in range(int(rng.integers(0, 6))):
        _tree(pixels, horizon, rng)
    for _ in range(int(rng.integers(0, 7))):
        _car(pixels, horizon, rng)
    for _ in range(int(rng.integers(0, 12))):
        _post(pixels, horizon, rng)
    for _ in range(int(rng.integers(0, 10))):
        _patch(pixels, rng)
    if chance(rng, 0.8):
        soft = between(rng, 0.5, 5)
        pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), soft), np.uint8)
    tone = soft_noise(height, width, between(rng, 6, 60), rng) * between(rng, 1, 9)
    return toned(pixels, np.asarray(tone, np.float32))


def _building(pixels: Pixels, horizon: int, rng: Dice) -> None:
    """Draw a front with rows of windows: they look like cards, and are none."""
    height, width = pixels.shape[:2]
    left, wide = between(rng, -0.2, 0.95) * width, between(rng, 0.15, 0.6) * width
    top = horizon - between(rng, 0.1, 1) * height
    part = cut(pixels.shape, left, top, wide, horizon + 9 - top)
    if part is None:
        return
    place = pixels[part]
    wall = hsv(between(rng, 0, 60), between(rng, 0, 0.5), between(rng, 0.2, 0.9))
    place[:] = np.rint(wall).astype(np.uint8)
    across, down = between(rng, 24, 110), between(rng, 24, 120)
    pane_wide, pane_tall = (
        across * between(rng, 0.4, 0.8),
        down * between(rng, 0.4, 0.8),
    )
    pane = hsv(between(rng, 180, 240), between(rng, 0, 0.4), between(rng, 0.05, 1))
    for y in np.arange(down * 0.2, place.shape[0], down):
        for x in np.arange(across * 0.2, place.shape[1], across):
            spot = cut(place.shape, x, y, pane_wide, pane_tall)
            if spot is not None:
                colour = scaled(pane, between(rng, 0.7, 1.3))
                place[spot] = np.rint(colour).astype(np.uint8)


def _tree(pixels: Pixels, horizon: int, rng: Dice) -> None:
    height, width = pixels.shape[:2]
    x, top = between(rng, 0, 1) * width, horizon - between(rng, 0.1, 0.6) * height
    size = between(rng, 0.06, 0.25) * width
    bark = hsv(between(rng, 15, 40), 0.4, between(rng, 0.1, 0.4))
    draw_line(pixels, [[x, top], [x, horizon + 9]], bark, size * 0.12)
    green = hsv(between(rng, 40, 140), between(rng, 0.2, 0.8), between(rng, 0.1, 0.7))
    if chance(rng, 0.3):
        for _ in range(int(rng.integers(8, 30))):
            tip = rng.normal(0, 0.6, 2) * size + [x, top]
            draw_line(
                pixels, [[x, top + size * 0.5], tip.tolist()], bark, between(rng, 1, 4)
            )
        return
    for _ in range(int(rng.integers(15, 60))):
        spot = rng.normal(0, 0.4, 2) * size + [x, top]
        radius = max(2, int(size * between(rng, 0.05, 0.25)))
        colour = scaled(green, between(rng, 0.6, 1.4))
        cv2.circle(pixels, (int(spot[0]), int(spot[1])), radius, colour, -1)


def _car(pixels: Pixels, horizon: int, rng: Dice) -> None:
    height, width = pixels.shape[:2]
    x, y = between(rng, 0, 1) * width, horizon + between(rng, 0, 0.25) * height
    long = between(rng, 0.08, 0.3) * width
    tall = long * 0.22
    colour = any_colour(rng)
    body = np.array(
        [[0, 0], [0.2, 0], [0.3, -1], [0.7, -1], [0.82, 0], [1, 0.1], [1, 1], [0, 1]]
    )
    glass = np.array([[0.25, 0], [0.33, -0.85], [0.67, -0.85], [0.75, 0]])
    for ring, tone in ((body, colour), (glass, (60.0, 55.0, 50.0))):
        cv2.fillPoly(pixels, [(ring * [long, tall] + [x, y]).astype(np.int32)], tone)
    for at in (0.2, 0.8):
        wheel = (int(x + long * at), int(y + tall))
        cv2.circle(pixels, wheel, max(2, int(tall * 0.45)), (25, 25, 25), -1)


def _post(pixels: Pixels, horizon: int, rng: Dice) -> None:
    """Draw what stands upright: posts, bars, people far away."""
    height, width = pixels.shape[:2]
    x, foot = between(rng, 0, 1) * width, horizon + between(rng, 0, 0.3) * height
    tall = between(rng, 0.08, 0.6) * height
    colour, wide = any_colour(rng), between(rng, 1, 16)
    draw_line(pixels, [[x, foot], [x + rng.normal(0, 5), foot - tall]], colour, wide)
    if chance(rng, 0.4):
        sign = cut(
            pixels.shape,
            x - 30,
            foot - tall,
            between(rng, 20, 90),
            between(rng, 15, 80),
        )
        if sign is not None:
            pixels[sign] = np.rint(any_colour(rng)).astype(np.uint8)


def _patch(pixels: Pixels, rng: Dice) -> None:
    """Mirror a light or a dark shape in the pane."""
    height, width = pixels.shape[:2]
    wide, tall = between(rng, 0.03, 0.5) * width, between(rng, 0.03, 0.5) * height
    part = cut(
        pixels.shape,
        between(rng, 0, 1) * width,
        between(rng, 0, 1) * height,
        wide,
        tall,
    )
    if part is None:
        return
    place = pixels[part]
    light: Colour = (
        (250.0, 250.0, 250.0)
        if chance(rng, 0.5)
        else mixed(any_colour(rng), (0, 0, 0), 0.5)
    )
    mask = np.full(place.shape[:2], 255, np.uint8)
    if chance(rng, 0.4):
        mask[:] = 0
        axes = (place.shape[1] // 2, place.shape[0] // 2)
        cv2.ellipse(mask, axes, axes, 0, 0, 360, (255,), -1)
    blend(place, mask, light, pick(rng, (0.08, 0.2, 0.5)))
