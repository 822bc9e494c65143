"""The photos that show a card with the words that it has now. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vision.cards import Change

MUCH_SHARPER = 2.0
"""Times the sharpness from which an older crop is shown rather than a newer one: as
if it were half as large again. Less is not seen, and the newer one is fresher."""


@dataclass(frozen=True, slots=True)
class Showing:
    """That a photo shows a card.

    Parameters
    ----------
    photo : str
        The photo's id.
    at : datetime
        Aware moment of the photo.
    position : int
        Of the card in the photo's reading.
    read_again : bool
        Whether it was read as the photo was.
    change : Change
        Why, see `vision.cards.ReadCard`.
    sharpness : float
        Of the crop; 0 where something may hide a part of the card.
    crop : str
        SHA-256 of the crop's blob.
    further : bool
        Whether there was a further look at it.
    """

    photo: str
    at: dt.datetime
    position: int
    read_again: bool
    change: Change
    sharpness: float
    crop: str
    further: bool = False

    @property
    def order(self) -> tuple[dt.datetime, str]:
        """By what showings are ordered: as all evidence of photos is."""
        return self.at, self.photo

    @property
    def changed(self) -> bool:
        """Whether the words may be others than in the photos before."""
        return self.read_again and self.change != "sharper"

    @property
    def was_read(self) -> bool:
        """Whether an engine read it in this photo, at first or further."""
        return self.read_again or self.further

    @property
    def whole(self) -> bool:
        """Whether nothing hides a part of the card."""
        return self.sharpness > 0


def same_words(showings: Iterable[Showing]) -> tuple[Showing, ...]:
    """Return where a card has the words that it has now, the oldest first.

    Parameters
    ----------
    showings : iterable of Showing
        All of one card, in any order.

    Returns
    -------
    tuple of Showing
        Those since somebody last wrote on it, or more of it was seen than before.
    """
    ordered = sorted(showings, key=lambda showing: showing.order)
    changed = [index for index, showing in enumerate(ordered) if showing.changed]
    return tuple(ordered[changed[-1] if changed else 0 :])


def crop_of(showings: Sequence[Showing]) -> str:
    """Return the crop that people are to be shown.

    The newest one that nothing hides, unless an older one is much sharper.

    Parameters
    ----------
    showings : sequence of Showing
        From `same_words`, at least one.
    """
    whole = [showing for showing in showings if showing.whole]
    if not whole:
        return showings[-1].crop
    sharpest = max(whole, key=lambda showing: showing.sharpness)
    newest = whole[-1]
    much_sharper = sharpest.sharpness >= MUCH_SHARPER * newest.sharpness
    return sharpest.crop if much_sharper else newest.crop


def source_of(showings: Sequence[Showing]) -> Showing:
    """Return the showing that a card's words come from.

    The newest in which it was read, at first or further: in those after it the card
    was merely known again.

    Parameters
    ----------
    showings : sequence of Showing
        From `same_words`, at least one.
    """
    return next((entry for entry in reversed(showings) if entry.was_read), showings[-1])


def telling(showings: Sequence[Showing]) -> tuple[Showing, ...]:
    """Return those that tell all that the others do, now and after newer ones.

    However often a card was photographed, they are few: the first, the last, where
    its words come from, where it was looked at further, and those whose crops may be
    shown.

    Parameters
    ----------
    showings : sequence of Showing
        From `same_words`, at least one.
    """
    kept = {showings[0], showings[-1], source_of(showings)}
    kept |= {entry for entry in showings if entry.further}
    whole = [entry for entry in showings if entry.whole]
    if whole:
        kept |= {whole[-1], max(whole, key=lambda entry: entry.sharpness)}
    return tuple(entry for entry in showings if entry in kept)
