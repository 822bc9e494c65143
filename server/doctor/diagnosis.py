"""One thing that was looked at, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

from calibration.errors import BoardcastError

State = Literal["ok", "warning", "problem"]
"""A warning may be meant so; with a problem the day goes wrong."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found.

    Parameters
    ----------
    topic : str
        What was looked at, in a word.
    state : {"ok", "warning", "problem"}
    message : str
        What is so.
    advice : str
        What to do; empty where nothing is to be done.
    """

    topic: str
    state: State
    message: str
    advice: str = ""


def refused(topic: str, error: BoardcastError) -> Diagnosis:
    """Return the problem that an error tells of."""
    return Diagnosis(topic, "problem", error.message, error.hint)
