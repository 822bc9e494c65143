"""Which outlines are cards, on pictures drawn for it."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Rect
from vision.detection.sizes import Size
from vision.detection.trust import Outline, trusted, without_doubles

YELLOW, RED = 1, 2
TYPICAL = Size(long_px=100.0, short_px=60.0)


def card_at(left, top, width=100, height=60):
    return Rect(left, top, left + width, top + height).to_quad()


def picture(*quads):
    """Return a grey board with cards on it."""
    pixels = np.full((400, 600, 3), 90, np.uint8)
    for quad in quads:
        corners = np.rint(quad.to_array()).astype(np.int32)
        cv2.fillConvexPoly(pixels, corners, (80, 220, 240))
    return pixels


FIRST, SECOND, THIRD = card_at(50, 50), card_at(250, 50), card_at(50, 200)


@pytest.mark.parametrize(
    ("outlines", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(
            [Outline(FIRST, YELLOW, straight=True)], [FIRST], id="a straight card"
        ),
        pytest.param(
            [
                Outline(FIRST, YELLOW, straight=True),
                Outline(SECOND, YELLOW, straight=False),
            ],
            [FIRST, SECOND],
            id="an odd shape of paper's colour",
        ),
        pytest.param(
            [
                Outline(FIRST, YELLOW, straight=True),
                Outline(SECOND, RED, straight=False),
            ],
            [FIRST],
            id="an odd shape of another colour",
        ),
        pytest.param(
            [Outline(FIRST, RED, straight=False)], [], id="one odd shape is a head"
        ),
        pytest.param(
            [
                Outline(FIRST, RED, straight=False),
                Outline(SECOND, RED, straight=False),
            ],
            [FIRST, SECOND],
            id="several of one colour are round cards",
        ),
        pytest.param(
            [Outline(FIRST, RED, straight=True, apart=False)],
            [],
            id="something that reaches in from beside",
        ),
        pytest.param(
            [
                Outline(FIRST, YELLOW, straight=True),
                Outline(SECOND, YELLOW, straight=True, apart=False),
            ],
            [FIRST, SECOND],
            id="a card that hangs together with what is beside",
        ),
    ],
)
def test_outlines_are_trusted_by_shape_and_colour(outlines, expected):
    pixels = picture(FIRST, SECOND, THIRD)

    assert trusted(outlines, pixels, TYPICAL, one_size=True) == expected


def test_what_has_no_edges_is_no_card():
    outline = Outline(THIRD, YELLOW, straight=True)

    assert trusted([outline], picture(FIRST), None, one_size=False) == []


def test_an_outline_twice_as_large_as_the_card_has_edges_on_too_few_sides():
    outline = Outline(card_at(50, 50, 200, 120), YELLOW, straight=True)

    assert trusted([outline], picture(FIRST), None, one_size=False) == []


@pytest.mark.parametrize(
    ("size_wh", "one_size", "kept"),
    [
        pytest.param((100, 60), True, True, id="typical"),
        pytest.param((14, 9), False, False, id="a scrap"),
    ],
)
def test_scraps_are_no_cards(size_wh, one_size, kept):
    quad = card_at(50, 50, *size_wh)
    outline = Outline(quad, YELLOW, straight=True)

    found = trusted([outline], picture(quad), TYPICAL, one_size=one_size)

    assert found == [quad] * kept


def over_the_edge(left, top, width=50, height=40):
    """Return a picture of a card and something small in another colour, and both."""
    quad = card_at(left, top, width, height)
    pixels = picture(FIRST)
    corners = np.rint(quad.to_array()).astype(np.int32)
    cv2.fillConvexPoly(pixels, corners, (230, 230, 230))
    return pixels, quad


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        pytest.param((140, 60), True, id="over a card's edge"),
        pytest.param((152, 60), True, id="beside a card"),
        pytest.param((90, 60), False, id="a sticker on a card"),
        pytest.param((300, 60), False, id="alone: what somebody leaves of a card"),
        pytest.param((140, 60, 70, 20), False, id="a label"),
    ],
)
def test_small_card_is_one_if_it_hangs_over_another(place, kept):
    pixels, quad = over_the_edge(*place)
    outlines = [
        Outline(FIRST, YELLOW, straight=True),
        Outline(quad, RED, straight=True),
    ]

    found = trusted(outlines, pixels, TYPICAL, one_size=True)

    assert found == [FIRST, quad][: 1 + kept]


@pytest.mark.parametrize(
    "outline",
    [
        pytest.param({"straight": False}, id="an odd shape"),
        pytest.param({"straight": True, "apart": False}, id="somebody's sleeve"),
    ],
)
def test_small_thing_that_is_no_whole_card_is_none(outline):
    pixels, quad = over_the_edge(140, 60)
    outlines = [Outline(FIRST, YELLOW, straight=True), Outline(quad, YELLOW, **outline)]

    assert trusted(outlines, pixels, TYPICAL, one_size=True) == [FIRST]


def test_small_thing_without_an_edge_on_one_side_is_no_card():
    pixels, quad = over_the_edge(140, 60)
    pixels[55:105, 175:260] = (230, 230, 230)
    outlines = [
        Outline(FIRST, YELLOW, straight=True),
        Outline(quad, RED, straight=True),
    ]

    assert trusted(outlines, pixels, TYPICAL, one_size=True) == [FIRST]


def test_the_shaded_rest_of_a_card_is_no_card_of_its_own():
    rest = card_at(60, 55, 70, 50)
    outlines = [
        Outline(FIRST, YELLOW, straight=True),
        Outline(rest, YELLOW, straight=False),
    ]

    assert trusted(outlines, picture(rest), None, one_size=False) == []
    assert trusted(outlines, picture(FIRST, rest), None, one_size=False) == [FIRST]


@pytest.mark.parametrize(
    ("quads", "expected"),
    [
        pytest.param([], (), id="none"),
        pytest.param([FIRST, SECOND], (FIRST, SECOND), id="two cards"),
        pytest.param([FIRST, FIRST], (FIRST,), id="the same twice"),
        pytest.param(
            [FIRST, card_at(80, 70, 30, 20)], (FIRST,), id="a sticker on a card"
        ),
        pytest.param(
            [card_at(80, 70, 30, 20), FIRST], (FIRST,), id="a sticker found first"
        ),
        pytest.param(
            [FIRST, card_at(110, 90)], (FIRST, card_at(110, 90)), id="cards over cards"
        ),
    ],
)
def test_each_card_counts_once(quads, expected):
    assert without_doubles(quads, None) == expected


def test_two_parts_of_one_card_become_the_card():
    upper, lower = card_at(50, 50, 100, 40), card_at(50, 70, 100, 40)

    (joined,) = without_doubles([upper, lower], TYPICAL)

    assert joined.iou(FIRST) == pytest.approx(1.0)


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 300), st.integers(30, 120)),
        max_size=6,
    )
)
def test_nothing_is_found_twice_and_nothing_is_made_up(places):
    quads = [card_at(left, top, size, size * 2 // 3) for left, top, size in places]

    kept = without_doubles(quads, None)

    assert all(quad in quads for quad in kept)
    assert without_doubles(kept, None) == kept
    assert bool(kept) == bool(quads)
