"""Cards of one colour over each other: which of them is the upper one."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Quad, Rect
from vision.detection.overlap import where_covered

YELLOW, SHADE, GROUND, BLACK = (90, 220, 240), (70, 185, 205), (92, 128, 164), (30,) * 3
SHAPE = (100, 160, 3)
LOWER = Rect(6, 6, 128, 80).to_quad()
UPPER = Quad.from_array([[46, 48], [146, 34], [156, 94], [54, 106]])
FAR = Rect(140, 6, 158, 20).to_quad()


def drawn(pixels, quad):
    """Hang a yellow card, the shade of its edge around it."""
    corners = np.rint(quad.to_array()).astype(np.int32)
    cv2.fillConvexPoly(pixels, corners, YELLOW)
    return cv2.polylines(pixels, [corners], isClosed=True, color=SHADE, thickness=2)


def written(pixels, text, where):
    return cv2.putText(pixels, text, where, 0, 0.6, BLACK, 2, cv2.LINE_AA)


def cards(*quads):
    pixels = np.full(SHAPE, GROUND, np.uint8)
    for quad in quads:
        drawn(pixels, quad)
    return pixels


def both():
    return written(written(cards(LOWER, UPPER), "VIDEOS", (14, 34)), "BEST", (72, 74))


def inside(quad):
    corners = np.rint(quad.to_array()).astype(np.int32)
    return cv2.fillConvexPoly(np.zeros(SHAPE[:2], np.uint8), corners, 1) > 0


@pytest.mark.parametrize(
    "off_px",
    [
        pytest.param((0, 0), id="exact"),
        pytest.param((3, 2), id="too far in"),
        pytest.param((-3, -2), id="too far out"),
    ],
)
def test_upper_card_covers_the_lower_one_up_to_its_own_edges(off_px):
    guessed = Quad.from_array(UPPER.to_array() + off_px)

    covered = where_covered(both(), LOWER, [FAR, guessed])

    on_lower = inside(LOWER)
    off = (covered != inside(UPPER)) & on_lower
    assert off.sum() <= 0.04 * on_lower.sum()


def test_upper_card_is_covered_by_nothing():
    assert not where_covered(both(), UPPER, [LOWER, FAR]).any()


@pytest.mark.parametrize(
    ("pixels", "others"),
    [
        pytest.param(both(), [], id="no others"),
        pytest.param(both(), [FAR], id="a card elsewhere"),
        pytest.param(both(), [LOWER], id="itself"),
        pytest.param(cards(LOWER), [UPPER], id="an outline without a card"),
        pytest.param(
            written(cards(LOWER), "RULES", (50, 60)), [UPPER], id="letters, no edges"
        ),
        pytest.param(
            cards(LOWER, Rect(122, 10, 150, 60).to_quad()),
            [Rect(122, 10, 150, 60).to_quad()],
            id="a card that touches it",
        ),
    ],
)
def test_what_does_not_surely_lie_on_a_card_does_not_cover_it(pixels, others):
    assert not where_covered(pixels, LOWER, others).any()


points = st.tuples(st.integers(0, SHAPE[1]), st.integers(0, SHAPE[0]))


@given(
    left=st.integers(20, 80),
    top=st.integers(20, 60),
    strokes=st.lists(points, max_size=8),
)
def test_of_two_cards_at_most_one_lies_on_the_other(left, top, strokes):
    one, other = LOWER, Rect(left, top, left + 70, top + 35).to_quad()
    pixels = cards(one, other)
    for start, end in pairwise(strokes):
        cv2.line(pixels, start, end, BLACK, 2)

    covered = [
        where_covered(pixels, *pair).any() for pair in ((one, [other]), (other, [one]))
    ]

    assert sum(covered) <= 1
