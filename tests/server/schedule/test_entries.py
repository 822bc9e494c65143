"""Cards that keep places, block cells, or say the same in all rooms."""

import datetime as dt
from dataclasses import replace
from itertools import permutations

import pytest

from calibration.layout import CellId, Layout, Slot
from server.schedule.entries import OtherCard
from server.schedule.sessions import BlockedCell, build_schedule
from vision.fields.notice import notice_of
from vision.reading import CardFields

TEN, ELEVEN, TWELVE, ONE = SLOTS = (
    "10:00-11:00", "11:00-12:00", "12:00-13:00", "13:00-14:00",
)  # fmt: skip
ROOMS = ("A", "B", "C", "D")


@pytest.fixture
def board(board):
    layout = Layout(
        rooms=ROOMS,
        slots=tuple(map(Slot.parse, SLOTS)),
        blocked={CellId("D", ONE): "Staff"},
    )
    return replace(board, layout=layout)


@pytest.fixture
def hang(make_card):
    """A card: (place such as "A10", title, more) to a card with that place as its id."""

    def hang(place, title, **changes):
        slot = next(slot for slot in SLOTS if slot.startswith(place[1:]))
        fields = CardFields(title, notice=notice_of(title) if title else "continued")
        card = make_card(
            id=place, cell=CellId(place[0], slot), text=title, fields=fields
        )
        return replace(card, **changes)

    return hang


@pytest.fixture
def build(board, timezone):
    def build(cards, corrections=()):
        return build_schedule(cards, corrections, board, timezone, ())

    return build


def told(schedule):
    """What sessions are called, where they are and from when until when."""
    return [
        (one.title, one.place, f"{one.starts_at:%H}-{one.ends_at:%H}")
        for one in schedule.sessions
    ]


def why(schedule):
    return {
        f"{one.cell.room}{one.cell.slot[:2]}": one.reason for one in schedule.blocked
    }


def state(schedule, place):
    (found,) = [
        entry.state
        for entry in schedule.cells
        if (entry.cell.room, entry.cell.slot[:2]) == (place[0], place[1:])
    ]
    return found


def test_what_keeps_places_belongs_to_the_session_before_it(build, hang):
    cards = [hang("A10", "Yoga"), hang("A11", "(cont.)"), hang("A12", "")]

    schedule = build(cards)

    assert told(schedule) == [("Yoga", "A", "10-13")]
    assert schedule.sessions[0].others == (
        OtherCard("A11", CellId("A", ELEVEN)),
        OtherCard("A12", CellId("A", TWELVE)),
    )
    assert [state(schedule, place) for place in ("A10", "A11", "A12", "A13")] == [
        "taken", "taken", "taken", "unseen",
    ]  # fmt: skip


def test_what_keeps_a_place_outside_of_the_newest_photo_keeps_it(build, hang):
    talk, kept = hang("A10", "Yoga"), hang("A11", "booked", presence="unseen")

    assert told(build([talk, kept])) == [("Yoga", "A", "10-12")]


@pytest.mark.parametrize(
    "gone",
    [
        pytest.param({"presence": "gone"}, id="taken down"),
        pytest.param({"cell": CellId("B", TEN)}, id="moved"),
        pytest.param({"cell": None}, id="beside the cells"),
    ],
)
def test_what_keeps_a_place_is_no_session_without_the_one_before(build, hang, gone):
    cards = [hang("A10", "Yoga", **gone), hang("A11", "Booked - see above")]

    schedule = build(cards)

    assert "A11" not in {session.id for session in schedule.sessions}
    assert all(session.ends_at.hour == 11 for session in schedule.sessions)
    assert why(schedule) == {"A11": "Booked - see above"}
    assert state(schedule, "A11") == "blocked"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hidden", True),
        ("title", "Board games"),
        ("cell", CellId("C", ONE)),
    ],
)
def test_what_a_person_makes_of_a_card_that_keeps_a_place_ends_the_session_before(
    build, hang, make_correction, field, value
):
    cards = [hang("A10", "Yoga"), hang("A11", "booked")]
    corrected = make_correction(card="A11", field=field, value=value)

    schedule = build(cards, [corrected])

    assert ("Yoga", "A", "10-11") in told(schedule)
    if field == "title":
        assert told(schedule)[1:] == [("Board games", "A", "11-12")]


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        pytest.param(("booked", {"title": "booked"}), None, id="confirmed"),
        pytest.param(("|", {"title": "|"}), None, id="a bar is confirmed"),
        pytest.param(("", {"title": ""}), None, id="nothing is confirmed"),
        pytest.param(("contimued", {"title": "Continued"}), None, id="a letter is set right"),
        pytest.param(("contimued", {"title": "contimued"}), "contimued", id="a title is confirmed"),
        pytest.param(("booked", {"title": "Book club"}), "Book club", id="a title is set"),
        pytest.param(("booked", {"host": "Maya"}), "booked", id="a host is set"),
        pytest.param(("booked", {"description": "For two"}), "booked", id="a description is set"),
    ],
)  # fmt: skip
def test_a_person_makes_a_session_of_what_was_taken_for_a_notice(
    build, hang, make_correction, card, expected
):
    read, made = card
    notice = notice_of(read) if read else "continued"
    cards = [
        hang("A10", "Yoga"),
        hang("A11", read, fields=CardFields(read, notice=notice)),
    ]
    corrections = [
        make_correction(card="A11", field=field, value=value)
        for field, value in made.items()
    ]

    assert told(build(cards, corrections)) == (
        [("Yoga", "A", "10-11"), (expected, "A", "11-12")]
        if expected
        else [("Yoga", "A", "10-12")]
    )


@pytest.mark.parametrize("more", [{"host": "Maya"}, {"description": "In C"}])
def test_a_card_with_a_host_or_a_description_is_a_session(
    build, hang, make_correction, more
):
    card = hang("A10", "Blockad", fields=CardFields("Blockad", **more))
    corrected = make_correction(card="A10", value="Blocked")

    assert told(build([card], [corrected])) == [("Blocked", "A", "10-11")]


@pytest.mark.parametrize("by_a_person", [True, False])
@pytest.mark.parametrize("title", ["Reserved", "(cont.)"])
def test_a_notice_that_is_struck_through_says_nothing(
    build, hang, make_correction, title, by_a_person
):
    struck = CardFields(title, cancelled=True)
    card = hang("A11", title) if by_a_person else hang("A11", title, fields=struck)
    made = make_correction(card="A11", field="cancelled", value=True)

    schedule = build([hang("A10", "Yoga"), card], [made] if by_a_person else ())

    assert told(schedule) == [("Yoga", "A", "10-11")]
    assert (schedule.blocked, state(schedule, "A11")) == ((), "unseen")


def test_a_struck_notice_that_a_person_restores_holds(build, hang, make_correction):
    card = hang("A11", "Reserved", fields=CardFields("Reserved", cancelled=True))
    made = make_correction(card="A11", field="cancelled", value=False)

    assert told(build([hang("A10", "Yoga"), card], [made])) == [("Yoga", "A", "10-12")]


def test_of_two_sessions_nobody_knows_which_goes_on(build, hang):
    two = [hang("A10", "Yoga"), hang("A10", "Chess", id="other")]

    assert [one.ends_at.hour for one in build([*two, hang("A11", "")]).sessions] == [
        11,
        11,
    ]


def test_a_long_card_is_long_whatever_lies_on_it(build, hang, make_correction):
    cards = [hang("A10", "Yoga", until="12:00"), hang("A11", "booked")]
    hidden = make_correction(card="A11", field="hidden", value=True)

    assert told(build(cards)) == [("Yoga", "A", "10-12")]
    assert told(build(cards, [hidden])) == [("Yoga", "A", "10-12")]


def test_a_card_blocks_its_cell_and_says_why(build, hang, board):
    cards = [hang("A10", "Blocked for room preparation"), hang("A11", "(cont.)")]

    schedule = build(cards)

    reason = "Blocked for room preparation"
    assert schedule.sessions == ()
    assert schedule.blocked == (
        BlockedCell(CellId("A", TEN), reason, "A10"),
        BlockedCell(CellId("A", ELEVEN), reason, "A10"),
    )
    assert [state(schedule, place) for place in ("A10", "A11", "A12")] == [
        "blocked", "blocked", "unseen",
    ]  # fmt: skip
    assert schedule.reasons(board) == {
        CellId("A", TEN): reason,
        CellId("A", ELEVEN): reason,
        CellId("D", ONE): "Staff",
    }


def test_what_left_the_board_blocks_nothing(build, hang):
    schedule = build([hang("A10", "Room closed", presence="gone")])

    assert (schedule.blocked, state(schedule, "A10")) == ((), "unseen")


def test_a_session_beside_what_blocks_its_cell_takes_place(build, hang, board):
    cards = [hang("D13", "Yoga"), hang("D13", "Closed", id="other")]

    schedule = build(cards)

    assert told(schedule) == [("Yoga", "D", "13-14")]
    assert (schedule.blocked, schedule.reasons(board)) == ((), {})


@pytest.mark.parametrize(
    ("titles", "published"),
    [
        (("Room closed", "Closed captions"), (["Closed captions"], {})),
        (("Room clothes", "Room closed"), ([], {"A10": "Room closed"})),
        (("Room closed", "Closed for setup"), ([], {"A10": "Closed for setup"})),
        (("Room closed", "Room closed"), ([], {"A10": "Room closed"})),
    ],
)
def test_a_persons_title_decides_whether_a_card_blocks_its_cell(
    build, hang, make_correction, titles, published
):
    (read, corrected), (sessions, blocked) = titles, published
    schedule = build(
        [hang("A10", read)], [make_correction(card="A10", value=corrected)]
    )

    assert [session.title for session in schedule.sessions] == sessions
    assert why(schedule) == blocked


ALL = "All rooms"


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        pytest.param(["Yoga"] * 4, [("Yoga", ALL)], id="in all"),
        pytest.param(["Playing the cello", "Plaving the cello", "PLAYING THE CELLO!", "playing the cello."], [("Playing the cello", ALL)], id="misread"),
        pytest.param(["Yoga"] * 3 + [None], [("Yoga", "A, B, C")], id="the last one is free"),
        pytest.param(["Yoga"] * 3 + ["Closed"], [("Yoga", ALL)], id="or blocked"),
        pytest.param(["Yoga"] * 3 + [""], [("Yoga", ALL)], id="or has a blank card"),
        pytest.param(
            ["Yoga"] * 3 + ["Chess"],
            [("Yoga", "A, B, C"), ("Chess", "D")],
            id="another in one room",
        ),
        pytest.param(
            ["Yoga", "Yoga", "Chess", "Go"],
            [("Yoga", "A"), ("Yoga", "B"), ("Chess", "C"), ("Go", "D")],
            id="in two rooms",
        ),
        pytest.param(
            ["Sprint 1", "Sprint 2", "Sprint 3", "Sprint 4"],
            [(f"Sprint {n}", room) for n, room in zip("1234", "ABCD", strict=True)],
            id="numbered",
        ),
        pytest.param(
            ["Group A", "Group B", "Group C", "Group D"],
            [(f"Group {room}", room) for room in "ABCD"],
            id="lettered",
        ),
        pytest.param(["Lunch", None, None, None], [("Lunch", ALL)], id="one for all"),
        pytest.param([None, "Keynote", "Closed", None], [("Keynote", ALL)], id="and a blocked room"),
        pytest.param(["Lunch", None, "Lunch", ""], [("Lunch", ALL)], id="two and a blank"),
        pytest.param(
            ["Lunch", None, "Chess", None],
            [("Lunch", "A"), ("Chess", "C")],
            id="with a session beside it",
        ),
        pytest.param(
            ["Lunch & learn", None, None, None], [("Lunch & learn", "A")], id="no lunch"
        ),
        pytest.param(["Yoga", None, None, None], [("Yoga", "A")], id="one like others"),
        pytest.param(
            ["C# talk", "C++ talk", "C talk", "C talk!"],
            [("C# talk", "A"), ("C++ talk", "B"), ("C talk", "C"), ("C talk!", "D")],
            id="told apart by signs",
        ),
        pytest.param(
            ["C# for everyone", "C+ for everyone", "C# for everyone", "C# for everyone"],
            [("C# for everyone", "A, C, D"), ("C+ for everyone", "B")],
            id="by signs in long titles",
        ),
        pytest.param(
            ["Testing", "Resting", "Nesting", "Jesting"],
            [("Testing", "A"), ("Resting", "B"), ("Nesting", "C"), ("Jesting", "D")],
            id="by a letter",
        ),
    ],
)  # fmt: skip
def test_what_is_said_in_most_rooms_is_one_entry(build, hang, titles, expected):
    cards = [
        hang(f"{room}12", title)
        for room, title in zip(ROOMS, titles, strict=True)
        if title is not None
    ]

    schedule = build(cards)

    assert [(one.title, one.place) for one in schedule.sessions] == expected
    everywhere = any(place == ALL for _, place in expected)
    if everywhere:
        (session,) = schedule.sessions
        open_rooms = [r for r, t in zip(ROOMS, titles, strict=True) if t != "Closed"]
        assert session.rooms == tuple(open_rooms)
        assert {state(schedule, f"{room}12") for room in open_rooms} == {"taken"}


@pytest.mark.parametrize(
    "titles", [("Keynote", "Python 101"), ("Python 101", "Keynote")]
)
def test_what_has_a_session_beside_it_in_its_room_is_not_for_all(build, hang, titles):
    first, second = titles
    cards = [hang("A12", first), hang("A12", second, id="second")]

    assert told(build(cards)) == [(first, "A", "12-13"), (second, "A", "12-13")]


def test_what_other_people_offer_is_another_entry(build, hang):
    hosts = ("Ines", "Maya", "Ines", "")
    cards = [
        hang(f"{room}12", "Yoga", fields=CardFields("Yoga", host=host))
        for room, host in zip(ROOMS, hosts, strict=True)
    ]

    # Those of Ines, and the one that nobody signed.
    assert [one.place for one in build(cards).sessions] == ["A, C, D", "B"]


def test_what_goes_on_from_before_keeps_lunch_out_of_its_room(build, hang):
    cards = [hang("B11", "Workshop", until="13:00"), hang("A12", "Lunch")]

    assert told(build(cards)) == [("Workshop", "B", "11-13"), ("Lunch", "A", "12-13")]


def test_one_entry_has_the_id_of_the_card_that_was_seen_first(build, hang, make_card):
    seen = make_card().first_seen_at
    cards = [
        hang(f"{room}12", "Lunch", first_seen_at=seen + dt.timedelta(minutes=minutes))
        for room, minutes in zip(ROOMS, (2, 1, 1, 2), strict=True)
    ]

    schedules = [build(order) for order in permutations(cards)]

    assert all(schedule == schedules[0] for schedule in schedules)
    (session,) = schedules[0].sessions
    assert (session.id, session.cell) == ("B12", CellId("B", TWELVE))
    assert sorted(session.others) == [
        OtherCard(f"{room}12", CellId(room, TWELVE)) for room in "ACD"
    ]


def test_one_entry_says_what_its_surest_card_does(build, hang):
    cards = [hang(f"{room}12", "Lunch", confidence=0.5) for room in "ABD"]
    sure = hang("C12", "Lunch!", confidence=0.95, crop="f" * 64, presence="covered")

    (session,) = build([*cards, sure]).sessions

    assert (session.title, session.crop, session.presence) == (
        "Lunch!",
        "f" * 64,
        "present",
    )


@pytest.mark.parametrize(
    ("votes", "all_of_them"), [((3, None, 4), 7), ((None,) * 3, None)]
)
def test_one_entry_has_the_votes_of_all_its_cards(
    board, timezone, hang, votes, all_of_them
):
    board = replace(board, votes="dots")
    cards = [
        hang(f"{room}10", "Yoga", votes=count)
        for room, count in zip("ABC", votes, strict=True)
    ]

    (session,) = build_schedule(cards, (), board, timezone, ()).sessions

    assert session.votes == all_of_them


def test_a_correction_of_any_card_of_one_entry_counts(build, hang, make_correction):
    cards = [hang(f"{room}12", "Lunch") for room in ROOMS]
    corrections = [
        make_correction(id=1, card="C12", field="title", value="Lunch!"),
        make_correction(id=2, card="B12", field="host", value="The cooks"),
        make_correction(id=3, card="D12", field="description", value="In the yard"),
    ]

    (session,) = build(cards, corrections).sessions

    assert (session.title, session.host, session.description, session.corrected) == (
        "Lunch!",
        "The cooks",
        "In the yard",
        True,
    )


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (("title", "Yoga"), [("Lunch", "A, B, D"), ("Yoga", "C")]),
        (("hidden", True), [("Lunch", ALL)]),
        (("cell", CellId("C", ONE)), [("Lunch", ALL), ("Lunch", ALL)]),
    ],
)
def test_a_card_of_one_entry_can_be_made_something_else(
    build, hang, make_correction, made, expected
):
    field, value = made
    cards = [hang(f"{room}12", "Lunch") for room in ROOMS]
    correction = make_correction(card="C12", field=field, value=value)

    assert [(s.title, s.place) for s in build(cards, [correction]).sessions] == expected


def test_one_entry_that_a_person_cancelled_is_cancelled(build, hang, make_correction):
    cards = [hang(f"{room}12", "Lunch") for room in ROOMS]
    made = [
        make_correction(id=number, card=card.id, field="cancelled", value=True)
        for number, card in enumerate(cards, 1)
    ]

    assert [
        (one.title, one.place, one.cancelled) for one in build(cards, made).sessions
    ] == [("Lunch", ALL, True)]
    (alone,) = build(cards[:1], made).sessions
    assert (alone.place, alone.cancelled) == (ALL, True)


@pytest.mark.parametrize("by_a_person", [True, False])
def test_a_card_that_is_cancelled_cancels_no_other(
    build, hang, make_correction, by_a_person
):
    cards = [hang(f"{room}12", "Yoga") for room in ROOMS]
    if not by_a_person:
        fields = replace(cards[1].fields, cancelled=True)
        cards[1] = replace(cards[1], fields=fields, confidence=1.0)
    made = make_correction(card="B12", field="cancelled", value=True)

    schedule = build(cards, [made] if by_a_person else ())

    assert [(one.place, one.cancelled) for one in schedule.sessions] == [
        ("A, C, D", False),
        ("B", True),
    ]


def test_both_of_two_rooms_are_all(hang, board, timezone):
    two = replace(
        board,
        layout=replace(board.layout, rooms=("A", "B"), column_edges=(), blocked={}),
    )
    cards = [hang("A12", "Yoga"), hang("B12", "Yoga")]

    schedule = build_schedule(cards, (), two, timezone, ())

    assert [(one.title, one.place) for one in schedule.sessions] == [("Yoga", ALL)]


def test_one_room_is_not_all(hang, board, timezone):
    one = replace(
        board, layout=replace(board.layout, rooms=("A",), column_edges=(), blocked={})
    )

    schedule = build_schedule([hang("A12", "Lunch")], (), one, timezone, ())

    assert [entry.place for entry in schedule.sessions] == ["A"]


@pytest.mark.parametrize(
    ("rooms", "place"), [(("A", "B"), "A, B"), (ROOMS, ALL), (("A", "Z"), "A")]
)
def test_a_wide_card_is_in_the_rooms_that_it_lies_across(build, hang, rooms, place):
    schedule = build([hang("A12", "Yoga", rooms=rooms)])

    assert told(schedule) == [("Yoga", place, "12-13")]
    taken = rooms if "Z" not in rooms else ("A",)
    assert [state(schedule, f"{room}12") for room in ROOMS] == [
        "taken" if room in taken else "unseen" for room in ROOMS
    ]


def test_a_wide_card_that_a_person_moved_is_in_one_room(build, hang, make_correction):
    moved = make_correction(card="A12", field="cell", value=CellId("B", ONE))

    schedule = build([hang("A12", "Yoga", rooms=("A", "B"))], [moved])

    assert told(schedule) == [("Yoga", "B", "13-14")]


def test_a_card_that_points_to_the_left_keeps_the_next_room(build, hang):
    cards = [
        hang("B10", "Chess"),
        hang("A11", "Workshop"),
        hang("B11", "see left"),
        hang("C11", "(see left)"),
        hang("D11", "booked"),
    ]

    schedule = build(cards)

    assert told(schedule) == [("Chess", "B", "10-11"), ("Workshop", "A, B, C", "11-12")]
    assert why(schedule) == {"D11": "booked"}
    assert [other.id for other in schedule.sessions[1].others] == ["B11", "C11"]


def test_a_card_that_points_to_a_longer_session_keeps_no_place(build, hang):
    cards = [
        hang("A10", "Long", until="12:00"),
        hang("B10", "Other"),
        hang("B11", "see left"),
    ]

    schedule = build(cards)

    assert told(schedule) == [("Long", "A", "10-12"), ("Other", "B", "10-11")]
    assert why(schedule) == {"B11": "see left"}


def test_each_room_that_is_kept_is_told_once_in_the_order_of_the_board(build, hang):
    cards = [
        hang("B11", "Workshop"),
        hang("C11", "see left"),
        hang("C11", "(see left)", id="again"),
        hang("A11", "Chess"),
    ]

    assert told(build(cards)) == [
        ("Chess", "A", "11-12"),
        ("Workshop", "B, C", "11-12"),
    ]


def test_a_card_that_points_to_nothing_on_the_left_keeps_its_room(build, hang):
    cards = [hang("A10", "Yoga"), hang("A11", "see left")]

    assert told(build(cards)) == [("Yoga", "A", "10-12")]
