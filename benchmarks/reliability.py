"""Whether a card's confidence means something: is it right as often as it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.metrics import (
    FoundCard,
    TrueCard,
    character_error_rate,
    pair_up,
    plain,
)

RIGHT_CER = 0.1
"""Up to this part of its characters wrong, a card is read right: what the
confidence of a card is the chance of."""

EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)
"""Bins of the confidence, narrower where a facilitator would stop looking."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a card was called, 0 to 1, and whether it was read right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Cards of which about the same was said.

    Parameters
    ----------
    least, most : float
        Confidences from the one up to the other; 1 is in the last bin.
    cards, right : int
    said : float or None
        Mean confidence; None without cards.
    """

    least: float
    most: float
    cards: int
    right: int
    said: float | None


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    """How far one reader's confidences can be trusted on one kind of boards.

    Parameters
    ----------
    boards, reader : str
    cards, right : int
        Legible cards that were found, and those that were read right.
    bins : tuple of Bin
    auroc : float or None
        Chance that of a right and a wrong card the right one is called surer;
        None if all are right, or all are wrong.
    brier : float or None
        Mean squared distance of confidence and truth; None without cards.
    """

    boards: str
    reader: str
    cards: int
    right: int
    bins: tuple[Bin, ...]
    auroc: float | None
    brier: float | None


def judged_cards(
    true: Sequence[TrueCard], read: Sequence[FoundCard]
) -> tuple[Judged, ...]:
    """Return what was said of legible cards that were found, and what is true.

    Parameters
    ----------
    true : sequence of TrueCard
    read : sequence of FoundCard
        Without a confidence they are left out.
    """
    pairs = pair_up(
        [card.bounds_photo for card in true], [card.bounds_photo for card in read]
    )
    return tuple(
        Judged(said.confidence, character_error_rate(card.text, said.text) <= RIGHT_CER)
        for card, said in ((true[row], read[column]) for row, column in pairs.items())
        if card.legible and plain(card.text) and said.confidence is not None
    )


def reliability_of(
    boards: str, reader: str, judged: Sequence[Judged]
) -> ReliabilityRow:
    """Sum up what was said of cards.

    Parameters
    ----------
    boards, reader : str
    judged : sequence of Judged
    """
    misses = [(card.confidence - card.right) ** 2 for card in judged]
    return ReliabilityRow(
        boards=boards,
        reader=reader,
        cards=len(judged),
        right=sum(card.right for card in judged),
        bins=tuple(_bin(judged, *edges) for edges in pairwise(EDGES)),
        auroc=auroc(judged),
        brier=sum(misses) / len(misses) if misses else None,
    )


def auroc(judged: Sequence[Judged]) -> float | None:
    """Return how well confidences tell right from wrong; see `ReliabilityRow`."""
    right = [card.confidence for card in judged if card.right]
    wrong = [card.confidence for card in judged if not card.right]
    if not right or not wrong:
        return None
    wins = sum((one > two) + (one == two) / 2 for one in right for two in wrong)
    return wins / (len(right) * len(wrong))


def _bin(judged: Sequence[Judged], least: float, most: float) -> Bin:
    held = [
        card
        for card in judged
        if least <= card.confidence < most or card.confidence == most == EDGES[-1]
    ]
    said = sum(card.confidence for card in held) / len(held) if held else None
    return Bin(least, most, len(held), sum(card.right for card in held), said)
