"""A person who wants to be found: typed at the desk, as a card in the area of people is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

from server.errors import CorrectionError
from server.schedule.cards import Card
from server.schedule.corrections.change import Told, made_id
from server.schedule.corrections.held import Held, Made, MadeCard
from server.schedule.corrections.typed import Texts, check_typed


@dataclass(frozen=True, slots=True)
class WritePerson:
    """A person whom no card shows.

    Parameters
    ----------
    card : str
        Its id, from `made_id`.
    board : str
        Slug of the board.
    texts : Texts
        The title is the name, the description the interests.
    handles : tuple of str
    """

    card: str
    board: str
    texts: Texts = field(default_factory=Texts)
    handles: tuple[str, ...] = ()
    kind: Literal["person"] = "person"

    @classmethod
    def of(
        cls, board: str, name: str, interests: str, handles: tuple[str, ...] = ()
    ) -> Self:
        """Return it for what was typed: the same name is the same person."""
        card = made_id("person", board, name.casefold())
        return cls(card, board, Texts(name, interests), handles)

    @property
    def cards(self) -> tuple[str, ...]:
        """Ids of the cards that it is about."""
        return (self.card,)

    def check(self) -> None:
        """Check what was typed.

        Raises
        ------
        CorrectionError
            If it cannot be kept.
        """
        if not self.texts.title:
            raise CorrectionError(
                "A person needs a name.", hint="Type what they want to be called."
            )
        self.texts.check()
        for handle in self.handles:
            check_typed(handle)

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it."""
        card = MadeCard(
            self.card, "person", made, None, board=self.board, handles=self.handles
        )
        return held.with_made(card, self.texts)

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:  # noqa: ARG002  (of the protocol)
        """Return what it changed, in words."""
        return (Told("person", None, self.texts.title),)
