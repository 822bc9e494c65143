"""A change, by whom it was made and when: appended, never edited."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from server.schedule.corrections.change import Change
from server.schedule.corrections.held import Made


class Turn(NamedTuple):
    """That a correction was taken back, or made again, by whom and when.

    Parameters
    ----------
    number : int
        Ascending in the order in which that was done.
    author : str
    at : datetime
        Aware.
    """

    number: int
    author: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """One act of one person.

    Parameters
    ----------
    id : int
        Ascending in the order in which they were made.
    change : Change
        What was changed, of one of the kinds.
    author : str
        Who did it, as they signed in.
    made_at : datetime
        Aware.
    undone : bool
        Taken back since; it stays in the history and counts no more.
    turn : Turn or None
        The last time that it was taken back or made again; None for never.
    """

    id: int
    change: Change
    author: str
    made_at: dt.datetime
    undone: bool = False
    turn: Turn | None = None

    @property
    def made(self) -> Made:
        """Its number, its author and its time, for what it sets."""
        return Made(self.id, self.author, self.made_at)
