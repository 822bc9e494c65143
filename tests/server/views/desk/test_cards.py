import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibration.layout import CellId
from server.errors import CorrectionError
from server.schedule.cards import Card
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import Held, Made
from server.views.desk.cards import changes_from, confirmation, desk_cards
from vision.reading import CardFields

AT = dt.datetime(2024, 5, 17, 14, 0, tzinfo=dt.UTC)
TEN, ELEVEN = "10:00-11:00", "11:00-12:00"

CARD = Card(
    id="a" * 12,
    board="friday",
    cell=CellId("Room 301", TEN),
    until=None,
    text="Tvping\nMaya",
    fields=CardFields(title="Tvping", description="At scale", host="Maya"),
    confidence=0.6,
    colour="#ffd54f",
    crop="c" * 64,
    presence="present",
    first_seen_at=AT,
    last_seen_at=AT,
)


def held(card="a" * 12, **fields):
    return Edit.setting(card, fields).apply(Held(), Made(1, "Ada", AT))


@pytest.fixture
def layout(profile):
    return profile.boards[0].layout


@pytest.fixture
def before():
    (entry,) = desk_cards([CARD], Held())
    return entry


def form_of(entry, **typed):
    """The form as it is drawn for a card, with what a person typed."""
    shown = {
        "title": entry.title,
        "description": entry.description,
        "host": entry.host,
        "room": entry.cell.room if entry.cell else "",
        "slot": entry.cell.slot if entry.cell else "",
    }
    return {**shown, **{f"seen_{name}": text for name, text in shown.items()}, **typed}


@pytest.mark.parametrize(
    ("fields", "confidence", "chance"),
    [
        pytest.param(CardFields(title="Typing"), 0.9, 0.916, id="title"),
        pytest.param(CardFields(title="Typing", split_confidence=0.5), 0.9, 0.608, id="split"),
        pytest.param(CardFields(), 0.9, 0.0, id="no-title"),
        pytest.param(CardFields(title="Booked", notice="blocked"), 0.7, 0.7, id="notice"),
        pytest.param(CardFields(notice="continued"), 0.0, 1.0, id="blank"),
    ],
)  # fmt: skip
def test_desk_card_knows_how_likely_its_title_is_right(fields, confidence, chance):
    (entry,) = desk_cards([replace(CARD, fields=fields, confidence=confidence)], Held())

    assert entry.chance == pytest.approx(chance, abs=0.001)


def test_desk_card_is_what_holds_now(before):
    (entry,) = desk_cards(
        [CARD],
        held(title="Typing", cell=CellId("Room 302", ELEVEN), hidden=True),
    )

    assert (before.title, before.cell, before.hidden, before.checked) == (
        "Tvping",
        CellId("Room 301", TEN),
        False,
        False,
    )
    assert (entry.title, entry.cell, entry.hidden, entry.checked) == (
        "Typing",
        CellId("Room 302", ELEVEN),
        True,
        True,
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"title": "Typing"}, {"title": "Typing"}, id="title"),
        pytest.param({"title": ""}, {"title": ""}, id="emptied"),
        pytest.param(
            {"title": "  Typing \t at\nscale "},
            {"title": "Typing at scale"},
            id="title-has-one-line",
        ),
        pytest.param(
            {"description": "One\r\nTwo "},
            {"description": "One\nTwo"},
            id="description-keeps-lines",
        ),
        pytest.param(
            {"title": "a\x00b\x07c"}, {"title": "abc"}, id="control-characters"
        ),
        pytest.param(
            {"title": "Typing", "host": "Bo"},
            {"title": "Typing", "host": "Bo"},
            id="two-fields",
        ),
        pytest.param(
            {"room": "Room 302"},
            {"cell": CellId("Room 302", TEN)},
            id="another-room",
        ),
        pytest.param(
            {"room": "Room 302", "slot": ELEVEN},
            {"cell": CellId("Room 302", ELEVEN)},
            id="another-cell",
        ),
    ],
)
def test_changes_are_what_a_person_changed(before, layout, typed, expected):
    assert changes_from(form_of(before, **typed), before, layout) == expected


def test_changes_do_not_undo_what_came_meanwhile(before, layout):
    form = form_of(before, title="Typing")
    (meanwhile,) = desk_cards(
        [replace(CARD, fields=replace(CARD.fields, description="Read better"))],
        held(host="Bo"),
    )

    assert changes_from(form, meanwhile, layout) == {"title": "Typing"}


def test_changes_that_somebody_else_made_already_are_none(before, layout):
    form = form_of(before, title="Typing")
    (meanwhile,) = desk_cards([CARD], held(title="Typing"))

    assert changes_from(form, meanwhile, layout) == {}


def test_changes_of_a_form_without_fields_are_none(before, layout):
    assert changes_from({"action": "show"}, before, layout) == {}


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({"room": ""}, id="no-room"),
        pytest.param({"slot": "09:00-10:00"}, id="no-such-hour"),
        pytest.param({"room": "<script>"}, id="no-such-room"),
    ],
)
def test_changes_to_no_cell_of_the_board_are_refused(before, layout, typed):
    with pytest.raises(CorrectionError, match="both a room and an hour"):
        changes_from(form_of(before, **typed), before, layout)


def test_card_beside_the_cells_stays_there_until_a_cell_is_chosen(layout):
    (entry,) = desk_cards([replace(CARD, cell=None)], Held())

    assert changes_from(form_of(entry), entry, layout) == {}
    assert changes_from(form_of(entry, room="Room 301", slot=TEN), entry, layout) == {
        "cell": CellId("Room 301", TEN)
    }


def test_first_save_confirms_the_title_and_no_later_one_does(before):
    (checked,) = desk_cards([CARD], held(title="Tvping"))

    assert confirmation(form_of(before), before) == {"title": "Tvping"}
    assert confirmation(form_of(before, title="Typing"), before) == {}
    assert confirmation(form_of(checked), checked) == {}
    assert confirmation({}, before) == {}


@given(typed=st.fixed_dictionaries({}, optional={
    "title": st.text(max_size=20),
    "description": st.text(max_size=20),
    "host": st.text(max_size=20),
}))  # fmt: skip
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_saving_twice_changes_as_much_as_once(before, layout, typed):
    form = form_of(before, **typed)
    changes = changes_from(form, before, layout)
    (after,) = desk_cards([CARD], held(**changes) if changes else Held())

    assert changes_from(form, after, layout) == {}
