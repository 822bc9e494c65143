"""A session that no card shows: put into a cell by hand."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Literal, Self

from calibration.layout import CellId
from server.errors import CorrectionError
from server.schedule.cards import Card
from server.schedule.corrections.change import Told, made_id, place_in_words
from server.schedule.corrections.held import Held, HeldField, Made, MadeCard
from server.schedule.corrections.typed import Texts


@dataclass(frozen=True, slots=True)
class WriteSession:
    """What a host described: a session whose card nobody has seen yet.

    Parameters
    ----------
    card : str
        Its id, from `made_id`: it becomes the card's with which it is joined.
    board : str
        Slug of the board.
    cell : CellId
    texts : Texts
        With a title.
    until : str, optional
        ``HH:MM`` at which it ends.
    waits : bool
        Whether it is hidden until a facilitator lets it through.
    """

    card: str
    board: str
    cell: CellId
    texts: Texts
    until: str | None = None
    waits: bool = False
    kind: Literal["session"] = "session"

    @classmethod
    def of(
        cls,
        board: str,
        cell: CellId,
        texts: Texts,
        until: str | None = None,
    ) -> Self:
        """Return it for what was typed, on the board of this slug."""
        card = made_id("session", board, *cell, *astuple(texts))
        return cls(card, board, cell, texts, until)

    @property
    def cards(self) -> tuple[str, ...]:
        """Ids of the cards that it is about."""
        return (self.card,)

    def check(self) -> None:
        """Check what a person typed.

        Raises
        ------
        CorrectionError
            If it cannot be kept.
        """
        if not self.texts.title:
            raise CorrectionError(
                "A session that no card shows needs a title.",
                hint="Type what it is called.",
            )
        self.texts.check()

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it."""
        card = MadeCard(
            self.card, "written", made, self.cell, self.until, board=self.board
        )
        held = held.with_made(card, self.texts)
        if self.waits:
            held = held.with_fields(
                self.card, {"hidden": HeldField(value=True, made=made)}
            )
        return held

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:  # noqa: ARG002  (of the protocol)
        """Return what it changed, in words."""
        return (
            Told("session by hand", None, self.texts.title),
            Told("place", None, place_in_words(self.cell)),
        )
