"""PP-OCR's two networks: where text is, and what a line says.

The second is ours: PP-OCRv6's, trained on with lines of real cards (recogniser.md). Run
by `vision.image.network`: rapidocr's facade downloads missing models, keeps the options
of one call for the next and gives no way to stop threads from spinning.
"""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple, Self

import cv2
import numpy as np
import numpy.typing as npt
from rapidocr.ch_ppocr_det.utils import DBPostProcess
from rapidocr.ch_ppocr_rec.utils import CTCLabelDecode

from vision.errors import EngineUnavailableError
from vision.image.arrays import Floats, Image
from vision.image.network import Network, OnnxNetwork, load_network

DETECTOR_FILE = "PP-OCRv6_det_small.onnx"
RECOGNISER = Path(__file__).with_name("recogniser.onnx")

INSTALL_HINT = "Install rapidocr again: its wheel carries the models."

DETECTOR_STRIDE_PX, STRIP_HEIGHT_PX = 32, 48
"""Multiple of which the detector's pictures have sides; height of the recogniser's
lines."""

MIN_STRIP_WIDTH_PX, MAX_STRIP_WIDTH_PX = 320, 3200
"""Shorter lines are padded, as in training; longer ones, which nobody writes,
squeezed."""

INK_THRESHOLD, BOX_THRESHOLD, UNCLIP_RATIO, MAX_LINES = 0.3, 0.5, 1.6, 1000
"""PP-OCR's own: from which probability a pixel is text, and from which mean one a region
is a line; how far shrunken kernels are grown back; regions judged in a picture."""


class Recognised(NamedTuple):
    """What a strip says.

    The likeliest text, the mean probability of its characters, and the probability of
    each of `TextModels.characters` at each step along the strip, (T, C).
    """

    text: str
    confidence: float
    posterior: Floats


@dataclass(frozen=True, slots=True, eq=False)
class TextModels:
    """Both networks, loaded. Nothing in it changes; threads may share it."""

    detector: Network
    recogniser: Network
    regions: DBPostProcess
    decoder: CTCLabelDecode

    @classmethod
    def of(
        cls, detector: Network, recogniser: Network, characters: Sequence[str]
    ) -> Self:
        """Put networks together with what is made of their outputs."""
        regions = DBPostProcess(
            thresh=INK_THRESHOLD,
            box_thresh=BOX_THRESHOLD,
            max_candidates=MAX_LINES,
            unclip_ratio=UNCLIP_RATIO,
            use_dilation=True,
        )
        return cls(detector, recogniser, regions, CTCLabelDecode(list(characters)))

    @property
    def characters(self) -> tuple[str, ...]:
        """What the recogniser can write; the first is the blank."""
        return tuple(self.decoder.character)

    def find_lines(self, picture: Image) -> npt.NDArray[np.float64]:
        """Find lines of text: corners TL, TR, BR, BL of each, shape (N, 4, 2).

        The picture's sides are multiples of `DETECTOR_STRIDE_PX`.
        """
        height, width = picture.shape[:2]
        tensor = np.ascontiguousarray(_normalised(picture)[np.newaxis])
        probability = self.detector.run(tensor)
        boxes, _ = self.regions(probability, (height, width))
        return np.asarray(boxes, np.float64).reshape(-1, 4, 2)

    def read_strips(self, strips: Sequence[Image]) -> tuple[Recognised, ...]:
        """Read upright lines of text, each by itself: a batch is no faster."""
        return tuple(self._read_strip(strip) for strip in strips)

    def _read_strip(self, strip: Image) -> Recognised:
        tensor, filled = _strip_tensor(strip)
        probability = self.recogniser.run(tensor)
        ((text, confidence),), _ = self.decoder(probability)
        steps = math.ceil(probability.shape[1] * filled) + 1
        return Recognised(text, float(confidence), probability[0, :steps])


def _normalised(picture: Image) -> Floats:
    """(H, W, 3) uint8 to (3, H, W) float32 from -1 to 1, as in training."""
    return (picture.astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)


def _strip_tensor(strip: Image) -> tuple[Floats, float]:
    """Return what the recogniser takes, and the part of it that is not padding."""
    height, width = strip.shape[:2]
    scaled = min(MAX_STRIP_WIDTH_PX, max(1, round(width * STRIP_HEIGHT_PX / height)))
    how = cv2.INTER_AREA if height > STRIP_HEIGHT_PX else cv2.INTER_CUBIC
    resized = cv2.resize(strip, (scaled, STRIP_HEIGHT_PX), interpolation=how)
    padded = max(MIN_STRIP_WIDTH_PX, scaled)
    tensor = np.zeros((1, 3, STRIP_HEIGHT_PX, padded), np.float32)
    tensor[0, :, :, :scaled] = _normalised(np.asarray(resized, np.uint8))
    return tensor, scaled / tensor.shape[3]


def wheel_models() -> Path:
    """Return the folder in which rapidocr's wheel keeps its models."""
    return Path(str(files("rapidocr"))) / "models"


def load_text_models(folder: Path, recogniser: Path = RECOGNISER) -> TextModels:
    """Load the detector from the wheel's folder, and the recogniser; takes a second.

    EngineUnavailableError if a model file is missing or onnxruntime cannot run it.
    """
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    reader = _loaded(recogniser)
    characters = reader.metadata["character"].splitlines()
    return TextModels.of(_loaded(folder / DETECTOR_FILE), reader, characters)


def rapidocr_version() -> str:
    """Return the version of the installed rapidocr."""
    return version("rapidocr")


def _loaded(model: Path) -> OnnxNetwork:
    if not model.is_file():
        raise EngineUnavailableError(
            f"RapidOCR's model {model.name} is not installed.", hint=INSTALL_HINT
        )
    try:
        return load_network(model, memory="returned")
    except ValueError as error:
        raise EngineUnavailableError(
            f"RapidOCR's model {model.name} is damaged.", hint=INSTALL_HINT
        ) from error
