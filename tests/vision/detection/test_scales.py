"""Cards of any size are found, each once, at the scale that the board needs."""

import itertools

import cv2
import numpy as np
import pytest

from vision.detection import scales
from vision.detection.scales import view_of

BOARD, PAPER, INK = (205, 210, 210), (110, 225, 250), (60, 40, 40)


def board_with(cards, size_px):
    """Return a board with written cards at (left, top, width, height)."""
    pixels = np.full((*size_px, 3), BOARD, np.uint8)
    for left, top, width, height in cards:
        right, bottom = left + width, top + height
        cv2.rectangle(pixels, (left, top), (right - 1, bottom - 1), PAPER, -1)
        for line, word in enumerate(("Where do", "we meet", "tonight?")):
            at = (left + width // 12, top + round((line + 1) * height / 3.6))
            scale, thick = width / 190, max(1, width // 60)
            font = cv2.FONT_HERSHEY_SIMPLEX
            cv2.putText(pixels, word, at, font, scale, INK, thick, cv2.LINE_AA)
    return pixels


def seen(pixels):
    """What is seen of a board, and the bounds of its cards in its own pixels."""

    def at(scale):
        return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=how(scale))

    def how(scale):
        return cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC

    view = view_of(at)
    corners = [(card.corners + 0.5) / view.scale - 0.5 for card in view.found]
    bounds = [[*quad.min(axis=0), *quad.max(axis=0)] for quad in corners]
    return view, np.array(bounds).reshape(-1, 4)


def off(bounds, cards):
    """How far the bounds of as many cards are off those that are true, px."""
    true = np.array([[x, y, x + w, y + h] for x, y, w, h in cards])
    assert len(bounds) == len(true)
    return np.abs(bounds[:, None] - true).max(axis=2).min(axis=0).max()


@pytest.mark.parametrize(
    ("side_px", "scale"),
    [(30, 2.0), (36, 2.0), (80, 1.0), (130, 1.0), (220, 0.5), (420, 0.5)],
)
def test_cards_of_each_size_are_found_at_a_scale_that_suits_them(side_px, scale):
    step = side_px * 3 // 2
    places = itertools.product(range(3), range(2))
    cards = [(step * x + 20, step * y + 20, side_px, side_px) for x, y in places]

    view, bounds = seen(board_with(cards, (2 * step + 40, 3 * step + 40)))

    assert off(bounds, cards) < 0.1 * side_px
    assert view.scale == scale
    assert view.maps.core.shape == tuple(
        -(-side // 4) for side in view.picture.shape[:2]
    )


def test_a_card_that_fills_its_picture_is_one_card():
    note = (12, 10, 400, 310)

    _, bounds = seen(board_with([note], (330, 425)))

    assert off(bounds, [note]) < 20


def test_a_large_card_among_small_ones_is_found_whole():
    small = [(20 + 110 * x, 20 + 110 * y, 80, 80) for x in (0, 1) for y in (0, 1)]
    cards = [*small, (260, 20, 330, 260)]

    view, bounds = seen(board_with(cards, (320, 620)))

    assert view.scale == 1
    assert off(bounds, cards) < 25


def test_a_picture_that_is_large_already_is_not_enlarged(monkeypatch):
    monkeypatch.setattr(scales, "MOST_PX", 4 * 100 * 100)
    asked = []

    def at(scale):
        asked.append(scale)
        cards = [(10 + 60 * column, 30, 32, 32) for column in range(5)]
        pixels = board_with(cards, (100, 320))
        return cv2.resize(pixels, None, fx=scale, fy=scale)

    view_of(at)

    assert asked == [1.0, 0.5, 0.25]


def test_an_empty_board_has_no_cards():
    view, bounds = seen(board_with([], (200, 300)))

    assert (view.scale, len(bounds)) == (1.0, 0)
