import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.layout import CellId, Layout, Slot
from calibration.profile import Board
from server.schedule.cards import Card
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.decision import Decision
from server.schedule.sessions import build_schedule, outcome_of
from vision.reading import CardFields

NEW_YORK = ZoneInfo("America/New_York")
AT = dt.datetime(2024, 5, 17, 14, 0, tzinfo=dt.UTC)
A, B, C, D = (letter * 12 for letter in "abcd")
TEN, ELEVEN, ONE = "10:00-11:00", "11:00-12:00", "13:00-14:00"
FIRST, SECOND, THIRD = "Room 301", "Room 302", "Room 303"


WIDE = Board(
    slug="friday",
    title="Friday",
    date=dt.date(2024, 5, 17),
    layout=Layout(
        rooms=(FIRST, SECOND, THIRD),
        slots=tuple(map(Slot.parse, (TEN, ELEVEN, ONE))),
        blocked={CellId(SECOND, ONE): "Keynote overflow"},
    ),
)


def hang(card, title, room=FIRST, slot=TEN, **more):
    """Hang a card, whose id is one letter, said twelve times."""
    names = {"host", "handles", "cancelled", "notice"}
    fields = CardFields(
        title=title, **{name: more.pop(name) for name in names & more.keys()}
    )
    known = {
        "board": "friday", "until": None, "text": title, "confidence": 0.9,
        "colour": "#ffd54f", "crop": "c" * 64, "presence": "present",
        "first_seen_at": AT, "last_seen_at": AT,
    }  # fmt: skip
    return Card(id=card, cell=CellId(room, slot), fields=fields, **{**known, **more})


def found(*cards):
    """What is in conflict: kind, ids' letters, where, and why."""
    outcome = outcome_of(cards, (), WIDE, NEW_YORK, ()).decided
    return [
        (one.kind, "".join(card[0] for card in one.cards), *one.cell, one.reason)
        for one in (question.conflict for question in outcome.questions)
    ]


def settle(cards, *decisions, undone=()):
    """What decisions come to: who is published, and each question with its state."""
    corrections = acts(decisions, undone)
    found = outcome_of(cards, corrections, WIDE, NEW_YORK, ())
    schedule, outcome = found.schedule, found.decided
    return "".join(one.id[0] for one in schedule.sessions), [
        ("".join(card[0] for card in one.conflict.cards), one.state)
        for one in outcome.questions
    ]


def acts(changes, undone=()):
    return [
        Correction(number, one, "Ada", AT, undone=one in undone)
        for number, one in enumerate(changes, start=1)
    ]


def only(chosen, *cards, kind="cell"):
    return Decision(kind, tuple(sorted({chosen, *cards})), (chosen,))


def test_two_cards_in_one_cell():
    assert found(hang(A, "Typing"), hang(B, "Knitting")) == [
        ("cell", "ab", FIRST, TEN, "")
    ]


def test_longer_session_reaches_into_the_cell_of_another():
    long, other = hang(A, "Typing", until="12:00"), hang(B, "Tea", slot=ELEVEN)

    assert found(long, other) == [("cell", "ab", FIRST, ELEVEN, "")]


def test_longer_session_meets_each_card_below_it_on_its_own():
    cards = (
        hang(A, "Typing", until="14:00"),
        hang(B, "Tea", slot=ELEVEN),
        hang(C, "Yoga", slot=ONE),
    )

    assert found(*cards) == [
        ("cell", "ab", FIRST, ELEVEN, ""),
        ("cell", "ac", FIRST, ONE, ""),
    ]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"title": "Knitting", "cancelled": True}, id="struck"),
        pytest.param({"title": ""}, id="unreadable"),
        pytest.param({"title": "Knitting", "presence": "gone"}, id="gone"),
        pytest.param({"title": "Knitting", "slot": ELEVEN}, id="elsewhere"),
    ],
)
def test_no_conflict_with_a_card_that_is(other):
    assert found(hang(A, "Typing"), hang(B, **other)) == []


@pytest.mark.parametrize(
    ("sure", "kinds"),
    [
        pytest.param((0.0, 0.0), [], id="both titles in doubt"),
        pytest.param((0.0, 0.9), ["cell"], id="one of them"),
    ],
)
def test_titles_in_doubt_are_looked_at_first(sure, kinds):
    likely = {"split_confidence": 0.6}
    one, two = (
        replace(card, confidence=0.1, fields=replace(card.fields, **likely))
        if not one
        else card
        for one, card in zip(
            sure, (hang(A, "Typing"), hang(B, "Knitting")), strict=True
        )
    )

    assert [entry[0] for entry in found(one, two)] == kinds


def test_card_in_a_cell_that_the_profile_blocks():
    card = hang(A, "Typing", SECOND, ONE)

    assert found(card) == [("blocked", "a", SECOND, ONE, "Keynote overflow")]


def test_card_beside_one_that_says_blocked():
    cards = hang(A, "Typing"), hang(B, "Blocked", notice="blocked")

    assert found(*cards) == [("blocked", "a", FIRST, TEN, "Blocked")]


@pytest.mark.parametrize(
    ("one", "two", "name"),
    [
        pytest.param({"host": "José"}, {"host": "JOSE"}, "JOSE", id="accents"),
        pytest.param(
            {"host": "Maya & Tom"}, {"host": "with Tom"}, "Tom", id="one of two"
        ),
        pytest.param(
            {"host": "Maya"}, {"host": "@maya"}, "@maya", id="written as a handle"
        ),
        pytest.param(
            {"host": "Maya", "handles": ("@mc",)},
            {"host": "M. Chen", "handles": ("@MC", "@MayaC")},
            "",
            id="two letters",
        ),
        pytest.param(
            {"host": "Maya", "handles": ("@mayac",)},
            {"handles": ("@MayaC",)},
            "@MayaC",
            id="handles",
        ),
        pytest.param({"host": "all"}, {"host": "All"}, "", id="nobody"),
        pytest.param({"host": "Maya"}, {"host": "Maja"}, "", id="another"),
    ],
)
def test_host_in_two_rooms_at_once(one, two, name):
    cards = hang(A, "Typing", **one), hang(B, "Knitting", SECOND, **two)

    expected = [("host", "ab", FIRST, TEN, name)] if name else []
    assert [(*entry[:4], entry[4] and name) for entry in found(*cards)] == expected


def test_host_one_after_the_other_is_none():
    cards = hang(A, "Typing", host="Maya"), hang(B, "Tea", SECOND, ELEVEN, host="Maya")

    assert found(*cards) == []


def test_same_session_twice_with_one_host():
    cards = (
        hang(A, "Type checking at scale", host="Maya"),
        hang(B, "Type checkinq at scale", SECOND, ONE, host="maya"),
    )

    assert [entry[:2] for entry in found(*cards)] == [
        ("session", "ab"),
        ("blocked", "b"),
    ]


def test_same_title_at_one_time_in_two_rooms_is_asked_once():
    cards = hang(A, "Typing", host="Maya"), hang(B, "Typing", SECOND, host="Maya")

    assert found(*cards) == [("session", "ab", FIRST, TEN, "")]


def test_same_session_twice_in_one_cell_is_asked_once():
    cards = hang(A, "Typing", host="Maya"), hang(B, "Typing", host="Maya")

    assert found(*cards) == [("cell", "ab", FIRST, TEN, "")]


@pytest.mark.parametrize(
    ("title", "where", "host"),
    [
        pytest.param("Sprint 2", (SECOND, ELEVEN), "Maya", id="the next part"),
        pytest.param("Sprint 1", (SECOND, ELEVEN), "", id="nobody says who"),
        pytest.param("Sprint 1", (SECOND, ELEVEN), "Tom", id="somebody else"),
        pytest.param("Sprint 1", (FIRST, ELEVEN), "Maya", id="goes on below"),
    ],
)
def test_not_the_same_session(title, where, host):
    assert (
        found(hang(A, "Sprint 1", host="Maya"), hang(B, title, *where, host=host)) == []
    )


def test_what_is_joined_in_all_rooms_is_no_conflict():
    rooms = zip((A, B, C), (FIRST, SECOND, THIRD), strict=True)

    assert found(*(hang(card, "Lunch", room) for card, room in rooms)) == []


def test_nobody_decided_both_are_published():
    assert settle((hang(A, "Typing"), hang(B, "Tea"))) == ("ab", [("ab", "open")])


def test_only_one_is_published():
    cards = hang(A, "Typing"), hang(B, "Tea")

    assert settle(cards, only(B, A)) == ("b", [("ab", "decided")])


def test_the_newest_decision_counts_and_undone_ones_do_not():
    cards, both = (hang(A, "Typing"), hang(B, "Tea")), Decision("cell", (A, B), (A, B))

    assert settle(cards, only(B, A), both) == ("ab", [("ab", "decided")])
    assert settle(cards, only(B, A), both, undone=[both]) == ("b", [("ab", "decided")])
    assert settle(cards, both, undone=[both]) == settle(cards)


def test_third_card_makes_a_conflict_with_those_that_are_left():
    cards = hang(A, "Typing"), hang(B, "Tea"), hang(C, "Yoga")
    shared = Decision("cell", (A, B), (A, B))

    assert settle(cards, only(A, B)) == ("ac", [("ac", "open")])
    assert settle(cards, shared) == ("abc", [("abc", "open")])
    assert settle(cards, only(A, B), only(C, A)) == ("bc", [("bc", "open")])


def test_decision_is_void_while_one_is_elsewhere():
    here, away = hang(B, "Tea"), hang(B, "Tea", SECOND)

    assert settle((hang(A, "Typing"), away), only(A, B)) == ("ab", [])
    assert settle((hang(A, "Typing"), here), only(A, B)) == ("a", [("ab", "decided")])


def test_decision_of_another_kind_is_none():
    cards = hang(A, "Typing"), hang(B, "Tea")

    assert settle(cards, only(A, B, kind="host")) == ("ab", [("ab", "open")])


def test_who_loses_to_one_that_lost_is_published():
    cards = (
        hang(A, "Typing", until="14:00"),
        hang(B, "Tea", slot=ELEVEN),
        hang(C, "Yoga", slot=ONE),
    )
    first, second = only(A, B), only(C, A)

    assert settle(cards, first, second)[0] == "bc"
    assert settle(cards, second, first)[0] == "bc"


@pytest.mark.parametrize(
    ("chosen", "published"),
    [pytest.param((A,), "a", id="held"), pytest.param((), "", id="stays blocked")],
)
def test_session_in_a_blocked_cell(chosen, published):
    cell = CellId(SECOND, ONE)
    decision = Decision("blocked", (A,), chosen, cell)

    assert settle((hang(A, "Tea", *cell),), decision) == (
        published,
        [("a", "decided")],
    )


def test_decision_of_one_blocked_cell_is_none_of_another():
    decision = Decision("blocked", (A,), (), CellId(FIRST, ONE))

    assert settle((hang(A, "Tea", SECOND, ONE),), decision) == ("a", [("a", "open")])


def test_waiting_publishes_both_and_says_until_when():
    cards = hang(A, "Typing"), hang(B, "Tea")
    wait = Decision("cell", (A, B), (A, B), decide_by=AT)
    schedule = build_schedule(
        cards, [Correction(1, wait, "Ada", AT)], WIDE, NEW_YORK, ()
    )

    assert settle(cards, wait) == ("ab", [("ab", "waiting")])
    assert [one.decide_by for one in schedule.sessions] == [AT, AT]
    assert f"{schedule.sessions[0].decide_by:%H:%M}" == "10:00"


def test_withheld_session_leaves_its_cell_unseen_not_free():
    cards = hang(A, "Typing", host="Maya"), hang(B, "Tea", SECOND, host="Maya")
    made = [Correction(1, only(A, B, kind="host"), "Ada", AT)]

    schedule = build_schedule(cards, made, WIDE, NEW_YORK, ())

    states = {entry.cell: entry.state for entry in schedule.cells}
    assert states[CellId(FIRST, TEN)] == "taken"
    assert states[CellId(SECOND, TEN)] == "unseen"


CARDS = (A, B, C, D)

decisions = st.builds(
    lambda pair, chosen: only(pair[chosen], *pair),
    st.sampled_from([(A, B), (A, C), (B, C), (C, D), (A, D), (B, D)]),
    st.integers(0, 1),
)


@given(
    made=st.lists(decisions, max_size=5, unique_by=lambda one: one.key), data=st.data()
)
def test_decisions_commute_and_never_take_down_all(made, data):
    slots = data.draw(st.lists(st.sampled_from([TEN, ELEVEN]), min_size=4, max_size=4))
    cards = [
        hang(
            card,
            f"Title of {card}",
            slot=slot,
            until=data.draw(st.sampled_from([None, "12:00"])),
        )
        for card, slot in zip(CARDS, slots, strict=True)
    ]

    def published(ordered):
        schedule = build_schedule(cards, acts(ordered), WIDE, NEW_YORK, ())
        return {(one.id, one.cell) for one in schedule.sessions}

    other = data.draw(st.permutations(made))
    shown = published(made)

    assert published(other) == shown != set()
    assert published([]) >= shown


@given(made=st.lists(decisions, max_size=4), again=decisions)
def test_undoing_a_decision_is_as_if_it_was_not_made(made, again):
    cards = [hang(card, f"On {card}") for card in CARDS]

    def schedule(corrections):
        return build_schedule(cards, corrections, WIDE, NEW_YORK, ())

    before = acts(made)
    undone = Correction(len(made) + 1, again, "Ada", AT, undone=True)

    assert schedule([*before, undone]) == schedule(before)
