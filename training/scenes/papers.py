"""Papers: the cards, as they lie on a table before anybody pins them."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from training.scenes.doodles import decorate
from training.scenes.paint import (
    Colour,
    Dice,
    Mask,
    Pixels,
    any_colour,
    between,
    blend,
    chance,
    cut,
    draw_line,
    fill_shape,
    flat,
    grain,
    hsv,
    lightness,
    mixed,
    pick,
    scaled,
    soft_noise,
    toned,
)
from training.scenes.writing import (
    Box,
    Pen,
    any_ink,
    any_pen,
    draw_arrow,
    put_line,
    write_card,
)

NEON_HUES: Final = (58, 62, 75, 100, 28, 335, 345, 195, 205, 275)
PASTEL_HUES: Final = (54, 56, 50, 60, 340, 205, 130, 30, 270)


@dataclass(frozen=True, slots=True)
class Stationery:
    """What lies on the table: cards of one make.

    Parameters
    ----------
    colours : tuple of Colour
        Their colours.
    lined, red_line, squared : bool
        What is printed on them.
    form : bool
        Whether labels are printed on them.
    frame : float
        Share that has a frame near its border.
    shape : str
        "plain", "rounded", "oval", "cloud" or "hexagon".
    curl : float
        How much its lower edge stands off, 0 to 1.
    pen : Pen or None
        The one pen that lies there; None: everybody uses their own.
    printed : float
        Share that comes from a printer.
    """

    colours: tuple[Colour, ...]
    lined: bool = False
    red_line: bool = False
    squared: bool = False
    form: bool = False
    frame: float = 0.0
    shape: str = "plain"
    curl: float = 0.0
    pen: Pen | None = None
    printed: float = 0.015


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """A card before it is pinned.

    Parameters
    ----------
    pixels : Pixels
        What it looks like.
    opacity : Mask
        Where there is paper.
    written : bool
        Whether somebody wrote on it.
    """

    pixels: Pixels
    opacity: Mask
    written: bool


def white(rng: Dice) -> Colour:
    """Return a white of paper."""
    return hsv(pick(rng, (40, 50, 60, 210)), between(rng, 0, 0.09), between(rng, 0.82, 1))


def paper_colours(rng: Dice, kind: str) -> tuple[Colour, ...]:
    """Return the colours that lie on a table: "white", "neon", "pastel", "kraft" or "any"."""
    count = pick(rng, (1, 2, 3, 4, 6), (4, 2, 2, 2, 1))
    if kind == "white":
        return (white(rng),)
    if kind == "kraft":
        return (hsv(between(rng, 22, 40), between(rng, 0.25, 0.55), between(rng, 0.55, 0.85)),)
    if kind == "neon":
        return tuple(
            hsv(pick(rng, NEON_HUES) + rng.normal(0, 5), between(rng, 0.5, 0.95), between(rng, 0.8, 1))
            for _ in range(count)
        )
    if kind == "pastel":
        return tuple(
            hsv(pick(rng, PASTEL_HUES) + rng.normal(0, 6), between(rng, 0.1, 0.5), between(rng, 0.8, 1))
            for _ in range(count)
        )
    return tuple(any_colour(rng) for _ in range(count))


def draw_paper(width: int, height: int, make: Stationery, rng: Dice) -> Paper:
    """Draw a card of a make: paper, print, writing, light on it."""
    colour = pick(rng, make.colours)
    colour = scaled(colour, float(rng.normal(1, 0.025)))
    pixels = flat(height, width, colour)
    _print_on(pixels, make, colour, rng)
    pen = make.pen if make.pen and chance(rng, 0.75) else any_pen(rng, lightness(colour))
    if lightness(colour) < 95:
        pen = any_pen(rng, lightness(colour))
    written = True
    box = Box(0, 0, width, height)
    fate = rng.random()
    if fate < 0.05:
        written = False
    elif fate < 0.085:
        written = False
        draw_arrow(pixels, box, pen, rng)
    else:
        _write(pixels, make, box, pen, rng)
    decorate(pixels, pen, rng)
    pixels = _lit(pixels, make, rng)
    if chance(rng, 0.05):
        _turn_corner(pixels, colour, rng)
    return Paper(pixels, _shape(width, height, make, rng), written)


def _write(pixels: Pixels, make: Stationery, box: Box, pen: Pen, rng: Dice) -> None:
    if make.form:
        area = Box(box.left + box.width * 0.04, box.top + box.height * 0.2, box.width * 0.92, box.height * 0.75)
    else:
        area = box
    if chance(rng, make.printed):
        pen = Pen(pen.writer, pen.ink, 1.0, printed=True)
    if chance(rng, 0.14):
        share = between(rng, 0.35, 0.7)
        second = Pen(pen.writer, any_ink(rng, 200), pen.strength)
        upper = Box(area.left, area.top, area.width, area.height * share)
        lower = Box(area.left, area.top + upper.height, area.width, area.height - upper.height)
        write_card(pixels, upper, pen, rng)
        write_card(pixels, lower, second, rng)
        return
    write_card(pixels, area, pen, rng)


def _print_on(pixels: Pixels, make: Stationery, colour: Colour, rng: Dice) -> None:
    height, width = pixels.shape[:2]
    ink = hsv(pick(rng, (210, 220, 0)), between(rng, 0.1, 0.6), between(rng, 0.45, 0.85))
    if make.lined or make.squared:
        gap = max(4.0, height / between(rng, 7, 13))
        rule = mixed(colour, ink, between(rng, 0.2, 0.7))
        start = height * between(rng, 0.1, 0.25)
        for top in np.arange(start, height, gap):
            draw_line(pixels, [[0, top], [width, top]], rule, 1)
        if make.squared:
            for left in np.arange(gap / 2, width, gap):
                draw_line(pixels, [[left, 0], [left, height]], rule, 1)
        if make.red_line:
            red = mixed(colour, (80, 70, 215), between(rng, 0.4, 0.9))
            draw_line(pixels, [[0, start - gap / 2], [width, start - gap / 2]], red, 1)
            if chance(rng, 0.3):
                draw_line(pixels, [[width * 0.12, 0], [width * 0.12, height]], red, 1)
    if chance(rng, make.frame):
        inset = min(width, height) * between(rng, 0.02, 0.1)
        frame = any_colour(rng)
        ring = np.array([[inset, inset], [width - inset, inset], [width - inset, height - inset], [inset, height - inset], [inset, inset]])
        draw_line(pixels, ring, frame, max(1.0, width * between(rng, 0.006, 0.04)), between(rng, 0.6, 1))
    if make.form:
        _form(pixels, rng)


def _form(pixels: Pixels, rng: Dice) -> None:
    height, width = pixels.shape[:2]
    own = np.random.default_rng(int(rng.integers(40)))
    printed = Pen(int(own.integers(24)), hsv(between(own, 0, 360), between(own, 0, 0.8), between(own, 0.1, 0.5)), 0.9, printed=True)
    rows = int(own.integers(1, 4))
    for row in range(rows):
        top = height * (0.03 + row * 0.9 / rows)
        label = Box(width * 0.04, top, width * between(own, 0.3, 0.7), height * between(own, 0.07, 0.13))
        put_line(pixels, printed.line("small", own), label, printed, 0.0)
        if chance(own, 0.6):
            at = top + height * 0.8 / rows
            draw_line(pixels, [[width * 0.04, at], [width * 0.96, at]], printed.ink, 1, 0.8)
    if chance(own, 0.25):
        band = int(height * between(own, 0.1, 0.22))
        blend(pixels[:band], np.full((band, width), 255, np.uint8), any_colour(own), 0.9)


def _lit(pixels: Pixels, make: Stationery, rng: Dice) -> Pixels:
    """Shade a card: it bends, wrinkles, is folded."""
    height, width = pixels.shape[:2]
    down = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None]
    across = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :]
    tone = down * np.float32(rng.normal(0, 6)) + across * np.float32(rng.normal(0, 5))
    tone = tone + grain(height, width, rng) * np.float32(between(rng, 0, 1.6))
    if make.curl > 0:
        bend = np.clip(down + 0.5 - between(rng, 0.4, 0.8), 0, 1)
        tone = tone + bend * np.float32(rng.normal(0, 60) * make.curl)
    if chance(rng, 0.12):
        tone = tone + soft_noise(height, width, between(rng, 6, 25), rng) * between(rng, 1, 6)
    if chance(rng, 0.07):
        fold = int(between(rng, 0.25, 0.75) * (height if chance(rng, 0.5) else width))
        if chance(rng, 0.5):
            tone[:, min(fold, width - 1) :] += np.float32(rng.normal(0, 9))
        else:
            tone[min(fold, height - 1) :] += np.float32(rng.normal(0, 9))
    return toned(pixels, np.asarray(tone, np.float32))


def _turn_corner(pixels: Pixels, colour: Colour, rng: Dice) -> None:
    """Fold a corner over: its back is seen, with a shadow along the fold."""
    height, width = pixels.shape[:2]
    reach = min(width, height) * between(rng, 0.08, 0.28)
    x, y = pick(rng, ((0, 0), (width, 0), (width, height), (0, height)))
    to_x, to_y = (1 if x == 0 else -1), (1 if y == 0 else -1)
    one, other = [x + reach * to_x, y], [x, y + reach * to_y]
    tip = [x + reach * 0.8 * to_x, y + reach * 0.8 * to_y]
    shadow = [x + reach * 0.95 * to_x, y + reach * 0.95 * to_y]
    fill_shape(pixels, [one, shadow, other], (0, 0, 0), between(rng, 0.1, 0.4))
    fill_shape(pixels, [one, tip, other], scaled(colour, between(rng, 0.75, 1.1)))


def _shape(width: int, height: int, make: Stationery, rng: Dice) -> Mask:
    mask = np.full((height, width), 255, np.uint8)
    side = min(width, height)
    if make.shape == "oval":
        mask[:] = 0
        cv2.ellipse(mask, (width // 2, height // 2), (width // 2, height // 2), 0, 0, 360, (255,), -1)
    elif make.shape == "cloud":
        mask[:] = 0
        for x, y in ((0.25, 0.35), (0.5, 0.3), (0.75, 0.35), (0.25, 0.68), (0.5, 0.7), (0.75, 0.68)):
            cv2.ellipse(mask, (int(width * x), int(height * y)), (int(width * 0.25), int(height * 0.31)), 0, 0, 360, (255,), -1)
    elif make.shape == "hexagon":
        mask[:] = 0
        ring = np.array([[0.14, 0], [0.86, 0], [1, 0.5], [0.86, 1], [0.14, 1], [0, 0.5]]) * [width, height]
        cv2.fillPoly(mask, [ring.astype(np.int32)], (255,))
    elif make.shape == "rounded":
        radius = max(2, int(side * between(rng, 0.04, 0.16)))
        small = np.zeros_like(mask)
        cv2.rectangle(small, (radius, radius), (width - 1 - radius, height - 1 - radius), (255,), -1)
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
        mask = np.asarray(cv2.dilate(small, kernel), np.uint8)
    elif make.curl > 0 and chance(rng, 0.5):
        deep = height * make.curl * between(rng, 0, 0.05)
        arch = np.sin(np.linspace(0, np.pi, width)) if chance(rng, 0.6) else np.linspace(0, 1, width)
        mask[np.arange(height)[:, None] >= height - deep * arch[None, :]] = 0
    elif chance(rng, 0.1):
        _fray(mask, rng)
    if make.shape == "plain" and chance(rng, 0.05):
        reach = side * between(rng, 0.06, 0.25)
        x, y = pick(rng, ((0, 0), (width, 0), (width, height), (0, height)))
        ring3 = [[x, y], [x + reach * (1 if x == 0 else -1), y], [x, y + reach * (1 if y == 0 else -1)]]
        cv2.fillPoly(mask, [np.asarray(ring3, np.int32)], (0,))
    return mask


def _fray(mask: Mask, rng: Dice) -> None:
    """Tear or bow an edge."""
    height, width = mask.shape
    deep = max(1.0, min(width, height) * between(rng, 0.01, 0.05))
    if chance(rng, 0.5):
        edge = (soft_noise(1, width, between(rng, 2, 12), rng)[0] * 0.4 + 0.6) * deep
        if chance(rng, 0.5):
            edge = np.sin(np.linspace(0, np.pi, width)).astype(np.float32) * deep
        rows = np.arange(height)[:, None]
        mask[rows >= height - edge[None, :]] = 0
        if chance(rng, 0.3):
            mask[rows < edge[None, ::-1]] = 0
    else:
        edge = (soft_noise(1, height, between(rng, 2, 12), rng)[0] * 0.4 + 0.6) * deep
        columns = np.arange(width)[None, :]
        mask[columns < edge[:, None]] = 0
