"""The plan of a scene: sizes, grid, stationery and habits, drawn by lot."""

from dataclasses import dataclass

import numpy as np

from training.scenes.paint import Colour, Dice, between, chance, hsv, pick
from training.scenes.stage import Lamp
from training.scenes.stationery import Stationery, paper_colours
from training.scenes.writing import Pen, any_pen

BOARD_KINDS = (
    "white", "whiteboard", "paint", "paper", "brown", "wood", "cork", "felt",
    "chalk", "colour", "brick", "view", "concrete",
)  # fmt: skip
BOARD_WEIGHTS = (22, 12, 9, 12, 6, 5, 5, 6, 6, 3, 1.5, 7, 1.5)


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns and rows of a board, px.

    Parameters
    ----------
    columns, rows : tuple of float
        Edges of columns and rows, one more than there are.
    """

    columns: tuple[float, ...]
    rows: tuple[float, ...]

    @property
    def cell(self) -> tuple[float, float]:
        """Return the mean width and height of a cell."""
        wide = (self.columns[-1] - self.columns[0]) / (len(self.columns) - 1)
        tall = (self.rows[-1] - self.rows[0]) / (len(self.rows) - 1)
        return wide, tall


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is decided before anything is drawn.

    Parameters
    ----------
    size_wh : tuple of int
        Size of the board.
    ground : str
        What the board is made of.
    grid : Grid
        Its columns and rows, seen or not.
    lines : str
        "printed", "taped", "drawn", "ruled" or "none".
    full_white : bool
        Whether white cards hang in white printed cells.
    makes : tuple of Stationery
        What people wrote on.
    card_wh : tuple of float
        Usual size of a card.
    order : str
        "cells", "piles", "free", "rows" or "none".
    filled : float
        Share of the cells that hold a card.
    tilt_deg : float
        Deviation of the cards' turn.
    lift : float
        How far cards stand off.
    lamp : Lamp
        How their shadows fall.
    fastening : str
        "none", "pin", "magnet" or "tape".
    backlight : float
        Brightness of cards on glass, against the day behind them.
    """

    size_wh: tuple[int, int]
    ground: str
    grid: Grid
    lines: str
    full_white: bool
    makes: tuple[Stationery, ...]
    card_wh: tuple[float, float]
    order: str
    filled: float
    tilt_deg: float
    lift: float
    lamp: Lamp
    fastening: str
    backlight: float


def make_plan(rng: Dice) -> Plan:
    """Draw the plan of a scene by lot."""
    full_white = chance(rng, 0.24)
    cell = float(np.clip(110 * np.exp(rng.normal(0.06, 0.23)), 70, 230))
    aspect = float(np.clip(np.exp(rng.normal(0.25, 0.35)), 0.6, 2.8))
    size_wh, grid = _grid(cell * aspect**0.5, cell / aspect**0.5, rng)
    ground = "white" if full_white else pick(rng, BOARD_KINDS, BOARD_WEIGHTS)
    if full_white and chance(rng, 0.3):
        ground = pick(rng, ("paper", "whiteboard", "paint"))
    lines = pick(
        rng, ("printed", "taped", "drawn", "ruled", "none"), (30, 15, 22, 13, 20)
    )
    if full_white:
        lines = pick(rng, ("printed", "ruled", "drawn", "none"), (75, 10, 10, 5))
    return Plan(
        size_wh=size_wh,
        ground=ground,
        grid=grid,
        lines=lines,
        full_white=full_white,
        makes=_makes(rng, full_white=full_white),
        card_wh=_card_size(*grid.cell, rng, full_white=full_white),
        order="cells"
        if full_white
        else pick(rng, ("cells", "piles", "free", "rows", "none"), (52, 14, 16, 10, 8)),
        filled=between(rng, 0.3, 0.95) if full_white else between(rng, 0.08, 1),
        tilt_deg=pick(rng, (0.7, 1.5, 3, 5, 9), (3, 4, 4, 3, 1))
        * (0.6 if full_white else 1),
        lift=between(rng, 0.3, 1.8),
        lamp=_lamp(rng, ground, full_white=full_white),
        fastening=pick(rng, ("none", "pin", "magnet", "tape"), (55, 22, 8, 15)),
        backlight=between(rng, 0.5, 1.1) if ground == "view" else 1.0,
    )


def _grid(wide: float, tall: float, rng: Dice) -> tuple[tuple[int, int], Grid]:
    most_columns, most_rows = int(1180 / wide), int(980 / tall)
    columns = int(rng.integers(2, max(3, most_columns + 1)))
    rows = int(rng.integers(2, max(3, most_rows + 1)))
    if columns * wide > 2.2 * rows * tall:
        rows = max(2, min(most_rows, round(columns * wide / tall / between(rng, 1, 2))))
    if rows * tall > 1.5 * columns * wide:
        columns = max(
            2, min(most_columns, round(rows * tall / wide * between(rng, 0.8, 1.6)))
        )
    short = 640 / max(columns * wide, rows * tall)
    if short > 1:
        columns = max(2, min(most_columns, round(columns * short)))
        rows = max(2, min(most_rows, round(rows * short)))
    left, top = wide * between(rng, 0.1, 1.1), tall * between(rng, 0.15, 1.1)
    if chance(rng, 0.4):
        top += tall * between(rng, 0.3, 1.2)
    right, bottom = wide * between(rng, 0.03, 0.6), tall * between(rng, 0.03, 0.6)

    def edges(count: int, step: float, start: float) -> tuple[float, ...]:
        uneven = rng.uniform(0.75, 1.3, count) if chance(rng, 0.3) else np.ones(count)
        if chance(rng, 0.12):
            uneven[int(rng.integers(count))] *= between(rng, 0.35, 0.7)
        uneven = uneven / uneven.mean()
        return tuple((start + step * np.concatenate([[0], np.cumsum(uneven)])).tolist())

    grid = Grid(edges(columns, wide, left), edges(rows, tall, top))
    size = (int(grid.columns[-1] + right), int(grid.rows[-1] + bottom))
    return size, grid


def _makes(rng: Dice, *, full_white: bool) -> tuple[Stationery, ...]:
    if not full_white and chance(rng, 0.07):
        colours = paper_colours(rng, pick(rng, ("white", "neon", "pastel")))
        return (
            Stationery(
                colours, lined=True, red_line=chance(rng, 0.4), pen=any_pen(rng, 200)
            ),
        )
    kinds = ("white", "neon", "pastel", "any", "kraft")
    weights = (100, 0, 6, 0, 0) if full_white else (28, 31, 29, 10, 3)
    count = pick(rng, (1, 2, 3), (70, 22, 8))
    return tuple(_make(pick(rng, kinds, weights), rng) for _ in range(count))


def _make(kind: str, rng: Dice) -> Stationery:
    sticky = kind in ("neon", "pastel") and chance(rng, 0.75)
    lined = chance(rng, 0.12 if sticky else 0.4)
    form = not sticky and chance(rng, 0.2)
    return Stationery(
        colours=paper_colours(rng, kind),
        lined=lined,
        red_line=lined and chance(rng, 0.6),
        squared=lined and chance(rng, 0.12),
        form=form and not lined,
        frame=pick(rng, (0.0, 0.05, 0.7), (80, 12, 8)),
        shape=pick(
            rng, ("plain", "rounded", "oval", "cloud", "hexagon"), (88, 8, 2, 1, 0.7)
        ),
        curl=between(rng, 0.2, 1) if sticky or chance(rng, 0.2) else 0.0,
        pen=any_pen(rng, 200) if chance(rng, 0.6) else None,
        printed=0.6 if not sticky and chance(rng, 0.06) else 0.015,
    )


def _card_size(
    wide: float, tall: float, rng: Dice, *, full_white: bool
) -> tuple[float, float]:
    fit = pick(rng, ("small", "middle", "full", "over"), (16, 36, 38, 10))
    if full_white:
        fit = pick(rng, ("middle", "full", "over"), (30, 60, 10))
    low, high = {
        "small": (0.35, 0.6), "middle": (0.6, 0.88), "full": (0.88, 1.0), "over": (1.0, 1.2),
    }[fit]  # fmt: skip
    own = pick(
        rng,
        (1.0, 1.02, 5 / 3, 1.5, 1.41, 0.71, 0.6, 0.5, 1.9, wide / tall),
        (16, 6, 12, 8, 7, 6, 5, 3, 3, 34),
    )
    if fit in ("full", "over") and chance(rng, 0.6):
        own = wide / tall * between(rng, 0.88, 1.12)
    width = min(wide, tall * own) * between(rng, low, high)
    width = max(width, 42 * own**0.5)
    return width, width / own


def _lamp(rng: Dice, ground: str, *, full_white: bool) -> Lamp:
    depth = pick(
        rng, (0.0, between(rng, 0.05, 0.2), between(rng, 0.15, 0.6)), (15, 35, 50)
    )
    if full_white:
        depth = pick(rng, (between(rng, 0.04, 0.15), between(rng, 0.1, 0.4)), (55, 45))
    rim = (
        float(rng.normal(0, 0.35))
        if chance(rng, 0.4 if not full_white else 0.7)
        else 0.0
    )
    if ground in ("white", "whiteboard", "paper"):
        depth = max(depth, 0.07)
    return Lamp(
        fall=(float(rng.normal(0, 2)), between(rng, -0.5, 5)),
        depth=depth,
        soft=between(rng, 0.7, 4.5),
        rim=rim,
    )


def contrast_colour(ground: float, rng: Dice) -> Colour:
    """Return a colour of lines that shows on a ground of this lightness."""
    light = ground < 100
    saturation = pick(rng, (0.0, 0.05, 0.4, 0.9), (5, 2, 2, 2))
    value = between(rng, 0.6, 1) if light else between(rng, 0, 0.6)
    return hsv(between(rng, 0, 360), saturation, value)


def heading_pen(ground: float, rng: Dice) -> Pen:
    """Return what headings are written or printed with."""
    pen = any_pen(rng, ground)
    return Pen(pen.writer, contrast_colour(ground, rng), 0.95, printed=chance(rng, 0.5))
