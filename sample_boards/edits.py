"""What people change on a card that hangs: a title struck out, another host.

All other ink stays where it is to the last dot, as on paper. `with_host` of
random_boards, by contrast, writes the whole card anew.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

import numpy as np

from sample_boards.board import DrawnBoard
from sample_boards.cards import Card, write_card
from sample_boards.topics import HANDLES, HOSTS

Edit = Literal["strike", "host"]

EDITS: Final[tuple[Edit, ...]] = ("strike", "host")


def with_title_struck(card: Card) -> Card:
    """Return a card whose title is struck through."""
    return replace(card, struck=True)


def with_host_in_place(card: Card, hosts: Sequence[str]) -> Card | None:
    """Return a card with another host and every other stroke as it was.

    Parameters
    ----------
    card : Card
    hosts : sequence of str
        Names to choose from; the first that fits the place is taken.

    Returns
    -------
    Card or None
        None if no name leaves the rest in place, or the card has no host.
    """
    if not card.host:
        return None
    rest = _rest(card)
    for host in hosts:
        changed = replace(card, host=host)
        if host != card.host and _rest(changed) == rest:
            return changed
    return None


def edit_cards(board: DrawnBoard, seed: int, fraction: float) -> DrawnBoard:
    """Edit some of a board's cards where they hang.

    Parameters
    ----------
    board : DrawnBoard
        The board before.
    seed : int
        Equal seeds make equal edits.
    fraction : float
        Share of the cards that are edited, 0 to 1; all others stay untouched.

    Returns
    -------
    DrawnBoard
        The board after. Every card keeps its id and its place.
    """
    rng = np.random.default_rng([seed, 14])
    count = round(fraction * len(board.cards))
    chosen = set(rng.permutation(len(board.cards))[:count].tolist())
    return replace(
        board,
        cards=tuple(
            _edited(card, rng) if number in chosen else card
            for number, card in enumerate(board.cards)
        ),
    )


def _edited(card: Card, rng: np.random.Generator) -> Card:
    """Edit a card one way or the other; a title that is struck stays so."""
    names = HANDLES if card.host.startswith("@") else HOSTS
    hosts = [names[index] for index in rng.permutation(len(names))]
    other = with_host_in_place(card, hosts)
    edit = EDITS[int(rng.integers(len(EDITS)))]
    if other is not None and (edit == "host" or card.struck):
        return other
    return with_title_struck(card)


def _rest(card: Card) -> list[tuple[str, str, bytes]]:
    """Return everything that is written on a card but its host."""
    return [
        (line.role, line.text, np.concatenate(line.strokes_mm).tobytes())
        for line in write_card(card)
        if line.role != "host"
    ]
