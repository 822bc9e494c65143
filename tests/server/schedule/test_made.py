"""What people make of a board's cards: joined, split, drawn, written, brought back."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibration.geometry import Rect
from calibration.layout import CellId, Layout, Slot
from calibration.profile import Board
from server.errors import CorrectionError
from server.schedule.cards_now import cards_now
from server.schedule.corrections.cell_state import MarkCells
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.drawn_card import Draw
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import Held, Made
from server.schedule.corrections.join import Join
from server.schedule.corrections.kinds import (
    change_from_json,
    change_to_json,
    held_by,
)
from server.schedule.corrections.photo_taken_back import PhotoTakenBack
from server.schedule.corrections.split import Split
from server.schedule.corrections.still_there import StillThere
from server.schedule.corrections.typed import Texts
from server.schedule.corrections.written_session import WriteSession
from server.schedule.entries import OtherCard
from server.schedule.evidence import KnownCell
from server.schedule.sessions import build_schedule
from vision.reading import CardFields

TEN, ELEVEN, ONE = "10:00-11:00", "11:00-12:00", "13:00-14:00"
A, B, C = (CellId(room, TEN) for room in ("Room 301", "Room 302", "Room 303"))
NOON = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
KNIT, TYPE = "a" * 12, "b" * 12
HALVES = Rect(0, 0, 0.5, 1), Rect(0.5, 0, 1, 1)

SPLIT = Split.of(KNIT, ("kept", "part"), HALVES)
DRAWN = Draw.of("friday", "picture", HALVES[0], "drawn", cell=C)
WRITTEN = WriteSession.of("friday", C, Texts("Juggling", "Bring three", "Ines"))


@pytest.fixture
def board():
    slots = tuple(map(Slot.parse, (TEN, ELEVEN, ONE)))
    layout = Layout(("Room 301", "Room 302", "Room 303"), slots)
    return Board("friday", "Friday", dt.date(2024, 5, 17), layout)


@pytest.fixture
def knit(make_card):
    fields = CardFields("Knitting", host="Bo")
    return make_card(id=KNIT, cell=A, fields=fields, confidence=0.9, crop="k" * 64)


@pytest.fixture
def type_(make_card):
    fields = CardFields("Typing", host="Maya")
    return make_card(id=TYPE, cell=B, fields=fields, confidence=0.8, crop="t" * 64)


@pytest.fixture
def build(board, timezone):
    def build(cards, *changes, cells=()):
        corrections = [
            Correction(number, change, "Ada", NOON + number * MINUTE)
            for number, change in enumerate(changes)
        ]
        return build_schedule(cards, corrections, board, timezone, cells)

    return build


def told(schedule):
    return {
        session.id: (session.title, session.cell, session.crop[:4])
        for session in schedule.sessions
    }


def test_joined_cards_are_one_session_with_the_id_of_the_first(build, knit, type_):
    (session,) = build([knit, type_], Join(TYPE, (KNIT,))).sessions

    assert (session.id, session.cell) == (TYPE, B)
    assert (session.title, session.host, session.crop) == ("Knitting", "Bo", "k" * 64)
    assert session.others == (OtherCard(KNIT, A),)


def test_joined_cards_say_what_a_person_set_last_on_any_of_them(build, knit, type_):
    (session,) = build(
        [knit, type_],
        Edit(TYPE, title="Type checking"),
        Edit(KNIT, title="Knits", host="Bob"),
        Join(TYPE, (KNIT,)),
        Edit(TYPE, description="At scale"),
    ).sessions

    assert (session.title, session.description, session.host) == (
        "Knits",
        "At scale",
        "Bob",
    )


@pytest.mark.parametrize(
    ("presences", "expected"),
    [
        pytest.param(("gone", "present"), (B, "present"), id="first-taken-down"),
        pytest.param(("present", "gone"), (A, "present"), id="other-taken-down"),
        pytest.param(("covered", "present"), (B, "present"), id="first-covered"),
        pytest.param(("covered", "unseen"), (A, "covered"), id="none-visible"),
        pytest.param(("gone", "gone"), None, id="both-taken-down"),
    ],
)
def test_joined_cards_are_where_photos_find_one(
    build, knit, type_, presences, expected
):
    cards = [
        replace(card, presence=presence)
        for card, presence in zip((knit, type_), presences, strict=True)
    ]

    sessions = build(cards, Join(KNIT, (TYPE,))).sessions

    assert [(one.id, one.cell, one.presence) for one in sessions] == (
        [(KNIT, *expected)] if expected else []
    )


def test_what_a_person_set_of_a_card_that_tracking_lost_holds_for_the_one_found(
    build, knit, type_
):
    cards = [replace(knit, presence="gone"), type_]

    (session,) = build(cards, Edit(KNIT, title="Knits"), Join(KNIT, (TYPE,))).sessions

    assert (session.id, session.title, session.crop) == (KNIT, "Knits", "t" * 64)


def test_joins_reach_on_whatever_was_joined_first(build, knit, type_, make_card):
    third = make_card(id="c" * 12, cell=C, fields=CardFields("Third"))
    cards = [knit, type_, third]

    reached = build(cards, Join(TYPE, ("c" * 12,)), Join(KNIT, (TYPE,)))
    again = build(
        cards, Join(KNIT, (TYPE,)), Join(TYPE, ("c" * 12,)), Join("c" * 12, (KNIT,))
    )

    assert [session.id for session in reached.sessions] == [KNIT]
    assert told(again) == told(reached)


def test_a_joined_card_that_is_hidden_hides_the_session_only_as_the_first(
    build, knit, type_
):
    join = Join(KNIT, (TYPE,))

    by_first = build([knit, type_], join, Edit(KNIT, hidden=True))
    (session,) = build([knit, type_], join, Edit(TYPE, hidden=True)).sessions

    assert by_first.sessions == ()
    assert (session.title, session.others) == ("Knitting", ())


@pytest.mark.parametrize("others", [(), (KNIT,), (TYPE, KNIT)])
def test_a_card_cannot_be_joined_to_itself(others):
    with pytest.raises(CorrectionError, match="cannot be joined to itself"):
        Join(KNIT, others).check()


def test_a_card_that_is_split_is_two_with_a_crop_each(build, knit):
    schedule = build([knit], SPLIT)

    assert told(schedule) == {
        KNIT: ("Knitting", A, "kept"),
        SPLIT.part: ("", A, "part"),
    }


def test_a_newer_photo_of_a_card_that_was_split_is_at_hand(knit):
    """With both in it; what was cut stays what is shown of each."""
    split = Split.of(KNIT, ("kept", "part"), HALVES, whole_crop=knit.crop)
    held = split.apply(Held(), Made(1, "Ada", NOON))

    before, after = (
        [(now.card.crop, now.card.newer_crop) for now in cards_now([card], held)]
        for card in (knit, replace(knit, crop="n" * 64))
    )

    assert before == [("kept", ""), ("part", "")]
    assert after == [("kept", "n" * 64), ("part", "n" * 64)]


@pytest.mark.parametrize("taken_back", ["older", "newer"])
def test_a_drawn_card_loses_its_crop_with_any_photo_in_it(taken_back):
    drawn = Draw.of(
        "friday", "picture", HALVES[0], "drawn", cell=C, photos=("older", "newer")
    )
    made = Made(1, "Ada", NOON)
    held = drawn.apply(Held(), made)

    (without,) = cards_now([], PhotoTakenBack(taken_back).apply(held, made))

    assert [now.card.crop for now in cards_now([], held)] == ["drawn"]
    assert without.card.crop == ""


def test_a_part_has_texts_and_a_place_of_its_own(build, knit):
    apart = Split.of(KNIT, ("kept", "part"), HALVES, cell=C)

    schedule = build([knit], apart, Edit(apart.part, title="Purling", host="Ines"))

    assert told(schedule) == {
        KNIT: ("Knitting", A, "kept"),
        apart.part: ("Purling", C, "part"),
    }


@pytest.mark.parametrize("presence", ["present", "covered", "unseen", "gone"])
def test_a_part_is_where_its_card_is(build, knit, presence):
    moved = replace(knit, cell=B, presence=presence)

    schedule = build([moved], SPLIT, Edit(SPLIT.part, title="Purling"))

    assert {session.id: session.presence for session in schedule.sessions} == (
        {} if presence == "gone" else dict.fromkeys((KNIT, SPLIT.part), presence)
    )
    assert all(session.cell == B for session in schedule.sessions)


def test_a_part_that_is_split_again_is_three(build, knit):
    again = Split.of(SPLIT.part, ("less", "third"), HALVES, cell=C)

    assert told(build([knit], SPLIT, again)) == {
        KNIT: ("Knitting", A, "kept"),
        SPLIT.part: ("", A, "less"),
        again.part: ("", C, "thir"),
    }


def test_a_part_that_a_photo_finds_by_itself_is_joined_to_it(build, knit, type_):
    (first, second) = build(
        [knit, type_], SPLIT, Edit(SPLIT.part, host="Ines"), Join(SPLIT.part, (TYPE,))
    ).sessions

    assert (first.id, first.crop) == (KNIT, "kept")
    assert (second.id, second.title, second.host, second.cell, second.crop) == (
        SPLIT.part,
        "Typing",
        "Ines",
        B,
        "t" * 64,
    )


def test_a_card_that_was_drawn_is_published_as_any_card(build):
    drawn = replace(DRAWN, texts=Texts("Juggling", "", "Ines"), until="12:00")

    schedule = build([], drawn)

    (session,) = schedule.sessions
    assert (session.id, session.title, session.host, session.crop) == (
        DRAWN.card,
        "Juggling",
        "Ines",
        "drawn",
    )
    assert (session.corrected, session.doubt, session.by_hand) == (True, "none", False)
    assert (session.presence, f"{session.ends_at:%H:%M}") == ("present", "12:00")
    assert {one.cell for one in schedule.cells if one.state == "taken"} == {
        C,
        CellId("Room 303", ELEVEN),
    }


def test_a_card_that_was_drawn_without_a_word_is_an_unreadable_one(build):
    (session,) = build([], DRAWN).sessions

    assert (session.title, session.doubt, session.crop) == ("", "unreadable", "drawn")


def test_a_drawn_card_stays_whatever_photos_show_of_its_place(build):
    bare = KnownCell(C, "free", NOON + 60 * MINUTE, free_at=NOON + 60 * MINUTE)

    assert build([], DRAWN, cells=[bare]).sessions == build([], DRAWN).sessions


def test_a_drawn_card_that_is_none_can_be_hidden(build):
    assert build([], DRAWN, Edit(DRAWN.card, hidden=True)).sessions == ()


def test_what_is_drawn_again_is_a_card_again(build):
    changes = DRAWN, Edit(DRAWN.card, hidden=True, title="Oops"), DRAWN

    assert told(build([], *changes)) == told(build([], DRAWN))


def test_a_session_that_no_card_shows_says_so(build):
    (session,) = build([], WRITTEN).sessions

    assert (session.id, session.title, session.description, session.host) == (
        WRITTEN.card,
        "Juggling",
        "Bring three",
        "Ines",
    )
    assert (session.by_hand, session.crop, session.doubt) == (True, "", "none")
    assert (session.cell, session.presence) == (C, "unseen")


def test_a_session_becomes_its_cards_once_that_is_joined(build, type_):
    join = Join(WRITTEN.card, (TYPE,))

    (session,) = build([type_], WRITTEN, join).sessions
    moved = build([replace(type_, cell=A)], WRITTEN, join)

    assert (session.id, session.title, session.by_hand) == (
        WRITTEN.card,
        "Juggling",
        False,
    )
    assert (session.cell, session.crop) == (B, "t" * 64)
    assert told(moved) == {WRITTEN.card: ("Juggling", A, "tttt")}
    assert build([replace(type_, presence="gone")], WRITTEN, join).sessions == ()


def test_a_session_without_a_title_is_refused():
    with pytest.raises(CorrectionError, match="needs a title"):
        WriteSession.of("friday", C, Texts(host="Ines")).check()


def test_what_is_joined_to_what_was_taken_back_keeps_the_address_of_both(
    board, timezone, type_
):
    changes = WRITTEN, Join(WRITTEN.card, (TYPE,))
    corrections = [
        Correction(number, change, "Ada", NOON, undone=change is WRITTEN)
        for number, change in enumerate(changes)
    ]

    schedule = build_schedule([type_], corrections, board, timezone, ())

    assert told(schedule) == {WRITTEN.card: ("Typing", B, "tttt")}


@pytest.mark.parametrize(
    ("bare_at", "expected"),
    [
        pytest.param(None, ["unseen"], id="never-shown-bare"),
        pytest.param(NOON - MINUTE, ["unseen"], id="before-the-act"),
        pytest.param(NOON + MINUTE, [], id="after-the-act"),
    ],
)
def test_a_card_is_back_until_a_photo_shows_its_place_bare(
    build, knit, bare_at, expected
):
    gone = replace(knit, presence="gone", bare_at=bare_at)

    sessions = build([gone], StillThere((KNIT,))).sessions

    assert [session.presence for session in sessions] == expected


@pytest.mark.parametrize("read", [None, "12:00", "14:00"])
@pytest.mark.parametrize(
    ("until", "end"), [("", "11:00"), ("12:00", "12:00"), ("14:00", "14:00")]
)
def test_an_end_that_a_person_set_holds_whatever_photos_say(
    build, knit, until, end, read
):
    (session,) = build([replace(knit, until=read)], Edit(KNIT, until=until)).sessions

    assert f"{session.ends_at:%H:%M}" == end


CHANGES = [
    Edit(KNIT, title="Knits"),
    Edit(TYPE, cell=C, until="12:00"),
    Join(KNIT, (TYPE,)),
    SPLIT,
    Edit(SPLIT.part, title="Purling"),
    replace(DRAWN, texts=Texts("Drawn")),
    WRITTEN,
    Join(WRITTEN.card, (DRAWN.card,)),
    MarkCells((A, C), "blocked", "Kept for the press"),
    MarkCells((B,), "free"),
    MarkCells((A,), "as photographed"),
    StillThere((KNIT, TYPE)),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.kind)
def test_a_change_is_the_same_after_it_was_stored(change):
    assert change_from_json(change_to_json(change)) == change


@given(st.lists(st.sampled_from(CHANGES), max_size=8), st.data())
def test_what_is_undone_is_as_if_it_had_not_been_done(changes, data):
    undone = data.draw(st.sets(st.sampled_from(range(len(changes))))) if changes else {}
    done = [
        Correction(number, change, "Ada", NOON, undone=number in undone)
        for number, change in enumerate(changes)
    ]

    assert held_by(done) == held_by(one for one in done if not one.undone)


APART = [
    Edit("d" * 12, title="Apart", cell=A),
    Join(KNIT, (TYPE,)),
    Split.of("e" * 12, ("kept", "part"), HALVES),
    DRAWN,
    WRITTEN,
    MarkCells((CellId("Room 301", ONE),), "blocked", "Press"),
    MarkCells((CellId("Room 302", ONE),), "free"),
    StillThere(("f" * 12,)),
]

in_any_world = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@in_any_world
@given(order=st.permutations(APART))
def test_acts_on_different_things_commute(board, timezone, knit, type_, order):
    cards = [knit, type_, *(replace(knit, id=name * 12) for name in "de")]
    cards.append(replace(type_, id="f" * 12, presence="gone"))

    def after(changes):
        corrections = [
            Correction(number, change, "Ada", NOON)
            for number, change in enumerate(changes)
        ]
        return build_schedule(cards, corrections, board, timezone, ())

    assert after(order) == after(APART)


photos_of_a_card = st.fixed_dictionaries(
    {
        "cell": st.sampled_from([A, B, C, None]),
        "until": st.sampled_from([None, "12:00", "14:00"]),
        "fields": st.builds(
            CardFields,
            st.sampled_from(["", "Kniting", "Lunch"]),
            cancelled=st.booleans(),
        ),
        "confidence": st.floats(0, 1),
        "crop": st.sampled_from(["k" * 64, "n" * 64]),
        "presence": st.sampled_from(["present", "covered", "unseen"]),
    }
)


@in_any_world
@given(
    photos=photos_of_a_card,
    states=st.lists(
        st.sampled_from(["taken", "free", "covered", "unseen"]), max_size=3
    ),
)
def test_no_photo_changes_what_a_person_set(build, knit, photos, states):
    changes = (
        Edit(
            KNIT,
            title="Knits",
            description="Wool",
            host="Bob",
            cell=B,
            until="12:00",
            cancelled=False,
        ),
        SPLIT,
        Edit(SPLIT.part, title="Purling", host="Cy", cell=A, until="", cancelled=False),
        DRAWN,
        WRITTEN,
    )
    later = NOON + 60 * MINUTE
    cells = [
        KnownCell(cell, state, later, later, later)
        for cell, state in zip((A, B, C), states, strict=False)
    ]

    def set_by_people(schedule):
        return [
            (
                session.id,
                (session.title, session.description, session.host, session.cancelled),
                (session.cell, session.ends_at, session.crop),
            )
            for session in schedule.sessions
        ]

    after = build([replace(knit, **photos)], *changes, cells=cells)

    assert set_by_people(after) == set_by_people(build([knit], *changes))
