"""Boards: ground, lines, headings, bands, writing that is on no card."""

import cv2
import numpy as np

from training.scenes.paint import (
    Colour,
    Dice,
    FRACTION_BITS,
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
from training.scenes.papers import Stationery, draw_paper, paper_colours
from training.scenes.posters import poster
from training.scenes.plan import Grid, Plan, contrast_colour, heading_pen
from training.scenes.stage import IGNORE, Stage, placed_quad
from training.scenes.surfaces import surface
from training.scenes.writing import Box, any_pen, draw_arrow, put_line, write_card, write_rows


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
    _lines(pixels, plan, rng)
    return pixels


def _glass(pixels: Pixels, rng: Dice) -> None:
    """Add what is in the pane: mullions, mirrored lights."""
    height, width = pixels.shape[:2]
    if chance(rng, 0.5):
        for left in np.arange(between(rng, 0, 1) * width, width, between(rng, 0.3, 0.7) * width):
            draw_line(pixels, [[left, 0], [left, height]], any_colour(rng), between(rng, 6, 30))
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
        rim = scaled(tuple(place.reshape(-1, 3).mean(0).tolist()), 0.75)  # type: ignore[arg-type]
        place[:] = surface(*place.shape[:2], pick(rng, ("white", "paper", "brown", "paint")), rng)
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
            _tint(pixels, cell_box(grid, column, -1), head, 0.9)
        if chance(rng, 0.5):
            head = any_colour(rng)
        for row in range(rows):
            _tint(pixels, cell_box(grid, -1, row), head, 0.9)
    if chance(rng, 0.3):
        tint, other = any_colour(rng), between(rng, 0.05, 0.4)
        for row in range(0, rows, 2):
            for column in range(columns):
                _tint(pixels, cell_box(grid, column, row), tint, other)
    if chance(rng, 0.15):
        for _ in range(int(rng.integers(1, 6))):
            box = cell_box(grid, int(rng.integers(columns)), int(rng.integers(rows)))
            _tint(pixels, box, any_colour(rng), between(rng, 0.15, 0.9))
            if chance(rng, 0.6):
                pen = heading_pen(float(pixels.mean()), rng)
                write_rows(pixels, box.shrunk(0.15), pen, ("title",) * int(rng.integers(1, 3)), rng)


def _tint(pixels: Pixels, box: Box, colour: Colour, strength: float) -> None:
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
        colour = hsv(between(rng, 0, 360), pick(rng, (0.03, 0.3, 0.85)), between(rng, 0.1, 1))
        width, sway, strength = between(rng, 4, 22), 0.8, between(rng, 0.6, 1)
    elif plan.lines == "drawn":
        width, sway = between(rng, 1, 5), between(rng, 0.3, 2.5)
    elif plan.lines == "ruled":
        colour = mixed(tuple(pixels.reshape(-1, 3).mean(0).tolist()), colour, between(rng, 0.15, 0.6))  # type: ignore[arg-type]
        width = 1
    draw = _tape if plan.lines == "taped" else draw_line
    grid, (wide, tall) = plan.grid, plan.grid.cell
    reach = between(rng, 0, 1)
    tilt = 0.0 if plan.lines in ("printed", "ruled") else 2.5
    left, top = grid.columns[0] - reach * wide * 0.9, grid.rows[0] - reach * tall * 0.7
    upright, level = (True, True) if chance(rng, 0.85) else pick(rng, ((True, False), (False, True)))
    for x in grid.columns if upright else ():
        ends = [x + rng.normal(0, tilt), top], [x + rng.normal(0, tilt), grid.rows[-1]]
        draw(pixels, wobbly(*ends, sway, rng), colour, width, strength)
    for y in grid.rows if level else ():
        ends = [left, y + rng.normal(0, tilt)], [grid.columns[-1], y + rng.normal(0, tilt)]
        draw(pixels, wobbly(*ends, sway, rng), colour, width, strength)


def _tape(pixels: Pixels, way: Points, colour: Colour, width: float, strength: float) -> None:
    """Stick a tape: crinkled, a little see-through, with edges that catch light."""
    own = np.random.default_rng(int(abs(way).sum()))
    low, high = way.min(0) - width, way.max(0) + width
    part = cut(pixels.shape, *low.tolist(), *(high - low).tolist())
    if part is None:
        return
    place = pixels[part]
    mask = np.zeros(place.shape[:2], np.uint8)
    shift = np.array([part[1].start, part[0].start])
    cv2.polylines(mask, [fixed(way - shift)], False, (255,), max(2, round(width)), cv2.LINE_AA, FRACTION_BITS)
    rim = cv2.subtract(mask, np.asarray(cv2.erode(mask, np.ones((3, 3), np.uint8)), np.uint8))
    blend(place, mask, colour, strength)
    crinkle = soft_noise(*mask.shape, between(own, 3, 14), own) * between(own, 0, 9)
    crinkle = crinkle * (mask > 127) + rim * np.float32(own.normal(0, 0.06))
    place[:] = toned(place, np.asarray(crinkle, np.float32))


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
                part = Box(part.left, part.top + part.height * 0.25, part.width, part.height * 0.5)
            put_line(stage.pixels, pen.line("title", rng), part, pen, pick(rng, (0.05, 0.5)))
            continue
        width, height = int(box.width * share), int(box.height * share)
        if width > 16 and height > 12:
            paper = draw_paper(width, height, make, rng)
            centre = (box.left + box.width / 2, box.top + box.height / 2)
            quad = placed_quad(centre, width, height, float(rng.normal(0, turn)), rng)
            stage.paste(paper.pixels, paper.opacity, quad, IGNORE, plan.lift, rng)


def add_bands(stage: Stage, plan: Plan, rng: Dice) -> None:
    """Print what is for all: lunch across the rooms. No card."""
    grid, rows = plan.grid, len(plan.grid.rows) - 1
    for _ in range(pick(rng, (0, 1, 2), (70, 20, 10))):
        row = int(rng.integers(rows))
        tall = (grid.rows[row + 1] - grid.rows[row]) * between(rng, 0.4, 1)
        box = Box(grid.columns[0], grid.rows[row], grid.columns[-1] - grid.columns[0], tall)
        if chance(rng, 0.8):
            _tint(stage.pixels, box, any_colour(rng), between(rng, 0.5, 1))
        pen = heading_pen(float(stage.pixels[cut(stage.pixels.shape, box.left, box.top, box.width, box.height) or np.s_[:]].mean()), rng)
        put_line(stage.pixels, pen.line("title", rng), box.shrunk(0.12), pen, 0.5)


def add_writing(stage: Stage, plan: Plan, rng: Dice) -> None:
    """Write straight on the board, in cells and beside them. No cards."""
    grid, pixels = plan.grid, stage.pixels
    ground = float(pixels.mean())
    pen = any_pen(rng, ground)
    columns, rows = len(grid.columns) - 1, len(grid.rows) - 1
    count = pick(rng, (0, int(rng.integers(1, 4)), int(rng.integers(4, 25))), (60, 22, 18))
    if plan.order == "none":
        count = columns * rows
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
            corners = [[box.left, box.top], [box.left + box.width, box.top], [box.left + box.width, box.top + box.height], [box.left, box.top + box.height]]
            for side in range(4):
                way = wobbly(corners[side], corners[(side + 1) % 4], 1.5, rng)
                draw_line(pixels, way, pen.ink, between(rng, 1, 4))
    if chance(rng, 0.55):
        box = Box(
            between(rng, 0, 0.3) * pixels.shape[1], 2, pixels.shape[1] * between(rng, 0.3, 0.7), grid.rows[0] * between(rng, 0.3, 0.7)
        )
        head = heading_pen(ground, rng)
        put_line(pixels, head.line("title", rng), box, head, 0.5)
    if chance(rng, 0.25):
        _instructions(pixels, grid, ground, rng)
    for _ in range(pick(rng, (0, 1, 3), (75, 15, 10))):
        ends = rng.uniform(0, 1, (2, 2)) * [pixels.shape[1], pixels.shape[0]]
        draw_line(pixels, wobbly(ends[0], ends[1], 4, rng), any_colour(rng), between(rng, 1, 7), between(rng, 0.5, 1))


def _instructions(pixels: Pixels, grid: Grid, ground: float, rng: Dice) -> None:
    """Print or write how to use the board, above, below or beside the grid."""
    height, width = pixels.shape[:2]
    pen = heading_pen(ground, rng)
    share = between(rng, 0.25, 0.9)
    box = pick(
        rng,
        (
            Box(width * between(rng, 0, 1 - share), 2, width * share, grid.rows[0] * 0.9),
            Box(width * between(rng, 0, 1 - share), grid.rows[-1] + 2, width * share, height - grid.rows[-1] - 4),
            Box(2, height * between(rng, 0, 1 - share), grid.columns[0] * 0.9, height * share),
        ),
    )
    if min(box.width, box.height) > 14:
        rows = max(1, round(box.height / between(rng, 12, 30)))
        write_rows(pixels, box, pen, ("small",) * min(rows, 14), rng)


def add_posters(stage: Stage, plan: Plan, rng: Dice) -> None:
    """Hang printed things, legends and codes on the board. No cards."""
    width, height = plan.size_wh
    for _ in range(pick(rng, (0, 1, 2, 4), (62, 22, 12, 4))):
        side = between(rng, 50, 330)
        wide = int(side * between(rng, 0.6, 1.3))
        tall = int(side * between(rng, 0.6, 1.3))
        pixels = poster(wide, tall, rng)
        centre = (between(rng, 0, 1) * width, between(rng, 0, 1) * height)
        if chance(rng, 0.7):
            centre = (pick(rng, (0.03, 0.97)) * width, centre[1]) if chance(rng, 0.5) else (centre[0], pick(rng, (0.03, 0.97)) * height)
        quad = placed_quad(centre, wide, tall, float(rng.normal(0, 3)), rng)
        stage.paste(pixels, np.full((tall, wide), 255, np.uint8), quad, 0, plan.lift, rng)
    if chance(rng, 0.1):
        ring = rng.uniform(0, 1, 2) * plan.size_wh + np.array([[0, 0], [90, 0], [90, 26], [0, 26]])
        fill_shape(stage.pixels, ring, any_colour(rng))
