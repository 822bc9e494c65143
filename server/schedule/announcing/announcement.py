"""What is stored of a post: what people decided about it, and how far it was sent."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from calibration.announcing import About
from server.schedule.sessions import Session

State = Literal["draft", "approved", "dropped", "begun"]
"""A draft that somebody worded; one that may go out; one that never will; one that
goes out, or went out."""

DeliveryState = Literal["waiting", "sending", "sent", "unsure", "failed"]
"""How far a post has got with one service. ``unsure``: perhaps it arrived, perhaps not,
and only a person can look."""

GOING_OUT: frozenset[DeliveryState] = frozenset(
    {"waiting", "sending", "sent", "unsure"}
)
"""States of a delivery that people have read, or may read yet."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a post says of a session; all of it is public.

    Parameters
    ----------
    title, host : str
    handles : tuple of str
    place : str
    starts_at, ends_at : datetime
        Aware, in the event's timezone.
    crop : str
        SHA-256 of the picture of its card; empty if there is none.
    """

    title: str
    host: str
    handles: tuple[str, ...]
    place: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    crop: str

    @classmethod
    def of(cls, session: Session) -> "Facts":
        """Return what a post may say of a session."""
        return cls(
            session.title,
            session.host,
            session.handles,
            session.place,
            session.starts_at,
            session.ends_at,
            session.crop,
        )

    def same_place_and_time(self, other: "Facts") -> bool:
        """Say whether people who read of one find the other."""
        return (self.place, self.starts_at) == (other.place, other.starts_at)

    def same_words(self, other: "Facts") -> bool:
        """Say whether posts of both read the same."""
        return replace(self, crop="") == replace(other, crop="")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One post to one service.

    Parameters
    ----------
    id : int
    service : str
        Its name.
    state : DeliveryState
    tries : int
    with_picture : bool
    next_try_at : datetime
        Aware.
    changed_at : datetime
        Aware.
    why : str
        In plain words, what went wrong; empty if nothing did.
    """

    id: int
    service: str
    state: DeliveryState
    tries: int
    with_picture: bool
    next_try_at: dt.datetime
    changed_at: dt.datetime
    why: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """A post about a session, as far as anything is stored about it.

    Parameters
    ----------
    id : int
        Grows with every decision, whatever the clock says.
    session_id : str
    about : About
    version : str
        Which post it is of those about the same: of each there is one.
    state : State
    facts : Facts
        What it said when somebody decided about it last.
    text : str
        Its words; empty for those that the template gives.
    by : str
        Who decided about it.
    at : datetime
        When that was; aware.
    begun_at : datetime or None
        When it began to go out; aware.
    deliveries : tuple of Delivery
    """

    id: int
    session_id: str
    about: About
    version: str
    state: State
    facts: Facts
    text: str
    by: str
    at: dt.datetime
    begun_at: dt.datetime | None = None
    deliveries: tuple[Delivery, ...] = ()

    @property
    def key(self) -> tuple[str, About, str]:
        """What is unique to it on its board."""
        return self.session_id, self.about, self.version

    @property
    def told(self) -> bool:
        """Whether people may have read it."""
        return any(one.state in GOING_OUT for one in self.deliveries)

    @property
    def closed(self) -> bool:
        """Whether nothing is to be decided about it any more."""
        return self.state in {"dropped", "begun"}
