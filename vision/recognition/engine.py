"""What an OCR engine is: crops in, readings out; and what goes around one.

Engines' text may carry control characters, their confidences may be no numbers and
their boxes may leave the crop.
"""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad, Rect
from vision.cards import Line, Reading
from vision.image.arrays import Image
from vision.image.photo import check_pixels

MIN_SIDE_PX = 0.5
"""A line's quad is at least this wide and high, so that it can be drawn."""

NO_ENGINE = "none"
"""Name of the engine that reads nothing."""


class OcrEngine(Protocol):
    """Reads text in crops. Implementations keep no state between calls."""

    @property
    def name(self) -> str:
        """Name and version, for example ``rapidocr 3.10.0``."""
        ...

    def read(self, crops: Sequence[Image]) -> Sequence[Reading]:
        """Read crops of any size, each by itself, upright as far as is known.

        Gives a reading for each, in the same order, empty where no text is seen.
        EngineUnavailableError if the engine cannot run at all.
        """
        ...


def require_crops(crops: Sequence[Image]) -> None:
    """Raise a ValueError if one is not of shape (H, W, 3) and dtype uint8, or empty."""
    for crop in crops:
        check_pixels(crop)


def printable(text: str) -> str:
    """Return `text` composed (NFC), on one line, without unprintable characters."""
    composed = unicodedata.normalize("NFC", text)
    kept = (one for one in composed if one.isprintable() or one.isspace())
    return " ".join("".join(kept).split())


def line_within(
    text: str, confidence: float, corners: npt.ArrayLike, size_wh: tuple[int, int]
) -> Line | None:
    """Make a line of what an engine said, whatever it said; None without a letter.

    The confidence is cut to 0 to 1, 0 if it is no number; the corners, (4, 2) TL, TR,
    BR, BL, are cut to the crop, and replaced by their bounds if that leaves no quad.
    """
    kept = printable(text)
    if not kept:
        return None
    trusted = min(1.0, max(0.0, confidence)) if math.isfinite(confidence) else 0.0
    return Line(kept, trusted, _quad_within(corners, size_wh))


def _quad_within(corners: npt.ArrayLike, size_wh: tuple[int, int]) -> Quad:
    cut = np.clip(np.nan_to_num(np.asarray(corners, np.float64)), 0, size_wh)
    try:
        return Quad.from_array(cut)
    except ValueError:
        # Widened inwards where they are too thin.
        low = np.minimum(cut.min(axis=0), np.array(size_wh) - MIN_SIDE_PX)
        high = np.maximum(cut.max(axis=0), low + MIN_SIDE_PX)
        return Rect(*low.tolist(), *high.tolist()).to_quad()


@dataclass(frozen=True, slots=True)
class NullEngine:
    """Sees no text in any crop."""

    name: str = NO_ENGINE

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        """Return an empty reading for each crop."""
        require_crops(crops)
        return tuple(Reading() for _ in crops)
