"""What somebody wrote on a card since it was read."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.tracking.appearance import PATCH_WH, describe
from vision.tracking.change_detection import (
    MIN_CHANGED_INK,
    UNKNOWN,
    Comparison,
    changed_ink,
    compare,
    ink_of,
    inner_of,
    light_of,
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
    return describe(np.asarray(sheet, np.uint8)).patch


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
    comparison = compare(patch(READ), patch(now))

    assert comparison.comparable
    assert not comparison.edited


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(note("Type checking", "at scale", "Jonas"), id="another host"),
        pytest.param(
            note("Type checking", "at scale", "Maya", struck=True), id="a struck title"
        ),
        pytest.param(note("Type checking", "at scale"), id="a host taken off"),
        pytest.param(
            lit(note("Type checking", "at scale", "Maya", struck=True), 0.6, 1.1),
            id="a struck title in other light",
        ),
    ],
)
def test_a_card_is_edited_by(now):
    comparison = compare(patch(READ), patch(now))

    assert comparison.edited
    assert comparison.changed_ink >= MIN_CHANGED_INK


@pytest.mark.parametrize("width", [40, 90, 140])
def test_a_half_hidden_card_is_never_edited(width):
    comparison = compare(patch(READ), patch(with_head(READ, width)))

    assert not comparison.comparable
    assert not comparison.edited


@pytest.mark.parametrize("level", [0, 90, 255])
def test_a_blank_look_tells_nothing(level):
    blank = np.full(PATCH_WH[::-1], level, np.uint8)

    for then, now in ((blank, blank), (patch(READ), blank), (blank, patch(READ))):
        assert compare(then, now) == UNKNOWN


def test_another_card_tells_nothing_of_this_one():
    other = note("Zymurgy", "for two", "& a half dozen")

    assert not compare(patch(READ), patch(other[::-1])).edited


@given(
    aligned=st.floats(-1, 1),
    covered=st.floats(0, 1),
    changed_ink=st.floats(0, 1.3),
)
def test_only_what_is_wholly_seen_is_edited(aligned, covered, changed_ink):
    comparison = Comparison(aligned, covered, changed_ink)

    assert not comparison.edited or comparison.comparable


@pytest.mark.parametrize("count", [1, 3])
def test_of_several_cards_at_once_the_same_is_told_as_of_each(count):
    now = [READ, note("Type checking", "at scale", "Noor"), lit(READ, 0.5, 1.1)]
    then, now = patch(READ), [patch(sheet) for sheet in now[:count]]
    stack, inner = np.stack(now, axis=-1), inner_of(then.shape)
    one = np.repeat(ink_of(then)[..., None], count, axis=-1)

    np.testing.assert_array_equal(light_of(stack)[..., 0], light_of(now[0]))
    np.testing.assert_allclose(
        changed_ink(one, ink_of(stack), inner),
        [changed_ink(ink_of(then), ink_of(look), inner) for look in now],
        atol=1e-6,
    )
