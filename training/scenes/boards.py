"""Boards: the ground, its panels, cells and lines."""

import cv2
import numpy as np

from training.scenes.grid import Grid, cell_box
from training.scenes.lines import draw_lines
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
    fill_shape,
    hsv,
    pick,
    scaled,
)
from training.scenes.plan import Plan, heading_pen
from training.scenes.surfaces import surface
from training.scenes.writing import (
    Box,
    write_rows,
)


def draw_board(plan: Plan, rng: Dice) -> Pixels:
    """Draw a board before any paper is on it."""
    width, height = plan.size_wh
    pixels = surface(height, width, plan.ground, rng)
    if plan.ground == "view":
        _glass(pixels, rng)
    if chance(rng, 0.12) and not plan.full_white:
        _panels(pixels, rng)
    if chance(rng, 0.06):
        _squares(pixels, rng)
    if plan.lines == "printed":
        _printed_cells(pixels, plan, rng)
    if plan.lines in ("printed", "none") and chance(rng, 0.12):
        _boxes(pixels, plan.grid, rng)
    draw_lines(pixels, plan, rng)
    return pixels


def _glass(pixels: Pixels, rng: Dice) -> None:
    """Add what is in the pane: mullions, mirrored lights."""
    height, width = pixels.shape[:2]
    if chance(rng, 0.5):
        for left in np.arange(
            between(rng, 0, 1) * width, width, between(rng, 0.3, 0.7) * width
        ):
            draw_line(
                pixels,
                [[left, 0], [left, height]],
                any_colour(rng),
                between(rng, 6, 30),
            )
    for _ in range(pick(rng, (0, 1, 3), (50, 30, 20))):
        ring = rng.uniform(-0.2, 1.2, (4, 2)) * [width, height]
        fill_shape(
            pixels,
            cv2.convexHull(ring.astype(np.float32))[:, 0],
            any_colour(rng),
            between(rng, 0.1, 0.35),
        )
    veil = np.full((height, width), 255, np.uint8)
    blend(pixels, veil, (230, 225, 220), between(rng, 0, 0.4))


def _panels(pixels: Pixels, rng: Dice) -> None:
    """Hang sheets of paper that cards are put on."""
    height, width = pixels.shape[:2]
    for _ in range(int(rng.integers(1, 4))):
        part = cut(
            pixels.shape,
            between(rng, -0.1, 0.7) * width,
            between(rng, -0.1, 0.6) * height,
            between(rng, 0.35, 0.9) * width,
            between(rng, 0.4, 1) * height,
        )
        if part is None:
            continue
        place = pixels[part]
        rim = scaled(tuple(place.reshape(-1, 3).mean(0).tolist()), 0.75)
        kind = pick(rng, ("white", "paper", "brown", "paint"))
        place[:] = surface(place.shape[0], place.shape[1], kind, rng)
        cv2.rectangle(place, (0, 0), (place.shape[1] - 1, place.shape[0] - 1), rim, 1)


def _squares(pixels: Pixels, rng: Dice) -> None:
    """Print the squares of flip-chart paper."""
    height, width = pixels.shape[:2]
    step = between(rng, 9, 30)
    colour, strength = any_colour(rng), between(rng, 0.06, 0.25)
    mask = np.zeros((height, width), np.uint8)
    mask[np.arange(0, height, step).astype(int)] = 255
    mask[:, np.arange(0, width, step).astype(int)] = 255
    blend(pixels, mask, colour, strength)


def _printed_cells(pixels: Pixels, plan: Plan, rng: Dice) -> None:
    """Colour header rows, columns, bands and some cells of a printed table."""
    grid = plan.grid
    columns, rows = len(grid.columns) - 1, len(grid.rows) - 1
    if chance(rng, 0.5):
        head = any_colour(rng)
        for column in range(-1, columns):
            tint(pixels, cell_box(grid, column, -1), head, 0.9)
        if chance(rng, 0.5):
            head = any_colour(rng)
        for row in range(rows):
            tint(pixels, cell_box(grid, -1, row), head, 0.9)
    if chance(rng, 0.3):
        colour, strength = any_colour(rng), between(rng, 0.05, 0.4)
        for row in range(0, rows, 2):
            box = cell_box(grid, 0, row)
            wide = grid.columns[-1] - grid.columns[0]
            tint(pixels, Box(box.left, box.top, wide, box.height), colour, strength)
    if chance(rng, 0.15):
        _fixed_sessions(pixels, grid, rng)


def _boxes(pixels: Pixels, grid: Grid, rng: Dice) -> None:
    """Print each cell as a field of its own: cards go into it, it is none."""
    inset = between(rng, 0.01, 0.09)
    colour = hsv(between(rng, 0, 360), pick(rng, (0, 0.03, 0.3)), between(rng, 0.75, 1))
    rim = scaled(colour, between(rng, 0.3, 0.95))
    edge = pick(rng, (0.0, 1.0, 2.0))
    for column in range(len(grid.columns) - 1):
        for row in range(len(grid.rows) - 1):
            box = cell_box(grid, column, row).shrunk(inset)
            tint(pixels, box, colour, 1)
            if edge:
                draw_line(pixels, box.ring(), rim, edge)


def _fixed_sessions(pixels: Pixels, grid: Grid, rng: Dice) -> None:
    """Print coloured cells: sessions that were settled before. No cards."""
    columns, rows = len(grid.columns) - 1, len(grid.rows) - 1
    for _ in range(int(rng.integers(1, 6))):
        box = cell_box(grid, int(rng.integers(columns)), int(rng.integers(rows)))
        tint(pixels, box, any_colour(rng), between(rng, 0.15, 0.9))
        if chance(rng, 0.6):
            pen = heading_pen(float(pixels.mean()), rng)
            lines = ("title",) * int(rng.integers(1, 3))
            write_rows(pixels, box.shrunk(0.15), pen, lines, rng)


def tint(pixels: Pixels, box: Box, colour: Colour, strength: float) -> None:
    """Colour a box, in place."""
    part = cut(pixels.shape, box.left, box.top, box.width, box.height)
    if part is not None:
        place = pixels[part]
        blend(place, np.full(place.shape[:2], 255, np.uint8), colour, strength)
