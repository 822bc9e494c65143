"""Letters too small or too faint to be read, told from the pixels of the cards."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Rect
from vision.cards import ReadCard
from vision.image.rectify import RectifiedBoard
from vision.quality import assess_cards, assess_unread
from vision.quality.distance import too_far_in_doubt, too_far_unread
from vision.quality.letters import Letters, letters_of
from vision.quality.light import DARK, gloomy_unread
from vision.reading import CardFields, CardLine, CardReading, Finding
from vision.tracking.appearance import describe

TEXTS = ("Typing at scale", "Maya", "Room to think")
TOO_FAR = Finding(
    "too_far",
    "Letters are only 4 pixels high in the photo; under 8 most are misread. Go closer, "
    "or take a larger picture.",
)


@pytest.fixture(scope="module")
def card(printed_card):
    return printed_card(TEXTS)


@pytest.fixture(scope="module")
def far(card):
    """The same with letters of 4 px, as a photo from far away shows it."""
    return shrunk(card, 4 / letters_of(card).height_px)


@pytest.fixture
def seen(printed_scene):
    """Make a card that was read, with lines 20 px high."""
    cell = printed_scene.board.layout.cells[0]
    place = printed_scene.board.layout.cell_rect(cell).to_quad()

    def make(crop, confidence, *, read_again=True):
        line = CardLine("Typing", confidence, Rect(0, 0, 90, 20).to_quad())
        reading = CardReading(
            place, cell, (line,), CardFields(), confidence, "#ffffff", "scripted 1"
        )
        return ReadCard(reading, crop, describe(crop), place, None, read_again)

    return make


def shrunk(crop, scale):
    return cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def dimmed(crop, gain):
    return (crop * gain).astype(np.uint8)


def letters(height_px=20.0, contrast=60.0, level=150.0):
    return Letters(height_px, contrast, level)


def test_letters_are_as_high_as_they_are_drawn(card):
    # Of print of 40 px a letter without a stem is about 21 px high.
    assert letters_of(card).height_px == pytest.approx(23, abs=4)


@given(scale=st.floats(0.25, 3))
def test_letters_shrink_and_grow_with_their_card(card, scale):
    height_px = letters_of(shrunk(card, scale)).height_px

    assert height_px == pytest.approx(scale * letters_of(card).height_px, rel=0.3)


@given(gain=st.floats(0.1, 1))
def test_letters_fade_with_the_light_and_stay_as_high(card, gain):
    bright, dim = letters_of(card), letters_of(dimmed(card, gain))

    assert dim.height_px == pytest.approx(bright.height_px, rel=0.2)
    assert dim.contrast == pytest.approx(gain * bright.contrast, rel=0.15)
    assert dim.level == pytest.approx(gain * bright.level, rel=0.05)


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
def test_a_blank_card_has_no_letters(size_wh):
    blank = np.full((*size_wh[::-1], 3), 200, np.uint8)

    assert letters_of(blank) == Letters(math.inf, 0.0, pytest.approx(200))


@pytest.mark.parametrize(
    ("heights_px", "early", "in_doubt"),
    [
        pytest.param([4, 4, 4], True, True, id="small"),
        pytest.param([4, 4, 20], True, True, id="mostly small"),
        pytest.param([5.5] * 3, False, True, id="small if nobody can read it"),
        pytest.param([8] * 3, False, False, id="large enough"),
        pytest.param([4, 20, 20], False, False, id="a footnote"),
        pytest.param([4, 4], False, False, id="too few to tell"),
        pytest.param([4, 4, math.inf], False, False, id="a blank card tells nothing"),
        pytest.param([], False, False, id="no cards"),
    ],
)
def test_small_letters_ask_to_go_closer(heights_px, early, in_doubt):
    measured = [letters(height_px) for height_px in heights_px]

    assert (too_far_unread(measured) is not None) is early
    assert (too_far_in_doubt(measured) is not None) is in_doubt


def test_the_remark_says_how_high_letters_are():
    assert too_far_unread([letters(4.9)] * 3) == TOO_FAR


@pytest.mark.parametrize(
    ("cards", "expected"),
    [
        pytest.param([(7, 30)] * 3, DARK, id="faint in the dark"),
        pytest.param([(7, 30), (7, 30), (90, 180)], DARK, id="mostly faint"),
        pytest.param([(8, 30)] * 3, None, id="dark, but the ink stands out"),
        pytest.param([(7, 40)] * 3, None, id="faint in the light"),
        pytest.param([(7, 30)] * 2, None, id="a dark coat or two"),
        pytest.param([], None, id="no cards"),
    ],
)
def test_ink_that_does_not_stand_out_in_the_dark_asks_for_light(cards, expected):
    measured = [letters(contrast=contrast, level=level) for contrast, level in cards]

    assert gloomy_unread(measured) == expected


def hung(crops, printed_scene):
    return list(zip(printed_scene.board.layout.cells, crops, strict=False))


def test_cards_too_far_away_are_remarked_on_before_they_are_read(
    printed_scene, far, card
):
    assert assess_unread(hung([far] * 3, printed_scene), ()) == (TOO_FAR,)
    assert assess_unread(hung([card] * 3, printed_scene), ()) == ()


@pytest.mark.parametrize("code", ["too_far", "dark"])
def test_what_was_told_of_the_picture_is_not_told_of_its_cards(
    printed_scene, far, code
):
    told = [Finding(code, "It is.")]

    assert assess_unread(hung([far] * 3, printed_scene), told) == ()


def test_a_soft_picture_may_be_too_far_away_as_well(printed_scene, far):
    told = [Finding("blurred", "It is.")]

    assert assess_unread(hung([far] * 3, printed_scene), told) == (TOO_FAR,)


def test_in_the_dark_nothing_else_is_told(printed_scene, far):
    crops = hung([dimmed(far, 0.06)] * 3, printed_scene)

    assert assess_unread(crops, ()) == (DARK,)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        pytest.param({"confidence": 0.2}, (TOO_FAR,), id="in doubt"),
        pytest.param({"confidence": 0.7}, (), id="read all the same"),
        pytest.param({"confidence": 0.2, "read_again": False}, (), id="known"),
    ],
)
def test_small_letters_are_remarked_on_until_they_are_read_well(
    printed_scene, far, seen, reading, expected
):
    cards = [seen(far, **reading)] * 3
    grey = np.full_like(printed_scene.straight.pixels, 128)
    board = RectifiedBoard(printed_scene.registration, grey)

    assert assess_cards(board, (), cards, ()) == expected


def test_faint_ink_is_remarked_on_until_it_is_read_well(printed_scene, card, seen):
    # The board around the cards is lighter than they are.
    grey = np.full_like(printed_scene.straight.pixels, 60)
    board = RectifiedBoard(printed_scene.registration, grey)
    dim = dimmed(card, 0.02)

    assert assess_cards(board, (), [seen(dim, 0.2)] * 3, ()) == (DARK,)
    assert assess_cards(board, (), [seen(dim, 0.7)] * 3, ()) == ()


def test_noise_in_the_dark_is_not_called_small_letters(printed_scene, far, seen):
    grey = np.full_like(printed_scene.straight.pixels, 128)
    board = RectifiedBoard(printed_scene.registration, grey)

    assert assess_cards(board, (), [seen(far, 0.2)] * 3, (DARK,)) == ()
