import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.geometry import Quad, Rect
from vision.cards import Line
from vision.recognition.line_order import reading_order


def piece(text, left, top, right, bottom, *, confidence=0.9):
    return Line(text, confidence, Rect(left, top, right, bottom).to_quad())


def texts(pieces):
    return [line.text for line in reading_order(pieces)]


def tilted(pieces, angle_deg):
    angle = math.radians(angle_deg)
    turn = np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    )
    return [
        Line(
            line.text,
            line.confidence,
            Quad.from_array(line.quad_crop.to_array() @ turn.T),
        )
        for line in pieces
    ]


HEADING_AND_TWO_COLUMNS = [
    piece("Python GUI toolkits", 10, 0, 300, 24),
    piece("Tkinter", 10, 40, 90, 60),
    piece("PyQt", 10, 70, 70, 90),
    piece("PySide", 12, 100, 85, 120),
    piece("wxPython", 10, 130, 110, 150),
    piece("DearPyGUI", 180, 45, 300, 65),
    piece("Textual", 182, 80, 260, 100),
    piece("PySimpleGUI", 180, 112, 305, 132),
    piece("Maya", 120, 170, 180, 190),
]

CASES = [
    pytest.param([], [], id="nothing"),
    pytest.param([piece("one", 0, 0, 30, 10)], ["one"], id="one piece"),
    pytest.param(
        [piece("below", 0, 20, 50, 30), piece("above", 0, 0, 50, 10)],
        ["above", "below"],
        id="two lines",
    ),
    pytest.param(
        [piece("world", 40, 1, 90, 11), piece("hello", 0, 0, 36, 10)],
        ["hello world"],
        id="one line of two pieces",
    ),
    pytest.param(
        [piece("P", 0, 0, 14, 30), piece("ython", 16, 8, 70, 28)],
        ["P ython"],
        id="large initial",
    ),
    pytest.param(
        [piece("a long first line", 0, 0, 170, 20), piece("in", 150, 12, 175, 30)],
        ["a long first line", "in"],
        id="short word right below the end of a line",
    ),
    pytest.param(
        [
            piece("left", 0, 0, 40, 10),
            piece("right", 80, 0, 120, 10),
            piece("left", 0, 15, 40, 25),
            piece("right", 80, 15, 120, 25),
        ],
        ["left right", "left right"],
        id="two lines with a wide space are no columns",
    ),
    pytest.param(
        [
            piece("CIVIC", 0, 12, 60, 32),
            piece("DATA", 0, 44, 60, 64),
            piece("+ Census", 100, 0, 180, 20),
            piece("Redistrict", 100, 28, 200, 48),
        ],
        ["CIVIC", "DATA", "+ Census", "Redistrict"],
        id="four lines that interleave are two columns",
    ),
    pytest.param(
        [
            piece("top", 100, 0, 140, 10),
            piece("right", 100, 14, 150, 24),
            piece("bottom", 0, 30, 60, 40),
            piece("left", 0, 44, 40, 54),
        ],
        ["top", "right", "bottom", "left"],
        id="blocks above each other are no columns",
    ),
    pytest.param(
        HEADING_AND_TWO_COLUMNS,
        [
            "Python GUI toolkits",
            "Tkinter",
            "PyQt",
            "PySide",
            "wxPython",
            "DearPyGUI",
            "Textual",
            "PySimpleGUI",
            "Maya",
        ],
        id="heading, two columns, a name below",
    ),
    pytest.param(
        [
            piece("a1", 0, 0, 30, 10),
            piece("b1", 60, 0, 90, 10),
            piece("c1", 120, 0, 150, 10),
            piece("a2", 0, 15, 30, 25),
            piece("b2", 60, 15, 90, 25),
            piece("c2", 120, 15, 150, 25),
            piece("a3", 0, 30, 30, 40),
            piece("b3", 60, 30, 90, 40),
            piece("c3", 120, 30, 150, 40),
        ],
        ["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3"],
        id="three columns",
    ),
]


@pytest.mark.parametrize(("pieces", "expected"), CASES)
def test_reading_order(pieces, expected):
    assert texts(pieces) == expected


@pytest.mark.parametrize("angle_deg", [-15, -8, 8, 15])
@pytest.mark.parametrize(("pieces", "expected"), CASES)
def test_reading_order_of_a_tilted_card(pieces, expected, angle_deg):
    assert texts(tilted(pieces, angle_deg)) == expected


def test_joined_line_holds_its_pieces_and_their_mean_confidence():
    pieces = [
        piece("hello", 0, 0, 36, 10, confidence=0.8),
        piece("you", 40, 2, 90, 12, confidence=0.4),
    ]

    (line,) = reading_order(pieces)

    assert line.text == "hello you"
    assert line.confidence == pytest.approx((5 * 0.8 + 3 * 0.4) / 8)
    assert line.quad_crop.to_array() == pytest.approx(
        np.array([[0, 0], [90, 0], [90, 12], [0, 12]])
    )


def test_single_piece_is_returned_as_it_is():
    line = tilted([piece("alone", 50, 50, 100, 60)], 12)[0]

    assert reading_order([line]) == (line,)


@st.composite
def any_pieces(draw):
    count = draw(st.integers(0, 14))
    place = st.floats(0, 400, allow_nan=False)
    size = st.floats(2, 120, allow_nan=False)
    return [
        piece(
            f"w{index}",
            left := draw(place),
            top := draw(place),
            left + draw(size),
            top + draw(size),
            confidence=draw(st.floats(0, 1)),
        )
        for index in range(count)
    ]


@given(any_pieces(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_of_the_pieces_does_not_matter(pieces, random):
    shuffled = list(pieces)
    random.shuffle(shuffled)

    assert reading_order(shuffled) == reading_order(pieces)


@given(any_pieces())
@settings(max_examples=40, deadline=None)
def test_nothing_is_lost_or_read_twice(pieces):
    words = [word for line in reading_order(pieces) for word in line.text.split()]

    assert Counter(words) == Counter(line.text for line in pieces)


def test_struck_words_stay_a_line_of_their_own():
    left = piece("Knitting for", 10, 0, 120, 20)
    gone = replace(piece("men", 125, 0, 160, 20), struck=True)
    also = replace(piece("and boys", 165, 0, 240, 20), struck=True)

    assert [(line.text, line.struck) for line in reading_order([also, left, gone])] == [
        ("Knitting for", False),
        ("men and boys", True),
    ]


def test_a_heading_of_several_pieces_is_one():
    pieces = [
        replace(piece("Knitting", 10, 0, 120, 20), heading=True),
        replace(piece("for all", 125, 0, 220, 20), heading=True),
    ]

    (line,) = reading_order(pieces)

    assert (line.text, line.heading) == ("Knitting for all", True)
