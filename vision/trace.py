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


def no_trace(stage: str, picture: Image) -> None:
    """Take a picture and do nothing with it: the default."""


def no_progress(read: int, total: int) -> None:
    """Take how far it has come and do nothing with it: the default."""


def no_findings(findings: tuple[Finding, ...]) -> None:
    """Take findings and do nothing with them: the default."""


@dataclass(frozen=True, slots=True)
class Callbacks:
    """What is called as a board is read; nothing is, by default.

    A picture of the cards, every crop and what of it the engine reads; progress before
    the first card and after each; findings once before any card is read.
    """

    trace: Trace = no_trace
    progress: Progress = no_progress
    on_findings: OnFindings = no_findings


NO_CALLBACKS = Callbacks()
