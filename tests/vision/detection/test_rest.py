"""What cards in their old places leave of a board."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.geometry import Rect
from vision.detection.rest import rest_of

CELL = 80
SHAPE = (400, 480)

ONE, TWO = Rect(40, 40, 110, 100), Rect(200, 40, 270, 100)
BELOW_ONE = Rect(40, 100, 110, 160)
APART = Rect(330, 300, 400, 360)


def painted(*rects: Rect):
    """Return where rects are, as a mask."""
    mask = np.zeros(SHAPE, np.bool_)
    for rect in rects:
        mask[int(rect.top) : int(rect.bottom), int(rect.left) : int(rect.right)] = True
    return mask


def rest(seen, hung):
    return rest_of(painted(*seen), [rect.to_quad() for rect in hung], CELL)


@pytest.mark.parametrize(
    ("seen", "hung", "kept", "left"),
    [
        pytest.param([], [], (), [], id="an empty board"),
        pytest.param([ONE, TWO], [ONE, TWO], (0, 1), [], id="all explained"),
        pytest.param(
            [ONE, BELOW_ONE], [ONE, BELOW_ONE], (0, 1), [], id="two that touch"
        ),
        pytest.param([ONE, TWO], [ONE], (0,), [TWO], id="a new one"),
        pytest.param(
            [ONE, BELOW_ONE, TWO],
            [ONE, TWO],
            (1,),
            [ONE, BELOW_ONE],
            id="a new one that touches",
        ),
        pytest.param([TWO], [ONE, TWO], (1,), [], id="one is gone"),
        pytest.param(
            [Rect(40, 40, 75, 100), TWO],
            [ONE, TWO],
            (1,),
            [Rect(40, 40, 75, 100)],
            id="one is half hidden",
        ),
        pytest.param(
            [Rect(38, 37, 112, 103)], [ONE], (0,), [], id="its edge is curled"
        ),
        pytest.param(
            [ONE, Rect(300, 200, 306, 206)], [ONE], (0,), [], id="a speck besides"
        ),
    ],
)
def test_what_cards_do_not_explain_is_left(seen, hung, kept, left):
    found = rest(seen, hung)

    assert found.hung == kept
    others = painted(*seen) & ~painted(*left)
    assert found.where[painted(*left)].all()
    assert not (found.where & others & painted(*hung)).any()
    assert bool(found.windows) == bool(left)


def test_windows_hold_what_is_left_and_its_surroundings():
    (window,) = rest([ONE, APART], [ONE]).windows

    assert window.left < APART.left - CELL * 0.3
    assert window.top < APART.top - CELL * 0.3
    assert window.right > APART.right + CELL * 0.3
    assert window.bottom > APART.bottom + CELL * 0.3


@settings(max_examples=40, deadline=None)
@given(
    st.sets(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=12),
    st.sets(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=12),
)
def test_whatever_no_card_explains_is_looked_at(seen, hung):
    def card(cell):
        left, top = cell[0] * 90 + 10, cell[1] * 95 + 5
        return Rect(left, top, left + 70, top + 60)

    cells = sorted(hung)
    found = rest([card(cell) for cell in seen], [card(cell) for cell in cells])

    assert {cells[index] for index in found.hung} == seen & hung
    for cell in seen - hung:
        assert found.where[painted(card(cell))].all()
    for cell in seen & hung:
        assert not found.where[painted(card(cell))].any()


@settings(max_examples=60)
@given(
    st.lists(
        st.builds(
            lambda left, top, width, height: Rect(
                left, top, left + width, top + height
            ),
            st.integers(0, 400),
            st.integers(0, 320),
            st.integers(20, 160),
            st.integers(20, 160),
        ),
        max_size=6,
    )
)
def test_windows_hold_all_that_is_left_and_are_apart_from_each_other(seen):
    found = rest(seen, [])

    outside = found.where.copy()
    for window in found.windows:
        outside[
            int(window.top) : int(window.bottom), int(window.left) : int(window.right)
        ] = False
    assert not outside.any()
    assert all(
        one.overlap(other) == 0
        for index, one in enumerate(found.windows)
        for other in found.windows[:index]
    )


def test_a_window_around_a_corner_takes_in_what_lies_in_it():
    # An L, and a card between its arms: neither touches the other.
    arms = (Rect(40, 40, 80, 360), Rect(80, 320, 440, 360))

    (window,) = rest([*arms, Rect(220, 120, 290, 180)], []).windows

    assert window == Rect(8, 8, 472, 392)
