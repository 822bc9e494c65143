"""How high and how dark letters are, and how sharp, from the pixels of a card."""

import cv2
import numpy as np
import pytest

from vision.quality.blurred import focus_of
from vision.quality.letters import Letters, is_unwritten, letters_of


@pytest.fixture(scope="module")
def card(printed_card):
    return printed_card(("Typing at scale", "Maya", "Room to think"))


def scaled(crop, scale):
    return cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def dimmed(crop, gain):
    return (crop * gain).astype(np.uint8)


def shaken(crop, sigma_x, sigma_y):
    return cv2.GaussianBlur(crop, (0, 0), sigmaX=sigma_x, sigmaY=sigma_y)


def test_letters_are_as_high_as_they_are_drawn(card):
    # Of print of 40 px a letter without a stem is about 21 px high.
    assert letters_of(card).height_px == pytest.approx(23, abs=4)


@pytest.mark.parametrize("scale", [0.25, 0.4, 0.7, 1.3, 3])
def test_letters_shrink_and_grow_with_their_card(card, scale):
    height_px = letters_of(scaled(card, scale)).height_px

    assert height_px == pytest.approx(scale * letters_of(card).height_px, rel=0.3)


@pytest.mark.parametrize("gain", [0.1, 0.25, 0.5, 0.9])
def test_letters_fade_with_the_light_and_stay_as_high_and_as_sharp(card, gain):
    bright, dim = letters_of(card), letters_of(dimmed(card, gain))

    assert dim.height_px == pytest.approx(bright.height_px, rel=0.2)
    assert dim.contrast == pytest.approx(gain * bright.contrast, rel=0.15)
    assert dim.level == pytest.approx(gain * bright.level, rel=0.05)
    assert focus_of(dimmed(card, gain)) == pytest.approx(focus_of(card), rel=0.1)


def test_chalk_is_measured_like_ink(card):
    ink, chalk = letters_of(card), letters_of(255 - card)

    assert (chalk.height_px, chalk.contrast) == (ink.height_px, ink.contrast)


def with_rules(crop):
    for row in range(10, len(crop), 45):
        cv2.line(crop, (0, row), (crop.shape[1], row), (160, 120, 90), 2)


def with_a_pin(crop):
    cv2.circle(crop, (300, 90), 14, (40, 40, 200), -1)


def with_a_drawing(crop):
    cv2.ellipse(crop, (180, 100), (165, 80), 0, 0, 360, (60, 60, 60), 2)


def with_dots(crop):
    for row, column in np.random.default_rng(1).integers(15, 180, (60, 2)):
        crop[row, 2 * column - 20] = 90


@pytest.mark.parametrize("draw", [with_rules, with_a_pin, with_a_drawing, with_dots])
def test_what_is_no_letter_does_not_count(card, draw):
    drawn_on = card.copy()

    draw(drawn_on)

    assert letters_of(drawn_on).height_px == pytest.approx(
        letters_of(card).height_px, rel=0.2
    )


@pytest.mark.parametrize("size_wh", [(1, 1), (8, 8), (300, 1), (1600, 8), (480, 300)])
def test_a_blank_card_has_no_letters_and_is_not_out_of_focus(size_wh):
    blank = np.full((*size_wh[::-1], 3), 200, np.uint8)

    assert letters_of(blank) == Letters(None, 0.0, pytest.approx(200))
    assert focus_of(blank) is None


@pytest.mark.parametrize(
    ("sigma_x", "sigma_y"),
    [
        pytest.param(8, 8, id="out of focus"),
        pytest.param(8, 0.1, id="shaken sideways"),
        pytest.param(0.1, 8, id="shaken upright"),
    ],
)
def test_writing_is_less_in_focus_the_more_it_is_blurred(card, sigma_x, sigma_y):
    focus = [
        focus_of(shaken(card, max(0.1, part * sigma_x), max(0.1, part * sigma_y)))
        for part in (0.01, 0.25, 0.5, 1)
    ]

    assert focus == sorted(focus, reverse=True)
    assert focus[-1] < 0.9 * focus[0]


def drawn(*lines, size_wh=(360, 220)):
    """A card with strokes, each of (x, y) as parts of its sides."""
    paper = np.full((*size_wh[::-1], 3), 200, np.uint8)
    for line in lines:
        points = np.rint(np.array(line) * size_wh).astype(np.int32)
        cv2.polylines(paper, [points], isClosed=False, color=(40, 40, 40), thickness=5)
    return paper


DOWN = ([(0.5, 0.2), (0.5, 0.8)], [(0.4, 0.65), (0.5, 0.8), (0.6, 0.65)])
ACROSS = ([(0.2, 0.5), (0.8, 0.5)], [(0.7, 0.4), (0.8, 0.5), (0.7, 0.6)])
RULES = tuple([(0.0, y), (1.0, y)] for y in (0.2, 0.4, 0.6, 0.8))


@pytest.mark.parametrize(
    "strokes",
    [
        pytest.param((), id="bare"),
        pytest.param(DOWN, id="arrow down"),
        pytest.param(ACROSS, id="arrow across"),
        pytest.param(([(0.5, 0.1), (0.5, 0.9)],), id="bar"),
        pytest.param(([(0.1, 0.5), (0.9, 0.5)],), id="dash"),
        pytest.param(RULES, id="rules"),
        pytest.param(([(0.5, 0.08), (0.52, 0.08)],), id="pin"),
    ],
)
@pytest.mark.parametrize("gain", [0.4, 1])
def test_bare_cards_and_those_with_a_mark_are_unwritten(strokes, gain):
    grain = np.random.default_rng(1).normal(0, 1.5, (220, 360, 1))
    crop = np.clip(drawn(*strokes) + grain, 0, 255)

    assert is_unwritten(dimmed(crop, gain))


@pytest.mark.parametrize("gain", [0.25, 1])
@pytest.mark.parametrize(
    "texts", [("Typing at scale", "Maya"), ("Lunch",), ("BOOKED",)]
)
def test_cards_with_words_are_not(printed_card, texts, gain):
    assert not is_unwritten(dimmed(printed_card(texts), gain))
