from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from calibration.geometry import Rect
from vision.errors import EngineUnavailableError
from vision.ocr.engine import Image, Line, Reading
from vision.ocr.fallback import Declined, FallbackEngine, Reminder


def crop(shade):
    return np.full((4, 6, 3), shade, np.uint8)


def read_as(text):
    return Reading((Line(text, 0.5, Rect(0, 0, 6, 4).to_quad()),))


@dataclass(frozen=True)
class Choosy:
    """Reads dark crops only."""

    name: str = "choosy 1"

    def attempt(self, crops: Sequence[Image]) -> tuple[Reading | Declined, ...]:
        return tuple(
            read_as(f"first {crop[0, 0, 0]}")
            if crop[0, 0, 0] < 100
            else Declined(f"{crop[0, 0, 0]} is too bright.")
            for crop in crops
        )


@dataclass(frozen=True)
class Local:
    name: str = "local 1"
    calls: list[list[int]] = field(default_factory=list)

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        self.calls.append([int(crop[0, 0, 0]) for crop in crops])
        return tuple(read_as(f"local {crop[0, 0, 0]}") for crop in crops)


def not_needed():
    pytest.fail("the local engine was loaded")


@pytest.mark.parametrize(
    ("shades", "texts", "calls", "told"),
    [
        pytest.param([], [], [], [], id="no crops"),
        pytest.param([1, 2], ["first 1", "first 2"], [], [], id="first reads all"),
        pytest.param(
            [101, 102],
            ["local 101", "local 102"],
            [[101, 102]],
            ["101 is too bright.", "102 is too bright."],
            id="first reads none",
        ),
        pytest.param(
            [1, 101, 2, 102],
            ["first 1", "local 101", "first 2", "local 102"],
            [[101, 102]],
            ["101 is too bright.", "102 is too bright."],
            id="in turns",
        ),
    ],
)
def test_declined_crops_are_read_by_the_other_in_their_places(
    shades, texts, calls, told
):
    local, heard = Local(), []
    engine = FallbackEngine(Choosy(), lambda: local, "local", heard.append)

    readings = engine.read([crop(shade) for shade in shades])

    assert [reading.text for reading in readings] == texts
    assert [reading.engine.split()[0] for reading in readings] == [
        text.split()[0].replace("first", "choosy") for text in texts
    ]
    assert (local.calls, heard) == (calls, told)


def test_local_engine_is_not_loaded_before_it_is_needed():
    engine = FallbackEngine(Choosy(), not_needed, "local", print)

    assert engine.read([crop(1)]) == (replace(read_as("first 1"), engine="choosy 1"),)
    assert engine.name == "choosy 1 or local"


def test_local_engine_that_cannot_be_used_says_so():
    def missing():
        raise EngineUnavailableError("Gone.", hint="Install it.")

    engine = FallbackEngine(Choosy(), missing, "local", lambda _: None)

    with pytest.raises(EngineUnavailableError, match=r"Gone\. Install it\."):
        engine.read([crop(101)])


def test_crop_of_another_type_is_refused_before_it_is_sent():
    engine = FallbackEngine(Choosy(), not_needed, "local", print)

    with pytest.raises(ValueError, match="expected crop 1 of dtype uint8"):
        engine.read([crop(1), crop(1).astype(float)])


def test_reminder_repeats_a_reason_only_after_a_while():
    now, heard = [0.0], []
    remind = Reminder(heard.append, lambda: now[0], every_s=600)

    for at, reason in (
        (0, "a"),
        (1, "a"),
        (2, "b"),
        (599, "a"),
        (600, "a"),
        (601, "b"),
    ):
        now[0] = at
        remind(reason)

    assert heard == ["a", "b", "a"]


def test_reading_says_what_read_it():
    assert Reading(engine="local 1").read_by("choosy 1 or local") == "local 1"
    assert Reading().read_by("local 1") == "local 1"
