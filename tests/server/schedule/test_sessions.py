import datetime as dt
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibration.layout import CellId, Layout, Slot
from server.schedule.doubt import DOUBT, FLOOR, doubt_of
from server.schedule.evidence import KnownCell
from server.schedule.sessions import Session, build_schedule
from vision.fields.doubt import title_confidence
from vision.reading import CardFields

SEEN_AT = dt.datetime(2024, 5, 17, 14, 42, tzinfo=dt.UTC)
TEN, ELEVEN, ONE = "10:00-11:00", "11:00-12:00", "13:00-14:00"


def states(schedule):
    return {tuple(entry.cell): entry.state for entry in schedule.cells}


@pytest.fixture
def build(board, timezone):
    def build(cards=(), corrections=(), cells=()):
        return build_schedule(cards, corrections, board, timezone, cells)

    return build


@pytest.fixture
def build_one(build, make_card, make_correction):
    def build_one(*, seen, hidden, presence):
        return build(
            [make_card(presence=presence)],
            [make_correction(field="hidden", value=hidden)],
            [KnownCell(cell, state, SEEN_AT) for cell, state in seen.items()],
        )

    return build_one


def test_schedule_of_nothing_knows_only_what_is_blocked(build):
    schedule = build()

    assert schedule.board == "friday"
    assert schedule.sessions == ()
    assert states(schedule) == {
        ("Room 301", TEN): "unseen",
        ("Room 302", TEN): "unseen",
        ("Room 301", ELEVEN): "unseen",
        ("Room 302", ELEVEN): "unseen",
        ("Room 301", ONE): "unseen",
        ("Room 302", ONE): "blocked",
    }


def test_session_of_a_card_as_read(build, make_card, timezone):
    card = make_card()

    assert build([card]).sessions == (
        Session(
            id=card.id,
            title="Type checking at scale",
            description="",
            host="Maya",
            handles=("@mayacodes",),
            hashtags=(),
            urls=(),
            cell=CellId("Room 301", TEN),
            starts_at=dt.datetime(2024, 5, 17, 10, tzinfo=timezone),
            ends_at=dt.datetime(2024, 5, 17, 11, tzinfo=timezone),
            crop=card.crop,
            confidence=0.93,
            corrected=False,
            presence="present",
            last_seen_at=card.last_seen_at,
            title_confidence=title_confidence(card.fields, card.confidence),
        ),
    )


def test_session_of_a_corrected_card(build, make_card, make_correction, timezone):
    card = make_card()
    plain = build([card]).sessions[0]
    corrections = [
        make_correction(id=1, field="title", value="Typing at scale"),
        make_correction(id=2, field="description", value="Gradual, in a monorepo"),
        make_correction(id=3, field="host", value=""),
        make_correction(id=4, field="cell", value=CellId("Room 302", ELEVEN)),
    ]

    assert build([card], corrections).sessions == (
        replace(
            plain,
            title="Typing at scale",
            description="Gradual, in a monorepo",
            host="",
            cell=CellId("Room 302", ELEVEN),
            starts_at=dt.datetime(2024, 5, 17, 11, tzinfo=timezone),
            ends_at=dt.datetime(2024, 5, 17, 12, tzinfo=timezone),
            corrected=True,
            title_confidence=1.0,
        ),
    )


def test_correction_survives_another_reading_and_a_move(
    build, make_card, make_correction
):
    corrections = [make_correction(value="Typing at scale")]
    later = make_card(
        fields=CardFields(title="Tvpe chccking"),
        cell=CellId("Room 302", ELEVEN),
        confidence=0.4,
    )

    (session,) = build([later], corrections).sessions

    assert (session.title, session.cell, session.corrected) == (
        "Typing at scale",
        CellId("Room 302", ELEVEN),
        True,
    )


@pytest.mark.parametrize(
    ("until", "end"),
    [
        pytest.param(None, dt.time(11), id="none"),
        pytest.param("10:00", dt.time(11), id="its-own-start"),
        pytest.param("10:30", dt.time(11), id="within-the-slot"),
        pytest.param("11:00", dt.time(11), id="end-of-the-slot"),
        pytest.param("12:00", dt.time(12), id="a-slot-longer"),
        pytest.param("14:00", dt.time(14), id="end-of-the-board"),
        pytest.param("14:01", dt.time(11), id="one-past-the-board"),
        pytest.param("09:00", dt.time(11), id="before-its-start"),
    ],
)
def test_until_lengthens_a_session_within_the_board(build, make_card, until, end):
    (session,) = build([make_card(until=until)]).sessions

    assert session.ends_at.timetz().replace(tzinfo=None) == end
    assert session.ends_at.date() == dt.date(2024, 5, 17)


def test_until_lengthens_a_session_after_midnight(board, make_card, timezone):
    late = tuple(map(Slot.parse, ("23:00-00:30", "00:30-01:30", "01:30-02:30")))
    night = replace(board, layout=Layout(rooms=("Room 301",), slots=late))
    card = make_card(cell=CellId("Room 301", "00:30-01:30"), until="02:30")

    schedule = build_schedule([card], [], night, timezone, [])

    assert [(s.starts_at, s.ends_at) for s in schedule.sessions] == [
        (
            dt.datetime(2024, 5, 18, 0, 30, tzinfo=timezone),
            dt.datetime(2024, 5, 18, 2, 30, tzinfo=timezone),
        )
    ]


def untitled(make_card, slot, room="Room 301", card_id="2"):
    return replace(make_card(cell=CellId(room, slot)), id=card_id, fields=CardFields())


def test_card_without_a_title_within_a_longer_session_is_a_part_of_it(build, make_card):
    talk = make_card(until="12:00")

    sessions = build([talk, untitled(make_card, "11:00-12:00")]).sessions

    assert [session.id for session in sessions] == [talk.id]


@pytest.mark.parametrize(
    ("slot", "room"),
    [
        pytest.param("13:00-14:00", "Room 301", id="after it"),
        pytest.param("11:00-12:00", "Room 302", id="in another room"),
    ],
)
def test_card_without_a_title_elsewhere_stays_a_session(build, make_card, slot, room):
    other = untitled(make_card, slot, room)

    sessions = build([make_card(until="12:00"), other]).sessions

    assert other.id in {session.id for session in sessions}


def test_until_takes_the_cells_below_it(build, make_card):
    taken = {
        cell
        for cell, state in states(build([make_card(until="14:00")])).items()
        if state == "taken"
    }

    assert taken == {("Room 301", TEN), ("Room 301", ELEVEN), ("Room 301", ONE)}


def test_until_does_not_follow_a_card_that_a_person_moved(
    build, make_card, make_correction
):
    moved = make_correction(field="cell", value=CellId("Room 302", ELEVEN))

    (session,) = build([make_card(until="14:00")], [moved]).sessions

    assert session.ends_at.hour == 12


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"presence": "gone"}, id="gone"),
        pytest.param({"cell": None}, id="beside-the-cells"),
        pytest.param({"cell": CellId("Room 999", TEN)}, id="room-left-the-profile"),
        pytest.param({"cell": CellId("Room 301", "09:00-10:00")}, id="slot-left-it"),
    ],
)
def test_card_without_a_place_is_not_published_and_harms_no_other(
    build, make_card, changes
):
    other = make_card(id="ba9876543210")

    schedule = build([make_card(**changes), other])

    assert [session.id for session in schedule.sessions] == ["ba9876543210"]


@pytest.mark.parametrize("presence", ["covered", "unseen"])
def test_card_that_was_not_seen_keeps_its_session(build, make_card, presence):
    (session,) = build([make_card(presence=presence)]).sessions

    assert session.presence == presence


@pytest.mark.parametrize("read", [False, True])
@pytest.mark.parametrize("said", [None, False, True])
def test_crossed_out_card_is_cancelled_unless_a_person_says_otherwise(
    build, make_card, make_correction, read, said
):
    card = make_card(fields=CardFields(title="Typing", cancelled=read))
    held = [] if said is None else [make_correction(field="cancelled", value=said)]

    schedule = build([card], held)

    (session,) = schedule.sessions
    assert (session.title, session.cancelled) == (
        "Typing",
        read if said is None else said,
    )
    # It still hangs there: nobody can take its place.
    assert schedule.cells[0].state == "taken"


def test_hidden_card_is_not_published_and_its_cell_is_not_free(
    build, make_card, make_correction
):
    hidden = make_correction(field="hidden", value=True)
    cells = [KnownCell(CellId("Room 301", TEN), "taken", SEEN_AT)]

    schedule = build([make_card()], [hidden], cells)

    assert schedule.sessions == ()
    assert states(schedule)["Room 301", TEN] == "unseen"


def test_card_shown_again_is_published(build, make_card, make_correction):
    corrections = [
        make_correction(id=1, field="hidden", value=True),
        make_correction(id=2, field="hidden", value=False),
    ]

    assert len(build([make_card()], corrections).sessions) == 1


@pytest.mark.parametrize(
    ("seen", "published"),
    [
        pytest.param("free", "free", id="free"),
        pytest.param("covered", "covered", id="covered"),
        pytest.param("unseen", "unseen", id="unseen"),
        pytest.param("blocked", "blocked", id="blocked"),
        pytest.param("taken", "unseen", id="taken-by-nothing-published"),
    ],
)
def test_cell_without_a_session_is_free_only_if_seen_free(build, seen, published):
    cell = CellId("Room 301", ELEVEN)

    assert states(build(cells=[KnownCell(cell, seen, SEEN_AT)]))[cell] == published


def test_cell_with_a_session_is_taken_whatever_was_seen(build, make_card):
    cells = [KnownCell(CellId("Room 301", TEN), "free", SEEN_AT)]

    assert states(build([make_card()], cells=cells))["Room 301", TEN] == "taken"


def test_sessions_are_in_the_order_of_time_room_and_id(build, make_card):
    places = {
        "a": CellId("Room 302", TEN),
        "c": CellId("Room 301", TEN),
        "b": CellId("Room 301", TEN),
        "d": CellId("Room 301", ELEVEN),
    }
    cards = [
        make_card(id=name * 12, cell=cell, fields=CardFields(f"Talk {name}"))
        for name, cell in places.items()
    ]
    expected = build(cards)

    assert [session.id[0] for session in expected.sessions] == ["b", "c", "a", "d"]
    assert all(build(order) == expected for order in permutations(cards))


@given(
    seen=st.dictionaries(
        st.sampled_from([CellId("Room 301", TEN), CellId("Room 302", TEN)]),
        st.sampled_from(["taken", "blocked", "covered", "unseen"]),
    ),
    hidden=st.booleans(),
    presence=st.sampled_from(["present", "gone", "covered", "unseen"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_cell_is_free_unless_a_photo_showed_it_free(build_one, **world):
    assert "free" not in states(build_one(**world)).values()


READ = CardFields(
    title="Bokeh",
    description="perdere",
    host="Ines",
    handles=("@ines",),
    hashtags=("#viz",),
    urls=("example.org",),
    split_confidence=0.3,
)


@pytest.fixture
def told(build, make_card, make_correction):
    """What is told of an unreadable card of which people set some fields."""

    def told(**held):
        corrections = [
            make_correction(id=index, field=field, value=value)
            for index, (field, value) in enumerate(held.items())
        ]
        (session,) = build(
            [make_card(fields=READ, confidence=0.0)], corrections
        ).sessions
        return session

    return told


def test_nothing_is_told_of_an_unreadable_card_but_its_picture(told, make_card):
    session = told()

    assert session.doubt == "unreadable"
    assert session.crop == make_card().crop
    assert session.title_confidence < FLOOR
    assert (
        session.title, session.description, session.host,
        session.handles, session.hashtags, session.urls,
    ) == ("", "", "", (), (), ())  # fmt: skip


def test_what_a_person_set_of_an_unreadable_card_is_told(told):
    session = told(host="Inés")

    assert (session.doubt, session.title, session.host) == ("unreadable", "", "Inés")


@pytest.mark.parametrize("title", ["Bokeh", "Book club"])
def test_what_a_person_confirmed_or_corrected_is_in_no_doubt(told, title):
    session = told(title=title)

    assert (session.title, session.title_confidence, session.doubt) == (
        title,
        1.0,
        "none",
    )
    assert (session.host, session.handles) == ("Ines", ("@ines",))


def test_unreadable_card_within_a_longer_session_is_a_session_all_the_same(
    build, make_card
):
    long = make_card(until="14:00")
    within = make_card(
        id="0" * 12, cell=CellId("Room 301", ELEVEN), fields=READ, confidence=0.0
    )

    assert [session.title for session in build([long, within]).sessions] == [
        long.fields.title,
        "",
    ]


@pytest.mark.parametrize(
    ("title", "chance", "doubt"),
    [
        pytest.param("Knitting", 1.0, "none", id="sure"),
        pytest.param("Knitting", DOUBT, "none", id="just-sure"),
        pytest.param("Knitting", DOUBT - 0.01, "guess", id="in-doubt"),
        pytest.param("Knitting", FLOOR, "guess", id="just-told"),
        pytest.param("Knitting", FLOOR - 0.01, "unreadable", id="below-the-floor"),
        pytest.param("", 1.0, "unreadable", id="no-title"),
    ],
)
def test_doubt_by_the_chance_of_a_title(title, chance, doubt):
    assert doubt_of(title, chance) == doubt
