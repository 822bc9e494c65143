"""How real cards are read before and after, by models that saw nothing of their event.

python -m training.recogniser.measure ../shared/boards

Cards are cut along their true outlines: only the reader differs.
"""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from training.fields.cards import cer, plain
from training.recogniser.cut import RealCard, real_cards
from training.recogniser.folds import FOLDS
from training.recogniser.readers import RELEASED, reader, reader_of
from vision.recognition.card_text import read_card

DRAWS: Final = 4000
"""Of the bootstrap."""


@dataclass(frozen=True, slots=True)
class Row:
    """A card before and after: character errors, words found."""

    event: str
    card: str
    errors: tuple[float, float]
    words: tuple[float, float]
    texts: tuple[str, str]


def rows(cards: Iterable[RealCard], fold: str = "") -> Iterator[Row]:
    """Yield each card read by the released model and by its fold's, or by one fold's."""
    for card in cards:
        engines = reader(RELEASED), reader(fold) if fold else reader_of(card.event)
        first, then = (
            read_card(card.photo, card.quad_photo, engine).reading.text
            for engine in engines
        )
        yield Row(
            event=card.event,
            card=f"{card.board} {card.number}",
            errors=(cer(card.text, first), cer(card.text, then)),
            words=(_found(card.text, first), _found(card.text, then)),
            texts=(first, then),
        )


def _found(truth: str, read: str) -> float:
    """Return the part of the true words that were read."""
    words, there = plain(truth).split(), plain(read).split()
    return sum(word in there for word in words) / max(1, len(words))


def table(found: list[Row]) -> str:
    """Return the figures by event, and of all."""
    lines = [f"{'':24} cards  CER before  after   words before  after"]
    for event in (*sorted({row.event for row in found}), ""):
        here = [row for row in found if not event or row.event == event]
        errors = np.array([row.errors for row in here]).mean(axis=0)
        words = np.array([row.words for row in here]).mean(axis=0)
        lines.append(
            f"{event or 'all':24} {len(here):5}  {errors[0]:10.3f}  {errors[1]:.3f}"
            f"   {words[0]:12.3f}  {words[1]:.3f}"
        )
    changes = np.array([row.errors[1] - row.errors[0] for row in found])
    draws = np.random.default_rng(0).choice(changes, (DRAWS, len(changes))).mean(axis=1)
    low, high = np.quantile(draws, (0.025, 0.975))
    lines.append(f"change {changes.mean():+.3f} (95%: {low:+.3f} to {high:+.3f})")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("boards", type=Path)
    parser.add_argument("--fold", default="", help="measure this one's events alone")
    parser.add_argument("--worst", type=int, default=0, help="show so many cards")
    asked = parser.parse_args()
    cards = real_cards(asked.boards)
    if asked.fold:
        cards = (card for card in cards if card.event in FOLDS[asked.fold])
    found = list(rows(cards))
    print(table(found))
    for row in sorted(found, key=lambda row: row.errors[0] - row.errors[1])[
        : asked.worst
    ]:
        print(row.card, row.errors, row.texts)


if __name__ == "__main__":
    main()
