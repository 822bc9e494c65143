"""Stationery: what lies on the table, blank, in which colours, with which print."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from training.scenes.paint import (
    Colour,
    Dice,
    Pixels,
    any_colour,
    between,
    blend,
    chance,
    draw_line,
    hsv,
    mixed,
    pick,
)
from training.scenes.writing import (
    Box,
    Pen,
    put_line,
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


def white(rng: Dice) -> Colour:
    """Return a white of paper."""
    return hsv(
        pick(rng, (40, 50, 60, 210)), between(rng, 0, 0.09), between(rng, 0.82, 1)
    )


def paper_colours(rng: Dice, kind: str) -> tuple[Colour, ...]:
    """Return the colours that lie on a table: "white", "neon", "pastel", "kraft" or "any"."""
    count = pick(rng, (1, 2, 3, 4, 6), (4, 2, 2, 2, 1))
    if kind == "white":
        return (white(rng),)
    if kind == "kraft":
        return (
            hsv(
                between(rng, 22, 40), between(rng, 0.25, 0.55), between(rng, 0.55, 0.85)
            ),
        )
    if kind == "neon":
        return tuple(
            hsv(
                pick(rng, NEON_HUES) + rng.normal(0, 5),
                between(rng, 0.5, 0.95),
                between(rng, 0.8, 1),
            )
            for _ in range(count)
        )
    if kind == "pastel":
        return tuple(
            hsv(
                pick(rng, PASTEL_HUES) + rng.normal(0, 6),
                between(rng, 0.1, 0.5),
                between(rng, 0.8, 1),
            )
            for _ in range(count)
        )
    return tuple(any_colour(rng) for _ in range(count))


def print_on(pixels: Pixels, make: Stationery, colour: Colour, rng: Dice) -> None:
    """Print rules, squares, a frame or a form, in place."""
    height, width = pixels.shape[:2]
    ink = hsv(
        pick(rng, (210, 220, 0)), between(rng, 0.1, 0.6), between(rng, 0.45, 0.85)
    )
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
        ring = np.array(
            [
                [inset, inset],
                [width - inset, inset],
                [width - inset, height - inset],
                [inset, height - inset],
                [inset, inset],
            ]
        )
        draw_line(
            pixels,
            ring,
            frame,
            max(1.0, width * between(rng, 0.006, 0.04)),
            between(rng, 0.6, 1),
        )
    if make.form:
        _form(pixels, rng)


def _form(pixels: Pixels, rng: Dice) -> None:
    height, width = pixels.shape[:2]
    own = np.random.default_rng(int(rng.integers(40)))
    printed = Pen(
        int(own.integers(24)),
        hsv(between(own, 0, 360), between(own, 0, 0.8), between(own, 0.1, 0.5)),
        0.9,
        printed=True,
    )
    rows = pick(own, (1, 2, 3), (6, 2, 1))
    for row in range(rows):
        top = height * (0.03 + row * 0.9 / rows)
        label = Box(
            width * 0.04,
            top,
            width * between(own, 0.3, 0.7),
            height * between(own, 0.07, 0.13),
        )
        put_line(pixels, printed.line("small", own), label, printed, 0.0)
        if chance(own, 0.6):
            at = top + height * 0.8 / rows
            draw_line(
                pixels, [[width * 0.04, at], [width * 0.96, at]], printed.ink, 1, 0.8
            )
    if chance(own, 0.25):
        band = int(height * between(own, 0.1, 0.22))
        blend(
            pixels[:band], np.full((band, width), 255, np.uint8), any_colour(own), 0.9
        )
