"""Doing the same to many things on both cores."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.image import WORKERS, on_both_cores


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(), max_size=20))
def test_results_come_in_the_order_of_the_items(items):
    assert on_both_cores(lambda item: item * 2, items) == tuple(
        item * 2 for item in items
    )


def test_as_many_items_as_there_are_cores_are_worked_on_at_a_time():
    together = threading.Barrier(WORKERS, timeout=10)

    # Each waits for the other: one after the other would break the barrier.
    places = on_both_cores(lambda _: together.wait(), range(WORKERS))

    assert sorted(places) == list(range(WORKERS))


def test_what_goes_wrong_with_an_item_is_raised():
    def broken(item):
        if item == 3:
            msg = "the third is broken"
            raise ValueError(msg)

    with pytest.raises(ValueError, match="the third is broken"):
        on_both_cores(broken, range(5))
