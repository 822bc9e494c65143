import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Point, Quad, Rect

SQUARE = Rect(0, 0, 10, 10)


@pytest.mark.parametrize(
    ("other", "overlap", "iou"),
    [
        pytest.param(SQUARE, 100, 1, id="same"),
        pytest.param(Rect(2, 2, 4, 5), 6, 0.06, id="within"),
        pytest.param(Rect(5, 0, 15, 10), 50, 1 / 3, id="half"),
        pytest.param(Rect(10, 0, 20, 10), 0, 0, id="touching-edge"),
        pytest.param(Rect(10, 10, 20, 20), 0, 0, id="touching-corner"),
        pytest.param(Rect(9, 9, 19, 19), 1, 1 / 199, id="one-past"),
        pytest.param(Rect(50, 50, 60, 60), 0, 0, id="apart"),
        pytest.param(Rect(50, 2, 60, 8), 0, 0, id="beside"),
    ],
)
def test_rects_and_quads_overlap(other, overlap, iou):
    assert SQUARE.overlap(other) == other.overlap(SQUARE) == overlap
    assert SQUARE.iou(other) == pytest.approx(iou)
    assert SQUARE.to_quad().overlap(other.to_quad()) == pytest.approx(overlap, abs=1e-4)
    assert SQUARE.to_quad().iou(other.to_quad()) == pytest.approx(iou, abs=1e-4)


@pytest.mark.parametrize(
    "sides",
    [
        pytest.param((0, 0, 0, 10), id="no-width"),
        pytest.param((0, 0, 10, 0), id="no-height"),
        pytest.param((10, 0, 0, 10), id="right-of-left"),
        pytest.param((float("nan"), 0, 10, 10), id="not-a-number"),
    ],
)
def test_rect_without_extent_is_refused(sides):
    with pytest.raises(ValueError, match="expected left < right"):
        Rect(*sides)


def test_rect_is_measured():
    rect = Rect(1, 2, 4, 6)

    assert (rect.width, rect.height, rect.area) == (3, 4, 12)
    assert rect.centre == Point(2.5, 4)
    assert rect.to_quad() == Quad(Point(1, 2), Point(4, 2), Point(4, 6), Point(1, 6))


TILTED = [[0, 3], [4, 0], [8, 6], [2, 9]]


def test_quad_is_measured():
    quad = Quad.from_array([[0, 0], [6, 0], [8, 4], [-2, 4]])

    assert quad.area == pytest.approx(32)
    assert quad.centre == Point(3, 2)
    assert quad.size_wh == pytest.approx((8, np.sqrt(20)))
    assert quad.bounds == Rect(-2, 0, 8, 4)


@pytest.mark.parametrize(
    "corners",
    [
        pytest.param([[0, 0], [0, 1], [1, 1], [1, 0]], id="anticlockwise"),
        pytest.param([[0, 0], [1, 1], [1, 0], [0, 1]], id="crossed"),
        pytest.param([[0, 0], [1, 0], [0.1, 0.1], [0, 1]], id="hollow"),
        pytest.param([[0, 0], [1, 0], [2, 0], [0, 1]], id="three-in-a-line"),
        pytest.param([[0, 0], [0, 0], [1, 1], [0, 1]], id="two-at-one-place"),
        pytest.param([[0, 0]] * 4, id="all-at-one-place"),
        pytest.param([[0, 0], [1, 0], [np.inf, 1], [0, 1]], id="infinite"),
        pytest.param([[0, 0], [1, 0], [np.nan, 1], [0, 1]], id="not-a-number"),
    ],
)
def test_quad_that_is_none_is_refused(corners):
    with pytest.raises(ValueError, match="expected"):
        Quad.from_array(corners)


@pytest.mark.parametrize("make", [Quad.from_array, Quad.from_unordered])
@pytest.mark.parametrize("shape", [(3, 2), (5, 2), (4, 3), (8,), (1, 4, 2)])
def test_corners_of_another_shape_are_refused(make, shape):
    with pytest.raises(ValueError, match=r"expected corners of shape \(4, 2\)"):
        make(np.zeros(shape))


def test_quad_keeps_the_order_it_was_given():
    assert Quad.from_array(TILTED).to_array().tolist() == TILTED


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_unordered_corners_give_the_upright_quad(order):
    upright = [[100, 10], [200, 0], [210, 90], [95, 80]]

    quad = Quad.from_unordered([upright[place] for place in order])

    assert quad.to_array().tolist() == upright


@given(st.data(), st.permutations(range(4)))
def test_unordered_quad_does_not_depend_on_the_order(quads, data, order):
    quad = data.draw(quads)

    renamed = Quad.from_unordered(quad.to_array()[order])

    assert renamed in [quad.turned(turns) for turns in range(4)]
    assert renamed == Quad.from_unordered(quad.to_array())


@given(st.data(), st.integers(-5, 5))
def test_turning_renames_corners_and_four_turns_nothing(quads, data, turns):
    quad = data.draw(quads)

    assert quad.turned(4) == quad
    assert quad.turned(turns).turned(-turns) == quad
    assert quad.turned(1).top_left == quad.top_right
    assert quad.turned(turns).area == pytest.approx(quad.area, rel=1e-4)


@given(st.data())
def test_quad_lies_within_its_bounds_and_covers_itself(quads, data):
    quad = data.draw(quads)
    bounds = quad.bounds

    corners = quad.to_array()
    assert (corners >= [bounds.left, bounds.top]).all()
    assert (corners <= [bounds.right, bounds.bottom]).all()
    assert quad.iou(quad) == pytest.approx(1, abs=1e-3)
    assert quad.area <= bounds.area * 1.001


def test_rect_around_rects_is_the_smallest_that_holds_them():
    rects = [Rect(3, 4, 5, 6), Rect(-1, 5, 4, 9), Rect(0, 0, 1, 1)]

    assert Rect.around(rects) == Rect(-1, 0, 5, 9)
    assert Rect.around(iter(rects[:1])) == rects[0]


def test_a_rect_in_fractions_of_a_whole_lies_within_it():
    whole = Rect(10, 20, 50, 40)

    assert Rect(0, 0, 1, 1).within(whole) == whole
    assert Rect(0.25, 0.5, 0.5, 1.5).within(whole) == Rect(20, 30, 30, 50)
