"""Which lines of a card stand above a rule across it: forms have one below the title."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from vision.cards import Line
from vision.image.arrays import Floats, Image, grey_of

WIDTH_PX, THIN_PX = 320, 9
"""To which a crop is brought, and width there of what is no rule but a bar or a
shadow."""

EDGE, COVERED = 0.06, 0.7
"""Part of the card at each end of a rule, twice that above and below, where its own
edge is; part of its width that is as dark as a rule is said to be."""

SLOPES = tuple(np.linspace(-0.12, 0.12, 25).tolist())
"""How a rule may climb in the crop."""

MIN_DARK, TIMES_USUAL = 5.0, 3.0
"""Grey levels that a rule is darker than beside it, and times as dark as most rows."""

UPPER, TOGETHER = 0.45, 0.12
"""Part of the card, from above, in which a rule below a heading lies, and of its height
within which rules are one: forms have double ones."""

MIDDLE = 0.3, 0.7
"""Where in a line's height a rule is none, but the writing itself."""


def with_headings(crop: Image, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Say of each line whether it stands above the only rule across a card.

    Takes the card's crop, (H, W, 3) uint8 BGR, and its lines as they were read.
    """
    width = crop.shape[1]

    def place(line: Line, rule: tuple[float, float]) -> float:
        """Return where a rule crosses a line, in the line's heights from its top."""
        left, right = rule
        centre, height = line.quad_crop.centre, line.quad_crop.size_wh[1]
        y = left + (right - left) * centre.x / width
        return float((y - centre.y) / height + 0.5)

    low, high = MIDDLE
    rules = [
        rule
        for rule in rules_across(crop)
        if sum(rule) / 2 < UPPER * crop.shape[0]
        and not any(low < place(line, rule) < high for line in lines)
    ]
    if len(rules) != 1:
        return tuple(lines)
    return tuple(replace(line, heading=place(line, rules[0]) >= high) for line in lines)


def rules_across(crop: Image) -> list[tuple[float, float]]:
    """Return the heights of rules at the left and the right end of a crop, px."""
    scale = WIDTH_PX / crop.shape[1]
    height = max(1, round(crop.shape[0] * scale))
    grey = cv2.resize(grey_of(crop), (WIDTH_PX, height), interpolation=cv2.INTER_AREA)
    column = np.ones((THIN_PX, 1), np.uint8)
    thin = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, column)
    dark, slopes = _darkest(
        np.asarray(cv2.dilate(thin, np.ones((3, 1), np.uint8)), np.uint8)
    )
    least = max(MIN_DARK, TIMES_USUAL * float(np.median(dark)))
    border = round(2 * EDGE * height)
    rows = np.flatnonzero(dark >= least)
    rows = rows[(border <= rows) & (rows < height - border)]
    # Of rules that are one, the lowest.
    ends = np.append(np.diff(rows) > TOGETHER * height, [True] * bool(len(rows)))
    lifts = slopes * WIDTH_PX / 2
    return [
        (float(row - lifts[row]) / scale, float(row + lifts[row]) / scale)
        for row in rows[ends.astype(np.bool_)]
    ]


def _darkest(thin: Image) -> tuple[Floats, Floats]:
    """Return how dark a rule through each row's middle is, and how it climbs."""
    height, width = thin.shape
    edge = round(EDGE * width)
    across = np.arange(edge, width - edge, dtype=np.float32)
    rows = np.arange(height, dtype=np.float32)[:, None]
    dark = []
    for slope in SLOPES:
        ys = rows + slope * (across - width / 2)[None]
        xs = np.broadcast_to(across, ys.shape)
        path = cv2.remap(thin, np.ascontiguousarray(xs), ys, cv2.INTER_NEAREST)
        dark.append(np.quantile(path, 1 - COVERED, axis=1))
    best = np.argmax(dark, axis=0)
    return np.max(dark, axis=0), np.asarray(SLOPES)[best]
