"""Cards that are one: found twice, or made by a person and seen later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Self

from server.errors import CorrectionError
from server.schedule.cards import Card
from server.schedule.corrections.change import Told, title_in
from server.schedule.corrections.held import Held, Made


@dataclass(frozen=True, slots=True)
class Join:
    """Cards that are one: the first keeps its id, the others belong to it.

    Parameters
    ----------
    first : str
        Its id. A card that a person made goes before one that was seen, so that
        its address stays.
    others : tuple of str
        Their ids, at least one.
    """

    first: str
    others: tuple[str, ...]
    kind: Literal["join"] = "join"

    @classmethod
    def of(cls, cards: Iterable[str], held: Held) -> Self:
        """Return it for cards that are one, in the order in which they are to go.

        But what a person made was published before its card was seen: its address
        stays. A part that comes back to what it was cut from goes last.
        """
        cards = tuple(cards)
        parts = {
            made.id
            for made in held.made.values()
            if made.whole and held.first_of(made.whole) in cards
        }
        first, *others = sorted(
            cards, key=lambda one: (one in parts, one not in held.made)
        )
        return cls(first, tuple(others))

    @property
    def cards(self) -> tuple[str, ...]:
        """Ids of the cards that it is about."""
        return (self.first, *self.others)

    def check(self) -> None:
        """Check that there are two.

        Raises
        ------
        CorrectionError
            If there are not.
        """
        if not self.others or self.first in self.others:
            raise CorrectionError(
                "One card cannot be joined to itself.",
                hint="Choose two cards that are one.",
            )

    def apply(self, held: Held, made: Made) -> Held:  # noqa: ARG002  (of the protocol)
        """Return what holds after it."""
        first = held.first_of(self.first)
        for other in map(held.first_of, self.others):
            if other != first:
                held = replace(held, joined={**held.joined, other: first})
        return held

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:
        """Return what it changed, in words."""
        first = title_in(before, cards, self.first)
        return tuple(
            Told("joined", title_in(before, cards, other), first)
            for other in self.others
        )
