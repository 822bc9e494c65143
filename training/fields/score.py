"""How well cards are split, as ../shared/boards/score.py counts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from training.fields.cards import WELL_READ, RealCard, cer
from training.fields.fit import decided, example_of
from vision.cards import Line
from vision.fields.title import parse_fields

RIGHT_TITLE, RIGHT_HOST = 0.2, 0.3
"""Character error rates up to which they are right."""
BINS: Final = (0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


@dataclass(frozen=True, slots=True)
class Split:
    """What was made of a card: a title, a host, how sure."""

    title: str
    host: str
    chance: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A card, split as it was read and with its true words on its lines, if known."""

    card: RealCard
    read: Split
    true: Split | None


def scored(card: RealCard, weights: dict[str, float]) -> Scored:
    """Return what becomes of a card under weights."""
    true = card.as_true
    return Scored(
        card,
        _split(card, card.as_read, weights),
        _split(card, true, weights) if true else None,
    )


def _split(card: RealCard, lines: Sequence[Line], weights: dict[str, float]) -> Split:
    example = example_of(lines, card.title, card.host)
    if example is None:  # nothing to choose from is near the truth
        fields = parse_fields(lines)
        return Split(fields.title, fields.host, fields.split_confidence)
    return Split(*decided(example, weights))


def title_right(card: RealCard, split: Split) -> bool:
    """Return whether the title is the card's."""
    return cer(card.title, split.title) <= RIGHT_TITLE


def host_right(card: RealCard, split: Split) -> bool:
    """Return whether the host is the card's, who may be nobody."""
    if not card.host:
        return not split.host
    return cer(card.host, split.host) <= RIGHT_HOST


def table(found: Sequence[Scored]) -> str:
    """Return titles, hosts, false hosts and titles of well-read cards, by event."""
    lines = []
    for words in ("as read", "true words"):
        lines.append(f"{words:24} title         host          false host    well read")
        events = sorted({entry.card.event for entry in found})
        for event in (*events, ""):
            pairs = [
                (entry.card, entry.read if words == "as read" else entry.true)
                for entry in found
                if not event or entry.card.event == event
            ]
            lines.append(f"{event or 'all':24} {_row(pairs)}")
    return "\n".join(lines)


def _row(pairs: Sequence[tuple[RealCard, Split | None]]) -> str:
    known = [(card, split) for card, split in pairs if split is not None]
    well = [(c, s) for c, s in known if not c.partial and c.error <= WELL_READ]
    silent = [(c, s) for c, s in known if not c.host and not c.partial]
    groups = (
        [title_right(*pair) for pair in known],
        [host_right(*pair) for pair in known if pair[0].host],
        [bool(split.host) for _, split in silent],
        [title_right(*pair) for pair in well],
    )
    return " ".join(
        f"{sum(g) / len(g):.3f} {f'{sum(g)}/{len(g)}':8}" if g else " " * 13
        for g in groups
    )


def calibration(found: Sequence[Scored]) -> str:
    """Return how often a split of true words is right against how sure it was."""
    splits = [(entry.card, entry.true) for entry in found if entry.true]
    lines = ["said        cards  mean  right"]
    for low, high in pairwise(BINS):
        here = [(c, s) for c, s in splits if low <= s.chance < high]
        if here:
            right = sum(title_right(c, s) and host_right(c, s) for c, s in here)
            mean = sum(s.chance for _, s in here) / len(here)
            lines.append(
                f"{low:.2f} to {min(high, 1):.2f} {len(here):5}  {mean:.2f}  {right / len(here):.2f}"
            )
    return "\n".join(lines)
