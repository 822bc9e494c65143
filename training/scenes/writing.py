"""Writing on a surface: titles, small lines, paragraphs, forms, marks."""

from dataclasses import dataclass

import cv2
import numpy as np

from training.scenes.lettering import (
    FACES,
    NAMES,
    PRINTED_LINES,
    SMALL_LINES,
    TITLES,
    WRITERS,
    printed_line,
    written_line,
)
from training.scenes.paint import (
    Colour,
    Dice,
    Mask,
    Pixels,
    Points,
    between,
    blend,
    chance,
    cut,
    draw_line,
    hsv,
    pick,
    wobbly,
)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    width: float
    height: float

    def shrunk(self, share: float) -> "Box":
        """Return the box without a rim, a share of its sides wide."""
        return Box(
            self.left + self.width * share,
            self.top + self.height * share,
            self.width * (1 - 2 * share),
            self.height * (1 - 2 * share),
        )

    def ring(self) -> Points:
        """Return its corners, the first one twice."""
        x0, y0 = self.left, self.top
        x1, y1 = x0 + self.width, y0 + self.height
        return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]], np.float32)


@dataclass(frozen=True, slots=True)
class Pen:
    """Who writes, with what.

    Parameters
    ----------
    writer : int
        Whose hand; or which type, where `printed`.
    ink : Colour
        Colour of the ink.
    strength : float
        Opacity of the ink.
    printed : bool
        Whether it is type.
    """

    writer: int
    ink: Colour
    strength: float = 0.95
    printed: bool = False

    def fitting(self, kind: str, shape: float, rng: Dice) -> Mask:
        """Return a line that fits into a row: people break lines where it ends.

        Parameters
        ----------
        kind : str
            A "title", a "small" line or a "name".
        shape : float
            Width of the row by its height.
        rng : Dice
            Chooses.
        """
        lines = [self.line(kind, rng) for _ in range(4)]
        wanted = np.log(max(shape, 0.5)) + rng.normal(-0.05, 0.2)
        misfits = [
            abs(np.log(line.shape[1] / line.shape[0]) - wanted) for line in lines
        ]
        return lines[int(np.argmin(misfits))]

    def line(self, kind: str, rng: Dice) -> Mask:
        """Return a line: a "title", a "small" line or a "name"."""
        if self.printed:
            return printed_line(self.writer % FACES, int(rng.integers(PRINTED_LINES)))
        first, count = {
            "title": (0, TITLES),
            "small": (TITLES, SMALL_LINES),
            "name": (TITLES + SMALL_LINES, NAMES),
        }[kind]
        return written_line(self.writer % WRITERS, first + int(rng.integers(count)))


def any_ink(rng: Dice, ground: float) -> Colour:
    """Return an ink that shows on a ground of this lightness."""
    if ground < 95:
        return hsv(
            between(rng, 0, 360), pick(rng, (0, 0.1, 0.4)), between(rng, 0.75, 1)
        )
    hue = pick(rng, (0, 225, 225, 235, 0, 130, 350), (8, 4, 2, 2, 4, 1.5, 1.5))
    grey = chance(rng, 0.5)
    saturation = between(rng, 0, 0.15) if grey else between(rng, 0.4, 1)
    return hsv(hue, saturation, between(rng, 0.04, 0.35 if grey else 0.65))


def any_pen(rng: Dice, ground: float) -> Pen:
    """Return any pen: thick marker to thin pencil."""
    return Pen(
        int(rng.integers(WRITERS)), any_ink(rng, ground), between(rng, 0.6, 1.0) ** 0.6
    )


def put_line(
    pixels: Pixels, mask: Mask, box: Box, pen: Pen, align: float, *, stretch: float = 1
) -> None:
    """Write a line into a box, as large as fits, in place."""
    height, width = mask.shape
    scale = min(box.height / height, box.width / (width * stretch))
    size = (int(width * scale * stretch), int(height * scale))
    if size[0] < 4 or size[1] < 3:
        return
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    left = round(box.left + (box.width - size[0]) * align)
    top = round(box.top + (box.height - size[1]) / 2)
    part = cut(pixels.shape, left, top, *size)
    if part is None:
        return
    rows = slice(part[0].start - top, part[0].stop - top)
    columns = slice(part[1].start - left, part[1].stop - left)
    blend(
        pixels[part], np.asarray(small[rows, columns], np.uint8), pen.ink, pen.strength
    )


def write_rows(
    pixels: Pixels, box: Box, pen: Pen, kinds: tuple[str, ...], rng: Dice
) -> None:
    """Write rows of text that fill a box: titles are taller than small lines."""
    heights = np.array(
        [{"title": 1.0}.get(kind, between(rng, 0.4, 0.65)) for kind in kinds]
    )
    heights *= box.height / heights.sum()
    align = pick(rng, (0.02, 0.5, 0.25), (5, 5, 1))
    spread = between(rng, 0.7, 0.98)
    stretch = between(rng, 0.8, 1.3)
    top = box.top
    for kind, height in zip(kinds, heights, strict=True):
        shift = float(rng.normal(0, 0.01)) * box.width
        row = Box(
            box.left + shift,
            top + height * (1 - spread) / 2,
            box.width * between(rng, 0.88, 1),
            height * spread,
        )
        line = pen.fitting(kind, row.width / max(row.height, 1), rng)
        put_line(pixels, line, row, pen, align, stretch=stretch)
        top += height


def write_card(pixels: Pixels, box: Box, pen: Pen, rng: Dice) -> None:
    """Write what a session is about, in one of the usual ways."""
    tall = box.height / max(1.0, box.width)
    style = pick(
        rng,
        ("large", "titled", "paragraph", "top", "middle", "edges", "corner"),
        (26, 30, 16, 7, 10, 8, 3),
    )
    lines = max(1, round(between(rng, 0.8, 2.2) + 1.5 * min(tall, 2.2)))
    if style == "large":
        rows: tuple[str, ...] = ("title",) * min(5, lines)
        write_rows(pixels, box.shrunk(between(rng, 0.02, 0.1)), pen, rows, rng)
    elif style == "titled":
        small = int(rng.integers(1, 4 + round(3 * min(tall, 1.6))))
        heads = pick(rng, (1, 1, 2, 3) if tall > 0.8 else (1, 1, 2))
        rows = ("title",) * heads + ("small",) * small
        if chance(rng, 0.5):
            rows = (*rows, "name")
        write_rows(pixels, box.shrunk(between(rng, 0.02, 0.12)), pen, rows, rng)
    elif style == "paragraph":
        rows = ("small",) * int(rng.integers(3, 5 + round(6 * min(tall, 1.8))))
        write_rows(pixels, box.shrunk(between(rng, 0.03, 0.12)), pen, rows, rng)
    elif style == "edges":
        rows = ("title",) * lines
        write_rows(pixels, box.shrunk(between(rng, -0.02, 0.02)), pen, rows, rng)
    elif style == "corner":
        part = Box(
            box.left + box.width * between(rng, 0.02, 0.5),
            box.top + box.height * between(rng, 0.02, 0.7),
            box.width * 0.45,
            box.height * between(rng, 0.12, 0.25),
        )
        write_rows(pixels, part, pen, ("title",), rng)
    else:
        start = 0.05 if style == "top" else between(rng, 0.15, 0.35)
        part = Box(
            box.left + box.width * 0.06,
            box.top + box.height * start,
            box.width * between(rng, 0.5, 0.9),
            box.height * between(rng, 0.25, 0.5),
        )
        rows = ("title", "small")[: int(rng.integers(1, 3))]
        write_rows(pixels, part, pen, rows, rng)
    if chance(rng, 0.12):
        _mark(pixels, box, pen, rng)


def _mark(pixels: Pixels, box: Box, pen: Pen, rng: Dice) -> None:
    """Underline, box or strike something."""
    width = max(1.0, min(box.width, box.height) * between(rng, 0.012, 0.05))
    x0 = box.left + box.width * between(rng, 0.03, 0.3)
    x1 = box.left + box.width * between(rng, 0.6, 0.98)
    y0 = box.top + box.height * between(rng, 0.1, 0.5)
    y1 = box.top + box.height * between(rng, 0.55, 0.95)
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]])
    sides = {"line": (0,), "two": (0, 2), "box": (0, 1, 2, 3)}[
        pick(rng, ("line", "two", "box"), (3, 1, 2))
    ]
    for side in sides:
        way = wobbly(corners[side], corners[side + 1], 1.2, rng)
        draw_line(pixels, way, pen.ink, width, pen.strength)


def draw_arrow(pixels: Pixels, box: Box, pen: Pen, rng: Dice) -> None:
    """Draw an arrow or a bar: "this session goes on"."""
    width = max(1.5, min(box.width, box.height) * between(rng, 0.03, 0.12))
    middle = np.array([box.left + box.width / 2, box.top + box.height / 2])
    down = chance(rng, 0.65)
    reach = np.array([0, box.height]) if down else np.array([box.width, 0])
    reach = reach * between(rng, 0.25, 0.45)
    tip, tail = middle + reach, middle - reach
    draw_line(pixels, wobbly(tail, tip, 1.5, rng), pen.ink, width, pen.strength)
    if chance(rng, 0.75):
        side = reach[::-1] * between(rng, 0.3, 0.6)
        for sign in (-1, 1):
            barb = tip - reach * between(rng, 0.4, 0.7) + side * sign
            draw_line(pixels, wobbly(barb, tip, 0.8, rng), pen.ink, width, pen.strength)
