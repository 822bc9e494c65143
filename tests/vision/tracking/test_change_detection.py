"""What somebody wrote on a card since it was read."""

import cv2
import numpy as np
import pytest

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.cards import CardDescriptor, KnownCard
from vision.reading import CardFields, CardReading
from vision.tracking.appearance import PATCH_WH, patch_of
from vision.tracking.change_detection import (
    MIN_CHANGED_INK,
    SURE,
    change_of,
    changed_ink_of,
    sharpness_of,
)

PAPER, PEN = 200, 40


def note(*lines, struck=False):
    """Return a note of 288 x 192 pixels with a line of writing every 48."""
    sheet = np.full((192, 288, 3), PAPER, np.uint8)
    for index, line in enumerate(lines):
        y = 50 + 48 * index
        cv2.putText(sheet, line, (24, y), cv2.FONT_HERSHEY_SIMPLEX, 1, (PEN,) * 3, 2)
    if struck:
        cv2.line(sheet, (20, 42), (250, 40), (PEN,) * 3, 3)
    return sheet


def patch(sheet):
    return patch_of(np.asarray(sheet, np.uint8))


READ = note("Type checking", "at scale", "Maya")


def lit(sheet, left, right):
    return np.clip(
        sheet * np.linspace(left, right, sheet.shape[1])[None, :, None], 0, 255
    )


def shifted(sheet, x, y, turn_deg=0.0):
    height, width = sheet.shape[:2]
    pose = cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg, 1.0)
    pose[:, 2] += (x, y)
    return cv2.warpAffine(sheet, pose, (width, height), borderMode=1)


def with_head(sheet, width):
    """Put something dark before the right part of a note."""
    hidden = sheet.copy()
    hidden[60:, sheet.shape[1] - width :] = 60
    return hidden


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(READ, id="nothing at all"),
        pytest.param(lit(READ, 0.5, 1.1), id="light from the side"),
        pytest.param(lit(READ, 0.4, 0.4), id="dim light"),
        pytest.param(shifted(READ, 4, -3, 1.5), id="nudged"),
        pytest.param(cv2.GaussianBlur(READ, (0, 0), 2), id="blurred"),
    ],
)
def test_an_unchanged_card_is_not_edited_by(now):
    assert changed_ink_of(patch(READ), patch(now)) < MIN_CHANGED_INK


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(note("Type checking", "at scale", "Jonas"), id="another speaker"),
        pytest.param(
            note("Type checking", "at scale", "Maya", struck=True), id="a struck title"
        ),
        pytest.param(note("Type checking", "at scale"), id="a speaker taken off"),
        pytest.param(
            lit(note("Type checking", "at scale", "Maya", struck=True), 0.6, 1.1),
            id="a struck title in other light",
        ),
    ],
)
def test_a_card_is_edited_by(now):
    assert changed_ink_of(patch(READ), patch(now)) >= MIN_CHANGED_INK


@pytest.mark.parametrize("width", [40, 90, 140])
def test_a_half_hidden_card_is_never_edited(width):
    assert changed_ink_of(patch(READ), patch(with_head(READ, width))) is None


@pytest.mark.parametrize("level", [0, 90, 255])
def test_a_blank_card_tells_nothing(level):
    blank = np.full(PATCH_WH[::-1], level, np.uint8)

    for then, now in ((blank, blank), (patch(READ), blank), (blank, patch(READ))):
        assert changed_ink_of(then, now) is None


def test_another_card_tells_nothing_of_this_one():
    other = note("Zymurgy", "for two", "& a half dozen")

    assert changed_ink_of(patch(READ), patch(other[::-1])) is None


def read_as(confidence, times_as_sharp=1.0):
    """Return the note as it was read; how sharp it was may be unknown, None."""
    sharp = None if times_as_sharp is None else sharpness_of(READ) * times_as_sharp
    descriptor = CardDescriptor(patch_of(READ), sharp)
    place = Rect(0, 0, 1, 1).to_quad()
    cell = CellId("Room 1", "10:00-11:00")
    reading = CardReading(
        place, cell, (), CardFields(title="Type"), confidence, "#ffffff", "scripted 1"
    )
    return KnownCard("card-1", descriptor, place, reading)


STRUCK = note("Type checking", "at scale", "Maya", struck=True)
DOUBT = SURE - 0.01


@pytest.mark.parametrize(
    ("now", "card", "change"),
    [
        pytest.param(READ, read_as(SURE), ("same", None), id="sure"),
        pytest.param(READ, read_as(SURE, 0.4), ("same", None), id="sure, sharper"),
        pytest.param(READ, read_as(DOUBT), ("same", sharpness_of(READ)), id="doubt"),
        pytest.param(
            READ,
            read_as(DOUBT, 0.51),
            ("same", sharpness_of(READ)),
            id="hardly sharper",
        ),
        pytest.param(
            READ, read_as(DOUBT, 0.49), ("sharper", sharpness_of(READ)), id="sharper"
        ),
        pytest.param(
            READ,
            read_as(DOUBT, None),
            ("same", sharpness_of(READ)),
            id="not known then",
        ),
        pytest.param(
            STRUCK, read_as(1.0), ("edited", sharpness_of(STRUCK)), id="edited"
        ),
        pytest.param(STRUCK, read_as(1.0, 100), ("same", None), id="illegible"),
        pytest.param(
            with_head(STRUCK, 90), read_as(0.5), ("same", None), id="half hidden"
        ),
    ],
)
def test_why_a_card_is_read_again_and_how_sharp_it_is(now, card, change):
    assert change_of(card, np.asarray(now, np.uint8)) == change
