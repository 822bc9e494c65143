import cv2
import numpy as np
import pytest

from calibration.geometry import Rect
from vision.cards import Line
from vision.recognition.ground import ground_of
from vision.recognition.stickers import own_paper_first

ORANGE, WHITE, BLUE, BLACK = (90, 180, 250), (240,) * 3, (160, 60, 20), (35, 30, 30)
STICKER = (20, 20, 200, 150)
"""Left, top, right and bottom of a sticker beside a title."""


def card(sticker=WHITE, bounds=STICKER):
    """Return a crop with a sticker that two lines are printed on."""
    crop = np.full((300, 480, 3), ORANGE, np.uint8)
    left, top, right, bottom = bounds
    crop[top:bottom, left:right] = sticker
    for line in (LOGO, WORDS, TITLE, HOST):
        start = line.quad_crop.bottom_left
        where = round(start.x) + 4, round(start.y) - 10
        cv2.putText(crop, line.text, where, cv2.FONT_HERSHEY_SIMPLEX, 1, BLACK, 3)
    return crop


def line(text, left, top, right, bottom):
    return Line(text, 0.9, Rect(left, top, right, bottom).to_quad())


LOGO, WORDS = line("PYTHON", 30, 30, 180, 70), line("MORSELS", 30, 90, 190, 130)
TITLE, HOST = line("Learning", 230, 40, 440, 90), line("Maya", 40, 220, 150, 260)
WIDE = line("PYTHON MORSELS FOR ALL", 30, 30, 330, 70)


@pytest.mark.parametrize(
    ("crop", "pieces", "expected"),
    [
        pytest.param(card(), [], (), id="no lines"),
        pytest.param(card(), [TITLE, HOST], (TITLE, HOST), id="none on it"),
        pytest.param(
            card(),
            [LOGO, WORDS, TITLE, HOST],
            (TITLE, HOST, LOGO, WORDS),
            id="those on the sticker behind",
        ),
        pytest.param(card(), [LOGO, WORDS], (LOGO, WORDS), id="nothing else"),
        pytest.param(
            card(bounds=(0, 0, 480, 80)), [WIDE, HOST], (WIDE, HOST), id="a heading"
        ),
    ],
)
def test_lines_on_a_sticker_follow_the_card_s_own(crop, pieces, expected):
    assert own_paper_first(pieces, ground_of(crop)) == expected


@pytest.mark.parametrize(
    "colour",
    [
        pytest.param(ORANGE, id="the card itself"),
        pytest.param(np.array(ORANGE) * 0.6, id="the card in the shade"),
        pytest.param(BLUE, id="darker paper, which may be shade"),
    ],
)
def test_lines_on_no_sticker_are_read_as_they_stand(colour):
    ordered = own_paper_first([TITLE, HOST, LOGO], ground_of(card(colour)))

    assert [found.text for found in ordered] == ["PYTHON Learning", "Maya"]
