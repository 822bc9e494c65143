"""Struck lines and crossed out cards, drawn by many hands and pens."""

import cv2
import numpy as np
import pytest

from calibration.geometry import Rect
from sample_boards.cards import Card, draw_card, write_card
from vision.cards import Line
from vision.recognition.strikes import with_strikes

PX_PER_MM = 3.0
YELLOW, WHITE, PINK = (58, 176, 250), (236, 240, 240), (150, 120, 240)


def drawn(title="Type checking at scale", px_per_mm=PX_PER_MM, **card):
    """A card's picture and its lines, where they really are."""
    card = Card("card", title, "", "", (0, 0), description="All about tests", **card)
    lines = []
    for line in write_card(card):
        left, top, right, bottom = line.bounds_mm()
        edge = 0.12 * (bottom - top)
        corners = np.array([left - edge, top - edge, right + edge, bottom + edge])
        place = Rect(*(corners * px_per_mm).tolist())
        lines.append(Line(line.text, 0.9, place.to_quad()))
    titles = [line.text for line in write_card(card) if line.role == "title"]
    return draw_card(card, px_per_mm), lines, titles


def struck(crop, lines):
    return [line.text for line in with_strikes(crop, lines) if line.struck]


LOOKS = [
    pytest.param({"hand": "round", "pen": "fibre pen", "colour": YELLOW}, id="round"),
    pytest.param(
        {"hand": "bold capitals", "pen": "chisel marker", "colour": WHITE},
        id="capitals, broad",
    ),
    pytest.param(
        {"hand": "linked", "pen": "bullet marker", "colour": PINK}, id="linked"
    ),
    pytest.param(
        {"hand": "schoolbook", "pen": "ballpoint", "colour": WHITE, "ruled": True},
        id="thin, on rules",
    ),
    pytest.param({"hand": "architect", "ink": "blue", "colour": WHITE}, id="blue"),
]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    "marks",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"underlined": True, "title": "Mentoring"}, id="underlined"),
        pytest.param({"ruled": True}, id="on rules"),
        pytest.param({"px_per_mm": 1.0}, id="far away"),
    ],
)
def test_nothing_is_struck_that_only_is(look, marks):
    crop, lines, _ = drawn(**(look | marks))

    assert with_strikes(crop, lines) == tuple(lines)


@pytest.mark.parametrize("look", LOOKS)
def test_struck_title_is_told(look):
    crop, lines, titles = drawn(struck=True, **look)

    assert struck(crop, lines) == titles


@pytest.mark.parametrize("look", LOOKS)
def test_all_is_struck_on_a_crossed_out_card(look):
    crop, lines, _ = drawn(crossed=True, **look)

    assert struck(crop, lines) == [line.text for line in lines]


@pytest.mark.parametrize("angle_deg", [-12, 9])
def test_struck_title_of_a_tilted_card_is_told(angle_deg):
    crop, lines, titles = drawn(struck=True)
    height, width = crop.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, 1.0)
    tilted = [
        Line(
            line.text,
            line.confidence,
            type(line.quad_crop).from_array(
                line.quad_crop.to_array() @ turn[:, :2].T + turn[:, 2]
            ),
        )
        for line in lines
    ]
    pixels = cv2.warpAffine(crop, turn, (width, height), borderMode=1)

    assert struck(np.asarray(pixels, np.uint8), tilted) == titles


def framed(*marks):
    """A line of print, 30 px high, with lines (x, y, x, y) drawn on its card."""
    crop = np.full((160, 400, 3), 235, np.uint8)
    font, black = cv2.FONT_HERSHEY_SIMPLEX, (30, 30, 30)
    cv2.putText(crop, "Knitting for men", (50, 80), font, 1, black, 2, cv2.LINE_AA)
    for left, top, right, bottom in marks:
        cv2.line(crop, (left, top), (right, bottom), black, 2, cv2.LINE_AA)
    return crop, [Line("Knitting for men", 0.9, Rect(46, 54, 334, 90).to_quad())]


@pytest.mark.parametrize(
    "marks",
    [
        pytest.param([(48, 88, 330, 88)], id="underlined"),
        pytest.param([(48, 50, 330, 50), (48, 94, 330, 94)], id="in a box"),
        pytest.param([(0, 70, 400, 70)], id="on a rule from edge to edge"),
        pytest.param([(200, 20, 200, 150), (20, 45, 380, 45)], id="in a table"),
        pytest.param([(60, 150, 200, 100)], id="with an arrow below it"),
        pytest.param([(50, 70, 90, 70)], id="with a letter struck"),
    ],
)
def test_line_is_not_struck(marks):
    crop, lines = framed(*marks)

    assert with_strikes(crop, lines) == tuple(lines)


@pytest.mark.parametrize(
    "marks",
    [
        pytest.param([(45, 74, 336, 68)], id="one stroke"),
        pytest.param([(45, 68, 336, 68), (50, 76, 330, 77)], id="two strokes"),
        pytest.param([(20, 10, 380, 150), (380, 15, 20, 145)], id="a cross"),
    ],
)
def test_line_is_struck_by(marks):
    crop, (line,) = framed(*marks)

    assert [(one.text, one.struck) for one in with_strikes(crop, [line])] == [
        (line.text, True)
    ]


def test_struck_words_become_a_line_after_the_others():
    crop, lines = framed((48, 73, 186, 70))

    left, gone = with_strikes(crop, lines)

    assert [(one.text, one.struck) for one in (left, gone)] == [
        ("for men", False),
        ("Knitting", True),
    ]
    assert (gone.quad_crop.bounds, left.quad_crop.bounds) == (
        Rect(46, 54, 190, 90),
        Rect(208, 54, 334, 90),
    )


def test_no_line_is_no_line():
    assert with_strikes(framed()[0], []) == ()


def test_specks_and_slivers_are_read_past():
    sliver = Line("-", 0.9, Rect(0, 0, 300, 1).to_quad())
    outside = Line("beyond", 0.9, Rect(900, 900, 990, 930).to_quad())

    assert with_strikes(framed()[0], [sliver, outside]) == (sliver, outside)
