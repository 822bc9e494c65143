"""Papers: the cards, as they lie on a table before anybody pins them."""

from dataclasses import dataclass

from training.scenes.doodles import decorate
from training.scenes.paint import (
    Dice,
    Mask,
    Pixels,
    between,
    chance,
    flat,
    lightness,
    pick,
    scaled,
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
    if fate < 0.05:
        written = False
    elif fate < 0.085:
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
    if chance(rng, make.printed):
        pen = Pen(pen.writer, pen.ink, 1.0, printed=True)
    if chance(rng, 0.14):
        share = between(rng, 0.35, 0.7)
        second = Pen(pen.writer, any_ink(rng, 200), pen.strength)
        upper = Box(area.left, area.top, area.width, area.height * share)
        lower = Box(
            area.left, area.top + upper.height, area.width, area.height - upper.height
        )
        write_card(pixels, upper, pen, rng)
        write_card(pixels, lower, second, rng)
        return
    write_card(pixels, area, pen, rng)
