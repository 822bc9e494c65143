"""Which lines of a card are struck through, and whether all of it is crossed out.

A stroke through words runs on where letters have gaps: the best path through the ink
from left to right, as B. B. Chaudhuri and C. Adak do (Pattern Recognition 61, 2017). It
is believed if it is dark all along, straight, in the middle of the letters and ends
with them: a session that is told as cancelled by mistake is far worse than one that is
missed. A stroke from corner to corner of the text, or a cross over the card, strikes
out all.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import cv2
import numpy as np

from calibration.geometry import Point, Quad, Rect
from calibration.homography import Homography
from vision.cards import Line
from vision.image.arrays import Floats, Image, Mask, Vector, grey_of, shrunk

PAPER_PX, PAPER_PART = 160, 0.4
"""Side to which a crop is shrunk to see its paper; part of that of the median."""

LINE_PX, STEP_PX, ENDS, SIDES = 32, 2, 1.5, 0.6
"""Height to which a line of text is brought; columns that are one step of a path, which
climbs by half at most; what is seen at its ends and sides, in its heights."""

MIN_LINE_PX, MIN_WORDS_PX, WHOLE = 14.0, 24.0, 0.8
"""Height of a line in the crop from which it is judged; the same for words in a line;
the part of a line that a stroke through all of it covers."""

MIN_INK, SURE_INK, ANY_INK = 0.12, 0.75, 0.5
"""Darkness of a full stroke against its paper, of 1, below which it is noise; ink, of
that, above which a path gains, and below which it has a gap."""

GAP, STEEP = 2, 0.3
"""Columns without ink that a stroke may have, a dry pen's; what a path pays for each
row up or down: a dark column gains 1."""

MIN_UNBROKEN, MIN_STEADY = 0.98, 0.75
"""Part of a stroke without a gap, and the ink that nine in ten of its places have."""

MIN_LETTERS, MAX_BEYOND, SLENDER = 1.6, 1.3, 9.0
"""Shortest stroke, about three letters, and how far it goes on beside its line, in
heights of that: rules and arrows do; times its own thickness that it is long: letters
of a broad pen touch, too."""

MIDDLE = 0.35, 0.75
"""Where in a line's height a stroke is none that underlines or frames it."""

MAX_JITTER = 0.12
"""Rows by which a step goes up and down again: struck words up to 0.08, letters
0.14."""

WAVY_LENGTH, WAVY_COVER = 4.0, 0.95
"""Length of a stroke that is not straight, in heights, and its part of the line."""

CARD_PX, STROKE_PX, PALE = 160, 11, 1.6
"""Longer side to which a card is brought where strokes across it are sought; width
there of what is none; how much more its ink counts: often a thinner pen's."""

SLOPES_DEG, MIN_SLOPE_DEG, MAX_SLOPE_DEG = (25, 45, 65, -25, -45, -65), 15.0, 72.0
"""Slopes at which they are sought, each to within its neighbours, and those against the
text at which one crosses it, and is no side of a card."""

MIN_ACROSS, MIN_INSIDE, MIN_CROSS, MAX_BOW = 0.75, 0.65, 0.5, 0.06
"""Length of a stroke across the text, of its diagonal, and its part within the text; of
each stroke of a cross, of the card's; how far off a straight line, of its length."""

Part = tuple[float, float]
"""From where to where, of a line's length."""


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    """A way through ink from left to right: a row for each column from `start` on."""

    start: int
    rows: Vector
    ink: Floats

    @property
    def columns(self) -> Vector:
        return np.arange(self.start, self.start + len(self.rows), dtype=np.float64)

    @property
    def is_stroke(self) -> bool:
        """Whether a pen was not lifted."""
        unbroken = float((self.ink > ANY_INK).mean())
        steady = float(np.percentile(self.ink, 10))
        return unbroken >= MIN_UNBROKEN and steady >= MIN_STEADY


def with_strikes(crop: Image, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Say of each line of a card, in reading order, whether it is struck through.

    Struck words of a line become one of their own, after it. Takes (H, W, 3) uint8 BGR.
    """
    if not lines:
        return ()
    ink = _ink_of(crop)
    quads = [line.quad_crop for line in lines]
    if _is_crossed_out(ink, quads):
        return tuple(replace(line, struck=True) for line in lines)
    parts = _struck_parts(ink, quads)
    return tuple(chain.from_iterable(map(_parted, lines, parts)))


def _ink_of(crop: Image) -> Floats:
    """Return how much darker each pixel is than the paper, of 1, (H, W)."""
    grey = grey_of(crop)
    small, _ = shrunk(grey, PAPER_PX)
    edge = round(PAPER_PART * max(small.shape)) // 2
    framed = cv2.copyMakeBorder(small, edge, edge, edge, edge, cv2.BORDER_REPLICATE)
    median = cv2.medianBlur(framed, 2 * edge + 1)
    inner = median[edge : edge + small.shape[0], edge : edge + small.shape[1]]
    paper = cv2.resize(inner, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.clip(1 - grey / np.maximum(paper, 8.0), 0, 1).astype(np.float32)


def _parted(line: Line, parts: Sequence[Part]) -> Iterator[Line]:
    """Yield what is left of a line, and the words of it that are struck."""
    words: dict[bool, list[re.Match[str]]] = {False: [], True: []}
    length = len(line.text)
    for word in re.finditer(r"\S+", line.text):
        start, end = word.start() / length, word.end() / length
        covered = sum(max(0.0, min(end, b) - max(start, a)) for a, b in parts)
        words[covered >= (end - start) / 2].append(word)
    for struck, chosen in words.items():
        if chosen and not words[not struck]:
            yield replace(line, struck=struck)
        elif chosen:
            start, end = chosen[0].start() / length, chosen[-1].end() / length
            yield Line(
                " ".join(word.group() for word in chosen),
                line.confidence,
                _part_of(line.quad_crop, start, end),
                struck=struck,
            )


def _part_of(quad: Quad, start: float, end: float) -> Quad:
    """Return a line's quad from where to where, of its length."""
    whole = Rect(0, 0, 1, 1).to_quad()
    crop_from_line = Homography.from_quads(target=quad, source=whole)
    return crop_from_line.apply_quad(Rect(start, 0, end, 1).to_quad())


def _struck_parts(ink: Floats, lines: Sequence[Quad]) -> list[list[Part]]:
    """Return the parts of each line that strokes run through."""
    high = [line for line in lines if line.size_wh[1] >= MIN_LINE_PX]
    if not high:
        return [[] for _ in lines]
    strips = [_strip(ink, line) for line in high]
    widest = max(strip.shape[1] for strip in strips)
    seen = np.stack([np.pad(s, ((0, 0), (0, widest - s.shape[1]))) for s in strips])
    scores = _scores(seen)
    scores[:, : round(SIDES * LINE_PX)] = -np.inf
    scores[:, round((SIDES + 1) * LINE_PX) :] = -np.inf
    found = _paths(scores, seen, round(MIN_LETTERS * LINE_PX / STEP_PX))
    parts = {
        line: [part for path in paths if (part := _struck_part(path, strip, line))]
        for line, strip, paths in zip(high, strips, found, strict=True)
    }
    return [parts.get(line, []) for line in lines]


def _strip(ink: Floats, line: Quad) -> Floats:
    """Return the ink of a line and around it, in full strokes, a column for each step."""
    width, height = line.size_wh
    ends, sides = round(ENDS * LINE_PX), round(SIDES * LINE_PX)
    right = ends + max(1, round(width / height * LINE_PX))
    inner = Rect(ends, sides, right, sides + LINE_PX)
    strip_from_crop = Homography.from_quads(target=inner.to_quad(), source=line)
    size_wh = (right + ends) // STEP_PX * STEP_PX, LINE_PX + 2 * sides
    warped = cv2.warpPerspective(ink, strip_from_crop.matrix, size_wh)
    strip = np.asarray(warped, np.float32)
    means = strip.reshape(len(strip), -1, STEP_PX).mean(axis=2)
    return _in_strokes(means, strip[sides : sides + LINE_PX, ends:right])


def _in_strokes(ink: Floats, text: Floats) -> Floats:
    """Return ink in units of a full stroke's in a part that is text."""
    full = max(float(np.percentile(text, 95)), MIN_INK) if text.size else 1.0
    return np.asarray(np.minimum(ink / full, 1.2), np.float32)


def _scores(ink: Floats) -> Floats:
    """Return what a path gains and loses: a gap of a column costs two dark ones."""
    return np.asarray(np.clip(4 * (ink - SURE_INK), -2, 1), np.float32)


def _struck_part(path: _Path, strip: Floats, line: Quad) -> Part | None:
    """Return the part of a line that a path strikes out; None if it is no such stroke."""
    width, height = line.size_wh
    length = width / height
    start = path.start * STEP_PX / LINE_PX - ENDS
    end = start + len(path.rows) * STEP_PX / LINE_PX
    covered = min(end, length) - max(start, 0.0)
    top, bottom = ((SIDES + part) * LINE_PX for part in MIDDLE)
    drift = abs(path.rows[-1] - path.rows[0])
    jitter = (np.abs(np.diff(path.rows)).sum() - drift) / len(path.rows)
    is_straight = jitter <= MAX_JITTER
    if (
        (height >= MIN_WORDS_PX or covered >= WHOLE * length)
        and covered >= MIN_LETTERS
        and max(-start, end - length) <= MAX_BEYOND
        and top <= np.median(path.rows) <= bottom
        and (is_straight or covered >= max(WAVY_LENGTH, WAVY_COVER * length))
        and path.is_stroke
        and covered * LINE_PX >= SLENDER * _thickness(path, strip)
    ):
        return max(0.0, start) / length, min(length, end) / length
    return None


def _thickness(path: _Path, ink: Floats) -> int:
    """Return how many rows along a path are half as dark as it is, on average."""
    height = len(ink)
    rows = path.rows.astype(np.intp) + np.arange(-height, height + 1)[:, None]
    framed = np.pad(ink, ((height, height), (0, 0)))
    level = framed[rows + height, path.columns.astype(np.intp)].mean(axis=1)
    thin = np.flatnonzero(level <= level[height] / 2)
    return int(thin[thin > height].min() - thin[thin < height].max() - 1)


def _paths(scores: Floats, ink: Floats, least: int) -> list[list[_Path]]:
    """Return the paths of the highest sums of scores in each of N pictures (N, H, W).

    From left to right, a row up or down a column at most, so many columns at least.
    """
    number, height, width = scores.shape
    sums = np.zeros((width + 1, number, height + 2), np.float32)
    for column in range(width):
        before = sums[column]
        aside = np.maximum(before[:, :-2], before[:, 2:]) - STEEP
        best = np.maximum(before[:, 1:-1], aside) + scores[:, :, column]
        np.maximum(best, 0, out=sums[column + 1, :, 1:-1])
    return [
        list(_paths_in(sums[:, picture], ink[picture], least))
        for picture in range(number)
    ]


def _paths_in(sums: Floats, ink: Floats, least: int) -> Iterator[_Path]:
    """Yield the paths of a picture, the best first; its sums are (W + 1, H + 2)."""
    left = sums.copy()
    near = np.pad(ink, ((1, 1), (0, 0)))
    while left.max() > 0:
        end, row = (int(at) for at in np.unravel_index(left.argmax(), left.shape))
        rows, column = [], end
        while left[column, row] > 0:
            rows.append(row - 1)
            column -= 1
            row += (
                int((sums[column, row - 1 : row + 2] - (STEEP, 0, STEEP)).argmax()) - 1
            )
        left[column + 1 : end + 1] = 0
        way, columns = np.array(rows[::-1]), np.arange(column, end)
        dark = np.max([near[way + off, columns] for off in range(3)], axis=0)
        for first, last in _unbroken(dark > ANY_INK):
            if last - first >= least:
                rows_there = way[first:last].astype(np.float64)
                yield _Path(column + first, rows_there, dark[first:last])


def _unbroken(dark: Mask) -> Iterator[tuple[int, int]]:
    """Yield from where to where a path has no gap: its end may lie beyond one."""
    places = np.flatnonzero(dark)
    gaps = np.flatnonzero(np.diff(places) > GAP)
    if len(places):
        firsts = [places[0], *places[gaps + 1]]
        lasts = [*places[gaps], places[-1]]
        yield from ((int(a), int(b) + 1) for a, b in zip(firsts, lasts, strict=True))


def _is_crossed_out(ink: Floats, lines: Sequence[Quad]) -> bool:
    """Tell whether strokes run across all of a card's text."""
    scale = CARD_PX / max(ink.shape)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=method)
    card = np.asarray(resized, np.float32)
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (STROKE_PX, STROKE_PX))
    strokes = np.asarray(
        card - cv2.morphologyEx(card, cv2.MORPH_OPEN, ellipse), np.float32
    )
    quads = [Quad.from_array(quad.to_array() * scale) for quad in lines]
    text = Rect.around(quad.bounds for quad in quads)
    rows, columns = (
        slice(max(0, int(start)), int(end) + 1)
        for start, end in ((text.top, text.bottom), (text.left, text.right))
    )
    seen = _in_strokes(strokes, strokes[rows, columns])
    widest = max(quads, key=lambda quad: quad.size_wh[0])
    baseline = _slope_deg(widest.top_left, widest.top_right)
    strokes_across = [
        ends
        for ends in _strokes_at(PALE * seen, text.centre)
        if MIN_SLOPE_DEG <= abs(_slope_deg(*ends) - baseline) <= MAX_SLOPE_DEG
    ]
    diagonal = math.hypot(text.width, text.height)
    if len(quads) > 1 and any(
        math.dist(*ends) >= MIN_ACROSS * diagonal
        and _share_inside(ends, text) >= MIN_INSIDE
        for ends in strokes_across
    ):
        return True
    least = MIN_CROSS * math.hypot(*card.shape)
    ways = {
        _slope_deg(*ends) > baseline
        for ends in strokes_across
        if math.dist(*ends) >= least and _share_inside(ends, text) > 0
    }
    return len(ways) == 2  # noqa: PLR2004  (a cross: one up, one down)


def _strokes_at(ink: Floats, centre: Point) -> Iterator[tuple[Point, Point]]:
    """Yield the ends of the best straight stroke at each slope, left and right."""
    middle = np.array([CARD_PX, CARD_PX])
    shift = np.pad((middle - centre)[:, None], ((0, 0), (2, 0)))
    turns = [
        cv2.getRotationMatrix2D(centre, slope, 1.0) + shift for slope in SLOPES_DEG
    ]
    size_wh = 2 * CARD_PX, 2 * CARD_PX
    turned = np.asarray([cv2.warpAffine(ink, turn, size_wh) for turn in turns])
    turned = np.minimum(turned, 1.2).astype(np.float32)
    found = _paths(_scores(turned), turned, least=CARD_PX // 8)
    for turn, paths in zip(turns, found, strict=True):
        for path in sorted(paths, key=lambda path: -len(path.rows))[:1]:
            straight = np.polynomial.Polynomial.fit(path.columns, path.rows, 1)
            ends = path.columns[[0, -1]]
            bow = np.abs(straight(path.columns) - path.rows).max()
            if path.is_stroke and bow <= MAX_BOW * len(path.rows):
                points = np.stack([ends, straight(ends), np.ones(2)])
                on_card = cv2.invertAffineTransform(turn) @ points
                one, two = sorted(Point(x, y) for x, y in on_card.T.tolist())
                yield one, two


def _slope_deg(one: Point, two: Point) -> float:
    """Return the slope from one point to another one, clockwise."""
    return math.degrees(math.atan2(two.y - one.y, two.x - one.x))


def _share_inside(ends: tuple[Point, Point], text: Rect) -> float:
    """Return the part of a stroke that lies within a text."""
    points = np.linspace(*ends, 50)
    inside = (
        (points >= (text.left, text.top)) & (points <= (text.right, text.bottom))
    ).all(axis=1)
    return float(inside.mean())
