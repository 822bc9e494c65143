"""What is on a board and is no card: headings, bands, writing, posters."""

from typing import Final

import numpy as np

from training.scenes.boards import cell_box, tint
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
from training.scenes.papers import draw_paper
from training.scenes.plan import Grid, Plan, heading_pen
from training.scenes.posters import poster
from training.scenes.stage import IGNORE, Stage, placed_quad
from training.scenes.stationery import Stationery, paper_colours
from training.scenes.writing import (
    Box,
    any_pen,
    draw_arrow,
    put_line,
    write_card,
    write_rows,
)

CARD_LIKE: Final = 125
"""Side of a printed thing that could as well be a printed card, px."""


def add_headings(stage: Stage, plan: Plan, rng: Dice) -> None:
    """Name rooms and hours: printed on the board, or on papers (ignored)."""
    grid, ground = plan.grid, float(stage.pixels.mean())
    how = pick(rng, ("board", "papers", "none"), (50, 35, 15))
    pen = heading_pen(ground, rng)
    make = Stationery(
        paper_colours(rng, pick(rng, ("white", "neon", "any"))), pen=heading_pen(200, rng),
        shape=pick(rng, ("plain", "rounded", "oval"), (8, 1, 1)),
    )  # fmt: skip
    share, turn = between(rng, 0.6, 1), pick(rng, (0.4, 2, 4))
    spots = [(column, -1) for column in range(len(grid.columns) - 1)]
    spots += [(-1, row) for row in range(len(grid.rows) - 1)]
    for column, row in spots:
        box = cell_box(grid, column, row)
        if box.width < 14 or box.height < 10 or how == "none" or chance(rng, 0.04):
            continue
        if how == "board":
            part = box.shrunk(0.06)
            if chance(rng, 0.5):
                part = Box(
                    part.left,
                    part.top + part.height * 0.25,
                    part.width,
                    part.height * 0.5,
                )
            put_line(
                stage.pixels, pen.line("title", rng), part, pen, pick(rng, (0.05, 0.5))
            )
            continue
        width, height = int(box.width * share), int(box.height * share)
        if width > 16 and height > 12:
            paper = draw_paper(width, height, make, rng)
            centre = (box.left + box.width / 2, box.top + box.height / 2)
            quad = placed_quad(centre, width, height, float(rng.normal(0, turn)), rng)
            stage.paste(
                paper.pixels,
                paper.opacity,
                quad,
                instance=IGNORE,
                lift=plan.lift,
                rng=rng,
            )


def add_bands(stage: Stage, plan: Plan, rng: Dice) -> None:
    """Print what is for all: lunch across the rooms. No card."""
    grid, rows = plan.grid, len(plan.grid.rows) - 1
    for _ in range(pick(rng, (0, 1, 2), (70, 20, 10))):
        row = int(rng.integers(rows))
        tall = (grid.rows[row + 1] - grid.rows[row]) * between(rng, 0.4, 1)
        box = Box(
            grid.columns[0], grid.rows[row], grid.columns[-1] - grid.columns[0], tall
        )
        if chance(rng, 0.8):
            tint(stage.pixels, box, any_colour(rng), between(rng, 0.5, 1))
        pen = heading_pen(
            float(
                stage.pixels[
                    cut(stage.pixels.shape, box.left, box.top, box.width, box.height)
                    or np.s_[:]
                ].mean()
            ),
            rng,
        )
        put_line(stage.pixels, pen.line("title", rng), box.shrunk(0.12), pen, 0.5)


def add_writing(stage: Stage, plan: Plan, rng: Dice) -> None:
    """Write straight on the board, in cells and beside them. No cards."""
    grid, pixels = plan.grid, stage.pixels
    ground = float(pixels.mean())
    pen = any_pen(rng, ground)
    columns, rows = len(grid.columns) - 1, len(grid.rows) - 1
    count = pick(
        rng, (0, int(rng.integers(1, 4)), int(rng.integers(4, 25))), (60, 22, 18)
    )
    if plan.order == "none":
        count = round(columns * rows * between(rng, 0.4, 1))
    for cell in rng.permutation(columns * rows)[:count]:
        box = cell_box(grid, int(cell) % columns, int(cell) // columns)
        box = box.shrunk(between(rng, 0.04, 0.2))
        if chance(rng, 0.3):
            pen = any_pen(rng, ground)
        if chance(rng, 0.1):
            draw_arrow(pixels, box, pen, rng)
        else:
            write_card(pixels, box, pen, rng)
        if chance(rng, 0.2):
            corners = [
                [box.left, box.top],
                [box.left + box.width, box.top],
                [box.left + box.width, box.top + box.height],
                [box.left, box.top + box.height],
            ]
            for side in range(4):
                way = wobbly(corners[side], corners[(side + 1) % 4], 1.5, rng)
                draw_line(pixels, way, pen.ink, between(rng, 1, 4))
    if chance(rng, 0.55):
        box = Box(
            between(rng, 0, 0.3) * pixels.shape[1],
            2,
            pixels.shape[1] * between(rng, 0.3, 0.7),
            grid.rows[0] * between(rng, 0.3, 0.7),
        )
        head = heading_pen(ground, rng)
        put_line(pixels, head.line("title", rng), box, head, 0.5)
    if chance(rng, 0.25):
        _instructions(pixels, grid, ground, rng)
    for _ in range(pick(rng, (0, 1, 3), (75, 15, 10))):
        ends = rng.uniform(0, 1, (2, 2)) * [pixels.shape[1], pixels.shape[0]]
        draw_line(
            pixels,
            wobbly(ends[0], ends[1], 4, rng),
            any_colour(rng),
            between(rng, 1, 7),
            between(rng, 0.5, 1),
        )


def _instructions(pixels: Pixels, grid: Grid, ground: float, rng: Dice) -> None:
    """Print or write how to use the board, above, below or beside the grid."""
    height, width = pixels.shape[:2]
    pen = heading_pen(ground, rng)
    share = between(rng, 0.25, 0.9)
    box = pick(
        rng,
        (
            Box(
                width * between(rng, 0, 1 - share), 2, width * share, grid.rows[0] * 0.9
            ),
            Box(
                width * between(rng, 0, 1 - share),
                grid.rows[-1] + 2,
                width * share,
                height - grid.rows[-1] - 4,
            ),
            Box(
                2,
                height * between(rng, 0, 1 - share),
                grid.columns[0] * 0.9,
                height * share,
            ),
        ),
    )
    if min(box.width, box.height) > 14:
        rows = max(1, round(box.height / between(rng, 12, 30)))
        write_rows(pixels, box, pen, ("small",) * min(rows, 14), rng)


def add_posters(stage: Stage, plan: Plan, rng: Dice) -> None:
    """Hang printed things, legends and codes on the board. No cards."""
    width, height = plan.size_wh
    for _ in range(pick(rng, (0, 1, 2, 4), (62, 22, 12, 4))):
        side = between(rng, 70, 330)
        wide = int(side * between(rng, 0.6, 1.3))
        tall = int(side * between(rng, 0.6, 1.3))
        pixels = poster(wide, tall, rng)
        centre = (between(rng, 0, 1) * width, between(rng, 0, 1) * height)
        if chance(rng, 0.7):
            centre = (
                (pick(rng, (0.03, 0.97)) * width, centre[1])
                if chance(rng, 0.5)
                else (centre[0], pick(rng, (0.03, 0.97)) * height)
            )
        quad = placed_quad(centre, wide, tall, float(rng.normal(0, 3)), rng)
        stage.paste(
            pixels,
            np.full((tall, wide), 255, np.uint8),
            quad,
            instance=IGNORE if side < CARD_LIKE else 0,
            lift=plan.lift,
            rng=rng,
        )
    if chance(rng, 0.1):
        ring = rng.uniform(0, 1, 2) * plan.size_wh + np.array(
            [[0, 0], [90, 0], [90, 26], [0, 26]]
        )
        fill_shape(stage.pixels, ring, any_colour(rng))
