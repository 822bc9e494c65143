"""Which boards show one event, and which events count as left out: folds.toml."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FOLDS = Path(__file__).with_name("folds.toml")


class Event(BaseModel):
    """One event.

    Parameters
    ----------
    name : str
    boards : tuple of str
        Folders of its boards.
    photos : tuple of str
        Patterns of its other photos, as paths in the folder of boards.
    seen_in : tuple of str
        What of it was looked at when the detector was made, and for what.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    boards: tuple[str, ...]
    photos: tuple[str, ...] = ()
    seen_in: tuple[str, ...]


class Folds(BaseModel):
    """All events that are known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    events: tuple[Event, ...]

    def event_of(self, board: str) -> Event:
        """Return the event that a board shows; unseen, if nobody wrote it down."""
        for event in self.events:
            if board in event.boards:
                return event
        return Event(name=board, boards=(board,), seen_in=())


def load_folds(path: Path = FOLDS) -> Folds:
    """Read the events.

    Raises
    ------
    ValueError
        If the file has other keys, or says nothing of what was seen.
    """
    return Folds.model_validate(tomllib.loads(path.read_text("utf-8")))
