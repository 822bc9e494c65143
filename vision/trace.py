"""Pictures of every stage, for people who debug."""

from collections.abc import Callable

from vision.ocr.engine import Image

Trace = Callable[[str, Image], None]
"""Takes a stage's name (``3-cards``) and its picture (H, W, 3), uint8, BGR."""


def no_trace(stage: str, picture: Image) -> None:
    """Take a picture and do nothing with it: the default."""
