"""Cards that may be what a person drew, cut off or put in by hand: to be asked. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz, utils

from server.schedule.cards_now import CardNow
from server.schedule.corrections.held import Held, is_hidden

TEXT, SLOT, ROOM = 0.7, 0.2, 0.1
"""What the same words, the same slot and the same room count for, 1 in all."""

TITLE = 0.8
"""Of the words, what the title counts for; the rest the host."""

UNKNOWN = 0.5
"""Likeness of words where one of the two says nothing."""

OFFERED = 0.6
"""Likeness from which a person is asked: the same place and half of the words, or nearly
the same words anywhere."""

PLANNED = 0.6
"""Likeness of words from which a card may be a planned session. Below, another one is in
its place, and the desk says that: titles that have nothing in common are up to .57 alike
("Typing clinic" and "Knitting")."""


class ProposedJoin(NamedTuple):
    """That a card may be what a person made before it was seen.

    Parameters
    ----------
    first : str
        Id of what the person made: it stays the id of both.
    other : str
        Id of the card.
    likeness : float
        0 to 1.
    """

    first: str
    other: str
    likeness: float


def proposed_joins(cards: Iterable[CardNow], held: Held) -> tuple[ProposedJoin, ...]:
    """Return the cards to be joined to what people made, the likeliest first.

    Each is proposed once, for what it is most like; nothing that is hidden, has left
    the board, or is joined already.

    Parameters
    ----------
    cards : iterable of CardNow
        All of the board.
    held : Held
        What people set.
    """
    here = [
        now for now in cards if now.card.presence != "gone" and not is_hidden(now.held)
    ]
    made = [now for now in here if all(one.id in held.made for one in now.cards)]
    seen = [now for now in here if all(one.id not in held.made for one in now.cards)]
    pairs = [
        ProposedJoin(first.card.id, other.card.id, likeness)
        for first in made
        for other in seen
        if (likeness := _likeness(first, other, held)) >= OFFERED
    ]
    chosen: list[ProposedJoin] = []
    for pair in sorted(pairs, key=lambda one: (-one.likeness, one.first, one.other)):
        if not {pair.first, pair.other} & {name for one in chosen for name in one[:2]}:
            chosen.append(pair)
    return tuple(chosen)


def _likeness(first: CardNow, other: CardNow, held: Held) -> float:
    """Return how like a card is to what a person made, 0 to 1."""
    words = _words_alike(first, other)
    later = other.card.first_seen_at > held.made[first.cards[0].id].made.at
    if words is None and not later:
        return 0.0  # The person saw both, and took them for two.
    made = held.made[first.cards[0].id]
    if made.planned and words is not None and words < PLANNED:
        return 0.0
    place, hangs = first.cell, other.cell
    if place is None or hangs is None:  # beside the cells hangs what is held elsewhere
        slot = room = place is hangs and made.elsewhere is not None
    else:
        slot, room = place.slot == hangs.slot, place.room == hangs.room
    return TEXT * (UNKNOWN if words is None else words) + SLOT * slot + ROOM * room


def alike(first: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1, whatever the order of their words."""
    return fuzz.token_sort_ratio(first, other, processor=utils.default_process) / 100


def _words_alike(first: CardNow, other: CardNow) -> float | None:
    """Return how alike titles and hosts are, 0 to 1; None if one has no title."""
    title, host = (
        None if not all(texts) else alike(*texts)
        for texts in (
            (first.text("title"), other.text("title")),
            (first.text("host"), other.text("host")),
        )
    )
    if title is None or host is None:
        return title
    return TITLE * title + (1 - TITLE) * host
