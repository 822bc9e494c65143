"""Stacks: cards that hide much of each other, fanned or shifted; and very large cards."""

from dataclasses import dataclass

import numpy as np

from training.scenes.grid import cell_box
from training.scenes.paint import Dice, between, chance, pick
from training.scenes.plan import Plan


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a card goes.

    Parameters
    ----------
    x, y : float
        Its centre.
    width, height : float
        Its size.
    make : int
        Which make it is of.
    turn_deg : float
        How far it is turned beside the board's habit.
    colour : int or None
        Which of its make's colours it has; None: any.
    """

    x: float
    y: float
    width: float
    height: float
    make: int
    turn_deg: float = 0.0
    colour: int | None = None


def is_written(plan: Plan, column: int, row: int, rng: Dice) -> bool:
    """Return whether a cell is written on; seldom a card hangs over the writing."""
    cell = row * (len(plan.grid.columns) - 1) + column
    return cell in plan.inked and not chance(rng, 0.05)


def in_stacks(plan: Plan, rng: Dice) -> list[Spot]:
    """Put a stack into some cells: each card hides a part of the next one."""
    spots: list[Spot] = []
    columns = len(plan.grid.columns) - 1
    cells = columns * (len(plan.grid.rows) - 1)
    seen, fan = between(rng, 0.3, 0.65), pick(rng, (0.0, between(rng, 3, 14)), (2, 1))
    usual = pick(rng, ("down", "up", "aside"), (6, 3, 2))
    most, shrink = int(rng.integers(2, 7)), between(rng, 0.75, 1.05)
    for cell in rng.permutation(cells)[: round(cells * between(rng, 0.1, 0.6)) + 1]:
        if is_written(plan, int(cell) % columns, int(cell) // columns, rng):
            continue
        box = cell_box(plan.grid, int(cell) % columns, int(cell) // columns)
        way = usual if chance(rng, 0.85) else pick(rng, ("down", "up", "aside"))
        make, colour = int(rng.integers(len(plan.makes))), None
        if chance(rng, 0.6):
            colour = int(rng.integers(len(plan.makes[make].colours)))
        width, height = np.array(plan.card_wh) * shrink * rng.normal(1, 0.05)
        step = np.array({
            "down": (rng.normal(0, 0.06), 1), "up": (rng.normal(0, 0.06), -1),
            "aside": (pick(rng, (-1, 1)), rng.normal(0, 0.1)),
        }[way]) * [width, height] * seen  # fmt: skip
        room = 1.7 * max(box.height / height, 1) if way != "aside" else 3
        count = min(int(rng.integers(1, most + 1)), int(1 + (room - 1) / seen))
        at = np.array([box.left + box.width / 2, box.top + box.height / 2])
        at = at - step * (count - 1) / 2
        for place in range(count):
            jitter = rng.normal(0, 0.025, 2) * [width, height]
            turn = fan * (place - (count - 1) / 2)
            x, y = (at + step * place * between(rng, 0.85, 1.15) + jitter).tolist()
            spots.append(Spot(x, y, width, height, make, turn, colour))
    return spots


def hung_over(spots: list[Spot], rng: Dice) -> list[Spot]:
    """Return spots of cards that hang over a lower edge, or a side, of some others."""
    more = []
    for spot in spots:
        if chance(rng, 0.3):
            over = between(rng, 0.45, 0.9)
            step = np.array(pick(rng, ((0.1, over), (over, 0.1)), (3, 1)))
            step = step * [spot.width, spot.height]
            x, y = spot.x + step[0] * pick(rng, (-1, 1)), spot.y + step[1]
            more.append(Spot(x, y, spot.width, spot.height, spot.make))
    return more


def large_ones(plan: Plan, rng: Dice) -> list[Spot]:
    """Hang one to four very large cards, most of them apart."""
    size = np.array(plan.size_wh, np.float64)
    count = pick(rng, (1, 2, 3, 4), (4, 3, 2, 1))
    spots: list[Spot] = []
    share = between(rng, 0.5, 0.95) if count == 1 else between(rng, 0.3, 0.55)
    for place in range(count):
        own = pick(rng, (1.0, 1.5, 5 / 3, 0.7, size[0] / size[1]))
        width = min(size[0], size[1] * own) * share
        part = size * [count > 1, 0.0] * ((place + 0.5) / count - 0.5)
        x, y = (size / 2 + part + rng.normal(0, 0.06, 2) * size).tolist()
        make = int(rng.integers(len(plan.makes)))
        spots.append(Spot(x, y, width, width / own, make))
    return spots
