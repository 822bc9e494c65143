"""Sticker dots on cards are counted; what else is round is not."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from sample_boards.cards import Card, Sticker, draw_card
from vision.image.photo import Photo, encode_jpeg
from vision.votes import count_votes

GREEN, RED, BLUE, BLACK = (50, 130, 20), (40, 40, 210), (210, 90, 30), (30, 30, 30)
YELLOW, WHITE, PINK = (90, 225, 250), (240, 243, 244), (180, 120, 250)
SCALE_PX_PER_MM = 3.0


@pytest.fixture
def card():
    return Card(
        "card",
        "Type checking",
        "",
        "",
        (0.0, 0.0),
        host="Maya",
        colour=YELLOW,
        pen="bullet marker",
        seed=4,
    )


def photographed(card, px_per_mm=SCALE_PX_PER_MM):
    """A card as a photo shows it: soft, in light from the side."""
    pixels = draw_card(card, px_per_mm).astype(np.float32)
    light = np.linspace(0.8, 1.0, pixels.shape[1], dtype=np.float32)[None, :, None]
    soft = cv2.GaussianBlur(pixels * light, (0, 0), 0.8)
    return Photo.decode(encode_jpeg(np.clip(soft, 0, 255).astype(np.uint8), 85)).pixels


def dots(places, colour=GREEN, radius=6.0):
    return tuple(Sticker(x, y, radius, colour) for x, y in places)


APART = ((20, 62), (45, 60), (70, 63), (104, 40))
ROW = ((20, 66), (31.5, 66), (43, 66.4), (54.5, 66))
OVERLAPPING = ((90, 60), (99, 64), (108, 60))
OVER_WRITING = ((30, 22), (60, 30), (85, 20), (40, 60))
STICKING_OUT = ((125, 30), (126, 55), (60, 74))


@pytest.mark.parametrize(
    ("places", "paper", "colour"),
    [
        pytest.param((), YELLOW, GREEN, id="none"),
        pytest.param(APART, YELLOW, GREEN, id="apart"),
        pytest.param(ROW, WHITE, RED, id="in a row that touches"),
        pytest.param(OVERLAPPING, PINK, BLUE, id="overlapping"),
        pytest.param(OVER_WRITING, YELLOW, RED, id="over the writing"),
        pytest.param(STICKING_OUT, PINK, GREEN, id="over the edge"),
        pytest.param(APART, PINK, WHITE, id="light ones on a coloured card"),
        pytest.param(((20, 62), (95, 60)), WHITE, BLACK, id="in the pen's colour"),
        pytest.param(((8, 68),), YELLOW, BLUE, id="one in a lower corner"),
    ],
)
def test_dots_are_counted(card, places, paper, colour):
    voted = replace(card, colour=paper, stickers=dots(places, colour))

    assert count_votes(photographed(voted)) == len(places)


def test_dots_of_two_sheets_are_counted_together(card):
    voted = replace(card, stickers=dots(APART, RED) + dots([(86, 62)], BLUE, 8.0))

    assert count_votes(photographed(voted)) == 5


def test_small_photo_of_a_card_is_enough(card):
    voted = replace(card, stickers=dots(APART))

    assert count_votes(photographed(voted, px_per_mm=1.2)) == 4


@pytest.mark.parametrize(
    "title", ["o O 0 Ooo 8 ...", "- one\n- two: iii", "Q&A * 100 %"]
)
@pytest.mark.parametrize("pen", ["chisel marker", "thin pen"])
def test_letters_and_marks_are_no_votes(card, title, pen):
    written = replace(card, title=title, pen=pen)

    assert count_votes(photographed(written)) == 0


@pytest.mark.parametrize(
    "places",
    [((63, 7),), ((8, 7), (119, 7)), ((8, 7), (119, 7), (8, 69), (119, 69))],
    ids=["top", "upper corners", "all corners"],
)
def test_magnets_and_pins_are_no_votes(card, places):
    hung = replace(card, stickers=dots(places, RED))
    voted = replace(hung, stickers=hung.stickers + dots(APART))

    assert count_votes(photographed(hung)) == 0
    assert count_votes(photographed(voted)) == len(APART)


def test_large_picture_on_a_card_is_no_vote(card):
    pixels = photographed(card).copy()
    pixels[90:190, 220:340] = RED

    assert count_votes(pixels) == 0
