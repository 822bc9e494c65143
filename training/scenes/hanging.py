"""Hanging: where people put their cards."""

from dataclasses import dataclass, replace

import numpy as np

from training.scenes.boards import cell_box
from training.scenes.paint import Dice, between, chance, pick, scaled
from training.scenes.papers import draw_paper
from training.scenes.plan import Plan
from training.scenes.stage import Stage, placed_quad

MOST_CARDS = 110
"""Cards on one board."""

LEAST_SIDE = 26
"""Shortest side of a card, px."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a card goes: centre, size, and which make it is of."""

    x: float
    y: float
    width: float
    height: float
    make: int


def hang_cards(stage: Stage, plan: Plan, rng: Dice) -> None:
    """Hang all cards of a plan, one after the other."""
    if plan.order == "none":
        return
    spots = {"cells": _in_cells, "piles": _in_piles, "free": _freely, "rows": _in_rows}[
        plan.order
    ](plan, rng)
    if chance(rng, 0.06):
        plan = _camouflaged(stage, plan, rng)
    if chance(rng, 0.3):
        spots += _freely(replace(plan, filled=0.08), rng)
    if chance(rng, 0.5):
        spots = [spots[int(index)] for index in rng.permutation(len(spots))]
    for spot in spots[:MOST_CARDS]:
        _hang(stage, plan, spot, rng)


def _camouflaged(stage: Stage, plan: Plan, rng: Dice) -> Plan:
    """Give cards nearly the colour of the board."""
    blue, green, red = stage.pixels.reshape(-1, 3).mean(0).tolist()
    factor = pick(rng, (between(rng, 0.88, 0.96), between(rng, 1.04, 1.15)))
    colour = scaled((blue, green, red), factor)
    makes = tuple(replace(make, colours=(colour,)) for make in plan.makes)
    return replace(plan, makes=makes)


def _hang(stage: Stage, plan: Plan, spot: Spot, rng: Dice) -> None:
    width, height = max(LEAST_SIDE, int(spot.width)), max(LEAST_SIDE, int(spot.height))
    board_wh = plan.size_wh
    if not (-0.3 * width < spot.x < board_wh[0] + 0.3 * width):
        return
    if not (-0.3 * height < spot.y < board_wh[1] + 0.3 * height):
        return
    paper = draw_paper(width, height, plan.makes[spot.make], rng)
    if plan.backlight < 1:
        darker = np.rint(paper.pixels * plan.backlight).astype(np.uint8)
        paper = replace(paper, pixels=darker)
    turn = float(rng.normal(0, plan.tilt_deg))
    if chance(rng, 0.035):
        turn = between(rng, -40, 40)
    quad = placed_quad((spot.x, spot.y), width, height, turn, rng)
    lift = plan.lift * between(rng, 0.5, 1.6) + 2 * plan.makes[spot.make].curl
    stage.pin_card(paper, quad, lift, rng)
    if plan.fastening != "none" and chance(rng, 0.85):
        stage.fasten(quad, min(width, height), plan.fastening, rng)
    elif chance(rng, 0.03):
        stage.fasten(quad, min(width, height), "tape", rng)


def _size(plan: Plan, rng: Dice) -> tuple[float, float, int]:
    make = int(rng.integers(len(plan.makes)))
    if chance(rng, 0.7):
        make = 0
    width, height = plan.card_wh
    if make:
        own = np.random.default_rng([make, int(width * 16)])
        width, height = width * between(own, 0.6, 1.1), height * between(own, 0.6, 1.1)
    factor = float(rng.normal(1, 0.03))
    if chance(rng, 0.06):
        factor *= between(rng, 0.5, 1.4)
    if chance(rng, 0.04):
        width, height = width * between(rng, 0.6, 1.2), height * between(rng, 0.6, 1.2)
    return width * factor, height * factor, make


def _in_cells(plan: Plan, rng: Dice) -> list[Spot]:
    grid, spots = plan.grid, []
    wide, tall = grid.cell
    off = rng.normal(0, 0.05, 2)
    sway = pick(rng, (0.02, 0.05, 0.1)) * (0.6 if plan.full_white else 1)
    rows = len(grid.rows) - 1
    likely = np.clip(plan.filled + rng.normal(0, 0.2, rows), 0, 1)
    for column in range(len(grid.columns) - 1):
        for row in range(rows):
            if not chance(rng, float(likely[row])):
                continue
            box = cell_box(grid, column, row)
            width, height, make = _size(plan, rng)
            x = box.left + box.width / 2 + (off[0] + rng.normal(0, sway)) * wide
            y = box.top + box.height / 2 + (off[1] + rng.normal(0, sway)) * tall
            if chance(rng, 0.015):
                width *= between(rng, 1.5, 2.8)
            spots.append(Spot(x, y, width, height, make))
            if chance(rng, 0.07):
                step = rng.normal(0, 0.4, 2) * [width, height]
                spots.append(Spot(x + step[0], y + step[1], width, height, make))
            if chance(rng, 0.02):
                for _ in range(int(rng.integers(1, 4))):
                    step = rng.normal(0, 0.08, 2) * [width, height]
                    spots.append(Spot(x + step[0], y + step[1], width, height, make))
    return spots


def _in_piles(plan: Plan, rng: Dice) -> list[Spot]:
    """Put several cards into a cell: beside, below or half over each other."""
    if chance(rng, 0.3):
        return _in_mosaics(plan, rng)
    grid, spots = plan.grid, []
    down = chance(rng, 0.6)
    overlap = between(rng, 0.3, 1.08)
    for column in range(len(grid.columns) - 1):
        for row in range(len(grid.rows) - 1):
            if not chance(rng, plan.filled * 0.8):
                continue
            box = cell_box(grid, column, row)
            width, height, make = _size(plan, rng)
            shrink = min(1.0, box.width / width * 0.8, box.height / height * 0.8)
            width, height = width * shrink, height * shrink
            count = int(rng.integers(1, 4))
            for step in range(count):
                shift = (step - (count - 1) / 2) * overlap
                x = box.left + box.width / 2 + (0 if down else shift * width)
                y = box.top + box.height / 2 + (shift * height if down else 0)
                jitter = rng.normal(0, 0.04, 2) * [width, height]
                spots.append(Spot(x + jitter[0], y + jitter[1], width, height, make))
    return spots


def _in_mosaics(plan: Plan, rng: Dice) -> list[Spot]:
    """Fill cells with small cards in rows and columns."""
    grid, spots = plan.grid, []
    wide, tall = grid.cell
    across, down = max(1, round(wide / 62)), max(1, round(tall / 62))
    width = wide / across * between(rng, 0.75, 1)
    height = tall / down * between(rng, 0.75, 1)
    if chance(rng, 0.6):
        width = height = min(width, height)
    for column in range(len(grid.columns) - 1):
        for row in range(len(grid.rows) - 1):
            box = cell_box(grid, column, row)
            full = between(rng, 0, 1) * plan.filled
            for place in range(across * down):
                if not chance(rng, full):
                    continue
                x = box.left + (place % across + 0.5) * box.width / across
                y = box.top + (place // across + 0.5) * box.height / down
                jitter = rng.normal(0, 0.05, 2) * width
                make = int(rng.integers(len(plan.makes)))
                spots.append(Spot(x + jitter[0], y + jitter[1], width, height, make))
    return spots


def _freely(plan: Plan, rng: Dice) -> list[Spot]:
    """Scatter cards over the board; some overlap is allowed."""
    width, height = plan.size_wh
    room = width * height / max(1.0, plan.card_wh[0] * plan.card_wh[1])
    count = int(np.clip(room * between(rng, 0.15, 0.8) * plan.filled, 1, 70))
    apart = between(rng, 0.4, 1.15)
    spots: list[Spot] = []
    for _ in range(count * 3):
        wide, tall, make = _size(plan, rng)
        x, y = between(rng, 0, 1) * width, between(rng, 0, 1) * height
        if all(
            abs(x - other.x) > apart * (wide + other.width) / 2
            or abs(y - other.y) > apart * (tall + other.height) / 2
            for other in spots
        ):
            spots.append(Spot(x, y, wide, tall, make))
        if len(spots) >= count:
            break
    return spots


def _in_rows(plan: Plan, rng: Dice) -> list[Spot]:
    """Hang rows and columns of cards that touch or overlap."""
    spots = []
    for _ in range(int(rng.integers(2, 7))):
        wide, tall, make = _size(plan, rng)
        x, y = rng.uniform(0, 0.9, 2) * plan.size_wh
        across, down = int(rng.integers(1, 8)), int(rng.integers(1, 5))
        gap_x, gap_y = between(rng, 0.7, 1.1), between(rng, 0.6, 1.1)
        for column in range(across):
            for row in range(down):
                jitter = rng.normal(0, 0.012, 2) * wide
                spots.append(
                    Spot(
                        x + column * wide * gap_x + jitter[0],
                        y + row * tall * gap_y + jitter[1],
                        wide,
                        tall,
                        make,
                    )
                )
    return spots
