"""What an OCR engine is: crops in, readings out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad

Image = npt.NDArray[np.uint8]
"""Pixels of shape (H, W, 3), uint8, BGR."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text as an engine saw it.

    Parameters
    ----------
    text : str
        Without line breaks and control characters, not empty.
    confidence : float
        0 to 1.
    quad_crop : Quad
        Its place in the crop, in pixels of the crop as it was given.
    """

    text: str
    confidence: float
    quad_crop: Quad

    def __post_init__(self) -> None:
        if not self.text.strip() or not self.text.isprintable():
            msg = f"expected one printable line of text, got {self.text!r}"
            raise ValueError(msg)
        if not 0 <= self.confidence <= 1:
            msg = f"expected a confidence from 0 to 1, got {self.confidence}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine made of one crop; no lines if it saw no text.

    Parameters
    ----------
    lines : tuple of Line
        In reading order.
    engine : str
        Name and version of what read it, where that is not the engine that was
        asked; see `read_by`.
    chance : float or None
        How likely the text is right to within a tenth of its characters, 0 to 1,
        if the engine can tell.
    """

    lines: tuple[Line, ...] = ()
    engine: str = ""
    chance: float | None = None

    def __post_init__(self) -> None:
        if self.chance is not None and not 0 <= self.chance <= 1:
            msg = f"expected a chance from 0 to 1, got {self.chance}"
            raise ValueError(msg)

    def read_by(self, asked: str) -> str:
        """Return the name of what read it, when an engine called `asked` was asked."""
        return self.engine or asked

    @property
    def text(self) -> str:
        """The lines, joined by line breaks."""
        return "\n".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float:
        """How far to trust it: the chance that it is right, else the lines' confidence.

        That is their mean weighted by characters. 0 without text.
        """
        if self.chance is not None and self.lines:
            return self.chance
        weight = sum(len(line.text) for line in self.lines)
        if not weight:
            return 0.0
        return sum(line.confidence * len(line.text) for line in self.lines) / weight


class OcrEngine(Protocol):
    """Reads text in crops. Implementations keep no state between calls."""

    @property
    def name(self) -> str:
        """Name and version, for example ``rapidocr 3.10.0``."""
        ...

    def read(self, crops: Sequence[Image]) -> Sequence[Reading]:
        """Read crops, each by itself.

        Parameters
        ----------
        crops : sequence of ndarray of shape (H, W, 3), uint8, BGR
            Upright as far as is known; any size from 1 x 1 pixel up.

        Returns
        -------
        sequence of Reading
            One for each crop, in the same order; empty where no text is seen.

        Raises
        ------
        EngineUnavailableError
            If the engine cannot run at all.
        """
        ...
