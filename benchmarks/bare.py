"""The bare engine: the networks alone, looking at each crop once.

What Boardcast's first reading is timed against: no finding of cards, no second
view, no lexicon, no order of lines.
"""

from collections.abc import Callable, Sequence

from vision.image.arrays import Image
from vision.recognition.prepare import strip_of, view_of
from vision.recognition.rapid_models import (
    DETECTOR_STRIDE_PX,
    TextModels,
    load_text_models,
    wheel_models,
)

VIEW_PX = 480
"""Width of the one view: FINDINGS' width for perfectly cut cards."""

ReadCrops = Callable[[Sequence[Image]], object]
"""Takes crops (H, W, 3), uint8, BGR; what it makes of them is not looked at."""


def bare_engine() -> ReadCrops:
    """Load the models once more; returns what reads crops with them.

    Raises
    ------
    EngineUnavailableError
        If the models are missing or do not load.
    """
    models = load_text_models(wheel_models())

    def read(crops: Sequence[Image]) -> tuple[tuple[str, ...], ...]:
        return tuple(_texts(models, crop) for crop in crops)

    return read


def _texts(models: TextModels, crop: Image) -> tuple[str, ...]:
    """Find and recognise the lines of one crop."""
    picture = view_of(
        crop, width_px=VIEW_PX, margin_px=0, stride_px=DETECTOR_STRIDE_PX
    ).picture
    strips = [strip_of(picture, place) for place in models.find_lines(picture)]
    return tuple(strip.text for strip in models.read_strips(strips))
