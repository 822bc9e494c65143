import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Rect
from vision.cards import Line
from vision.recognition.engine import line_within, printable

SQUARE = [[10, 10], [20, 10], [20, 20], [10, 20]]


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        pytest.param("", "", id="empty"),
        pytest.param(" \t\n", "", id="only spaces"),
        pytest.param("plain", "plain", id="plain"),
        pytest.param("two\nlines\r\n", "two lines", id="line breaks"),
        pytest.param("a\u3000b\u00a0c", "a b c", id="other spaces"),
        pytest.param("Mu\u0308nchen", "M\u00fcnchen", id="decomposed"),
        pytest.param("a\x00b\x1b[31mc\x7f", "ab[31mc", id="control characters"),
        pytest.param("a\u202eb\u200b", "ab", id="bidi and zero width"),
        pytest.param("\ud800x", "x", id="lone surrogate"),
    ],
)
def test_printable(given_text, expected):
    assert printable(given_text) == expected


@given(st.text())
def test_printable_is_printable_and_stays_as_it_is(text):
    once = printable(text)

    assert once.isprintable()
    assert printable(once) == once


@pytest.mark.parametrize(
    ("confidence", "expected"),
    [
        pytest.param(0.5, 0.5, id="inside"),
        pytest.param(-0.1, 0.0, id="below"),
        pytest.param(1.0001, 1.0, id="above"),
        pytest.param(math.nan, 0.0, id="no number"),
        pytest.param(math.inf, 0.0, id="infinite"),
    ],
)
def test_confidence_is_cut_to_0_to_1(confidence, expected):
    line = line_within("x", confidence, SQUARE, (60, 40))

    assert line == Line("x", expected, Rect(10, 10, 20, 20).to_quad())


@pytest.mark.parametrize(
    ("corners", "expected"),
    [
        pytest.param(SQUARE, Rect(10, 10, 20, 20), id="inside"),
        pytest.param(
            [[-5, -5], [70, -5], [70, 50], [-5, 50]], Rect(0, 0, 60, 40), id="beyond"
        ),
        pytest.param(
            [[70, 50], [80, 50], [80, 60], [70, 60]],
            Rect(59.5, 39.5, 60, 40),
            id="outside",
        ),
        pytest.param([[5, 5]] * 4, Rect(5, 5, 5.5, 5.5), id="a point"),
        pytest.param(
            [[10, 10], [10, 20], [20, 20], [20, 10]],
            Rect(10, 10, 20, 20),
            id="wrong way round",
        ),
        pytest.param([[math.nan, 0]] * 4, Rect(0, 0, 0.5, 0.5), id="no numbers"),
    ],
)
def test_quad_is_cut_to_the_crop(corners, expected):
    line = line_within("x", 0.5, corners, (60, 40))

    assert line == Line("x", 0.5, expected.to_quad())


def test_line_without_printable_text_is_none():
    assert line_within("\x00 ", 0.9, SQUARE, (60, 40)) is None
