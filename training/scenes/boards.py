"""Boards: the ground, its panels, cells and lines."""

import cv2
import numpy as np

from training.scenes.paint import (
    FRACTION_BITS,
    Colour,
    Dice,
    Pixels,
    Points,
    any_colour,
    between,
    blend,
    chance,
    cut,
    draw_line,
    fill_shape,
    fixed,
    hsv,
    mixed,
    pick,
    scaled,
    soft_noise,
    toned,
    wobbly,
)
from training.scenes.plan import Grid, Plan, contrast_colour, heading_pen
from training.scenes.surfaces import surface
from training.scenes.writing import (
    Box,
    write_rows,
)


def cell_box(grid: Grid, column: int, row: int) -> Box:
    """Return a cell; column -1 and row -1 are those of headings."""
    wide, tall = grid.cell
    left = grid.columns[column] if column >= 0 else max(0.0, grid.columns[0] - wide)
    right = grid.columns[column + 1]
    top = grid.rows[row] if row >= 0 else max(0.0, grid.rows[0] - tall * 0.8)
    return Box(left, top, right - left, grid.rows[row + 1] - top)


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
    _lines(pixels, plan, rng)
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


def _lines(pixels: Pixels, plan: Plan, rng: Dice) -> None:
    if plan.lines == "none":
        return
    ground = float(pixels.mean())
    colour = contrast_colour(ground, rng)
    width, sway, strength = pick(rng, (1.0, 1.5, 2, 3, 4)), 0.0, between(rng, 0.6, 1)
    if plan.lines == "taped":
        colour = hsv(
            between(rng, 0, 360), pick(rng, (0.03, 0.3, 0.85)), between(rng, 0.1, 1)
        )
        width, sway, strength = between(rng, 4, 22), 0.8, between(rng, 0.6, 1)
    elif plan.lines == "drawn":
        width, sway = between(rng, 1, 5), between(rng, 0.3, 2.5)
    elif plan.lines == "ruled":
        colour = mixed(
            tuple(pixels.reshape(-1, 3).mean(0).tolist()),
            colour,
            between(rng, 0.15, 0.6),
        )
        width = 1
    draw = _tape if plan.lines == "taped" else draw_line
    grid, (wide, tall) = plan.grid, plan.grid.cell
    reach = between(rng, 0, 1)
    tilt = 0.0 if plan.lines in ("printed", "ruled") else 2.5
    left, top = grid.columns[0] - reach * wide * 0.9, grid.rows[0] - reach * tall * 0.7
    upright, level = (
        (True, True) if chance(rng, 0.85) else pick(rng, ((True, False), (False, True)))
    )
    for x in grid.columns if upright else ():
        ends = [x + rng.normal(0, tilt), top], [x + rng.normal(0, tilt), grid.rows[-1]]
        draw(pixels, wobbly(*ends, sway, rng), colour, width, strength)
    for y in grid.rows if level else ():
        ends = (
            [left, y + rng.normal(0, tilt)],
            [grid.columns[-1], y + rng.normal(0, tilt)],
        )
        draw(pixels, wobbly(*ends, sway, rng), colour, width, strength)


def _tape(
    pixels: Pixels, way: Points, colour: Colour, width: float, strength: float
) -> None:
    """Stick a tape: crinkled, a little see-through, with edges that catch light."""
    own = np.random.default_rng(int(abs(way).sum()))
    low, high = way.min(0) - width, way.max(0) + width
    part = cut(pixels.shape, *low.tolist(), *(high - low).tolist())
    if part is None:
        return
    place = pixels[part]
    mask = np.zeros(place.shape[:2], np.uint8)
    shift = np.array([part[1].start, part[0].start])
    cv2.polylines(
        mask,
        [fixed(way - shift)],
        isClosed=False,
        color=(255,),
        thickness=max(2, round(width)),
        lineType=cv2.LINE_AA,
        shift=FRACTION_BITS,
    )
    rim = cv2.subtract(
        mask, np.asarray(cv2.erode(mask, np.ones((3, 3), np.uint8)), np.uint8)
    )
    blend(place, mask, colour, strength)
    height, width_px = place.shape[:2]
    crinkle = soft_noise(height, width_px, between(own, 3, 14), own)
    crinkle *= np.float32(between(own, 0, 9))
    crinkle = crinkle * (mask > 127) + rim * np.float32(own.normal(0, 0.06))
    place[:] = toned(place, np.asarray(crinkle, np.float32))
