"""That a person has seen what became of cards: what a list of changes begins anew from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from server.schedule.cards import Card
from server.schedule.corrections.change import Told
from server.schedule.corrections.held import Held, Made, SeenCard


@dataclass(frozen=True, slots=True)
class Seen:
    """Cards as a person saw and confirmed them.

    Parameters
    ----------
    as_seen : mapping of str to SeenCard
        By the ids of the cards.
    """

    as_seen: Mapping[str, SeenCard]
    kind: Literal["seen"] = "seen"

    def __post_init__(self) -> None:
        if not self.as_seen:
            raise ValueError("expected a card that was seen, got none")

    @property
    def cards(self) -> tuple[str, ...]:
        """Ids of the cards that it is about."""
        return tuple(self.as_seen)

    def check(self) -> None:
        """Check nothing: nobody typed it."""

    def apply(self, held: Held, made: Made) -> Held:  # noqa: ARG002  (as all kinds)
        """Return what holds after it."""
        for card_id, seen in self.as_seen.items():
            held = held.with_seen(card_id, seen)
        return held

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:
        """Return what was confirmed, in words."""
        del before, cards
        number = len(self.as_seen)
        changes = "1 change" if number == 1 else f"{number} changes"
        return (Told("on the board", changes, changes),)
