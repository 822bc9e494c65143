from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.layout import CellId
from server.schedule.corrections import Correction, standing

AT = datetime(2024, 5, 17, 14, 42, tzinfo=UTC)


def change(number: int, value: str, *, undone: bool = False) -> Correction:
    return Correction(number, "0123456789ab", "title", value, "Ada", AT, undone)


def test_standing_of_nothing_is_empty():
    assert standing(()) == {}


def test_standing_newest_by_id_wins_whatever_the_order():
    first, second = change(1, "One"), change(2, "Two")

    assert standing((second, first)) == {"0123456789ab": {"title": second}}


def test_standing_undone_uncovers_the_one_before():
    first, second = change(1, "One"), change(2, "Two", undone=True)

    assert standing((first, second)) == {"0123456789ab": {"title": first}}


def test_standing_all_undone_leaves_nothing():
    assert standing((change(1, "One", undone=True),)) == {}


def test_standing_keeps_fields_and_cards_apart(make_correction):
    entries = (
        make_correction(id=1, field="title", value="One"),
        make_correction(id=2, field="host", value="Bo"),
        make_correction(id=3, card="ba9876543210", field="hidden", value=True),
    )

    assert standing(entries) == {
        "0123456789ab": {"title": entries[0], "host": entries[1]},
        "ba9876543210": {"hidden": entries[2]},
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("title", True, id="title-bool"),
        pytest.param("hidden", "yes", id="hidden-text"),
        pytest.param("cancelled", "no", id="cancelled-text"),
        pytest.param("cell", "Room 301", id="cell-text"),
        pytest.param("host", CellId("Room 301", "10:00-11:00"), id="host-cell"),
    ],
)
def test_correction_value_of_another_kind_is_refused(field, value):
    with pytest.raises(ValueError, match=f"for {field}, got"):
        Correction(1, "0123456789ab", field, value, "Ada", AT)


@given(
    st.lists(
        st.builds(
            Correction,
            id=st.integers(1, 20),
            card=st.sampled_from(["a" * 12, "b" * 12]),
            field=st.sampled_from(["title", "host", "description"]),
            value=st.text(max_size=3),
            author=st.just("Ada"),
            made_at=st.just(AT),
            undone=st.booleans(),
        ),
        unique_by=lambda entry: entry.id,
    )
)
def test_standing_of_what_stands_is_itself(entries):
    held = standing(entries)
    kept = [entry for fields in held.values() for entry in fields.values()]

    assert standing(kept) == held
    assert not any(entry.undone for entry in kept)
