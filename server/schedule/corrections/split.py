"""A card that is two: a part of it becomes a card of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, Self

from calibration.geometry import Rect
from calibration.layout import CellId
from server.schedule.cards import Card
from server.schedule.corrections.change import Told, made_id
from server.schedule.corrections.held import Held, Made, MadeCard
from server.schedule.corrections.typed import NO_TEXTS


@dataclass(frozen=True, slots=True)
class Split:
    """A card of which a part is another one.

    Parameters
    ----------
    card : str
        Its id.
    part : str
        Id of the other one, from `made_id`.
    crop, part_crop : str
        SHA-256 of what is left of its crop, and of the part.
    rect_fraction, part_rect_fraction : Rect
        Where these are in the crop that was cut, in fractions of it.
    cell : CellId, optional
        Where the part is published; where its card hangs if left out.
    photo : str
        Id of the photo that the crop was cut from, from when only one was kept.
    photos : tuple of str
        Ids of the photos that the crop may show.
    whole_crop : str
        SHA-256 of the crop that was cut; empty if that was not kept.
    """

    card: str
    part: str
    crop: str
    part_crop: str
    rect_fraction: Rect
    part_rect_fraction: Rect
    cell: CellId | None = None
    photo: str = ""
    photos: tuple[str, ...] = ()
    whole_crop: str = ""
    kind: Literal["split"] = "split"

    @classmethod
    def of(
        cls,
        card: str,
        crops: tuple[str, str],
        rect_fractions: tuple[Rect, Rect],
        cell: CellId | None = None,
        *,
        photos: tuple[str, ...] = (),
        whole_crop: str = "",
    ) -> Self:
        """Return it for what is left of a card and for its part, in this order."""
        part = made_id("split", card, *crops)
        return cls(
            card,
            part,
            *crops,
            *rect_fractions,
            cell,
            photos=photos,
            whole_crop=whole_crop,
        )

    @property
    def crops(self) -> dict[str, str]:
        """The crops that were cut, by the cards that they are of."""
        return {self.card: self.crop, self.part: self.part_crop}

    @property
    def cards(self) -> tuple[str, ...]:
        """Ids of the cards that it is about."""
        return self.card, self.part

    def check(self) -> None:
        """Check what a person typed: nothing."""

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it."""
        part = MadeCard(
            self.part,
            "part",
            made,
            self.cell,
            crop=self.part_crop,
            whole=self.card,
            rect_fraction=self.part_rect_fraction,
        )
        held = held.with_made(part, NO_TEXTS)
        held = held.with_cut(self.crops.values(), (self.photo, *self.photos))
        return replace(
            held,
            crops={**held.crops, self.card: self.crop},
            cut_out_of={**held.cut_out_of, self.crop: self.whole_crop},
        )

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:  # noqa: ARG002  (of the protocol)
        """Return what it changed, in words."""
        return (Told("card", None, "split in two"),)
