"""A card in a photo, and which known one it is."""

from dataclasses import dataclass

from vision.cards import FoundCard
from vision.crops import CardCrop
from vision.identity import KnownCard, Look, News


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """A card in this photo.

    Parameters
    ----------
    card : FoundCard
    crop : CardCrop or None
        None where it hangs as it hung, and an earlier photo shows it as well.
    look : Look
        As to be remembered: how it looks, or looked when it was read, and where
        it now is.
    known : KnownCard or None
        The known card that it is.
    news : {"new", "same", "whole", "edited", "sharper"}
        What it shows against when it was read.
    sharpness : float
        Of the crop; 0 where something may hide a part of the card, or nothing was
        to be gained from knowing.
    """

    card: FoundCard
    crop: CardCrop | None
    look: Look
    known: KnownCard | None
    news: News
    sharpness: float = 0.0

    @property
    def readable(self) -> bool:
        """Whether its pixels are worth reading; else the known reading holds."""
        return self.news != "same"


def colour_of(card: KnownCard) -> tuple[int, int, int]:
    """Return a known card's colour, (blue, green, red)."""
    colour = card.reading.colour.lstrip("#")
    red, green, blue = (int(colour[index : index + 2], 16) for index in (0, 2, 4))
    return (blue, green, red)
