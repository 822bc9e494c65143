"""A card that was not found: drawn by hand on the board's picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from calibration.geometry import Rect
from calibration.layout import CellId
from server.schedule.cards import Card
from server.schedule.corrections.change import Told, made_id, place_in_words
from server.schedule.corrections.held import Held, Made, MadeCard
from server.schedule.corrections.typed import NO_TEXTS, Texts


@dataclass(frozen=True, slots=True)
class Draw:
    """A card that hangs on the board and that no photo's reading has.

    Parameters
    ----------
    card : str
        Its id, from `made_id`.
    board : str
        Slug of the board.
    cell : CellId
    crop : str
        SHA-256 of its crop.
    picture : str
        SHA-256 of the board's picture that it was cut from.
    rect_fraction : Rect
        Where it is, in fractions of that picture.
    until : str, optional
        ``HH:MM`` at which its session ends.
    texts : Texts
    rect_area : Rect, optional
        Where it is in the unit square of the cell area, if the picture tells: the next
        picture has another frame.
    photo : str
        Id of the newest photo in that picture, from when only that was kept.
    photos : tuple of str
        Ids of the photos in that picture that may show it.
    """

    card: str
    board: str
    cell: CellId
    crop: str
    picture: str
    rect_fraction: Rect
    until: str | None = None
    texts: Texts = NO_TEXTS
    rect_area: Rect | None = None
    photo: str = ""
    photos: tuple[str, ...] = ()
    kind: Literal["draw"] = "draw"

    @classmethod
    def of(
        cls,
        board: str,
        picture: str,
        rect_fraction: Rect,
        crop: str,
        *,
        cell: CellId,
        until: str | None = None,
        texts: Texts = NO_TEXTS,
        rect_area: Rect | None = None,
        photos: tuple[str, ...] = (),
    ) -> Self:
        """Return it for a place in a picture, and the crop that was cut there."""
        place = f"{rect_fraction.left},{rect_fraction.top}"
        card = made_id("draw", board, picture, place, crop)
        place_of = cell, crop, picture, rect_fraction
        return cls(card, board, *place_of, until, texts, rect_area, photos=photos)

    @property
    def crops(self) -> dict[str, str]:
        """The crop that was cut, by the card that it is of."""
        return {self.card: self.crop}

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
        self.texts.check()

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it."""
        card = MadeCard(
            self.card,
            "drawn",
            made,
            self.cell,
            self.until,
            self.crop,
            rect_fraction=self.rect_fraction,
            board=self.board,
            rect_area=self.rect_area,
        )
        photos = (self.photo, *self.photos)
        return held.with_made(card, self.texts).with_cut([self.crop], photos)

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:  # noqa: ARG002  (of the protocol)
        """Return what it changed, in words."""
        return (
            Told("card", None, "drawn by hand"),
            Told("place", None, place_in_words(self.cell)),
        )
