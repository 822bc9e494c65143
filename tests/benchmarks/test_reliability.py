import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.reliability import (
    EDGES,
    Bin,
    Judged,
    ReliabilityRow,
    auroc,
    judged_cards,
    reliability_of,
)

cards = st.builds(Judged, st.floats(0, 1), st.booleans())


def test_legible_cards_that_were_found_are_judged(true_card, read_card):
    true = [
        true_card(0, 0, text="a title of twenty le"),
        true_card(200, 0, text="a title of twenty le"),
        true_card(400, 0, legible=False),
        true_card(600, 0),
        true_card(800, 0),
    ]
    read = [
        read_card(0, 0, text="a title of twenty xx", confidence=0.8),
        read_card(200, 0, text="a title of twent xxx", confidence=0.7),
        read_card(400, 0, confidence=0.6),
        read_card(600, 0),  # its reader says nothing of how sure it is
    ]

    assert judged_cards(true, read) == (Judged(0.8, True), Judged(0.7, False))  # noqa: FBT003 - said by the name


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5], [0.5], 0.5),
        ([0.9, 0.3], [0.5, 0.1], 0.75),
        ([0.9], [], None),
        ([], [], None),
    ],
    ids=["parted", "upside-down", "tie", "three-of-four", "all-right", "none"],
)
def test_auroc(right, wrong, expected):
    said = [Judged(value, right=True) for value in right]
    said += [Judged(value, right=False) for value in wrong]

    assert auroc(said) == expected


def test_row_sums_cards_up():
    said = [Judged(1.0, right=True), Judged(0.9, right=True), Judged(0.5, right=False)]

    row = reliability_of("drawings", "Boardcast", said)

    assert row == ReliabilityRow(
        "drawings",
        "Boardcast",
        3,
        2,
        (
            Bin(0.0, 0.2, 0, 0, None),
            Bin(0.2, 0.4, 0, 0, None),
            Bin(0.4, 0.6, 1, 0, 0.5),
            Bin(0.6, 0.8, 0, 0, None),
            Bin(0.8, 0.9, 0, 0, None),
            Bin(0.9, 1.0, 2, 2, 0.95),
        ),
        1.0,
        pytest.approx((0.01 + 0.25) / 3),
    )


def test_row_without_cards():
    row = reliability_of("drawings", "Boardcast", [])

    assert (row.cards, row.auroc, row.brier) == (0, None, None)


@given(st.lists(cards))
def test_every_card_is_in_one_bin(said):
    row = reliability_of("drawings", "Boardcast", said)

    assert sum(entry.cards for entry in row.bins) == len(said)
    assert sum(entry.right for entry in row.bins) == row.right
    assert len(row.bins) == len(EDGES) - 1
