"""Fit the weights by which a card's lines are split, and say how well they do.

python -m training.fields ../shared/boards            # figures, leaving events out
python -m training.fields ../shared/boards --write    # and the weights of all
python -m training.fields ../shared/boards --worth    # what each feature is worth
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from training.fields.cards import NOT_TO_TRAIN_ON, RealCard, real_cards
from training.fields.drawn import drawn_card
from training.fields.fit import Example, example_of, fitted
from training.fields.score import Scored, calibration, scored, table

DRAWN: Final = 1800
DRAWN_WEIGHT: Final = 0.4
"""How much a drawn card counts against a real one."""
MOST_OF_AN_EVENT: Final = 40
"""Cards that an event counts as at most: the largest must not say what a card is."""

WEIGHTS: Final = Path("vision/fields/weights.toml")
KEPT: Final = Path("build/fields")
HEAD: Final = """\
# How a card's lines are split into title, description and host: the weight of each
# feature, see vision/fields/split.py. A split's score is the sum of its features by
# their weights; docs/how-cards-are-split.md says what they were fitted to.
# Written by `python -m training.fields ../shared/boards --write`.
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.fields", description=__doc__)
    parser.add_argument("boards", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--worth", action="store_true")
    asked = parser.parse_args()
    cards = real_cards(asked.boards, KEPT)
    drawn, examples = drawn_examples(DRAWN), real(cards)
    print(f"{len(examples)} readings of real cards, {len(drawn)} drawn ones")
    if asked.write:
        _write(fitted([*drawn, *(example for _, example in examples)]))
    found = left_out(cards, examples, drawn)
    print(table(found))
    print(calibration(found))
    if asked.worth:
        for name, features in groups(examples).items():
            some = left_out(cards, examples, drawn, features)
            print(f"without {name}:", table(some).splitlines()[-1])


def drawn_examples(count: int) -> list[Example]:
    """Return what so many drawn cards teach."""
    return [card for seed in range(count) if (card := _drawn(seed))]


def _drawn(seed: int) -> Example | None:
    lines, truth = drawn_card(seed)
    return example_of(lines, truth.title, truth.host, DRAWN_WEIGHT)


def real(cards: Sequence[RealCard]) -> list[tuple[RealCard, Example]]:
    """Return what real cards teach: as read and with their true words, at each cut."""
    used = [card for card in cards if card.board not in NOT_TO_TRAIN_ON]
    sizes = Counter(event for event, _, _ in {_key(card) for card in used})
    found = [
        (card, example)
        for card in used
        for lines in (card.as_read, card.as_true)
        if (example := example_of(lines, card.title, card.host))
    ]
    times = Counter(_key(card) for card, _ in found)
    return [
        (card, example_weighing(example, sizes[card.event], times[_key(card)]))
        for card, example in found
    ]


def _key(card: RealCard) -> tuple[str, str, int]:
    return card.event, card.board, card.number


def example_weighing(example: Example, cards: int, readings: int) -> Example:
    """Return an example of an event of so many cards, one of so many of its card."""
    weight = min(1, MOST_OF_AN_EVENT / cards) / readings
    return Example(example.titles, example.hosts, example.looks, example.best, weight)


def left_out(
    cards: Sequence[RealCard],
    examples: Sequence[tuple[RealCard, Example]],
    drawn: Sequence[Example],
    without: Iterable[str] = (),
) -> list[Scored]:
    """Return what becomes of each event's cards under weights fitted to the others."""
    found: list[Scored] = []
    for event in sorted({card.event for card in cards}):
        others = [example for card, example in examples if card.event != event]
        weights = fitted([*drawn, *others], without)
        here = [card for card in cards if card.event == event and not card.cut]
        found += [scored(card, weights) for card in here]
    return found


def groups(examples: Sequence[tuple[RealCard, Example]]) -> dict[str, set[str]]:
    """Return features that say one thing, by its name."""
    names = {name for _, example in examples for o in example.looks for name in o}
    kinds: dict[str, set[str]] = {}
    for name in names:
        kind = name.replace("title: within, ", "").replace("title: before ", "")
        kinds.setdefault(kind, set()).add(name)
    return dict(sorted(kinds.items()))


def _write(weights: dict[str, float]) -> None:
    lines = [HEAD]
    for group in ("host", "title"):
        lines.append(f"[{group}]")
        known = {
            n.split(": ", 1)[1]: w for n, w in weights.items() if n.startswith(group)
        }
        lines += [f'"{name}" = {weight:.2f}' for name, weight in sorted(known.items())]
        lines.append("")
    WEIGHTS.write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
