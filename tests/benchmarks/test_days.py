from dataclasses import replace

import pytest

from benchmarks.days import (
    Day,
    IdentityRow,
    day_of,
    free_cells,
    identity_rows,
)
from benchmarks.following import (
    CellTally,
    Followed,
    changes,
    tally_free,
    true_ids,
    verdict,
)
from benchmarks.places import reference_of
from benchmarks.scenarios import Scenario, scenarios
from calibration.layout import CellId
from vision.reading import CellReading

TAGGED = Scenario(1, tags=True, lines=True, look="taped", people=0, changed=0.6)
BARE = replace(TAGGED, tags=False)


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


def test_drawn_board_with_tags_is_placed_and_its_cards_followed(pair):
    day = day_of(TAGGED, pair, reference_of(pair))

    assert day.placing == "ok"
    assert len(day.verdicts) == len(changes(pair.before.truth, pair.after.truth))
    assert "wrong" not in {told for _, told in day.verdicts}
    assert day.free.false == 0


def test_photo_that_does_not_show_the_board_is_refused(pair):
    black = replace(pair.after.photo, pixels=pair.after.photo.pixels * 0)
    dark = replace(pair, after=replace(pair.after, photo=black))

    assert day_of(BARE, dark, reference_of(pair)) == Day(BARE, "refused")


def test_rows_sum_days_up():
    days = [
        Day(
            TAGGED,
            "ok",
            (("kept", "right"), ("moved", "wrong")),
            CellTally(3, 1),
            ("kept", "edited"),
        ),
        Day(TAGGED, "refused"),
        Day(BARE, "wrong", (("kept", "right"), ("kept", "not told")), CellTally(1)),
    ]

    assert identity_rows(days) == (
        IdentityRow("kept", 2, 0, 1, read_again=1),
        IdentityRow("moved", 0, 1, 0),
        IdentityRow("edited", 0, 0, 0, read_again=1),
        IdentityRow("replaced", 0, 0, 0),
        IdentityRow("removed", 0, 0, 0),
    )
    assert free_cells(days) == CellTally(4, 1)


def test_scenarios_hold_every_kind_of_board_with_every_crowd():
    chosen = scenarios(36)

    kinds = {(one.tags, one.lines, one.look, one.people) for one in chosen}
    assert len(kinds) == len(chosen) == 36
    assert {one.changed for one in chosen} >= {0.0, 0.7}
    assert scenarios(6) == chosen[:6]
