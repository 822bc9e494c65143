"""What every kind of change can do, and how it is told in the history."""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from calibration.layout import CellId
from server.schedule.cards import Card
from server.schedule.corrections.held import Held, Made


class Told(NamedTuple):
    """One line of the history.

    Parameters
    ----------
    what : str
        What was changed: "title", "place", "joined".
    before : str or None
        What it was; None where that says nothing. Equal to `after` where a person
        only confirmed it.
    after : str
        What it became.
    """

    what: str
    before: str | None
    after: str


class Change(Protocol):
    """One act of one person, whatever it changes. Pure and frozen.

    Each kind is a dataclass with a field ``kind`` that is its name in the store, and
    fields whose JSON outlives the code: they are only ever added, with a default.
    """

    @property
    def kind(self) -> str:
        """Name of the kind."""

    @property
    def cards(self) -> tuple[str, ...]:
        """Ids of the cards that it is about."""

    def check(self) -> None:
        """Check what a person typed.

        Raises
        ------
        CorrectionError
            If it cannot be kept.
        """

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it."""

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:
        """Return what it changed, in words.

        Parameters
        ----------
        before : Held
            What held when it was made.
        cards : mapping of str to Card
            By their ids, as they were read.
        """


ID_DIGITS = 12
"""Hex digits of a card's id."""


def made_id(*what: str) -> str:
    """Return the id of a card that a person made: of the same act it is the same.

    So a form that is sent twice makes one card, and what is made again has its address.
    """
    return hashlib.sha256("\0".join(what).encode()).hexdigest()[:ID_DIGITS]


def title_in(held: Held, cards: Mapping[str, Card], card_id: str) -> str:
    """Return a card's title, as a person set it, else as read."""
    if "title" in held.card(card_id):
        return str(held.card(card_id)["title"].value)
    return cards[card_id].fields.title if card_id in cards else ""


def place_in_words(cell: CellId) -> str:
    """Return a cell in words."""
    return f"{cell.room}, {cell.slot}"
