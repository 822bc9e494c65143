"""Rooms and slots that are called otherwise: pure."""

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from calibration.layout import CellId, Layout, Slot
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import SeenCard
from server.schedule.corrections.kinds import renamed
from server.schedule.corrections.seen import Seen
from server.schedule.renamings import Names, Renaming

NOON = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)
HOURS = "10:00-11:00", "11:00-12:00", "12:00-13:00", "13:00-14:00"
ROOMS = st.lists(st.sampled_from("ABCDE"), unique=True, min_size=1, max_size=4)
SLOTS = st.lists(st.sampled_from(HOURS), unique=True, min_size=1, max_size=3).map(
    sorted
)
LAYOUT = st.builds(
    lambda rooms, slots: Layout(tuple(rooms), tuple(map(Slot.parse, slots))),
    ROOMS,
    SLOTS,
)
CELL = st.builds(CellId, st.sampled_from("ABCDE"), st.sampled_from(HOURS))


@given(LAYOUT, LAYOUT, CELL)
def test_there_and_back_is_the_identity(one, other, cell):
    there, back = Renaming.between(one, other), Renaming.between(other, one)

    assert back.cell(there.cell(cell)) == cell
    assert there.then(back) == Renaming()


@given(st.lists(LAYOUT, min_size=2, max_size=4), CELL, st.data())
def test_several_come_to_what_they_come_to_one_after_the_other(layouts, cell, data):
    version = data.draw(st.integers(0, len(layouts)))
    steps = [
        (number, Renaming.between(*pair))
        for number, pair in enumerate(itertools.pairwise(layouts), 1)
    ]
    expected = cell
    for number, step in steps:
        expected = step.cell(expected) if number > version else expected

    assert Names(tuple(steps)).since(version).cell(cell) == expected


@given(LAYOUT, LAYOUT)
def test_of_as_many_places_each_keeps_its_own(one, other):
    assume(len(one.rooms) == len(other.rooms))

    names = Renaming.between(one, other)

    assert tuple(map(names.room, one.rooms)) == other.rooms


@pytest.mark.parametrize(
    ("before", "after", "rooms"),
    [
        ("ABC", "ABC", {}),
        ("ABC", "ADC", {"B": "D", "D": "B"}),
        ("AB", "BA", {"A": "B", "B": "A"}),
        ("AB", "BC", {"A": "B", "B": "C", "C": "A"}),
        ("ABC", "ADBC", {}),
        ("ABC", "AC", {}),
        ("ABCD", "ABXDE", {"C": "X", "X": "C"}),
        ("ABCD", "AXYZ", {"B": "X", "X": "B", "C": "Y", "Y": "C", "D": "Z", "Z": "D"}),
    ],
)
def test_rooms_are_recognised_by_their_places(before, after, rooms):
    hours = (Slot.parse(HOURS[0]),)

    found = Renaming.between(Layout(tuple(before), hours), Layout(tuple(after), hours))

    assert found == Renaming(rooms=rooms)


def test_name_that_is_given_away_is_one_that_was_freed():
    with pytest.raises(ValueError, match="once before and once after"):
        Renaming(rooms={"A": "B"})


def test_every_cell_of_a_change_is_renamed():
    names = Renaming(rooms={"A": "B", "B": "A"})
    change = Edit("0123456789ab", title="A", cell=CellId("A", HOURS[0]))

    assert renamed(change, names) == Edit(
        "0123456789ab", title="A", cell=CellId("B", HOURS[0])
    )
    assert renamed(change, Renaming()) is change


def test_what_a_person_saw_of_cards_is_renamed():
    names = Renaming(rooms={"A": "B", "B": "A"})
    seen = SeenCard(NOON, crop="", text="Tea", cell=CellId("A", HOURS[0]))

    assert renamed(Seen({"0123456789ab": seen}), names) == Seen(
        {"0123456789ab": replace(seen, cell=CellId("B", HOURS[0]))}
    )


def test_of_two_rooms_that_were_called_so_the_later_one_counts():
    names = Names(
        (
            (2, Renaming({"A": "B", "B": "A"})),
            (3, Renaming({"A": "C", "C": "A"})),
            (4, Renaming({"B": "D", "D": "B"})),
        )
    )

    assert {**names.formerly, "D": "D"} == {"A": "C", "B": "D", "C": "A", "D": "D"}
    assert Names().formerly == {}
