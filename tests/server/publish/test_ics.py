import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from calibration.layout import CellId, Slot
from server.publish.history import SessionHistory
from server.publish.ics import render_calendar

ROOT = "https://board.example"
ADDRESS = f"{ROOT}/os"
MADE_AT = dt.datetime(2024, 5, 17, 13, 45, tzinfo=dt.UTC)
MAX_OCTETS = 75


@pytest.fixture
def render(event):
    def render(*entries):
        return render_calendar(event, "Friday", entries, address=ADDRESS, root=ROOT)

    return render


def parsed(data):
    (calendar,) = Calendar.from_ical(data, multiple=True)
    return calendar


def test_calendar_of_one_session_parses_back(render, make_session, timezone_name):
    calendar = parsed(render(SessionHistory(make_session(), 2, MADE_AT, gone=False)))

    (entry,) = calendar.walk("VEVENT")
    assert {name: str(entry[name]) for name in ("UID", "SUMMARY", "LOCATION")} == {
        "UID": "0123456789ab@os.boardcast",
        "SUMMARY": "Type checking at scale",
        "LOCATION": "Room 301",
    }
    assert str(entry["DESCRIPTION"]) == (
        "Gradual typing in a monorepo\n\nHost: Maya @mayacodes\n\n"
        "https://example.org/typing\n\n"
        "Read from a photo of the board; the card itself is at the address."
    )
    assert (entry["SEQUENCE"], entry["STATUS"]) == (2, "CONFIRMED")
    assert entry["URL"] == f"{ADDRESS}/s/0123456789ab"
    assert entry["DTSTAMP"].dt == entry["LAST-MODIFIED"].dt == MADE_AT
    assert (entry.start, entry.end) == (
        make_session().starts_at,
        make_session().ends_at,
    )
    assert entry["DTSTART"].params["TZID"] == timezone_name


def test_calendar_names_itself_and_its_refresh_interval(render):
    calendar = parsed(render())

    assert {
        name: str(calendar[name])
        for name in ("VERSION", "PRODID", "NAME", "X-WR-CALNAME", "URL")
    } == {
        "VERSION": "2.0",
        "PRODID": "-//Boardcast//Open Spaces//EN",
        "NAME": "PyCon US 2024: Friday",
        "X-WR-CALNAME": "PyCon US 2024: Friday",
        "URL": ADDRESS,
    }
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n" in render()
    assert b"X-PUBLISHED-TTL:PT15M\r\n" in render()


def test_calendar_before_its_first_entry_is_one(render, timezone_name):
    # RFC 5545, 3.6: a calendar has at least one component.
    data = render()

    (zone,) = parsed(data).subcomponents
    assert (zone.name, zone["TZID"]) == ("VTIMEZONE", timezone_name)
    assert zone.subcomponents
    assert render() == data


def test_calendar_describes_its_timezone_over_the_change_of_clocks(
    render, make_session, timezone_name
):
    calendar = parsed(render(SessionHistory(make_session(), 0, MADE_AT, gone=False)))

    (zone,) = calendar.walk("VTIMEZONE")
    offsets = {part.name: part["TZOFFSETTO"].to_ical() for part in zone.subcomponents}
    assert zone["TZID"] == timezone_name
    assert offsets == {"STANDARD": "-0500", "DAYLIGHT": "-0400"}


@pytest.mark.parametrize(
    ("label", "date", "told"),
    [
        ("02:30-03:30", "2024-03-10", ("20240310T030000", "20240310T033000")),
        ("02:00-03:00", "2024-03-10", ("20240310T030000", "20240310T040000")),
        ("01:30-02:30", "2024-11-03", ("20241103T013000", "20241103T023000")),
    ],
)
def test_calendar_tells_only_times_that_the_clock_shows(
    label, date, told, render, make_session
):
    timezone = make_session().starts_at.tzinfo
    span = Slot.parse(label).span(dt.date.fromisoformat(date), timezone)
    session = make_session(starts_at=span[0], ends_at=span[1])

    data = render(SessionHistory(session, 0, MADE_AT, gone=False)).decode()

    (entry,) = parsed(data).walk("VEVENT")
    assert f"DTSTART;TZID=America/New_York:{told[0]}\r\n" in data
    assert f"DTEND;TZID=America/New_York:{told[1]}\r\n" in data
    assert entry.end.astimezone(dt.UTC) > entry.start.astimezone(dt.UTC)


def test_gone_session_is_cancelled_and_tells_nothing_more(render, make_session):
    data = render(SessionHistory(make_session(), 3, MADE_AT, gone=True))

    (entry,) = parsed(data).walk("VEVENT")
    assert (entry["STATUS"], entry["SEQUENCE"], str(entry["SUMMARY"])) == (
        "CANCELLED",
        3,
        "No longer on the board",
    )
    assert b"Type checking" not in data
    assert b"Maya" not in data


def test_crossed_out_session_is_cancelled_and_keeps_its_words(render, make_session):
    session = make_session(cancelled=True)

    data = render(SessionHistory(session, 3, MADE_AT, gone=False))

    (entry,) = parsed(data).walk("VEVENT")
    assert (entry["STATUS"], str(entry["SUMMARY"]), str(entry["LOCATION"])) == (
        "CANCELLED",
        "Cancelled: Type checking at scale",
        "Room 301",
    )


def test_unreadable_card_points_to_its_picture(render, make_session):
    session = make_session(
        title="", description="", host="", handles=(), urls=(), title_confidence=0.05
    )
    data = render(SessionHistory(session, 0, MADE_AT, gone=False))

    (entry,) = parsed(data).walk("VEVENT")
    assert str(entry["SUMMARY"]) == "Unreadable card"
    assert str(entry["DESCRIPTION"]) == (
        f"The card: {ROOT}/b/{'c' * 64}.jpg\n\n"
        "Read from a photo of the board; the card itself is at the address."
    )


def test_title_in_doubt_is_a_guess_with_its_picture(render, make_session):
    session = make_session(title_confidence=0.4)
    data = render(SessionHistory(session, 0, MADE_AT, gone=False))

    (entry,) = parsed(data).walk("VEVENT")
    assert str(entry["SUMMARY"]) == "? Type checking at scale"
    assert str(entry["DESCRIPTION"]) == (
        f"The title is a guess. The card: {ROOT}/b/{'c' * 64}.jpg\n\n"
        "Gradual typing in a monorepo\n\nHost: Maya @mayacodes\n\n"
        "https://example.org/typing\n\n"
        "Read from a photo of the board; the card itself is at the address."
    )


def test_calendar_of_the_same_histories_has_the_same_bytes(render, make_session):
    entry = SessionHistory(make_session(), 0, MADE_AT, gone=False)

    assert render(entry) == render(entry)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a, b; c\\n \\, \\;", id="separators"),
        pytest.param("x\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nACTION:AUDIO", id="lines"),
        pytest.param("<script>alert(1)</script>", id="markup"),
        pytest.param('"quoted":param=x', id="quotes"),
        pytest.param("=HYPERLINK(1)", id="formula"),
        pytest.param("\u202eevil\u2069", id="right-to-left"),
        pytest.param("日本語と絵文字🎉" * 20, id="long-and-wide"),
        pytest.param("x" * 500, id="one-long-word"),
    ],
)
def test_hostile_text_comes_back_as_the_text_it_is(render, make_session, text):
    session = make_session(
        title=text, description="", host="", handles=(), urls=(),
        cell=CellId(text, "10:00-11:00"),
    )  # fmt: skip
    data = render(SessionHistory(session, 0, MADE_AT, gone=False))

    (entry,) = parsed(data).walk("VEVENT")
    told = text.replace("\r\n", "\n")
    assert (str(entry["SUMMARY"]), str(entry["LOCATION"])) == (told, told)
    assert entry.subcomponents == []
    assert max(map(len, data.split(b"\r\n"))) <= MAX_OCTETS


@given(title=st.text(st.characters(), max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_title_stays_within_its_line(render, make_session, title):
    entry = SessionHistory(make_session(title=title), 0, MADE_AT, gone=False)
    data = render(entry)

    assert len(parsed(data).walk("VEVENT")) == 1
    assert data.count(b"\nEND:VEVENT") == 1
    assert not {octet for octet in data if octet < 32} - {9, 10, 13}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "de",
            ["Nicht mehr an der Pinnwand", "Abgesagt: Type", "Leitung: M", "Von einem"],
        ),
        ("zh-Hant", ["已不在看板上", "已取消", "主持人", "由看板照片辨識"]),
    ],
)
def test_its_own_words_are_in_the_language_of_the_event(
    event, make_session, language, said
):
    session = replace(make_session(), cancelled=True)
    entries = [
        SessionHistory(session, 2, MADE_AT, gone=False),
        SessionHistory(session, 3, MADE_AT, gone=True),
    ]

    data = render_calendar(
        replace(event, language=language), "Friday", entries, address=ADDRESS, root=ROOT
    )

    shown, left = parsed(data).walk("VEVENT")
    first, host, *_, source = str(shown["DESCRIPTION"]).split("\n\n")
    told = [str(left["SUMMARY"]), str(shown["SUMMARY"]), host, source]
    assert [text[: len(part)] for text, part in zip(told, said, strict=True)] == said
    assert first == "Gradual typing in a monorepo"


def test_nothing_is_said_of_where_a_session_elsewhere_is_known_from(
    render, make_session
):
    session = replace(make_session(), crop=None, listing="elsewhere", urls=(), link="")

    (entry,) = parsed(render(SessionHistory(session, 2, MADE_AT, gone=False))).walk(
        "VEVENT"
    )

    assert str(entry["DESCRIPTION"]).endswith("Host: Maya @mayacodes")
