"""Lines above the only rule across a card are its heading."""

import cv2
import numpy as np
import pytest

from calibration.geometry import Rect
from vision.cards import Line
from vision.recognition.heading import rules_across, with_headings

PAPER, PRINT, INK = (225, 230, 235), (120, 120, 120), (40, 30, 30)
ROWS = {"PACKAGING": 20, "is great fun": 80, "bring cards": 120}


def card(rules, tilt=0, size_wh=(240, 160)):
    """Draw three lines of writing, and rules at these heights."""
    width, height = size_wh
    pixels = np.full((height, width, 3), PAPER, np.uint8)
    for y in rules:
        cv2.line(pixels, (0, y), (width, y + tilt), PRINT, 1, cv2.LINE_AA)
    for text, top in ROWS.items():
        cv2.putText(pixels, text, (20, top + 18), 2, 0.7, INK, 2, cv2.LINE_AA)
    return pixels


LINES = tuple(
    Line(text, 0.9, Rect(15, top - 4, 225, top + 24).to_quad())
    for text, top in ROWS.items()
)


def headings(pixels):
    return [line.text for line in with_headings(pixels, LINES) if line.heading]


@pytest.mark.parametrize("tilt", [-8, 0, 8])
@pytest.mark.parametrize("rules", [[52], [48, 56]], ids=["one", "double"])
def test_what_stands_above_a_rule_is_a_heading(rules, tilt):
    assert headings(card(rules, tilt)) == ["PACKAGING"]


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param([], id="none"),
        pytest.param(range(12, 160, 14), id="lined paper"),
        pytest.param([47, 70], id="two far apart"),
        pytest.param([140], id="below all"),
        pytest.param([10], id="at the edge"),
    ],
)
def test_nothing_is_a_heading_elsewhere(rules):
    assert headings(card(rules)) == []


def test_writing_is_no_rule():
    assert rules_across(card([])) == []


def test_a_rule_is_told_where_it_is():
    ((left, right),) = rules_across(card([60], tilt=12))
    assert (left, right) == (pytest.approx(60, abs=3), pytest.approx(72, abs=3))


def test_a_card_without_lines_or_ink_has_none():
    assert with_headings(np.full((4, 9, 3), 200, np.uint8), ()) == ()
