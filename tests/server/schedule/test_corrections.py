from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.layout import CellId
from server.errors import CorrectionError
from server.schedule.corrections.change import Told
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import Held, HeldField
from server.schedule.corrections.kinds import (
    change_from_json,
    change_to_json,
    held_by,
)

AT = datetime(2024, 5, 17, 14, 42, tzinfo=UTC)
CARD, OTHER = "0123456789ab", "ba9876543210"
CELL = CellId("Room 301", "10:00-11:00")


def change(number, title, *, undone=False):
    return Correction(number, Edit(CARD, title=title), "Ada", AT, undone)


def field(value, correction):
    return HeldField(value, correction.made)


def test_nothing_holds_of_nothing():
    assert held_by(()) == Held()


def test_newest_by_id_holds_whatever_the_order():
    first, second = change(1, "One"), change(2, "Two")

    assert held_by((second, first)).card(CARD) == {"title": field("Two", second)}


def test_undone_uncovers_the_one_before():
    first, second = change(1, "One"), change(2, "Two", undone=True)

    assert held_by((first, second)).card(CARD) == {"title": field("One", first)}


def test_all_undone_leaves_nothing():
    assert held_by((change(1, "One", undone=True),)) == Held()


def test_fields_and_cards_are_kept_apart():
    both = Correction(1, Edit(CARD, title="One", host="Bo"), "Ada", AT)
    other = Correction(2, Edit(OTHER, hidden=True), "Bea", AT)

    assert held_by((both, other)) == Held(
        {
            CARD: {"title": field("One", both), "host": field("Bo", both)},
            OTHER: {"hidden": field(value=True, correction=other)},
        }
    )


def test_edit_that_sets_nothing_is_none():
    with pytest.raises(ValueError, match="expected a field that is set"):
        Edit(CARD)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("x" * 2001, "2001 characters; at most 2000", id="too-long"),
        pytest.param("a\x00b", "character that cannot be kept", id="nul"),
    ],
)
def test_text_that_cannot_be_kept_says_why(text, message):
    with pytest.raises(CorrectionError, match=message):
        Edit(CARD, host=text).check()


EDITS = st.builds(
    Edit,
    card=st.sampled_from([CARD, OTHER]),
    title=st.text(max_size=3),
    description=st.none() | st.text(max_size=3),
    cell=st.none() | st.just(CELL),
    until=st.none() | st.sampled_from(["", "12:00"]),
    hidden=st.none() | st.booleans(),
    cancelled=st.none() | st.booleans(),
)


@given(EDITS)
def test_change_survives_its_json(edit):
    assert change_from_json(change_to_json(edit)) == edit


def test_json_of_a_change_says_what_it_sets_only():
    assert change_to_json(Edit(CARD, title="", cell=CELL)) == {
        "kind": "edit",
        "card": CARD,
        "title": "",
        "cell": ["Room 301", "10:00-11:00"],
    }


@given(
    st.lists(
        st.builds(
            Correction,
            id=st.integers(1, 20),
            change=EDITS,
            author=st.just("Ada"),
            made_at=st.just(AT),
            undone=st.booleans(),
        ),
        unique_by=lambda entry: entry.id,
    )
)
def test_what_was_taken_back_was_never_made(corrections):
    made = [entry for entry in corrections if not entry.undone]

    assert held_by(corrections) == held_by(made)


def test_edit_tells_each_field_as_it_was_and_as_it_is(make_card):
    edit = Edit(CARD, title="Typing", until="", hidden=True, cancelled=False)
    before = held_by([change(1, "Tvping")])

    assert edit.tell(before, {CARD: make_card()}) == (
        Told("title", "Tvping", "Typing"),
        Told("end", "as its slot", "as its slot"),
        Told("card", "shown", "hidden"),
        Told("session", "on", "on"),
    )
