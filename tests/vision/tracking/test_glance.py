"""Which known cards certainly are as they were, told of all of them at once."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Rect
from vision.tracking.appearance import PATCH_WH, patch_of
from vision.tracking.glance import same_at_a_glance

PAPER, PEN, GROUND = 200, 40, 90
NOTE_WH = (192, 128)
PLACES = tuple(Rect(x, 30, x + 192, 158).to_quad() for x in (20, 230, 440, 650))
TITLES = ("Types", "Docs", "Rust", "Juggling")


def note(title, *, struck=False):
    width, height = NOTE_WH
    sheet = np.full((height, width), PAPER, np.uint8)
    for y, line in ((50, title), (100, "by " + title[::-1])):
        cv2.putText(sheet, line, (14, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (PEN,), 2)
    if struck:
        cv2.line(sheet, (10, 42), (150, 40), (PEN,), 3)
    return sheet


def look(sheet):
    return patch_of(cv2.cvtColor(sheet, cv2.COLOR_GRAY2BGR))


def board(*sheets):
    picture = np.full((190, 870), GROUND, np.uint8)
    for place, sheet in zip(PLACES, sheets, strict=False):
        left, top = place.top_left
        height, width = sheet.shape
        picture[int(top) : int(top) + height, int(left) : int(left) + width] = sheet
    return picture


NOTES = tuple(note(title) for title in TITLES)
LOOKS = tuple(look(sheet) for sheet in NOTES)


def same(picture, looks=LOOKS, places=PLACES):
    return same_at_a_glance(picture, places, looks).tolist()


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(board(*NOTES), id="the same picture"),
        pytest.param((board(*NOTES) * 0.5).astype(np.uint8), id="dim light"),
        pytest.param(cv2.GaussianBlur(board(*NOTES), (0, 0), 1), id="blurred"),
        pytest.param(np.roll(board(*NOTES), 1, axis=1), id="nudged"),
        pytest.param(
            (board(*NOTES) * np.linspace(0.6, 1.1, 870)).astype(np.uint8),
            id="light from the side",
        ),
    ],
)
def test_cards_that_hang_as_they_hung_are_the_same(picture):
    assert same(picture) == [True, True, True, True]


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(note("Docs", struck=True), id="struck"),
        pytest.param(note("Dogs"), id="a letter changed"),
        pytest.param(note("Rust"), id="another card"),
        pytest.param(np.full((128, 192), GROUND, np.uint8), id="gone"),
        pytest.param(np.full((128, 192), PAPER, np.uint8), id="blank"),
        pytest.param(np.roll(note("Docs"), 12, axis=1), id="hung elsewhere"),
        pytest.param(
            np.where(np.arange(192) < 140, note("Docs"), 30).astype(np.uint8),
            id="somebody in front",
        ),
    ],
)
def test_only_a_card_that_is_another_one_now_is_not(sheet):
    one, _, *others = NOTES

    assert same(board(one, sheet, *others)) == [True, False, True, True]


def test_a_blank_card_is_never_certainly_the_same():
    blank = np.full(NOTE_WH[::-1], PAPER, np.uint8)

    assert same(board(blank), [look(blank)], PLACES[:1]) == [False]


def test_no_cards_are_no_cards():
    assert same(board(), (), ()) == []


def test_a_look_of_another_size_takes_a_closer_look():
    small = np.ascontiguousarray(LOOKS[0][::2, ::2])

    assert same(board(*NOTES), [small, *LOOKS[1:]]) == [False, True, True, True]


def test_a_place_beyond_the_picture_shows_another_card():
    beyond = Rect(900, 300, 900 + 192, 428).to_quad()

    assert same(board(*NOTES), LOOKS[:1], [beyond]) == [False]


@given(asked=st.lists(st.integers(0, 3), min_size=1, max_size=5))
def test_what_is_told_of_a_card_does_not_depend_on_the_others(asked):
    picture = board(NOTES[0], note("Docs", struck=True), NOTES[2], NOTES[1])
    alone = [same(picture, [LOOKS[one]], [PLACES[one]])[0] for one in range(4)]

    together = same(
        picture, [LOOKS[one] for one in asked], [PLACES[one] for one in asked]
    )

    assert together == [alone[one] for one in asked]
    assert alone == [True, False, True, False]
    assert LOOKS[0].shape == PATCH_WH[::-1]
