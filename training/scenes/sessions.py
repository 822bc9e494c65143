"""Sessions written straight into the cells of a board, boxed or hatched. No cards."""

from dataclasses import dataclass

import cv2
import numpy as np

from training.scenes.grid import cell_box
from training.scenes.paint import (
    Colour,
    Dice,
    Pixels,
    between,
    blend,
    chance,
    cut,
    draw_line,
    hsv,
    pick,
    wobbly,
)
from training.scenes.plan import Plan
from training.scenes.writing import Box, Pen, any_pen, put_line, write_card


@dataclass(frozen=True, slots=True)
class Habit:
    """How people write on this board.

    Parameters
    ----------
    inset : float
        How far inside a cell they write, as a share of its sides.
    boxed, hatched, timed : float
        Shares of the sessions that have a box, a tint of marker, a time.
    hue : float
        Usual colour of that marker, degrees.
    gap : float
        Share of a side at which a box may stay open.
    thick : float
        Width of a box's lines, px.
    """

    inset: float
    boxed: float
    hatched: float
    hue: float
    timed: float
    gap: float
    thick: float


def write_sessions(pixels: Pixels, plan: Plan, rng: Dice) -> None:
    """Write into those cells of a plan that are written straight on the board."""
    ground, columns = float(pixels.mean()), len(plan.grid.columns) - 1
    habit = Habit(
        inset=pick(rng, (between(rng, -0.02, 0.02), between(rng, 0.03, 0.14))),
        boxed=pick(rng, (0.0, 0.3, 1.0), (4, 2, 4)),
        hatched=pick(rng, (0.0, 0.25, 0.7), (7, 2, 1)),
        hue=between(rng, 0, 360),
        timed=pick(rng, (0.0, 0.3, 1.0)),
        gap=pick(rng, (0.0, 0.06, 0.2)),
        thick=between(rng, 1, 5),
    )
    pens = [any_pen(rng, ground) for _ in range(pick(rng, (1, 2, 4), (4, 3, 3)))]
    ruler = any_pen(rng, ground)
    for cell in sorted(plan.inked):
        box = cell_box(plan.grid, cell % columns, cell // columns)
        _session(pixels, box.shrunk(habit.inset), habit, (pick(rng, pens), ruler), rng)


def _session(
    pixels: Pixels, box: Box, habit: Habit, pens: tuple[Pen, Pen], rng: Dice
) -> None:
    """Write one session with the first pen; most boxes are drawn with the second."""
    pen, ruler = pens
    if chance(rng, habit.hatched):
        colour = hsv(
            habit.hue + rng.normal(0, 25), between(rng, 0.3, 0.9), between(rng, 0.6, 1)
        )
        _hatch(pixels, box, colour, rng)
    if chance(rng, habit.boxed):
        _box(pixels, box, habit, pen if chance(rng, 0.3) else ruler, rng)
    area = box.shrunk(0.04)
    if chance(rng, habit.timed):
        head = Box(
            area.left, area.top, area.width, area.height * between(rng, 0.12, 0.3)
        )
        put_line(
            pixels, pen.line("small", rng), head, pen, pick(rng, (0.02, 0.5, 0.98))
        )
        rest = area.height - head.height
        area = Box(area.left, area.top + head.height, area.width, rest)
    write_card(pixels, area, pen, rng)


def _box(pixels: Pixels, box: Box, habit: Habit, pen: Pen, rng: Dice) -> None:
    """Draw a box by hand: its sides miss or cross each other at the corners."""
    corners = box.ring() + rng.normal(0, 1.5, (5, 2))
    for side in range(4):
        way = corners[side + 1] - corners[side]
        start = corners[side] + way * between(rng, -0.03, habit.gap)
        end = corners[side + 1] - way * between(rng, -0.03, habit.gap)
        stroke = wobbly(start, end, 1.2, rng)
        draw_line(pixels, stroke, pen.ink, habit.thick, pen.strength)


def _hatch(pixels: Pixels, box: Box, colour: Colour, rng: Dice) -> None:
    """Tint a box with strokes of a marker."""
    part = cut(pixels.shape, box.left, box.top, box.width, box.height)
    if part is None:
        return
    place = pixels[part]
    height, width = place.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    step, slope = between(rng, 5, 15), between(rng, -0.4, 0.4)
    thick = max(1, round(step * between(rng, 0.25, 0.7)))
    drop, upright = slope * width, chance(rng, 0.3)
    for top in np.arange(max(0.0, -drop), height - max(0.0, drop), step):
        left, right = rng.uniform(0, 0.14, 2) * width
        sway = rng.normal(0, step * 0.25, 2)
        start, end = [left, top + sway[0]], [width - right, top + drop + sway[1]]
        stroke = wobbly(start, end, 1, rng)
        cv2.polylines(
            mask,
            [stroke.astype(np.int32)],
            isClosed=False,
            color=(255,),
            thickness=thick,
        )
    if upright:
        mask = np.asarray(cv2.resize(mask.T, (width, height)), np.uint8)
    blend(place, mask, colour, between(rng, 0.2, 0.7))
