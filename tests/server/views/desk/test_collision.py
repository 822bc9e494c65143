import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.layout import CellId
from server.schedule.cards import Card
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import Held, Made
from server.views.desk.cards import desk_cards
from server.views.desk.collision import Collision, collisions_of, with_choices
from vision.reading import CardFields

AT = dt.datetime(2024, 5, 17, 14, 0, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(minutes=5)
TEN, ELEVEN = "10:00-11:00", "11:00-12:00"
HERE, THERE = CellId("Room 301", TEN), CellId("Room 302", ELEVEN)

CARD = Card(
    id="a" * 12,
    board="friday",
    cell=HERE,
    until=None,
    text="Tvping\nMaya",
    fields=CardFields(title="Tvping", description="At scale", host="Maya"),
    confidence=0.6,
    colour="#ffd54f",
    crop="c" * 64,
    presence="present",
    first_seen_at=AT,
    last_seen_at=LATER,
)
SEEN = {
    "seen_title": "Tvping",
    "seen_description": "At scale",
    "seen_host": "Maya",
    "seen_room": "Room 301",
    "seen_slot": TEN,
    "seen_crop": "c" * 64,
}
"""What a form of the card shows."""


def now(card=CARD, **fields):
    """The card as Bo set it meanwhile."""
    held = Held()
    if fields:
        held = Edit.setting(card.id, fields).apply(held, Made(1, "Bo", LATER))
    (entry,) = desk_cards([card], held)
    return entry


def read_anew(crop="d" * 64, **fields):
    """The card as a newer photo shows it."""
    fields = replace(CARD.fields, **fields)
    return now(replace(CARD, fields=fields, crop=crop))


@pytest.mark.parametrize(
    ("changes", "entry", "expected"),
    [
        pytest.param({"title": "Typing"}, now(), (), id="nobody-else"),
        pytest.param(
            {"title": "Typing"}, now(host="Bo"), (), id="somebody-at-another-field"
        ),
        pytest.param(
            {"title": "Typing"}, now(title="Typing"), (), id="somebody-said-the-same"
        ),
        pytest.param(
            {"title": "Typing", "host": "May"},
            now(title="Taping"),
            (Collision("title", "Typing", "Taping", "Bo", LATER),),
            id="somebody-at-the-same-field",
        ),
        pytest.param(
            {"cell": THERE},
            now(cell=CellId("Room 302", TEN)),
            (Collision("cell", THERE, CellId("Room 302", TEN), "Bo", LATER),),
            id="somebody-moved-it",
        ),
        pytest.param(
            {"title": "Typing"},
            read_anew(title="Taping"),
            (Collision("title", "Typing", "Taping", "", LATER),),
            id="read-of-a-newer-photo",
        ),
        pytest.param(
            {"title": "Typing"},
            read_anew(crop=CARD.crop, title="Taping"),
            (),
            id="read-again-of-the-picture-that-was-looked-at",
        ),
        pytest.param(
            {"title": "Tvping"},
            read_anew(title="Taping"),
            (Collision("title", "Tvping", "Taping", "", LATER),),
            id="confirmed-while-the-card-says-something-new",
        ),
        pytest.param(
            {"cell": THERE},
            now(replace(CARD, cell=None, crop="d" * 64)),
            (Collision("cell", THERE, None, "", LATER),),
            id="beside-the-cells-meanwhile",
        ),
        pytest.param(
            {"hidden": True}, now(hidden=False), (), id="a-button-says-what-it-does"
        ),
    ],
)
def test_collisions_are_what_was_changed_meanwhile_to_something_else(
    changes, entry, expected
):
    assert collisions_of(changes, SEEN, entry) == expected


def test_form_that_does_not_say_what_it_showed_collides_with_nothing():
    assert collisions_of({"title": "Typing"}, {}, now(title="Taping")) == ()


def test_text_is_compared_as_it_is_kept():
    form = {**SEEN, "seen_title": "  Taping \n it "}

    assert collisions_of({"title": "T"}, form, now(title="Taping it")) == ()


def test_collision_says_both_in_words_and_in_parts_of_a_form():
    moved = Collision("cell", THERE, None, "", LATER)

    assert moved.in_words == (f"Room 302, {ELEVEN}", "nowhere")
    assert moved.parts == (("room", "Room 302", ""), ("slot", ELEVEN, ""))
    assert moved.label == "Place"


def test_what_is_given_up_is_as_it_was_shown():
    form = {**SEEN, "title": "Typing", "host": "May", "room": "Room 302", "slot": TEN}

    chosen = with_choices({**form, "keep_title": "theirs", "keep_cell": "theirs"})

    assert (chosen["title"], chosen["host"]) == ("Tvping", "May")
    assert (chosen["room"], chosen["slot"]) == ("Room 301", TEN)
    assert with_choices({**form, "keep_title": "mine"})["title"] == "Typing"


TEXTS = st.sampled_from(["Tvping", "Typing", "Taping"])


@given(mine=TEXTS, theirs=TEXTS)
def test_nobody_overwrites_what_they_did_not_see(mine, theirs):
    """Whoever comes second is asked, or says the same, or changed nothing."""
    entry = now(title=theirs)
    changes = {} if mine == "Tvping" else {"title": mine}

    asked = bool(collisions_of(changes, SEEN, entry))

    assert asked == (mine not in {"Tvping", theirs} and theirs != "Tvping")
