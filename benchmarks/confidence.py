"""Whether a card's confidence means something: is it right as often as it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.metrics import (
    FoundCard,
    Ratio,
    TrueCard,
    character_error_rate,
    pair_up,
    plain,
)
from benchmarks.table import Table
from vision.rereading import DOUBTFUL

RIGHT_CER = 0.1
"""Up to this part of its characters wrong, a card is read right: what the
confidence of a card is the chance of."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a card was called, 0 to 1, and whether it was read right."""

    confidence: float
    right: bool


def judged_cards(
    true: Sequence[TrueCard], read: Sequence[FoundCard]
) -> tuple[Judged, ...]:
    """Return what was said of legible cards that were found, and what is true."""
    pairs = pair_up(
        [card.bounds_photo for card in true], [card.bounds_photo for card in read]
    )
    return tuple(
        Judged(said.confidence, character_error_rate(card.text, said.text) <= RIGHT_CER)
        for card, said in ((true[row], read[column]) for row, column in pairs.items())
        if card.legible
        and not card.partial
        and plain(card.text)
        and said.confidence is not None
    )


def sure_and_right(judged: Sequence[Judged]) -> Ratio:
    """Return how many are right of those whose confidence leaves no doubt."""
    sure = [card for card in judged if card.confidence >= DOUBTFUL]
    return Ratio(sum(card.right for card in sure), len(sure))


def auroc(judged: Sequence[Judged]) -> float | None:
    """Return the chance that of a right and a wrong card the right one is surer.

    None if all are right, or all are wrong.
    """
    right = [card.confidence for card in judged if card.right]
    wrong = [card.confidence for card in judged if not card.right]
    if not right or not wrong:
        return None
    wins = sum((one > two) + (one == two) / 2 for one in right for two in wrong)
    return wins / (len(right) * len(wrong))


def confidence_table(said: Mapping[str, Sequence[Judged]]) -> Table:
    """Return how far confidences can be trusted, by who read which boards."""
    rows = []
    for reader, judged in said.items():
        if judged:
            right = Ratio(sum(card.right for card in judged), len(judged))
            mean = fmean(card.confidence for card in judged)
            sure, chance = sure_and_right(judged), auroc(judged)
            rows.append((reader, len(judged), mean, right, sure, chance))
    return Table(
        "Confidence of cards (right: CER ≤ .1)",
        ("reader", "cards", "said", "right", "of the sure", "AUROC"),
        tuple(rows),
    )
