"""What people set that holds now: all corrections, one after the other."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from calibration.layout import CellId

TextField = Literal["title", "description", "host"]
CardField = Literal[TextField, "cell", "until", "hidden", "cancelled"]
FieldValue = str | bool | CellId


class Made(NamedTuple):
    """Which correction set something, who made it, and when."""

    correction: int
    author: str
    at: dt.datetime


class HeldField(NamedTuple):
    """What a field of a card was set to: a text, a cell, or yes or no."""

    value: FieldValue
    made: Made


HeldCard = Mapping[CardField, HeldField]
"""The fields of a card that people set."""


@dataclass(frozen=True, slots=True)
class Held:
    """Everything on a board that people set and nobody took back.

    Parameters
    ----------
    cards : mapping of str to HeldCard
        By the ids of the cards.
    """

    cards: Mapping[str, HeldCard] = field(default_factory=dict)

    def card(self, card_id: str) -> HeldCard:
        """Return what people set of a card."""
        return self.cards.get(card_id, {})

    def with_fields(self, card_id: str, fields: HeldCard) -> "Held":
        """Return it with some fields of a card set anew."""
        card = {**self.card(card_id), **fields}
        return replace(self, cards={**self.cards, card_id: card})


def is_hidden(held: HeldCard) -> bool:
    """Say whether a person hid a card."""
    return "hidden" in held and held["hidden"].value is True


def is_cancelled(held: HeldCard, *, read: bool) -> bool:
    """Say whether a card's session is cancelled: a person's word, else what was read."""
    return held["cancelled"].value is True if "cancelled" in held else read
