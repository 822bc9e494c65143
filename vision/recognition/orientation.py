"""Which way up a card is: decided for each card from what can be read on it.

The networks' own angle classifier turns upright lines upside down (FINDINGS
section 1). Read the right way up, a card gives lines that are wider than high and
letters that the recogniser is sure of; any other way it gives neither.

Measured on every third of 132 real cards, each shown in all four orientations:
of 47 upright cards none was turned, of 141 turned ones each was put upright, and 12
of the 47 were read from all sides.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from calibration.geometry import Quad
from vision.cards import Line, Reading
from vision.image.arrays import Image
from vision.recognition.confidence import sure_letters

TURN_RATIO = 2.0
"""Times the evidence of the orientation at hand that another one must have. At 1.5 one
illegible card was turned upside down."""

LEAST_EVIDENCE = 3.0
"""Evidence without which no turn is believed: three letters that are sure. Of 132 real
cards the right way up gives 3.9 or more, but for three on which nothing is found as they
are; one of these was put upside down for noise with an evidence of 1.1."""

UPRIGHT_CONFIDENCE, UPRIGHT_LETTERS, UPRIGHT_SHARE = 0.85, 5, 0.5
"""From which confidence, with how many letters, and with which part of the evidence in
lines wider than high a card is taken as it is. Without the last two, 7 of 141 turned
cards are."""


def evidence_of(lines: Sequence[Line]) -> float:
    """Return the letters in lines wider than high, weighted by certainty."""
    sizes = (line.quad_crop.size_wh for line in lines)
    pairs = zip(lines, sizes, strict=True)
    return sure_letters([line for line, (width, height) in pairs if width > height])


def turn_of(as_it_is: float, around: Mapping[int, float]) -> int:
    """Return by how many quarter turns a card is the right way up.

    Takes the evidence for the card as it is, and for each number of quarter turns that
    was tried; gives 0 unless clearly more speaks for one of them.
    """
    least = max(LEAST_EVIDENCE, TURN_RATIO * as_it_is)
    best = max(around, key=lambda quarters: around[quarters], default=0)
    return best if best and around[best] > least else 0


def is_upright(lines: Sequence[Line]) -> bool:
    """Tell whether a card, as read here, is surely the right way up."""
    letters = sum(len(line.text) for line in lines)
    return (
        letters >= UPRIGHT_LETTERS
        and Reading(tuple(lines)).confidence >= UPRIGHT_CONFIDENCE
        and evidence_of(lines) >= UPRIGHT_SHARE * sure_letters(lines)
    )


def turned(crop: Image, quarters: int) -> Image:
    """Turn a crop by quarter turns, counterclockwise."""
    return np.ascontiguousarray(np.rot90(crop, quarters))


def turned_back(line: Line, quarters: int, size_wh: tuple[int, int]) -> Line:
    """Return a line of `turned(crop, quarters)` where it is in the crop of that size.

    Its quad's top left stays the text's.
    """
    corners = line.quad_crop.to_array()
    for turn in range(quarters, 0, -1):
        # Undoing one turn swaps the sides and counts from the other end.
        width = size_wh[turn % 2 == 0]
        corners = np.stack([width - corners[:, 1], corners[:, 0]], axis=1)
    return Line(line.text, line.confidence, Quad.from_array(corners))
