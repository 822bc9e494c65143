"""RapidOCR's models (PP-OCRv6 small) as an engine: the default."""

from collections.abc import Sequence
from dataclasses import dataclass

from vision.ocr.engine import Image, Line, Reading
from vision.ocr.guard import line_within, require_crops
from vision.ocr.lines import reading_order
from vision.ocr.prepare import strip_of, view_of
from vision.ocr.rapid_models import (
    DETECTOR_STRIDE_PX,
    TextModels,
    load_text_models,
    rapidocr_version,
    wheel_models,
)

VIEW_WIDTH_PX = 480
"""Width at which a crop is shown to the detector."""

VIEW_MARGIN_PX = 16
"""Ground around the crop: letters that touch the edge are found, too."""


@dataclass(frozen=True, slots=True, eq=False)
class RapidEngine:
    """Reads with PP-OCR's detector and recogniser. Threads may share it.

    Parameters
    ----------
    models : TextModels
        Both networks, loaded.
    """

    models: TextModels

    @property
    def name(self) -> str:
        """``rapidocr`` and its version."""
        return f"rapidocr {rapidocr_version()}"

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        """Read each crop by itself; see `OcrEngine.read`."""
        require_crops(crops)
        return tuple(self._read_crop(crop) for crop in crops)

    def _read_crop(self, crop: Image) -> Reading:
        return Reading(reading_order(self._pieces(crop)))

    def _pieces(self, crop: Image) -> list[Line]:
        view = view_of(
            crop,
            width_px=VIEW_WIDTH_PX,
            margin_px=VIEW_MARGIN_PX,
            stride_px=DETECTOR_STRIDE_PX,
        )
        places = view.to_crop(self.models.find_lines(view.picture))
        said = self.models.read_strips([strip_of(crop, place) for place in places])
        size_wh = crop.shape[1], crop.shape[0]
        lines = (
            line_within(strip.text, strip.confidence, place, size_wh)
            for strip, place in zip(said, places, strict=True)
        )
        return [line for line in lines if line]


def load_rapid_engine() -> RapidEngine:
    """Load the models; takes about a second and 300 MB.

    Raises
    ------
    EngineUnavailableError
        If the models are missing or do not load.
    """
    return RapidEngine(load_text_models(wheel_models()))
