"""Who looks on as a board is read: people who wait, and people who debug."""

from collections.abc import Callable
from dataclasses import dataclass

from vision.image.arrays import Image
from vision.reading import Finding

Trace = Callable[[str, Image], None]
"""Takes a stage's name (``3-cards``) and its picture (H, W, 3), uint8, BGR."""

Progress = Callable[[int, int], None]
"""Takes how many cards are read and how many are to be read."""

OnFindings = Callable[[tuple[Finding, ...]], None]
"""Takes what staff should know as soon as it is known."""


def ignored(*_told: object) -> None:
    """Take what is told and do nothing with it: the default."""


@dataclass(frozen=True, slots=True)
class Callbacks:
    """What is called as a board is read; nothing is, by default.

    A picture of the cards, every crop and what of it the engine reads; progress before
    the first card and after each; findings once before any card is read.
    """

    trace: Trace = ignored
    progress: Progress = ignored
    on_findings: OnFindings = ignored


NO_CALLBACKS = Callbacks()
