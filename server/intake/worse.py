"""A picture that is much worse than the last one does not take its place.

The photo is read as any other; only what people see stays. Not for ever: after an hour
the last picture is too old, and a poor new one is better.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.store.pictures import StraightPicture, shown_at
from vision.quality.worse import PictureQuality, Worse, quality_from, why_worse
from vision.reading import Finding

STAYS_FOR = dt.timedelta(minutes=60)
"""How old the last picture may be: what `server.views.moment` calls too old."""

WHAT: dict[Worse, str] = {
    "blurred": "is much more blurred than",
    "smaller": "shows the board much smaller than",
}


@dataclass(frozen=True, slots=True)
class WorsePicture:
    """That a picture is much worse than the one that stays.

    Parameters
    ----------
    than : str
        Id of the photo of that one.
    why : Worse
    taken_at : datetime
        Aware: when that one was taken.
    """

    than: str
    why: Worse
    taken_at: dt.datetime

    def finding(self, timezone: ZoneInfo) -> Finding:
        """Return what staff are told."""
        return Finding(
            f"worse_{self.why}",
            f"This photo {WHAT[self.why]} that of {self.taken_at.astimezone(timezone):%H:%M}, "
            "whose picture stays. What it says is added. Take another one.",
        )


def worse_picture(
    session: Session,
    own: StraightPicture,
    quality: PictureQuality,
    layers: Sequence[StraightPicture],
) -> WorsePicture | None:
    """Return which picture stays because a new one is much worse; None if none does.

    Parameters
    ----------
    session : Session
    own : StraightPicture
        The new one.
    quality : PictureQuality
        Its.
    layers : sequence of StraightPicture
        What shows the board so far, the oldest first.
    """
    if not layers or own.at < layers[-1].at:
        return None
    last = layers[0]
    # Close-ups are set into the whole board: beside that one each is compared. Without
    # it each shows what no other one does.
    if last.registration is None or not last.registration.whole:
        return None
    why = why_worse(quality, quality_from(last.registration, last.focus))
    if why is None:
        return None
    last_at = shown_at(session, last)
    if own.at - last_at >= STAYS_FOR:
        return None
    return WorsePicture(last.photo_id, why, last_at)
