"""Sheets of planned sessions: whoever saved them, the good rows are kept."""

import datetime as dt
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.layout import CellId, Layout, Slot
from calibration.profile import Board
from server.errors import SheetError
from server.publish.planning.preview import preview_of, written_before
from server.publish.planning.rows import written_from
from server.publish.planning.sheet import MOST_BYTES, MOST_ROWS, as_csv, read_sheet
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.held import Elsewhere
from server.schedule.corrections.typed import Texts
from server.schedule.written_hours import Hours, hours_of

NOON = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)
LAYOUT = Layout(
    ("Room 301", "Room 302"),
    tuple(map(Slot.parse, ("10:00-11:00", "11:00-12:00", "13:00-14:00"))),
    blocked={CellId("Room 302", "13:00-14:00"): "Keynote"},
)
FRIDAY = Board("friday", "Friday", dt.date(2024, 5, 17), LAYOUT)
SATURDAY = Board("saturday", "Saturday", dt.date(2024, 5, 18), LAYOUT)
BOARDS = (FRIDAY, SATURDAY)
HEADINGS = "title,host,room,time,day,description,handle"
GAMES = "Board games,Ada,Room 301,10:00-11:00,Friday,Bring one,@ada"
DAYS_TOLD = "write one of Friday (2024-05-17), Saturday (2024-05-18)"
TOO_LONG = (
    "The text has 2001 characters; at most 2000 are kept. Shorten it and save again"
)
INCUBATOR = "Open Teams Incubator,Grace,Room 250DE,7pm - 8pm,May 17,,"


def preview(text, known=None, default=None):
    data = text if isinstance(text, bytes) else text.encode()
    return preview_of(read_sheet(data), BOARDS, known or {}, default)


def sheet(*rows, headings=HEADINGS):
    return "\n".join((headings, *rows))


def places(shown):
    return {one.session.texts.title: one.session.place for one in shown.taken}


def refused(shown):
    return [str(one) for one in shown.refused]


def after(shown, known=None):
    """What is known once a sheet was taken."""
    corrections = [
        Correction(number, plan, "Ada", NOON)
        for number, plan in enumerate(shown.plans.values())
    ]
    return {**(known or {}), **written_before(corrections)}


def test_room_s_old_name_says_which_board_of_its_day():
    upstairs = replace(
        FRIDAY,
        slug="upstairs",
        layout=replace(LAYOUT, rooms=("Attic", "Cellar"), blocked={}),
    )
    row = "Tea,Ada,Loft,10:00-11:00,Friday,,"

    shown = preview_of(
        read_sheet(sheet(row).encode()),
        (FRIDAY, upstairs),
        {},
        formerly={"upstairs": {"Loft": "Attic"}},
    )

    (tea,) = shown.taken
    cell = CellId("Attic", "10:00-11:00")
    assert (tea.session.board, tea.session.cell) == ("upstairs", cell)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("19:00-20:00", Hours(1140, 1200, exact=True)),
        ("7pm \N{EN DASH} 8pm", Hours(1140, 1200, exact=True)),
        ("from 7pm to 8pm", Hours(1140, 1200, exact=True)),
        ("7-8:30 p.m.", Hours(1140, 1230, exact=True)),
        ("11-1pm", Hours(660, 780, exact=True)),
        ("9am-12", Hours(540, 720, exact=True)),
        ("11pm to 1", Hours(1380, 1500, exact=True)),
        ("12pm", Hours(720, None, exact=True)),
        ("12 am", Hours(0, None, exact=True)),
        ("19.30 Uhr bis 20.30 Uhr", Hours(1170, 1230, exact=True)),
        ("1:00", Hours(60, None, exact=False)),
        ("23:30-0:30", Hours(1410, 30, exact=True)),
        ("in the evening", None),
        ("Tuesday 7", None),
    ],
)
def test_times_as_people_write_them(text, hours):
    assert hours_of(text) == hours


@pytest.mark.parametrize("text", ["25:00", "11:60", "13pm", "0am", "10:00-10:00"])
def test_what_has_the_form_of_a_time_and_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r"\d"):
        hours_of(text)


def test_row_is_in_its_cell_or_in_words():
    shown = preview(
        sheet(
            GAMES,
            INCUBATOR,
            "Half past,,Room 301,10:30-11:00,Friday,,",
            "Two hours,,301,10:00-12:00,2024-05-18,,",
            "After lunch,,room 301,1,Friday,,",
            "Walk,,,in the evening,Sat,,",
            "Keynote room,,Room 302,13:00,Friday,,",
        )
    )

    assert places(shown) == {
        "Board games": "Room 301, 10:00-11:00",
        "Open Teams Incubator": "Room 250DE, 19:00-20:00",
        "Half past": "Room 301, 10:30-11:00",
        "Two hours": "Room 301, 10:00-11:00",
        "After lunch": "Room 301, 13:00-14:00",
        "Walk": "in the evening",
        "Keynote room": "Room 302, 13:00-14:00",
    }
    assert [str(one) for one in shown.notes] == [
        'Row 3, room: "Room 250DE" is no room of Friday: it is told as its place.',
        "Row 4, time: 10:30-11:00 is no hour of Friday: it is told beside the schedule.",
        "Row 8, room: Room 302, 13:00-14:00 is blocked: Keynote.",
    ]
    first, second = shown.taken[0].session, shown.taken[1].session
    assert first.cell == CellId("Room 301", "10:00-11:00")
    assert first.texts == Texts("Board games", "Bring one", "Ada")
    assert (first.handles, first.planned) == (("@ada",), True)
    assert second.elsewhere == Elsewhere("Room 250DE", "", "19:00", "20:00")
    assert [one.session.board for one in shown.taken].count("saturday") == 2


def test_bad_rows_are_named_and_the_good_ones_kept():
    shown = preview(
        sheet(
            GAMES,
            "Wrong hour,,Room 301,25:00,Friday,,",
            "No hour,,Room 301,at 7 or 8,Friday,,",
            "No day,,Room 301,10:00,Monday,,",
            ",Ada,Room 301,10:00,Friday,,",
            "=cmd|' /C calc'!A0,Eve,Room 301,10:00,Friday,,",
            f"Long,,,,Friday,{'x' * 2001},",
            "Dayless,,Room 301,10:00,,,",
            INCUBATOR,
        )
    )

    assert list(places(shown)) == ["Board games", "Open Teams Incubator"]
    assert refused(shown) == [
        'Row 3, time: "25:00" is no time of a day; write for example 19:00-20:00.',
        'Row 4, time: "at 7 or 8" is no time; write for example 19:00-20:00 or 7pm-8pm.',
        f'Row 5, day: "Monday" is no day of this event; {DAYS_TOLD}.',
        "Row 6, title: it is empty; write what the session is called.",
        "Row 7, title: \"=cmd|' /C calc'!A0\" is a formula; write the text itself.",
        f"Row 8, description: {TOO_LONG}.",
        f"Row 9, day: it says no day; {DAYS_TOLD}.",
    ]


def test_rows_that_contradict_each_other_are_refused_and_the_same_twice_is_one():
    other = GAMES.replace("10:00-11:00", "11:00-12:00")

    shown = preview(sheet(GAMES, INCUBATOR, other, INCUBATOR))

    assert list(places(shown)) == ["Open Teams Incubator"]
    assert [(one.row, one.column) for one in shown.refused] == [
        (2, "title"),
        (4, "title"),
    ]
    with_ids = preview(sheet(f"a,{GAMES}", f"b,{other}", headings=f"id,{HEADINGS}"))
    assert len(with_ids.taken) == 2


@pytest.mark.parametrize(
    "data",
    [
        sheet("Café,Zoë,Room 301,10:00,Friday,,").encode(),
        sheet("Café,Zoë,Room 301,10:00,Friday,,").encode("utf-8-sig"),
        sheet("Café,Zoë,Room 301,10:00,Friday,,").encode("latin-1"),
        sheet("Café,Zoë,Room 301,10:00,Friday,,").encode("utf-16"),
        sheet("Café,Zoë,Room 301,10:00,Friday,,").replace(",", ";").encode(),
        sheet("Café,Zoë,Room 301,10:00,Friday,,").replace(",", "\t").encode(),
        "sep=;\r\nName;Speaker;Where;Start time;Date\r\n"
        "Café;Zoë;Room 301;10:00;17.05.2024\r\n".encode(),
        "\n\nWHEN,Title,Name,Venue,Day\n2024-05-17T10:00:00,Café,Zoë,301,\n".encode(),
    ],
    ids=["utf-8", "mark", "latin-1", "utf-16", "semicolons", "tabs", "excel", "other"],
)  # fmt: skip
def test_sheets_read_the_same_whoever_saved_them(data):
    (one,) = preview(data).taken

    assert (one.session.texts, one.session.cell) == (
        Texts("Café", "", "Zoë"),
        CellId("Room 301", "10:00-11:00"),
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The sheet is empty."),
        (b"x" * (MOST_BYTES + 1), "larger than 4 MiB"),
        (b"person,where\nAda,301", "No column of the sheet is called title"),
        (b'title\n"' + b"x" * 140_000 + b'"', "cannot be read"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "No column of the sheet is called title"),
    ],
)
def test_what_is_no_sheet_is_refused(data, message):
    with pytest.raises(SheetError, match=message):
        read_sheet(data)


def test_ten_thousand_rows_are_taken_and_what_is_beyond_is_said():
    rows = [f"Session {number},,,,Friday,," for number in range(MOST_ROWS + 2)]

    shown = preview(sheet(*rows))

    assert len(shown.taken) == MOST_ROWS == 10_000
    assert [(one.row, one.column) for one in shown.refused] == [(10_002, "title")]


def test_changed_sheet_changes_its_rows_and_tells_what_it_lacks():
    known = after(preview(sheet(GAMES, INCUBATOR)))
    moved = GAMES.replace("10:00-11:00", "11:00-12:00")

    shown = preview(sheet(moved), known)

    ((slug, plan),) = shown.plans.items()
    assert (slug, len(plan.sessions), len(plan.before)) == ("friday", 1, 1)
    assert plan.sessions[0].cell == CellId("Room 301", "11:00-12:00")
    assert plan.sessions[0].card == plan.before[0].card
    assert [one.texts.title for one in shown.missing] == ["Open Teams Incubator"]


def test_what_people_typed_since_is_not_what_the_sheet_said():
    (plan,) = preview(sheet(GAMES)).plans.values()
    (said,) = plan.sessions
    typed = replace(said, texts=Texts("Games night"), planned=False)
    corrections = [Correction(1, plan, "Ada", NOON), Correction(2, typed, "Ada", NOON)]

    assert written_before(corrections) == {said.card: said}
    assert written_before(corrections[1:]) == {said.card: typed}
    assert preview(sheet(GAMES), written_before(corrections)).plans == {}
    undone = replace(corrections[0], undone=True)
    assert written_before([undone]) == {}


TITLES = st.sampled_from(["Games", "Typing", "Knitting", "=x", ""])
ROOMS = st.sampled_from(["Room 301", "301", "Room 999", ""])
TIMES = st.sampled_from(["10:00", "1pm-2pm", "25:00", "evening", ""])
DAYS = st.sampled_from(["Friday", "Saturday", "Sunday", ""])
ROWS = st.lists(st.tuples(TITLES, ROOMS, TIMES, DAYS).map(",".join), max_size=8)


@given(ROWS, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter_and_twice_is_once(rows, random):
    text = partial(sheet, headings="title,room,time,day")
    shuffled = random.sample(rows, len(rows))

    shown = preview(text(*rows), default=FRIDAY)

    assert preview(text(*shuffled), default=FRIDAY).plans == shown.plans
    assert preview(text(*rows), after(shown), FRIDAY).plans == {}
    assert len(shown.taken) + len(shown.refused) <= len(rows)


def test_what_a_form_sends_again_reads_the_same():
    read = read_sheet(
        b'odd,title,day,room\nx,"Two\nlines; and, more",Friday,301\n\n,,,\ny,=x,,\n'
    )

    again = read_sheet(as_csv(read).encode())

    assert again.rows == read.rows
    assert again.headings == read.headings


def test_typed_session_is_read_again_as_it_stands():
    cells = {
        "title": "Walk",
        "room": "Main gate",
        "time": "9am - 12",
        "handle": "ada x@y.z",
    }

    written, notes = written_from(cells, FRIDAY, planned=False)

    assert written.elsewhere == Elsewhere("Main gate", "", "09:00", "12:00")
    assert written.handles == ("@ada", "x@y.z")
    assert [note.column for note in notes] == ["room"]
    again, _ = written_from({**cells, "time": "09:00-12:00"}, FRIDAY, planned=False)
    assert again == replace(written)
