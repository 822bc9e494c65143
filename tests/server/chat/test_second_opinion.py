from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from calibration.geometry import Rect
from server.chat.engines import SecondOpinion
from vision.cards import Line, Reading
from vision.errors import EngineUnavailableError
from vision.image.arrays import Image


def crop(shade):
    return np.full((4, 6, 3), shade, np.uint8)


def read_as(text, confidence=0.7, engine=None):
    line = Line(text, confidence, Rect(0, 0, 6, 4).to_quad())
    return Reading((line,), engine)


@dataclass(frozen=True)
class Choosy:
    """Reads dark crops only."""

    name: str = "choosy 1"
    calls: list[list[int]] = field(default_factory=list)

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        shades = [int(crop[0, 0, 0]) for crop in crops]
        self.calls.append(shades)
        return tuple(
            read_as(f"choosy {shade}") if shade < 100 else Reading() for shade in shades
        )


@dataclass(frozen=True)
class Local:
    """Is as sure of a crop as it was told to be."""

    confidences: list[float]
    name: str = "local 1"

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        return tuple(
            read_as(f"local {crop[0, 0, 0]}", confidence)
            for crop, confidence in zip(crops, self.confidences, strict=True)
        )


def not_needed():
    pytest.fail("the local engine was loaded")


@pytest.mark.parametrize(
    ("shades", "confidences", "texts", "asked"),
    [
        pytest.param([1], [0.9], ["local 1"], [], id="sure: nobody is asked"),
        pytest.param([1], [0.89], ["local 1"], [1], id="in doubt, and still surer"),
        pytest.param([1], [0.7], ["local 1"], [1], id="as sure as the other"),
        pytest.param([1], [0.6], ["choosy 1"], [1], id="less sure"),
        pytest.param([101], [0.1], ["local 101"], [101], id="the other declines"),
        pytest.param(
            [1, 101, 2, 3, 102],
            [0.95, 0.2, 0.3, 0.8, 0.0],
            ["local 1", "local 101", "choosy 2", "local 3", "local 102"],
            [101, 2, 3, 102],
            id="each in its place",
        ),
    ],
)
def test_doubtful_crops_get_a_second_opinion(shades, confidences, texts, asked):
    other = Choosy()
    engine = SecondOpinion(other, lambda: Local(confidences), "local")

    readings = engine.read([crop(shade) for shade in shades])

    assert [reading.text for reading in readings] == texts
    assert [reading.engine for reading in readings] == [
        text.split()[0] + " 1" for text in texts
    ]
    assert [shade for call in other.calls for shade in call] == asked


def test_nothing_is_loaded_before_there_is_a_crop():
    engine = SecondOpinion(Choosy(), not_needed, "local")

    assert (engine.read([]), engine.name) == ((), "choosy 1 or local")


def test_local_engine_that_cannot_be_used_says_so():
    def missing():
        raise EngineUnavailableError("Gone.", hint="Install it.")

    engine = SecondOpinion(Choosy(), missing, "local")

    with pytest.raises(EngineUnavailableError, match=r"Gone\. Install it\."):
        engine.read([crop(1)])


def test_crop_of_another_type_is_refused_before_it_is_sent():
    engine = SecondOpinion(Choosy(), not_needed, "local")

    with pytest.raises(ValueError, match="expected uint8 pixels"):
        engine.read([crop(1), crop(1).astype(float)])
