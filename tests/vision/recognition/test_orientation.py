import numpy as np
import pytest

from calibration.geometry import Point, Quad, Rect
from vision.cards import Line
from vision.recognition.rapid import (
    evidence_of,
    is_upright,
    turn_of,
    turned,
    turned_back,
)

CROP = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)


def test_evidence_counts_sure_letters_in_lines_wider_than_high():
    wide, high = Rect(0, 0, 40, 10).to_quad(), Rect(0, 0, 10, 40).to_quad()
    lines = [Line("data", 1.0, wide), Line("yes", 0.5, wide), Line("lost", 1.0, high)]
    assert evidence_of(lines) == pytest.approx(4 + 3 / 16)


@pytest.mark.parametrize(
    ("text", "confidence", "rect", "upright"),
    [
        pytest.param("Typing", 0.9, Rect(0, 0, 40, 10), True, id="sure and wide"),
        pytest.param("Typing", 0.8, Rect(0, 0, 40, 10), False, id="unsure"),
        pytest.param("OO", 0.9, Rect(0, 0, 40, 10), False, id="too few letters"),
        pytest.param("Typing", 0.9, Rect(0, 0, 10, 40), False, id="a column"),
    ],
)
def test_a_card_is_upright(text, confidence, rect, upright):
    assert is_upright([Line(text, confidence, rect.to_quad())]) is upright


def test_a_card_without_text_does_not_look_upright():
    assert not is_upright([])


@pytest.mark.parametrize(
    ("as_it_hangs", "around", "turn"),
    [
        pytest.param(4.0, {1: 3.0, 2: 9.0, 3: 1.0}, 2, id="clearly more"),
        pytest.param(5.0, {1: 0.0, 2: 9.0, 3: 1.0}, 0, id="not twice as much"),
        pytest.param(0.0, {1: 0.0, 2: 1.2, 3: 0.4}, 0, id="noise where nothing is"),
        pytest.param(0.0, {1: 3.5, 2: 1.2, 3: 0.4}, 1, id="only turned"),
        pytest.param(0.0, {}, 0, id="nothing tried"),
    ],
)
def test_a_card_is_turned_for_clearly_more_evidence(as_it_hangs, around, turn):
    assert turn_of(as_it_hangs, around) == turn


@pytest.mark.parametrize("quarters", range(4))
def test_a_line_comes_back_to_where_its_pixels_are(quarters):
    around = turned(CROP, quarters)
    height, width = around.shape[:2]
    # One pixel, the second of the turned crop's first row.
    line = Line("x", 0.9, Rect(1, 0, 2, 1).to_quad())
    back = turned_back(line, quarters, (CROP.shape[1], CROP.shape[0]))
    bounds = back.quad_crop.bounds
    pixel = CROP[int(bounds.top), int(bounds.left)]
    np.testing.assert_array_equal(pixel, around[0, 1])
    assert (bounds.width, bounds.height) == (1, 1)
    assert (width, height) == ((4, 6) if quarters % 2 else (6, 4))


def test_the_texts_top_left_stays_its_top_left():
    line = Line("x", 0.9, Rect(0, 0, 4, 2).to_quad())
    expected = Quad(Point(6, 0), Point(6, 4), Point(4, 4), Point(4, 0))
    assert turned_back(line, 1, (6, 4)).quad_crop == expected
