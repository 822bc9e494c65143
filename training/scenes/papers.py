"""Papers: the cards, as they lie on a table before anybody pins them."""

from dataclasses import dataclass

from training.scenes.doodles import decorate
from training.scenes.paint import (
    Dice,
    Mask,
    Pixels,
    between,
    chance,
    draw_line,
    flat,
    lightness,
    pick,
    scaled,
    wobbly,
)
from training.scenes.sheets import lit, outline, turn_corner
from training.scenes.stationery import Stationery, print_on
from training.scenes.writing import (
    Box,
    Pen,
    any_ink,
    any_pen,
    draw_arrow,
    write_card,
)


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


def draw_paper(width: int, height: int, make: Stationery, rng: Dice) -> Paper:
    """Draw a card of a make: paper, print, writing, light on it."""
    colour = pick(rng, make.colours)
    colour = scaled(colour, float(rng.normal(1, 0.025)))
    pixels = flat(height, width, colour)
    print_on(pixels, make, colour, rng)
    pen = (
        make.pen if make.pen and chance(rng, 0.75) else any_pen(rng, lightness(colour))
    )
    if lightness(colour) < 95:
        pen = any_pen(rng, lightness(colour))
    written = True
    box = Box(0, 0, width, height)
    fate = rng.random()
    if fate < make.blank:
        written = False
    elif fate < 2 * make.blank:
        written = False
        draw_arrow(pixels, box, pen, rng)
    else:
        _write(pixels, make, box, pen, rng)
    decorate(pixels, pen, rng)
    pixels = lit(pixels, make, rng)
    if chance(rng, 0.05):
        turn_corner(pixels, colour, rng)
    return Paper(pixels, outline(width, height, make, rng), written)


def _write(pixels: Pixels, make: Stationery, box: Box, pen: Pen, rng: Dice) -> None:
    if make.form:
        area = Box(
            box.left + box.width * 0.04,
            box.top + box.height * 0.2,
            box.width * 0.92,
            box.height * 0.75,
        )
    else:
        area = box
    if chance(rng, make.headed):
        area = Box(
            area.left, area.top, area.width, area.height * between(rng, 0.3, 0.6)
        )
    if chance(rng, make.printed):
        pen = Pen(pen.writer, pen.ink, 1.0, printed=True)
    if chance(rng, 0.24):
        _write_twice(pixels, area, pen, rng)
    else:
        write_card(pixels, area, pen, rng)


def _write_twice(pixels: Pixels, area: Box, pen: Pen, rng: Dice) -> None:
    """Write two blocks, below or beside each other, apart, ruled off or not."""
    first, gap = between(rng, 0.25, 0.65), pick(rng, (0.0, between(rng, 0.03, 0.3)))
    second = (
        pen if chance(rng, 0.5) else Pen(pen.writer, any_ink(rng, 200), pen.strength)
    )
    rest = max(0.15, 1 - first - gap)
    if chance(rng, 0.65):
        one = Box(area.left, area.top, area.width, area.height * first)
        top = area.top + area.height * (1 - rest)
        other = Box(area.left, top, area.width, area.height * rest)
        middle = (one.top + one.height + other.top) / 2
        ends = [area.left, middle], [area.left + area.width, middle]
    else:
        one = Box(area.left, area.top, area.width * first, area.height)
        left = area.left + area.width * (1 - rest)
        other = Box(left, area.top, area.width * rest, area.height)
        middle = (one.left + one.width + other.left) / 2
        ends = [middle, area.top], [middle, area.top + area.height]
    write_card(pixels, one, pen, rng)
    write_card(pixels, other, second, rng)
    if chance(rng, 0.35):
        thick = max(1.0, min(area.width, area.height) * between(rng, 0.01, 0.06))
        draw_line(pixels, wobbly(*ends, 1.2, rng), second.ink, thick, pen.strength)
