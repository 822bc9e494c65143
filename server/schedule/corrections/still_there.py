"""A card that left the board, as photos say, and that a person sees there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from server.schedule.cards import Card
from server.schedule.corrections.change import Told
from server.schedule.corrections.held import Held, Made


@dataclass(frozen=True, slots=True)
class StillThere:
    """A card that hangs there still, until a later photo shows its place bare.

    Parameters
    ----------
    card : str
        Its id.
    """

    card: str
    kind: Literal["there"] = "there"

    @property
    def cards(self) -> tuple[str, ...]:
        """Ids of the cards that it is about."""
        return (self.card,)

    def check(self) -> None:
        """Check what a person typed: nothing."""

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it."""
        return replace(held, there={**held.there, self.card: made})

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:  # noqa: ARG002  (of the protocol)
        """Return what it changed, in words."""
        return (Told("card", "left the board", "still there"),)
