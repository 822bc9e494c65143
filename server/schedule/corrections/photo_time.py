"""When a photo was taken, where its camera does not tell or tells wrongly."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from server.schedule.cards import Card
from server.schedule.corrections.change import Told
from server.schedule.corrections.held import Held, HeldTime, Made


@dataclass(frozen=True, slots=True)
class PhotoTime:
    """That a photo was taken at a time.

    Parameters
    ----------
    photo : str
        Its id.
    at : datetime
        Aware, in the event's timezone.
    named : str
        What the history calls it.

    Raises
    ------
    ValueError
        If the time is naive.
    """

    photo: str
    at: dt.datetime
    named: str = "photo"
    kind: Literal["photo_time"] = "photo_time"

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            msg = f"expected an aware time of photo {self.photo}, got {self.at}"
            raise ValueError(msg)

    @property
    def cards(self) -> tuple[str, ...]:
        """Of no card."""
        return ()

    def check(self) -> None:
        """Check nothing: what was typed was a time, or it is none of these."""

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it."""
        photo = replace(held.photo(self.photo), time=HeldTime(self.at, made))
        return held.with_photo(self.photo, photo)

    def tell(
        self,
        before: Held,
        cards: Mapping[str, Card],  # noqa: ARG002  (as every change)
    ) -> tuple[Told, ...]:
        """Return what it changed, in words."""
        held = before.photo(self.photo).time
        was = _words(held.at.astimezone(self.at.tzinfo)) if held else None
        return (Told(f"{self.named}, taken at", was, _words(self.at)),)


def _words(moment: dt.datetime) -> str:
    return f"{moment:%H:%M, %Y-%m-%d}"
