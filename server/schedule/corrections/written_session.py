"""A session that no card shows: put in by hand, planned ahead, or held elsewhere."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from typing import Literal, Self

from calibration.layout import CellId
from server.errors import CorrectionError
from server.schedule.cards import Card
from server.schedule.corrections.change import Told, made_id, place_in_words
from server.schedule.corrections.held import (
    Elsewhere,
    Held,
    HeldField,
    Made,
    MadeCard,
)
from server.schedule.corrections.typed import Texts, check_typed


@dataclass(frozen=True, slots=True)
class WriteSession:
    """What a host described: a session whose card nobody has seen yet.

    Parameters
    ----------
    card : str
        Its id, from `made_id`: it becomes the card's with which it is joined.
    board : str
        Slug of the board.
    cell : CellId or None
        None for a place or a time that the board does not have.
    texts : Texts
        With a title.
    until : str, optional
        ``HH:MM`` at which it ends.
    elsewhere : Elsewhere, optional
        Place and time of one without a cell.
    handles : tuple of str
    planned : bool
        Whether a card is yet to make it official.
    waits : bool
        Whether it is hidden until a facilitator lets it through.
    """

    card: str
    board: str
    cell: CellId | None = None
    texts: Texts = field(default_factory=Texts)
    until: str | None = None
    elsewhere: Elsewhere | None = None
    handles: tuple[str, ...] = ()
    planned: bool = False
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

    @property
    def place(self) -> str:
        """Where and when it is held, in words."""
        if self.cell is not None:
            return place_in_words(self.cell)
        return self.elsewhere.words if self.elsewhere else ""

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
        where = self.elsewhere or Elsewhere()
        for text in (where.place, where.time, *self.handles):
            check_typed(text)

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it."""
        held = held.with_made(self.made_card(made), self.texts)
        if self.waits:
            hidden = HeldField(value=True, made=made)
            held = held.with_fields(self.card, {"hidden": hidden})
        return held

    def made_card(self, made: Made) -> MadeCard:
        """Return the card that it makes."""
        return MadeCard(
            self.card,
            "written",
            made,
            self.cell,
            self.until,
            board=self.board,
            elsewhere=self.elsewhere,
            handles=self.handles,
            planned=self.planned,
        )

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:  # noqa: ARG002  (of the protocol)
        """Return what it changed, in words."""
        what = "planned" if self.planned else "session by hand"
        return (
            Told(what, None, self.texts.title),
            Told("place", None, self.place or "not known yet"),
        )
