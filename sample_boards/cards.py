"""Cards: what is written on them, where, and how one looks from close by."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

import cv2
import numpy as np

from sample_boards.hands import Hand, hand_named, personal, write_line
from sample_boards.paper import Image, noise, plain, shaded, with_ink
from sample_boards.pens import INKS, Colour, Mask, draw_ink, pen_named
from sample_boards.strokes import Stroke

Role = Literal["title", "description", "host"]

MIN_DRAWING_SCALE: Final = 8.0
"""Pixels per millimetre that ink is drawn at, at least: a thin pen needs four."""

LINE_PITCH: Final = 1.55
"""Distance of baselines in heights of a capital."""

SMALL_PRINT: Final = 0.62
"""Height of descriptions and hosts against the title."""

TITLE_HEIGHTS_MM: Final = (
    30.0,
    26.0,
    23.0,
    20.0,
    18.0,
    16.0,
    14.0,
    12.5,
    11.0,
    10.0,
    9.0,
    8.0,
    7.0,
    6.2,
    5.5,
    4.8,
    4.2,
)
"""Heights of capitals that a writer tries for the title, largest first."""

RULE_PITCH_MM: Final = 8.7
"""Distance of the rules of an index card."""


@dataclass(frozen=True, slots=True)
class Sticker:
    """A round vote dot or a sticker on a card.

    Parameters
    ----------
    x_mm, y_mm : float
        Its centre, from the card's top left corner.
    radius_mm : float
        Its radius.
    colour : Colour
        Its colour.
    """

    x_mm: float
    y_mm: float
    radius_mm: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Card:
    """One card, note, or (without paper) a session written on the board.

    Parameters
    ----------
    card_id : str
        Identity that it keeps across photos.
    title, description, host : str
        What it says, before its hand makes capitals of it; the last two may be
        empty.
    room, slot : str
        Where it belongs; both empty for a card beside the grid.
    centre_mm : tuple of float
        Its centre on the board plane, from the board's top left corner.
    size_mm : tuple of float
        Width and height.
    tilt_deg : float
        Turn, clockwise.
    colour : Colour or None
        Colour of the paper; None for writing without a card.
    writer : int
        The person who wrote it, see `sample_boards.hands.personal`.
    hand, pen, ink : str
        Names of `sample_boards.hands.HANDS`, `PENS` and `INKS`.
    shape : {"rect", "ellipse"}
        Outline of the paper.
    ruled : bool
        Whether it has rules.
    centred : bool
        Whether its lines are centred.
    host_style : str
        How the host is put on the card; ``{}`` stands for the name.
    pins_mm : tuple of (float, float)
        Where push-pins are, from the card's top left corner.
    stickers : tuple of Sticker
        Stickers and vote dots.
    lift_mm : tuple of float
        How far each corner (TL, TR, BR, BL) stands off the board.
    underlined, struck, crossed : bool
        Whether its title is underlined; whether it is struck through; whether all of
        the card is crossed out.
    seed : int
        Its own randomness: the same card looks the same in every photo.
    """

    card_id: str
    title: str
    room: str
    slot: str
    centre_mm: tuple[float, float]
    size_mm: tuple[float, float] = (127.0, 76.0)
    tilt_deg: float = 0.0
    description: str = ""
    host: str = ""
    colour: Colour | None = (58, 176, 250)
    writer: int = 0
    hand: str = "round"
    pen: str = "fibre pen"
    ink: str = "black"
    shape: Literal["rect", "ellipse"] = "rect"
    ruled: bool = False
    centred: bool = False
    host_style: str = "{}"
    pins_mm: tuple[tuple[float, float], ...] = ()
    stickers: tuple[Sticker, ...] = ()
    lift_mm: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    underlined: bool = False
    struck: bool = False
    crossed: bool = False
    seed: int = 0

    @property
    def handwriting(self) -> Hand:
        """The hand as its writer writes it."""
        return personal(hand_named(self.hand), self.writer)


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """One line on a card, placed.

    Parameters
    ----------
    text : str
        What it says.
    role : {"title", "description", "host"}
        What it is.
    strokes_mm : tuple of ndarray of shape (N, 2)
        Ways of the pen, from the card's top left corner.
    """

    text: str
    role: Role
    strokes_mm: tuple[Stroke, ...] = field(compare=False)

    def bounds_mm(self) -> tuple[float, float, float, float]:
        """Return left, top, right, bottom of the writing on the card."""
        points = np.concatenate(self.strokes_mm)
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        return float(left), float(top), float(right), float(bottom)


@lru_cache(maxsize=256)
def write_card(card: Card) -> tuple[WrittenLine, ...]:
    """Write a card: break its texts into lines, size and place them.

    Parameters
    ----------
    card : Card
        The card; its seed alone decides how each letter turns out.
    """
    rng = np.random.default_rng([card.seed, 1])
    width_mm, height_mm = card.size_mm
    margin_mm = (0.065 if card.shape == "rect" else 0.16) * width_mm
    top_mm = margin_mm * (1.25 if card.pins_mm else 0.8)
    usable_wh = (width_mm - 2 * margin_mm, height_mm - top_mm - margin_mm * 0.8)
    planned = _plan(card, usable_wh, float(rng.uniform(0.78, 1.0)))
    used = sum(cap * LINE_PITCH for _, _, cap in planned)
    spare = max(0.0, usable_wh[1] - used)
    y_mm = top_mm + spare * rng.uniform(0.15, 0.6)
    lines = []
    for text, role, cap_mm in planned:
        y_mm += cap_mm * 1.12
        strokes = _fitted(text, card, cap_mm, usable_wh[0], rng)
        free = usable_wh[0] - max(float(stroke[:, 0].max()) for stroke in strokes)
        share = 0.5 if card.centred else rng.uniform(0, 0.25)
        if role == "host":
            share = rng.uniform(0.3, 1.0)
        corner = np.array([margin_mm + max(0.0, free) * share, y_mm])
        said = card.handwriting.written(text)
        lines.append(
            WrittenLine(said, role, tuple(stroke + corner for stroke in strokes))
        )
        y_mm += cap_mm * (LINE_PITCH - 1.12)
    return tuple(lines)


def _plan(
    card: Card, usable_wh: tuple[float, float], ambition: float
) -> list[tuple[str, Role, float]]:
    """Return text, role and capital height of every line, as large as it fits."""
    host = card.host_style.format(card.host) if card.host else ""
    small: tuple[tuple[str, Role], ...] = (
        (card.description, "description"),
        (host, "host"),
    )
    tip = pen_named(card.pen).width_mm
    lines: list[tuple[str, Role, float]] = []
    for cap_mm in TITLE_HEIGHTS_MM:
        small_mm = max(cap_mm * SMALL_PRINT, min(cap_mm, 3.0 + 1.5 * tip))
        lines = [
            (line, "title", cap_mm)
            for line in _wrap(card.title, card, cap_mm, usable_wh[0])
        ]
        for text, role in small:
            if text:
                lines += [
                    (line, role, small_mm)
                    for line in _wrap(text, card, small_mm, usable_wh[0])
                ]
        used = sum(cap * LINE_PITCH for _, _, cap in lines)
        fits = all(
            estimated_width(line, card, cap) <= usable_wh[0] for line, _, cap in lines
        )
        if fits and used <= usable_wh[1] * ambition:
            break
    return lines


def estimated_width(text: str, card: Card, cap_mm: float) -> float:
    """Return about how wide a text becomes in a card's hand and pen (mm)."""
    hand, tip = card.handwriting, pen_named(card.pen).width_mm
    advances = {" ": hand.word_gap, "i": 2.0, "l": 2.0, "m": 11.5, "w": 10.5}
    units = 0.0
    for letter in text:
        capital = letter.isupper() or hand.case == "capitals"
        body = advances.get(letter, 8.6 if capital else 6.6) * hand.width
        units += body if letter == " " else body + hand.gap
    return units * cap_mm / 16 + 0.8 * tip * len(text.replace(" ", ""))


def _wrap(text: str, card: Card, cap_mm: float, width_mm: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and estimated_width(longer, card, cap_mm) <= width_mm:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _fitted(
    text: str, card: Card, cap_mm: float, width_mm: float, rng: np.random.Generator
) -> tuple[Stroke, ...]:
    """Write a line, squeezed as people do when the edge comes near."""
    tip = pen_named(card.pen).width_mm
    strokes = write_line(text, card.handwriting, cap_mm, rng, tip=tip)
    width = max(float(stroke[:, 0].max()) for stroke in strokes)
    squeeze = min(1.0, width_mm / width)
    return tuple(stroke * (squeeze, 1.0) for stroke in strokes)


@lru_cache(maxsize=64)
def card_ink(card: Card, px_per_mm: float) -> Mask:
    """Return the ink on a card, (H, W) uint8 and read-only, at a scale.

    It is drawn larger and shrunk by area, so pixel i stands for the stretch
    from i - 1/2 to i + 1/2, over `px_per_mm` millimetres, plus 1/2 pixel.
    """
    rng = np.random.default_rng([card.seed, 2])
    factor = drawing_factor(px_per_mm)
    wanted_wh = card_size_px(card, px_per_mm)
    size_wh = (wanted_wh[0] * factor, wanted_wh[1] * factor)
    lines = write_card(card)
    strokes = [stroke for line in lines for stroke in line.strokes_mm]
    if card.underlined:
        strokes += _underline([line for line in lines if line.role == "title"], rng)
    if card.struck:
        strokes += [_strike(line) for line in lines if line.role == "title"]
    if card.crossed:
        strokes += _cross(card)
    large = draw_ink(strokes, pen_named(card.pen), size_wh, px_per_mm * factor, rng)
    ink = np.asarray(
        cv2.resize(large, wanted_wh, interpolation=cv2.INTER_AREA), np.uint8
    )
    ink.flags.writeable = False
    return ink


def _underline(lines: list[WrittenLine], rng: np.random.Generator) -> list[Stroke]:
    """Return one or two strokes below the last line of a title."""
    left, _, right, bottom = lines[-1].bounds_mm()
    count = int(rng.integers(1, 3))
    return [
        np.linspace(
            [left + rng.uniform(-3, 3), bottom + 1.4 + 1.6 * number],
            [right + rng.uniform(-3, 4), bottom + rng.uniform(-0.6, 1) + 1.6 * number],
            10,
        )
        for number in range(count)
    ]


def _strike(line: WrittenLine) -> Stroke:
    left, top, right, bottom = line.bounds_mm()
    middle = (top + bottom) / 2
    return np.linspace([left - 2, middle + 1.5], [right + 2, middle - 1.5], 12)


def _cross(card: Card) -> list[Stroke]:
    width, height = card.size_mm
    left, right, top, bottom = 0.1 * width, 0.9 * width, 0.12 * height, 0.9 * height
    return [
        np.linspace([left, top], [right, bottom], 20),
        np.linspace([right, top + 1], [left, bottom - 2], 20),
    ]


def card_size_px(card: Card, px_per_mm: float) -> tuple[int, int]:
    """Return width and height of a card's picture at a scale."""
    width_mm, height_mm = card.size_mm
    return round(width_mm * px_per_mm), round(height_mm * px_per_mm)


def drawing_factor(px_per_mm: float) -> int:
    """Return by how much larger a card is drawn before it is shrunk."""
    return max(1, int(np.ceil(MIN_DRAWING_SCALE / px_per_mm)))


def draw_card(card: Card, px_per_mm: float) -> Image:
    """Draw a card from the front, without pins and shadow.

    Parameters
    ----------
    card : Card
        A card with paper.
    px_per_mm : float
        Scale of the picture.

    Returns
    -------
    ndarray of shape (H, W, 3), uint8
        The card, edge to edge.
    """
    if card.colour is None:
        msg = f"expected a card with paper, got writing: {card.card_id}"
        raise ValueError(msg)
    rng = np.random.default_rng([card.seed, 3])
    size_wh = card_size_px(card, px_per_mm)
    paper = plain(size_wh, card.colour, rng, grain=0.012, px_per_mm=px_per_mm)
    paper = shaded(paper, _curl_tone(card, size_wh, rng))
    if card.ruled:
        paper = _with_rules(paper, card, px_per_mm, rng)
    paper = with_ink(paper, card_ink(card, px_per_mm), INKS[card.ink])
    for sticker in card.stickers:
        _draw_sticker(paper, sticker, px_per_mm)
    return paper


def _curl_tone(
    card: Card, size_wh: tuple[int, int], rng: np.random.Generator
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return light on a card that is not quite flat.

    It comes from above: lower corners that stand off catch more of it, upper
    ones less.
    """
    x = np.linspace(0, 1, size_wh[0], dtype=np.float32)[None, :]
    y = np.linspace(0, 1, size_wh[1], dtype=np.float32)[:, None]
    lift = np.asarray(card.lift_mm, np.float32)
    lifted = (
        -0.5 * lift[0] * ((1 - x) * (1 - y)) ** 2
        - 0.5 * lift[1] * (x * (1 - y)) ** 2
        + lift[2] * (x * y) ** 2
        + lift[3] * ((1 - x) * y) ** 2
    )
    bend = np.float32(rng.uniform(-0.05, 0.05)) * np.cos(np.pi * x)
    tone = 1 + 0.028 * lifted + bend + 0.02 * noise(size_wh, size_wh[0] / 3, rng)
    return np.asarray(tone, dtype=np.float32)


def _with_rules(
    paper: Image, card: Card, px_per_mm: float, rng: np.random.Generator
) -> Image:
    """Print the thin green rules of an index card."""
    mask = np.zeros(paper.shape[:2], np.uint8)
    first_mm = rng.uniform(9, 15)
    thickness = max(1, round(0.4 * px_per_mm))
    width = paper.shape[1]
    for y_mm in np.arange(first_mm, card.size_mm[1] - 1, RULE_PITCH_MM):
        y = round(y_mm * px_per_mm)
        cv2.line(mask, (0, y), (width, y), 105, thickness, cv2.LINE_AA)
    return with_ink(paper, mask, (96, 128, 40))


def _draw_sticker(paper: Image, sticker: Sticker, px_per_mm: float) -> None:
    centre = (round(sticker.x_mm * px_per_mm), round(sticker.y_mm * px_per_mm))
    radius = round(sticker.radius_mm * px_per_mm)
    cv2.circle(paper, centre, radius, sticker.colour, -1, cv2.LINE_AA)
    bright = tuple(min(255, round(part * 1.18) + 10) for part in sticker.colour)
    glint = (round(centre[0] - radius * 0.3), round(centre[1] - radius * 0.3))
    cv2.circle(paper, glint, max(1, radius // 4), bright, -1, cv2.LINE_AA)
