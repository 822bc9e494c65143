"""A change, by whom it was made and when: appended, never edited."""

import datetime as dt
from dataclasses import dataclass

from server.schedule.corrections.change import Change
from server.schedule.corrections.held import Made


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
    """

    id: int
    change: Change
    author: str
    made_at: dt.datetime
    undone: bool = False

    @property
    def made(self) -> Made:
        """Its number, its author and its time, for what it sets."""
        return Made(self.id, self.author, self.made_at)
