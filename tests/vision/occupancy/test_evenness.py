"""Which places are less even than bare board is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Rect
from vision.occupancy.evenness import ALWAYS_EVEN, MOST_UNEVEN, spread_of, uneven


def test_spread_is_the_deviation_over_all_three_axes():
    lab = np.zeros((10, 10, 3), np.float32)
    lab[:, 5:] = (6, 0, 8)

    assert spread_of(lab, Rect(0, 0, 10, 10)) == pytest.approx(5.0)
    assert spread_of(lab, Rect(0, 0, 5, 10)) == 0


@pytest.mark.parametrize(
    "rect",
    [Rect(-20, -20, -10, -10), Rect(50, 0, 60, 10), Rect(0.2, 0.2, 0.3, 0.3)],
    ids=["to the left", "to the right", "between two pixels"],
)
def test_a_place_without_pixels_is_even(rect):
    assert spread_of(np.ones((10, 10, 3), np.float32), rect) == 0


@pytest.mark.parametrize(
    ("spreads", "expected"),
    [
        pytest.param({}, set(), id="nothing"),
        pytest.param({"a": 0.5, "b": 3.4}, set(), id="even steel"),
        pytest.param({"a": 0.5, "b": 4.0}, {"b"}, id="a card of the steel's colour"),
        pytest.param({"a": 5.0, "b": 8.0, "c": 9.0}, set(), id="brown paper"),
        pytest.param({"a": 5.0, "b": 16.0}, {"b"}, id="a card on brown paper"),
    ],
)
def test_places_are_compared_with_the_evenest(spreads, expected):
    assert uneven(spreads, list(spreads)) == expected


def test_only_what_looks_bare_is_compared():
    assert uneven({"card": 0.0, "paper": 8.0}, ["paper"]) == frozenset()


def test_a_place_whose_spread_is_not_known_is_even():
    assert uneven({}, ["a"]) == frozenset()


@given(st.dictionaries(st.integers(), st.floats(0, 50), min_size=1))
def test_the_evenest_place_always_stays(spreads):
    left = set(spreads) - uneven(spreads, list(spreads))

    assert min(spreads, key=spreads.get) in left
    most = max(ALWAYS_EVEN, MOST_UNEVEN * min(spreads.values()))
    assert all(spreads[place] <= most for place in left)
