"""Lines of a board: printed, taped or drawn, with what is pinned on them."""

import cv2
import numpy as np

from training.scenes.grid import Grid
from training.scenes.paint import (
    FRACTION_BITS,
    Colour,
    Dice,
    Pixels,
    Points,
    between,
    blend,
    chance,
    cut,
    draw_line,
    fixed,
    hsv,
    mixed,
    pick,
    scaled,
    soft_noise,
    toned,
    wobbly,
)
from training.scenes.plan import Plan, contrast_colour


def draw_lines(pixels: Pixels, plan: Plan, rng: Dice) -> None:
    """Print, tape or draw the lines of a plan, in place."""
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
    if chance(rng, 0.15):
        colour = scaled(pick(rng, plan.makes[0].colours), between(rng, 0.9, 1.08))
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
    if chance(rng, 0.12):
        _knobs(pixels, grid, max(width, 6.0), rng)


def _knobs(pixels: Pixels, grid: Grid, width: float, rng: Dice) -> None:
    """Put pins or magnets on lines: they hold the tape, or wait for a card."""
    colour = hsv(between(rng, 0, 360), pick(rng, (0, 0.8)), between(rng, 0.1, 1))
    radius = width * between(rng, 0.2, 0.7)
    for _ in range(int(rng.integers(3, 40))):
        at = [between(rng, grid.columns[0], grid.columns[-1]), pick(rng, grid.rows)]
        if chance(rng, 0.4):
            at = [pick(rng, grid.columns), between(rng, grid.rows[0], grid.rows[-1])]
        for shift, tone in ((radius * 0.4, scaled(colour, 0.4)), (0.0, colour)):
            centre = (int(at[0] + shift), int(at[1] + shift))
            cv2.circle(pixels, centre, max(2, int(radius)), tone, -1, cv2.LINE_AA)


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
    if chance(own, 0.35):
        gloss = cv2.erode(mask, np.ones((3, 3), np.uint8), iterations=round(width / 5))
        gloss = gloss * (soft_noise(height, width_px, 90, own) > between(own, -1, 1))
        shine = np.asarray(cv2.GaussianBlur(gloss, (0, 0), 1 + width / 8), np.uint8)
        blend(place, shine, (255, 255, 255), between(own, 0.3, 0.95))
