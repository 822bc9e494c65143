"""Lines of writing as opacity: many hands, some type, each rendered once."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sample_boards.hands import HANDS, personal, write_line
from sample_boards.letterforms import is_drawn
from training.scenes import words
from training.scenes.paint import Dice, Mask, chance, pick

FONT_FOLDER: Final = Path(__file__).parent / "fonts" / "node_modules" / "@fontsource"
"""Where `npm install --prefix training/scenes/fonts` puts fonts."""

PRINT_FAMILIES: Final = frozenset(
    {
        "open-sans", "oswald", "playfair-display", "roboto", "roboto-slab",
        "montserrat", "lato", "bebas-neue", "merriweather", "anton",
    }
)  # fmt: skip
"""Families that look printed; all others look written."""

WRITERS: Final = 110
"""People who write on cards."""

FACES: Final = 24
"""Kinds of type."""

TITLES: Final = 16
SMALL_LINES: Final = 18
NAMES: Final = 6
PRINTED_LINES: Final = 60

EM_PX: Final = 46
"""Size that lines are rendered at."""


@lru_cache(maxsize=1)
def font_files() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the files of handwriting and of type that this machine has."""
    folder = Path(os.environ.get("BOARDCAST_FONTS", FONT_FOLDER))
    found = sorted(folder.glob("*/files/*-latin-400-normal.woff"))
    written = tuple(str(file) for file in found if file.parts[-3] not in PRINT_FAMILIES)
    printed = tuple(str(file) for file in found if file.parts[-3] in PRINT_FAMILIES)
    return written, printed


@lru_cache(maxsize=512)
def _font(file: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.truetype(file, size) if file else ImageFont.load_default(size)


def _typeset(text: str, file: str, bold: int) -> Mask:
    font = _font(file, EM_PX)
    box = font.getbbox(text, stroke_width=bold) if bold else font.getbbox(text)
    size = (int(box[2] - box[0]) + 6, int(box[3] - box[1]) + 6)
    picture = Image.new("L", size)
    ImageDraw.Draw(picture).text(
        (3 - box[0], 3 - box[1]), text, fill=255, font=font, stroke_width=bold
    )
    return np.asarray(picture, np.uint8)


def _penned(text: str, writer: int, rng: Dice) -> Mask:
    """Return a line by one of the drawn hands of the sample boards."""
    hand = personal(HANDS[writer % len(HANDS)], writer)
    known = "".join(letter for letter in hand.written(text) if is_drawn(letter))
    tip = float(np.random.default_rng([writer, 3]).uniform(1.6, 6.5))
    strokes = write_line(known.strip() or "ok", hand, 30.0, rng, tip=tip)
    points = np.vstack(strokes)
    low, high = points.min(0) - tip - 1, points.max(0) + tip + 2
    size = np.ceil(high - low).astype(int)
    mask = np.zeros((size[1], size[0]), np.uint8)
    ways = [np.rint((way - low) * 16).astype(np.int32) for way in strokes]
    cv2.polylines(
        mask,
        ways,
        isClosed=False,
        color=(255,),
        thickness=max(1, round(tip)),
        lineType=cv2.LINE_AA,
        shift=4,
    )
    return mask


def _swung(mask: Mask, slope: float, bend: float) -> Mask:
    """Let a line climb and bend."""
    height, width = mask.shape
    across = np.linspace(-0.5, 0.5, width, dtype=np.float32)
    lift = across * slope * width + bend * (across**2 * 4) * height
    spare = int(np.abs(lift).max()) + 1
    padded = cv2.copyMakeBorder(mask, spare, spare, 0, 0, cv2.BORDER_CONSTANT)
    rows, columns = np.mgrid[: height + 2 * spare, :width].astype(np.float32)
    swung = cv2.remap(padded, columns, rows + lift[None, :], cv2.INTER_LINEAR)
    filled = np.flatnonzero(swung.max(1) > 40)
    if len(filled) == 0:
        return mask
    return np.asarray(swung[filled[0] : filled[-1] + 1], np.uint8)


@lru_cache(maxsize=9000)
def written_line(writer: int, index: int) -> Mask:
    """Return one line of a writer: titles first, then small lines, then names."""
    rng = np.random.default_rng([writer, index, 5])
    own = np.random.default_rng([writer, 9])
    if index < TITLES:
        text = words.title(rng)
    elif index < TITLES + SMALL_LINES:
        text = (
            words.phrase(rng, 1 + index % 3, 2 + index % 6)
            if chance(rng, 0.85)
            else words.hour(rng)
        )
    else:
        text = words.host(rng)
    files, _ = font_files()
    capitals = chance(own, 0.3)
    bold = int(pick(own, (0, 0, 1, 1, 2, 3, 4)))
    file = pick(own, files) if files else ""
    slope = float(own.normal(0, 0.012) + rng.normal(0, 0.012))
    if not files or chance(own, 0.25):
        return _penned(text, writer, rng)
    mask = _typeset(text.upper() if capitals else text, file, bold)
    if chance(rng, 0.5):
        mask = _swung(mask, slope, float(rng.normal(0, 0.06)))
    return mask


def any_written(text: str, rng: Dice) -> Mask:
    """Return a text as somebody writes it who writes nothing else."""
    files, _ = font_files()
    if not files or chance(rng, 0.1):
        return _penned(text, int(rng.integers(10_000)), rng)
    mask = _typeset(text, pick(rng, files), int(pick(rng, (0, 0, 1, 1, 2, 3, 4))))
    if chance(rng, 0.5):
        slope = float(rng.normal(0, 0.015))
        mask = _swung(mask, slope, float(rng.normal(0, 0.06)))
    return mask


@lru_cache(maxsize=2000)
def printed_line(face: int, index: int) -> Mask:
    """Return one line of type."""
    own = np.random.default_rng([face, 13])
    _, files = font_files()
    bold = int(pick(own, (0, 0, 1, 2)))
    return _typeset(words.printed_line(index), pick(own, files) if files else "", bold)
