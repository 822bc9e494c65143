"""Lines of a drawn card as a reader sees them: misread, uneven, a little turned."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from calibration.geometry import Quad
from training.scenes.paint import Dice, between, chance, pick
from vision.cards import Line

Role = Literal["title", "description", "host", "none"]

ALIKE: Final = (
    "ao", "ec", "il", "nr", "uv", "mn", "O0", "S5", "bh", "gy", "tf", "rv", "ce", "8B",
)  # fmt: skip
"""Letters that engines take for each other."""

LETTER_WIDTH: Final = 0.5
"""Of a letter's place, in heights of its line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of a card on its way.

    Lengths are in heights of the title's letters; `shift` is how far it is moved to
    the right of where its card's lines begin, `gap` what is free above it.
    """

    text: str
    role: Role
    height: float
    gap: float = 0.0
    shift: float = 0.0
    letters: float = LETTER_WIDTH

    @property
    def width(self) -> float:
        """How wide it is."""
        return len(self.text) * self.height * self.letters


@dataclass(frozen=True, slots=True)
class Hand:
    """How somebody writes on a kind of card.

    Parameters
    ----------
    room : float
        Width that lines may have, in heights of the title.
    small : float
        Height of what is not title, in heights of the title.
    leading, uneven : float
        What is free between lines; how unevenly high they are.
    capitals : {"", "title", "all"}
        What is written in capitals.
    centred : bool
        Whether lines are centred.
    ruled : bool
        Whether there is a rule below the title, or below its first line.
    """

    room: float
    small: float
    leading: float
    uneven: float
    capitals: str
    centred: bool
    ruled: bool = False


def read(pieces: Sequence[Piece], hand: Hand, rng: Dice) -> tuple[Line, ...]:
    """Return lines as a reader sees them: misread, uneven, a little turned."""
    wrong = pick(rng, (0.0, between(rng, 0, 0.1), between(rng, 0, 0.3)), (3, 4, 3))
    tilt = float(rng.normal(0, 0.04))
    scale = between(rng, 14, 120)
    narrow = float(np.exp(rng.normal(0, 0.2)))
    margin = between(rng, 0, 0.35)
    lines: list[Line] = []
    below = chance(rng, 0.2)  # only the first line found room above the rule
    top = 0.0
    for piece in _slipped(pieces, rng):
        top += piece.gap
        height = piece.height * _body_height(piece.text)
        height *= float(np.exp(rng.normal(0, hand.uneven)))
        height += margin
        letters = piece.letters * narrow * float(np.exp(rng.normal(0, 0.08)))
        width = len(piece.text) * piece.height * letters + margin
        left = piece.shift + float(rng.normal(0, 0.15))
        if hand.centred and piece.role != "host":
            left = (hand.room - width) / 2 + float(rng.normal(0, 0.2))
        text = misread(piece.text, wrong * between(rng, 0.3, 1.7), rng)
        lost = chance(rng, 0.02 + 0.1 * wrong)
        middle = top + piece.height / 2 + float(rng.normal(0, 0.06))
        top += piece.height
        if text and not lost:
            sure = 1 - min(0.6, abs(rng.normal(0, 0.05 + wrong)))
            place = _quad(left, middle, (width, height), tilt, scale)
            first = piece.role == "title" and not (below and lines)
            lines.append(Line(text, float(sure), place, heading=hand.ruled and first))
    if chance(rng, 0.05):
        lines.insert(0, _junk(scale, hand, rng))
    return tuple(lines)


def _body_height(text: str) -> float:
    """Return how high a detector's frame is: less without ascenders and descenders."""
    high = any(letter.isupper() or letter in "bdfhkltßäöü0123456789" for letter in text)
    low = any(letter in "gjpqy,;" for letter in text)
    return 0.72 + 0.2 * high + 0.13 * low


def _slipped(pieces: Sequence[Piece], rng: Dice) -> list[Piece]:
    """Return lines of which two may have become one."""
    found = list(pieces)
    if len(found) > 1 and chance(rng, 0.05):
        one, two = found[-2:]
        joined = f"{one.text} {two.text}"
        found[-2:] = [replace(one, text=joined)]
    return found


def _junk(scale: float, hand: Hand, rng: Dice) -> Line:
    """Return what a sticker or a drawing above the title reads as."""
    text = pick(
        rng, ("O", "31", "e", "ACME", "x 2", "3D", "oo", "Kubeworks", "#", "15")
    )
    place = _quad(between(rng, 0, hand.room), -0.8, (1.5, 0.7), 0.0, scale)
    return Line(text, between(rng, 0.4, 1), place)


def misread(text: str, wrong: float, rng: Dice) -> str:
    """Return a text with some letters replaced, lost or doubled."""
    letters: list[str] = []
    for letter in text:
        if rng.random() >= wrong:
            letters.append(letter)
            continue
        alike = [pair for pair in ALIKE if letter in pair]
        slip = rng.random()
        if alike and slip < 0.5:
            letters.append(pick(rng, alike).replace(letter, ""))
        elif slip < 0.75:
            letters.append(pick(rng, "aeinorstl"))
        elif slip < 0.85:
            letters.append(letter * 2)
    return " ".join("".join(letters).split())


def _quad(
    left: float,
    middle: float,
    width_height: tuple[float, float],
    tilt: float,
    scale: float,
) -> Quad:
    """Return a line's place in pixels, turned about the card's corner."""
    width, height = width_height
    xs = np.array([left, left + width, left + width, left])
    ys = np.array([-1, -1, 1, 1]) * height / 2 + middle
    cosine, sine = math.cos(tilt), math.sin(tilt)
    turned = np.stack([xs * cosine - ys * sine, xs * sine + ys * cosine], axis=1)
    return Quad.from_array(turned * scale)
