import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.proposal.edges import edges_of

NO_LINES = np.zeros(0), np.zeros(0)


def lines(*places, length=800.0):
    """Both edges of printed lines, as segments."""
    across = np.array([place + side for place in places for side in (-1, 1)])
    return across, np.full(len(across), length / 2)


def test_edges_are_midway_where_there_are_no_lines():
    assert edges_of([50, 150, 250], NO_LINES, 1000) == pytest.approx((0, 100, 200, 300))


@given(shift=st.floats(0.05, 0.9))
def test_edges_are_at_the_lines_wherever_headings_stand_in_their_rows(shift):
    printed = [100.0 * row for row in range(6)]
    headings = [edge + 100 * shift for edge in printed[:-1]]

    edges = edges_of(headings, lines(*printed), 1000)

    assert edges == pytest.approx(printed, abs=2)


def test_edges_of_rows_of_different_heights():
    printed = [0.0, 100.0, 190.0, 320.0]
    headings = [50.0, 145.0, 255.0]

    assert edges_of(headings, lines(*printed), 1000) == pytest.approx(printed, abs=3)


def test_short_pieces_are_no_lines():
    cards = lines(12, 88, 112, 190, length=60.0)

    assert edges_of([50, 150, 250], cards, 1000) == pytest.approx(
        (0, 100, 200, 300), abs=10
    )
