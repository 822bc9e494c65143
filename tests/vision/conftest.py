"""Pictures and engines that the tests of vision share."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from PIL import Image as PilImage
from PIL import ImageDraw, ImageFont

from calibration.geometry import Rect
from vision.ocr.engine import Image, Line, OcrEngine, Reading

PAPER = (246, 243, 236)
INK = (32, 28, 30)


def _lines_at(texts: Sequence[str], confidence: float = 0.9) -> tuple[Line, ...]:
    return tuple(
        Line(
            text,
            confidence,
            Rect(0, 10 * index, 8 * len(text), 10 * index + 9).to_quad(),
        )
        for index, text in enumerate(texts)
    )


@dataclass(frozen=True)
class ScriptedEngine:
    """Reads what it was told to, by the colour of the crop's centre."""

    script: Mapping[tuple[int, int, int], Sequence[str]]
    seen: list[tuple[int, ...]] = field(default_factory=list)
    name: str = "scripted 1"

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        return tuple(self._read_crop(crop) for crop in crops)

    def _read_crop(self, crop: Image) -> Reading:
        self.seen.append(crop.shape)
        blue, green, red = crop[crop.shape[0] // 2, crop.shape[1] // 2].tolist()
        return Reading(_lines_at(self.script.get((blue, green, red), ())))


@dataclass(frozen=True)
class RaisingEngine:
    name: str = "raising 1"

    def read(self, crops: Sequence[Image]) -> Sequence[Reading]:
        msg = f"the engine broke over {len(crops)} crops"
        raise RuntimeError(msg)


@dataclass(frozen=True)
class ForgetfulEngine:
    """Gives one reading too few."""

    name: str = "forgetful 1"

    def read(self, crops: Sequence[Image]) -> Sequence[Reading]:
        return [Reading() for _ in crops][1:]


@dataclass(frozen=True)
class SlowEngine:
    delay_s: float = 0.05
    name: str = "slow 1"

    def read(self, crops: Sequence[Image]) -> Sequence[Reading]:
        time.sleep(self.delay_s)
        return [Reading() for _ in crops]


@pytest.fixture
def scripted_engine() -> Callable[..., ScriptedEngine]:
    """Make an engine of {(blue, green, red) of a crop's centre: lines}."""
    return ScriptedEngine


@pytest.fixture
def raising_engine() -> OcrEngine:
    return RaisingEngine()


@pytest.fixture
def forgetful_engine() -> OcrEngine:
    return ForgetfulEngine()


@pytest.fixture
def slow_engine() -> OcrEngine:
    return SlowEngine()


@pytest.fixture(scope="session")
def printed_card() -> Callable[..., Image]:
    """Draw lines of print on paper: (texts, size_wh, letters_px) to a crop."""

    def draw(
        texts: Sequence[str],
        size_wh: tuple[int, int] = (360, 200),
        letters_px: int = 40,
    ) -> Image:
        sheet = PilImage.new("RGB", size_wh, PAPER)
        pen = ImageDraw.Draw(sheet)
        font = ImageFont.load_default(letters_px)
        for index, text in enumerate(texts):
            pen.text((20, 20 + index * letters_px * 1.5), text, INK, font)
        return np.ascontiguousarray(np.asarray(sheet)[:, :, ::-1])

    return draw
