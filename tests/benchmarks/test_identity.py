from dataclasses import replace

import pytest

from benchmarks.identity import (
    CellTally,
    Day,
    Followed,
    changes,
    day_of,
    identity_tables,
    tally_free,
    true_ids,
    verdict,
)
from calibration.layout import CellId
from vision.reading import CellReading


def test_what_happened_to_cards_is_told_by_their_truth(pair):
    before, after = pair.before.truth, pair.after.truth
    first, second, third, fourth, fifth = before.cards
    free = next(cell for cell in before.cells if cell.state == "free")
    later = replace(
        after,
        cards=(
            first,
            replace(second, room=free.room, slot=free.slot),
            replace(third, text="other host"),
            replace(fourth, card_id="new"),
        ),
    )

    happened = changes(before, later)

    assert happened == {
        first.card_id: "kept",
        second.card_id: "moved",
        third.card_id: "edited",
        "new": "replaced",
        fifth.card_id: "removed",
    }


def test_a_card_whose_title_is_struck_is_edited(pair):
    before = pair.before.truth
    first, *others = before.cards
    struck = replace(first, struck=not first.struck)

    happened = changes(before, replace(before, cards=(struck, *others)))

    assert happened == {
        **{card.card_id: "kept" for card in others},
        first.card_id: "edited",
    }


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("same", "kept", "right"),
        ("swapped", "moved", "wrong"),
        ("taken for new", "edited", "wrong"),
        ("hidden", "kept", "not told"),
        ("first hidden", "kept", "not told"),
        ("fresh", "replaced", "right"),
        ("taken for old", "replaced", "wrong"),
        ("gone", "removed", "right"),
        ("covered", "removed", "not told"),
        ("other", "removed", "wrong"),
    ],
)
def test_verdict(name, change, expected):
    said = Followed(
        known=frozenset(
            {"same", "swapped", "taken for new", "hidden", "gone", "covered", "other"}
        ),
        same_as={
            "same": "same",
            "swapped": "same",
            "taken for new": None,
            "first hidden": None,
            "fresh": None,
            "taken for old": "other",
        },
        fates={"gone": "gone", "covered": "covered"},
    )

    assert verdict(name, change, said) == expected


def test_outlines_are_named_by_the_cards_under_them(pair):
    cards = pair.before.truth.cards
    quads = [card.quad_photo for card in cards]

    assert true_ids(cards[1:], quads) == (None, *(c.card_id for c in cards[1:]))


def test_free_cells_are_counted(pair):
    truth = pair.before.truth
    states = {"free": "free", "taken": "taken"}
    said = [
        CellReading(CellId(cell.room, cell.slot), states[cell.state])
        for cell in truth.cells
    ]
    free = sum(cell.state == "free" for cell in truth.cells)
    swapped = {"free": "covered", "taken": "free"}

    assert tally_free(truth, said) == CellTally(right=free)
    assert tally_free(
        truth, [replace(entry, state=swapped[entry.state]) for entry in said]
    ) == CellTally(0, missed=free, false=len(truth.cells) - free)


def test_cards_of_a_drawn_board_are_followed(pair):
    day = day_of(pair, ())

    assert len(day.verdicts) == len(changes(pair.before.truth, pair.after.truth))
    assert "wrong" not in {told for _, told in day.verdicts}
    assert day.free.false == 0


def test_of_a_refused_photo_nothing_is_told(pair):
    black = replace(pair.after.photo, pixels=pair.after.photo.pixels * 0)
    dark = replace(pair, after=replace(pair.after, photo=black))

    assert day_of(dark, ()) == Day()


def test_days_are_summed_up():
    days = [
        Day(
            (("kept", "right"), ("moved", "wrong")),
            ("kept", "edited"),
            CellTally(3, 1),
        ),
        Day(),
        Day((("kept", "right"), ("kept", "not told")), (), CellTally(1)),
    ]

    identity, free = identity_tables(days)

    assert identity.rows == (
        ("kept", 2, 0, 1, 1),
        ("moved", 0, 1, 0, 0),
        ("edited", 0, 0, 0, 1),
        ("replaced", 0, 0, 0, 0),
        ("removed", 0, 0, 0, 0),
    )
    assert free.rows == ((4, 1, 0, "≤ 0", "yes"),)
