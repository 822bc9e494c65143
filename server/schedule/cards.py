"""A card's life across photos, as the schedule sees it."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from calibration.layout import CellId
from vision.reading import CardFields

Presence = Literal["present", "gone", "covered", "unseen"]
"""What the newest photo says: there; positively not there any more; hidden
by something; outside the photo. Only `gone` takes a card off the schedule."""


@dataclass(frozen=True, slots=True)
class Card:
    """One physical card, with its newest reading.

    Parameters
    ----------
    id : str
        Stable for the card's life, whatever is read or corrected: 12 lower-case
        hex digits.
    board : str
        Slug of the board.
    cell : CellId or None
        Where most of it lay when it was last seen; None beside the cells.
    until : str or None
        ``HH:MM`` at which a session of several slots ends.
    text : str
        Raw text as read.
    fields : CardFields
        What the text means.
    confidence : float
        0 to 1.
    colour : str
        ``#rrggbb``.
    crop : str
        SHA-256 of the crop's blob; empty for a session whose card nobody has seen.
    presence : Presence
        In the newest photo of the board.
    first_seen_at, last_seen_at : datetime
        Aware times of the first and the newest photo that show it.
    rooms : tuple of str
        All rooms that it lies across, if in more than its cell's.
    votes : int or None
        Dots on it in the newest photo; None where none are counted.
    bare_at : datetime or None
        Aware time of the newest photo since it was last seen that shows its place
        bare; None if there is none.
    edited_at : datetime or None
        Aware time of the photo that first shows the words that it has now, if somebody
        wrote on it then.
    newer_crop : str
        Of a card that a person split the crop of another photo since, with all of it.
    """

    id: str
    board: str
    cell: CellId | None
    until: str | None
    text: str
    fields: CardFields
    confidence: float
    colour: str
    crop: str
    presence: Presence
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    rooms: tuple[str, ...] = ()
    votes: int | None = None
    bare_at: dt.datetime | None = None
    edited_at: dt.datetime | None = None
    newer_crop: str = ""
