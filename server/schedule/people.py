"""People who want to be found by what interests them: no sessions. Pure.

They are never part of a release: who is removed is in none that was published before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from calibration.layout import CellId
from calibration.profile import Board
from server.schedule.cards import Card
from server.schedule.cards_now import CardNow
from server.schedule.corrections.held import Held, HeldCard, is_hidden
from server.schedule.doubt import Doubt, doubt_of
from vision.fields.doubt import title_confidence


class CardLike(Protocol):
    """A card with those that were joined to it, as the store or the desk has it."""

    @property
    def cards(self) -> tuple[Card, ...]:
        """Those that it is."""

    @property
    def cell(self) -> CellId | None:
        """Where it is published."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person, as their card or the desk says.

    Parameters
    ----------
    id : str
        The card's.
    name, interests : str
        Empty where a machine could not read them.
    handles : tuple of str
    crop : str
        SHA-256 of the card's picture; empty if there is none.
    doubt : Doubt
        How the name is shown.
    """

    id: str
    name: str
    interests: str
    handles: tuple[str, ...] = ()
    crop: str = ""
    doubt: Doubt = "none"

    @property
    def said(self) -> str:
        """All that is searched, in lower case."""
        return " ".join((self.name, self.interests, *self.handles)).casefold()


def people_of(cards: Iterable[CardNow], held: Held, board: Board) -> tuple[Person, ...]:
    """Return the people of a board that nobody removed, by name.

    Parameters
    ----------
    cards : iterable of CardNow
        All of the board.
    held : Held
        What people set.
    board : Board
    """
    found = [
        _person(now)
        for now in cards
        if is_person(now, held, board)
        and now.card.presence != "gone"
        and not is_hidden(now.held)
    ]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


def is_person(now: CardLike, held: Held, board: Board) -> bool:
    """Say whether a card is a person: typed as one, or in the area of people."""
    made = [held.made[one.id] for one in now.cards if one.id in held.made]
    if any(one.kind == "person" for one in made):
        return True
    typed = any(one.kind == "written" for one in made)
    return board.beside == "people" and now.cell is None and not typed


def was_hidden_by(held: HeldCard, author: str) -> bool:
    """Say whether a card is hidden and this is whose word that was."""
    return is_hidden(held) and held["hidden"].made.author == author


def matching(people: Iterable[Person], sought: str) -> tuple[Person, ...]:
    """Return the people of whom every word is said that is sought."""
    words = sought.casefold().split()
    return tuple(one for one in people if all(word in one.said for word in words))


def _person(now: CardNow) -> Person:
    fields = now.card.fields
    name = now.text("title")
    sure = "title" in now.held
    doubt: Doubt = (
        "none"
        if sure
        else doubt_of(name, title_confidence(fields, now.card.confidence))
    )
    rest = (now.text("description"), now.text("host"), " ".join(fields.hashtags))
    if doubt == "unreadable":
        return Person(now.card.id, "", "", crop=now.card.crop, doubt=doubt)
    return Person(
        now.card.id,
        name,
        "\n".join(filter(None, rest)),
        fields.handles,
        now.card.crop,
        doubt,
    )
