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
    cards : tuple of str
        Its id; several if it is several that were joined.
    """

    cards: tuple[str, ...]
    kind: Literal["there"] = "there"

    def check(self) -> None:
        """Check what a person typed: nothing."""

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it."""
        return replace(held, there={**held.there, **dict.fromkeys(self.cards, made)})

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:  # noqa: ARG002  (of the protocol)
        """Return what it changed, in words."""
        return (Told("card", "left the board", "still there"),)
