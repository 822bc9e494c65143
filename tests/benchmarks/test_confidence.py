import pytest

from benchmarks.confidence import Judged, auroc, confidence_table, judged_cards
from benchmarks.metrics import Ratio


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


def test_cards_of_a_reader_are_summed_up():
    said = [Judged(1.0, right=True), Judged(0.9, right=True), Judged(0.5, right=False)]

    table = confidence_table({"Boardcast, drawings": said, "silent": []})

    assert table.rows == (
        (
            "Boardcast, drawings",
            3,
            pytest.approx(0.8),
            Ratio(2, 3),
            Ratio(2, 2),
            1.0,
        ),
    )
