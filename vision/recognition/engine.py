"""What an OCR engine is: crops in, readings out."""

from collections.abc import Sequence
from typing import Protocol

from vision.cards import Reading
from vision.image.arrays import Image


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
