import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.layout import CellId
from server.schedule.board_state import BoardState, CardInPhoto
from server.schedule.cards import Card
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import SeenCard
from server.schedule.corrections.kinds import (
    change_from_json,
    change_to_json,
    held_by,
)
from server.schedule.corrections.seen import Seen
from server.schedule.evidence import PhotoEvidence, TrackedCard, Words
from server.schedule.news import news_of, reopened
from server.schedule.showings import Showing
from server.views.desk.cards import desk_cards
from vision.reading import CardFields

AT = dt.datetime(2024, 5, 17, 14, 0, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(minutes=15)
HERE, THERE = CellId("Room 301", "10:00-11:00"), CellId("Room 302", "11:00-12:00")
ID = "a" * 12

CARD = Card(
    id=ID, board="friday", cell=HERE, until=None, text="Tvping at scale\nMaya",
    fields=CardFields(title="Tvping at scale", host="Maya"), confidence=0.6,
    colour="#ffd54f", crop="c" * 64, presence="present", first_seen_at=AT,
    last_seen_at=AT,
)  # fmt: skip

SEEN = SeenCard(AT, "c" * 64, "Tvping at scale\nMaya", HERE)


def read(text, **more):
    """The card as a later photo shows it, with its first line for a title."""
    title, _, host = text.partition("\n")
    fields = CardFields(title=title, host=host, cancelled=more.pop("struck", False))
    return replace(CARD, text=text, fields=fields, last_seen_at=LATER, **more)


def held(**fields):
    act = Edit(ID, **{"title": "Typing at scale", **fields}, seen=SEEN)
    return held_by([Correction(1, act, "Ada", AT)])


@pytest.mark.parametrize(
    ("now", "news"),
    [
        pytest.param(read("Tvping at scale\nMaya"), None, id="the same"),
        pytest.param(read("Typinq at scale\nMaya"), None, id="read otherwise"),
        pytest.param(read("Typing at scale\nMaya"), None, id="read as it was set"),
        pytest.param(
            read("Tvping at scale\nMaya", edited_at=LATER), None, id="a dot more"
        ),
        pytest.param(
            read("Tvping at noon\nMaya", edited_at=LATER), ("edited",), id="written on"
        ),
        pytest.param(
            read("Tvpinq at scale\nMaya", edited_at=AT), None, id="written on before"
        ),
        pytest.param(read("Knitting\nInes"), ("edited",), id="other words"),
        pytest.param(
            read("Tvping at scale\nMaya", struck=True), ("struck",), id="struck out"
        ),
        pytest.param(
            read("Knitting\nInes", struck=True), ("edited", "struck"), id="both"
        ),
        pytest.param(read("Knitting\nInes", presence="gone"), None, id="gone"),
        pytest.param(read("Tvping at scale\nMaya", cell=THERE), None, id="moved along"),
    ],
)
def test_corrected_card_that_became_another_one_is_to_be_decided(now, news):
    why = reopened(now, held().card(ID))

    assert (why and why.news) == news
    assert why is None or (why.seen, why.fields) == (SEEN, ("title",))


def test_card_that_hangs_elsewhere_than_it_was_put_is_to_be_decided():
    put = held(cell=CellId("Room 303", "10:00-11:00"))
    moved, same = read("Tvping at scale", cell=THERE), read("Tvping at scale")
    where_put = read("Tvping at scale", cell=CellId("Room 303", "10:00-11:00"))

    assert reopened(moved, put.card(ID)).news == ("moved",)
    assert reopened(moved, put.card(ID)).fields == ("cell",)
    assert reopened(same, put.card(ID)) is reopened(where_put, put.card(ID)) is None


def test_what_is_restored_though_struck_is_asked_only_once():
    act = Edit(ID, cancelled=False, seen=replace(SEEN, struck=True))
    struck = read("Tvping at scale\nMaya", struck=True)

    assert reopened(struck, held_by([Correction(1, act, "Ada", AT)]).card(ID)) is None
    assert reopened(struck, held(cancelled=False).card(ID)).news == ("struck",)


def test_hidden_card_does_not_come_back():
    assert reopened(read("Knitting"), held(hidden=True).card(ID)) is None


def test_correction_from_before_it_was_kept_what_was_seen_comes_not_back():
    act = Correction(1, Edit(ID, title="Typing at scale"), "Ada", AT)

    assert reopened(read("Knitting"), held_by([act]).card(ID)) is None


def test_deciding_ends_the_question_and_undoing_asks_it_again():
    now = read("Knitting\nInes")
    first = Correction(1, Edit(ID, title="Typing", host="M", seen=SEEN), "Ada", AT)
    kept = Edit(ID, title="Typing", seen=SeenCard.of(now))

    def is_asked(*corrections):
        return reopened(now, held_by(corrections).card(ID)) is not None

    assert is_asked(first)
    assert not is_asked(first, Correction(2, kept, "Bo", LATER))
    assert is_asked(first, Correction(2, kept, "Bo", LATER, undone=True))


def test_card_in_question_is_unchecked_so_that_it_comes_first():
    now = read("Knitting\nInes")
    (asked,) = desk_cards([now], held())
    (sure,) = desk_cards([CARD], held())

    assert (asked.title, asked.checked, sure.checked) == (
        "Typing at scale",
        False,
        True,
    )


@pytest.mark.parametrize(
    ("now", "news"),
    [
        pytest.param(CARD, (), id="nothing"),
        pytest.param(replace(CARD, cell=THERE), ("moved",), id="moved"),
        pytest.param(replace(CARD, presence="gone"), ("gone",), id="gone"),
        pytest.param(replace(CARD, presence="covered"), (), id="covered"),
        pytest.param(replace(CARD, presence="unseen"), (), id="unseen"),
        pytest.param(read("Other", edited_at=LATER), ("edited",), id="edited"),
        pytest.param(read("Other"), (), id="read otherwise"),
        pytest.param(
            read("Other", cell=THERE, edited_at=LATER, struck=True),
            ("moved", "struck", "edited"),
            id="all",
        ),
    ],
)
def test_what_became_of_a_card_since_it_was_seen(now, news):
    found = news_of([now], {ID: SEEN}, {})
    at_first = news_of([now], {}, {ID: SEEN})

    assert [(one.card, one.seen, one.news) for one in found] == (
        [(now, SEEN, news)] if news else []
    )
    assert at_first == found


def test_card_that_nobody_saw_is_new_unless_it_is_gone_again():
    assert [one.news for one in news_of([CARD], {}, {})] == [("added",)]
    assert news_of([replace(CARD, presence="gone")], {}, {}) == ()


def test_card_that_was_seen_gone_is_back():
    gone = {ID: replace(SEEN, gone=True)}

    assert [one.news for one in news_of([CARD], gone, {})] == [("back",)]
    assert news_of([replace(CARD, presence="gone")], gone, {}) == ()


@given(
    st.lists(st.sampled_from(["cell", "gone", "edited", "struck"])),
    st.sampled_from([HERE, None]),
)
def test_what_is_confirmed_is_no_news_and_undone_is_news_again(what, cell):
    now = replace(
        CARD,
        cell=THERE if "cell" in what else cell,
        presence="gone" if "gone" in what else "present",
        text="Other" if "edited" in what else CARD.text,
        edited_at=LATER if "edited" in what else None,
        last_seen_at=LATER,
        fields=replace(CARD.fields, cancelled="struck" in what),
    )
    change = change_from_json(change_to_json(Seen({ID: SeenCard.of(now)})))
    confirmed = held_by([Correction(1, change, "Ada", AT)])
    undone = held_by([Correction(1, change, "Ada", AT, undone=True)])

    assert news_of([now], confirmed.seen, {ID: SEEN}) == ()
    assert undone == held_by([])


showings = st.builds(
    lambda change, title, struck, cell: (change, title, struck, cell),
    st.sampled_from(["same", "whole", "edited", "sharper"]),
    st.sampled_from(["Typing", "Knitting", "Tvping", ""]),
    st.booleans(),
    st.sampled_from([HERE, THERE, None]),
)


@given(st.lists(st.one_of(st.none(), showings), max_size=8))
def test_no_photo_changes_what_a_person_set(photos):
    state = BoardState()
    for number, shown in enumerate([("new", "Tvping", False, HERE), *photos]):
        at = AT + dt.timedelta(minutes=number)
        entry = PhotoEvidence(f"photo {number}", at, {HERE: "taken", THERE: "free"})
        state = state.after(entry, seen(shown, f"photo {number}", at), ())
    act = Edit(
        ID, title="Typing", description="", host="Maya", cell=HERE, cancelled=False,
        hidden=False, seen=SEEN,
    )  # fmt: skip

    (card,) = desk_cards(
        [one.card("friday") for one in state.cards.values()],
        held_by([Correction(1, act, "Ada", AT)]),
    )

    assert (card.title, card.description, card.host, card.cell) == (
        ("Typing", "", "Maya", HERE)
    )
    assert (card.cancelled, card.hidden) == (False, False)


def seen(shown, photo, at):
    if shown is None:
        return []
    change, title, struck, cell = shown
    fields = CardFields(title=title, cancelled=struck)
    return [
        CardInPhoto(
            TrackedCard(ID, photo, at, cell, None, "#fff"),
            Showing(photo, at, 0, change != "same", change, 1.0, "c" * 64),
            Words(title, fields, 0.5),
        )
    ]
