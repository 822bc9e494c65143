"""Fit how likely a title is right, and say how far that can be trusted.

python -m training.fields.doubt ../shared/boards            # figures, leaving events out
python -m training.fields.doubt ../shared/boards --write    # and the weights of all
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from training.fields.__main__ import (
    DRAWN,
    KEPT,
    MOST_OF_AN_EVENT,
    drawn_examples,
    real,
)
from training.fields.cards import NOT_TO_TRAIN_ON, RealCard, cer, real_cards
from training.fields.fit import fitted
from training.fields.score import RIGHT_TITLE
from vision.fields.doubt import title_evidence
from vision.fields.title import parse_fields

L2: Final = 0.1
"""How dear weights are."""
BINS: Final = (0, 0.2, 0.4, 0.6, 0.8, 1.01)
FEW: Final = 20
"""Titles below which a bin says nothing."""

WEIGHTS: Final = Path("vision/fields/doubt.toml")
HEAD: Final = """\
# How likely a title is right: the weights of a logistic regression, see
# vision/fields/doubt.py. Both weigh log odds. Fitted on {cards} real cards of
# {events} events (../shared/boards without {without}), each read along its true
# outline; a title is right if at most a fifth of its characters is wrong. Each card was
# split by weights that know nothing of its event, and an event counts as {most} cards at
# most. docs/how-cards-are-split.md says how far the result can be trusted.
# Written by `python -m training.fields.doubt ../shared/boards --write`.

[weights]
"""

Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Title:
    """A title that was made of a card, what speaks for it, and whether it is right."""

    card: RealCard
    said: str
    evidence: Weights
    right: bool


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.fields.doubt", description=__doc__)
    parser.add_argument("boards", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    titles = titles_of(real_cards(asked.boards, KEPT))
    said = left_out(titles)
    print(calibration(said))
    for event in sorted({title.card.event for title, _ in said}):
        print(f"\n{event}")
        print(calibration([one for one in said if one[0].card.event == event]))
    if asked.write:
        _write(titles)


def titles_of(cards: Sequence[RealCard]) -> list[Title]:
    """Return titles within true outlines, split by weights fitted to other events."""
    drawn, examples = drawn_examples(DRAWN), real(cards)
    titles: list[Title] = []
    for event in sorted({card.event for card in cards}):
        others = [example for card, example in examples if card.event != event]
        weights = fitted([*drawn, *others])
        here = [c for c in cards if c.event == event and c.lines and not c.cut]
        titles += [_title(card, weights) for card in here]
    return titles


def _title(card: RealCard, weights: Weights) -> Title:
    fields = parse_fields(card.as_read, weights)
    right = cer(card.title, fields.title) <= RIGHT_TITLE
    evidence = dict(title_evidence(fields, card.chance))
    return Title(card, fields.title, evidence, right)


def fit(titles: Sequence[Title]) -> Weights:
    """Return the weights under which it is likely that these are right and wrong."""
    used = [title for title in titles if title.card.board not in NOT_TO_TRAIN_ON]
    sizes = Counter(title.card.event for title in used)
    names = list(used[0].evidence)
    evidence = np.array([[1.0, *title.evidence.values()] for title in used])
    right = np.array([title.right for title in used], float)
    counts = np.array(
        [min(1, MOST_OF_AN_EVENT / sizes[title.card.event]) for title in used]
    )

    def loss(known: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        value = evidence @ known
        chance = 1 / (1 + np.exp(-value))
        dear = L2 * np.array([0.0, *[1.0] * len(names)]) * known
        off = np.logaddexp(0, value) - right * value
        slope = evidence.T @ (counts * (chance - right))
        return float(counts @ off + dear @ known / 2), slope + dear

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="BFGS")
    return dict(zip(["offset", *names], found.x.tolist(), strict=True))


def chance_of(title: Title, weights: Weights) -> float:
    """Return how likely a title is right, by weights."""
    value = sum(weights[name] * said for name, said in title.evidence.items())
    return float(1 / (1 + np.exp(-weights["offset"] - value)))


def left_out(titles: Sequence[Title]) -> list[tuple[Title, float]]:
    """Return titles, and how likely weights fitted to other events call them."""
    said: list[tuple[Title, float]] = []
    for event in sorted({title.card.event for title in titles}):
        weights = fit([title for title in titles if title.card.event != event])
        here = [title for title in titles if title.card.event == event]
        said += [(title, chance_of(title, weights)) for title in here]
    return said


def calibration(said: Sequence[tuple[Title, float]]) -> str:
    """Return how many titles are right of those that were said to be so likely."""
    lines = ["said        titles  mean  right"]
    for low, high in pairwise(BINS):
        here = [(title, chance) for title, chance in said if low <= chance < high]
        if here:
            mean = sum(chance for _, chance in here) / len(here)
            right = sum(title.right for title, _ in here) / len(here)
            few = "  (few)" if len(here) < FEW else ""
            lines.append(
                f"{low:.2f} to {min(high, 1):.2f} {len(here):6}  {mean:.2f}  {right:.2f}{few}"
            )
    return "\n".join(lines)


def _write(titles: Sequence[Title]) -> None:
    used = [title for title in titles if title.card.board not in NOT_TO_TRAIN_ON]
    head = HEAD.format(
        cards=len(used),
        events=len({title.card.event for title in used}),
        without=", ".join(sorted(NOT_TO_TRAIN_ON)),
        most=MOST_OF_AN_EVENT,
    )
    rows = [f'"{name}" = {weight:.2f}' for name, weight in fit(titles).items()]
    WEIGHTS.write_text(head + "\n".join(rows) + "\n", "utf-8")


if __name__ == "__main__":
    main()
