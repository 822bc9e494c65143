"""Hands: how different people write the same letters.

A hand chooses letterforms, bends them, and never writes a letter twice alike.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from sample_boards.letterforms import CAP_HEIGHT, X_HEIGHT
from sample_boards.strokes import Stroke, curve, parse_form, rounded

JOINABLE: Final = frozenset("acdehiklmnuvwxyzrsopbt")
"""Letters that a connecting hand joins to the next one."""

MAX_JOIN_RISE: Final = 7.0
"""Letterform units that a joining stroke may rise; higher looks like a letter."""


@dataclass(frozen=True, slots=True)
class Hand:
    """One person's handwriting. Lengths are in letterform units (cap = 16).

    Parameters
    ----------
    name : str
        Name of the hand.
    forms : tuple of (str, int)
        Letters written in another form than the first.
    case : {"mixed", "capitals", "small capitals"}
        Whether small letters are written as such.
    slant_deg : float
        Lean to the right.
    width, x_height : float
        Width of letters; height of small letters against ascenders (1 = 10/16).
    gap, word_gap : float
        Space between letters and between words.
    wobble, wander, rotation_deg, size_jitter : float
        Per-letter variation: of points, of the baseline, of angle, of size.
    rounding : float
        How far corners are rounded (points of a stroke).
    joining : float
        Share of joinable letters that are joined to the next.
    slope_deg : float
        How far lines climb (positive) or sink.
    habit : int
        Whose letterforms: each person bends them in a way of their own.
    habit_strength : float
        How far those are from the model's, in letterform units.
    """

    name: str
    forms: tuple[tuple[str, int], ...] = ()
    case: str = "mixed"
    slant_deg: float = 0.0
    width: float = 1.0
    x_height: float = 1.0
    gap: float = 3.0
    word_gap: float = 8.0
    wobble: float = 0.3
    wander: float = 0.5
    rotation_deg: float = 2.0
    size_jitter: float = 0.05
    rounding: float = 0.8
    joining: float = 0.0
    slope_deg: float = 0.0
    habit: int = 0
    habit_strength: float = 0.0

    def written(self, text: str) -> str:
        """Return the text as this hand writes it: in capitals, or as it is.

        A sharp s stays one: nobody writes its capital.
        """
        if self.case == "mixed":
            return text
        return "".join(letter if letter == "ß" else letter.upper() for letter in text)

    def form_of(self, letter: str) -> int:
        """Return which form of a letter this hand writes."""
        return dict(self.forms).get(letter, 0)


HANDS: Final[tuple[Hand, ...]] = (
    Hand("round", wobble=0.3, rounding=1.0, gap=2.8, x_height=1.05),
    Hand(
        "architect",
        forms=(("A", 0), ("E", 0), ("G", 1), ("4", 1)),
        case="small capitals",
        slant_deg=8,
        wobble=0.35,
        rounding=0.5,
        gap=3.4,
        slope_deg=1.0,
    ),
    Hand(
        "bold capitals",
        forms=(("B", 1), ("D", 1), ("K", 1), ("R", 1), ("P", 1), ("I", 1)),
        case="capitals",
        slant_deg=2,
        width=0.92,
        wobble=0.5,
        wander=0.7,
        rounding=0.9,
        gap=3.6,
    ),
    Hand(
        "quick",
        forms=(
            *((letter, 1) for letter in "bcdefhikmnoprsuvwyGKLMNOSWY"),
            ("a", 2),
            ("g", 2),
            ("t", 2),
        ),
        slant_deg=14,
        width=0.9,
        x_height=0.9,
        gap=2.4,
        wobble=0.45,
        rounding=1.3,
        joining=0.55,
        slope_deg=1.5,
    ),
    Hand(
        "schoolbook",
        forms=(("a", 1), ("g", 1), ("t", 0), ("y", 1), ("l", 0), ("1", 1), ("7", 1)),
        width=1.05,
        x_height=0.98,
        wobble=0.22,
        wander=0.3,
        rounding=0.6,
        gap=2.8,
    ),
    Hand(
        "narrow upright",
        forms=(("a", 2), ("t", 1), ("l", 1), ("i", 1), ("u", 1), ("e", 1), ("E", 1)),
        slant_deg=-4,
        width=0.74,
        x_height=1.12,
        gap=2.6,
        word_gap=6.5,
        wobble=0.35,
        wander=0.6,
    ),
    Hand(
        "linked",
        forms=(("b", 1), ("f", 1), ("k", 1), ("r", 1), ("s", 1), ("y", 1), ("w", 1)),
        slant_deg=6,
        x_height=0.92,
        gap=2.0,
        word_gap=8.5,
        wobble=0.3,
        rounding=1.2,
        joining=0.85,
        slope_deg=-0.6,
    ),
    Hand(
        "square",
        forms=(("o", 1), ("a", 2), ("d", 1), ("h", 1), ("n", 1), ("m", 1), ("t", 1)),
        slant_deg=-8,
        width=1.08,
        wobble=0.55,
        wander=0.8,
        rotation_deg=3.5,
        size_jitter=0.09,
        rounding=0.3,
        gap=3.6,
    ),
    Hand(
        "wide capitals",
        forms=(("A", 1), ("E", 1), ("M", 1), ("W", 1), ("Y", 1), ("Z", 1), ("J", 1)),
        case="capitals",
        slant_deg=-3,
        width=1.12,
        wobble=0.3,
        rounding=1.2,
        gap=4.0,
        word_gap=9.5,
    ),
)
"""The hands of the people who write cards."""


def hand_named(name: str) -> Hand:
    """Return the hand of this name.

    Raises
    ------
    ValueError
        If nobody writes like that.
    """
    for hand in HANDS:
        if hand.name == name:
            return hand
    msg = f"expected one of {[hand.name for hand in HANDS]}, got {name!r}"
    raise ValueError(msg)


@lru_cache(maxsize=1024)
def personal(hand: Hand, writer: int) -> Hand:
    """Return the hand of one person who learned to write like `hand`.

    Parameters
    ----------
    hand : Hand
        The model.
    writer : int
        The person; everything they write looks alike.
    """
    rng = np.random.default_rng([writer, 71])
    return replace(
        hand,
        slant_deg=hand.slant_deg + float(rng.normal(0, 5)),
        slope_deg=hand.slope_deg + float(rng.normal(0, 0.9)),
        width=hand.width * float(rng.uniform(0.84, 1.16)),
        x_height=hand.x_height * float(rng.uniform(0.9, 1.1)),
        gap=hand.gap * float(rng.uniform(0.7, 1.25)),
        word_gap=hand.word_gap * float(rng.uniform(0.8, 1.25)),
        wobble=hand.wobble * float(rng.uniform(0.8, 2.1)),
        wander=hand.wander * float(rng.uniform(0.7, 2.0)),
        rotation_deg=hand.rotation_deg * float(rng.uniform(0.8, 2.0)),
        size_jitter=hand.size_jitter * float(rng.uniform(0.8, 1.7)),
        rounding=hand.rounding * float(rng.uniform(0.6, 1.6)),
        habit=writer,
        habit_strength=float(rng.uniform(0.3, 0.95)),
    )


def write_line(
    text: str,
    hand: Hand,
    cap_height: float,
    rng: np.random.Generator,
    *,
    tip: float = 0.0,
) -> tuple[Stroke, ...]:
    """Write one line, as strokes.

    Parameters
    ----------
    text : str
        What is written.
    hand : Hand
        Who writes it.
    cap_height : float
        Height of a capital, in the unit wanted.
    rng : numpy.random.Generator
        Makes every letter differ.
    tip : float
        Width of the pen, in the unit of `cap_height`: letters keep clear of
        each other by as much.

    Returns
    -------
    tuple of ndarray of shape (N, 2), float64
        Strokes in the unit of `cap_height`, y down, from (0, 0) on the baseline
        at the left; the line's slope is included.
    """
    strokes: list[Stroke] = []
    cursor = 0.0
    wander = 0.0
    joined_before = False
    tip_gap = 0.8 * tip / cap_height * CAP_HEIGHT
    for letter in text:
        if letter == " ":
            cursor += hand.word_gap * rng.uniform(0.8, 1.25)
            joined_before = False
            continue
        wander = 0.75 * wander + rng.normal(0, hand.wander) * 0.66
        drawn = _write_letter(letter, hand, rng)
        left = min(float(stroke[:, 0].min()) for stroke in drawn)
        offset = np.array([cursor - left, wander])
        placed = [stroke + offset for stroke in drawn]
        if joined_before and letter in JOINABLE:
            placed = _join(strokes, placed)
        strokes.extend(placed)
        right = max(float(stroke[:, 0].max()) for stroke in placed)
        cursor = right + hand.gap * hand.width * rng.uniform(0.7, 1.3) + tip_gap
        joined_before = letter in JOINABLE and rng.random() < hand.joining
    return tuple(_to_page(stroke, hand, cap_height) for stroke in strokes)


def _write_letter(letter: str, hand: Hand, rng: np.random.Generator) -> list[Stroke]:
    """Write one letter in letterform units, y up, its variation included."""
    written, size = letter, 1.0
    if hand.case != "mixed" and letter.upper() != letter and letter != "ß":
        written = letter.upper()
        size = 0.72 if hand.case == "small capitals" else 1.0
    size *= 1 + rng.normal(0, hand.size_jitter)
    angle = np.deg2rad(rng.normal(0, hand.rotation_deg))
    stretch = np.array([hand.width * (1 + rng.normal(0, 0.05)), 1.0]) * size
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    strokes = []
    own = np.random.default_rng([hand.habit, ord(written)])
    for form in parse_form(written, hand.form_of(written)):
        model = form.points + own.normal(0, hand.habit_strength, form.points.shape)
        points = _with_x_height(model, hand, small=written.islower())
        points = points + rng.normal(0, hand.wobble, points.shape)
        way = rounded(curve(points, form.corners), hand.rounding)
        strokes.append(way * stretch @ turn)
    return strokes


def _with_x_height(points: Stroke, hand: Hand, *, small: bool) -> Stroke:
    """Raise or lower the part of a small letter between baseline and x-height."""
    if not small:
        return points
    y = points[:, 1]
    x_height = X_HEIGHT * hand.x_height
    above = (CAP_HEIGHT - x_height) / (CAP_HEIGHT - X_HEIGHT)
    raised = np.where(
        y <= X_HEIGHT, y * hand.x_height, x_height + (y - X_HEIGHT) * above
    )
    return np.column_stack([points[:, 0], np.where(y < 0, y, raised)])


def _join(strokes: list[Stroke], placed: list[Stroke]) -> list[Stroke]:
    """Join the first stroke of a letter to the stroke before it, where it can be."""
    last, first = strokes[-1], placed[0]
    rise = first[0, 1] - last[-1, 1]
    low = last[-1, 1] < X_HEIGHT * 0.6
    if not (low and 0 < rise <= MAX_JOIN_RISE and first[0, 0] > last[-1, 0] - 1):
        return placed
    middle = (last[-1] + first[0]) / 2 + np.array([0.6, -0.7])
    link = curve(np.array([last[-1], middle, first[0]]), (False, False, False))
    return [np.vstack([link, first[1:]]), *placed[1:]]


def _to_page(stroke: Stroke, hand: Hand, cap_height: float) -> Stroke:
    """Slant, slope and scale a stroke, and turn y down."""
    x = stroke[:, 0] + stroke[:, 1] * np.tan(np.deg2rad(hand.slant_deg))
    y = stroke[:, 1] + stroke[:, 0] * np.tan(np.deg2rad(hand.slope_deg))
    return np.column_stack([x, -y]) * (cap_height / CAP_HEIGHT)
