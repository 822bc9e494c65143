"""What is one entry on the board is one on every page and in every format."""

import datetime as dt

import pytest
from icalendar import Calendar

WORKSHOP, KEPT, CLOSED, LUNCH = (f"{n}{n}0000000000" for n in "abcd")
LATER = dt.datetime(2024, 5, 17, 14, 30, tzinfo=dt.UTC)


@pytest.fixture
def friday(seeder, make_post):
    """A workshop over two slots, a room that is closed, lunch for all."""
    return seeder.photo(
        make_post(WORKSHOP, title="Workshop"),
        make_post(KEPT, slot="11:00-12:00", title="Booked - see above"),
        make_post(CLOSED, room="Room 302", title="Closed for setup"),
        make_post(LUNCH, slot="13:00-14:00", title="Lunch"),
        cells={("Room 302", "13:00-14:00"): "free"},
    )


@pytest.mark.usefixtures("friday")
def test_json_tells_each_entry_once(client):
    document = client.get("/os/friday.json").json

    assert [
        (
            one["title"],
            one["room"],
            one["rooms"],
            one["all_rooms"],
            one["ends_at"][11:16],
        )
        for one in document["sessions"]
    ] == [
        ("Workshop", "Room 301", ["Room 301"], False, "12:00"),
        ("Lunch", "Room 301", ["Room 301", "Room 302"], True, "14:00"),
    ]
    assert [one["other_cards"] for one in document["sessions"]] == [
        [{"id": KEPT, "room": "Room 301", "slot": "11:00-12:00"}],
        [],
    ]
    assert document["board"]["blocked"] == [
        {"room": "Room 302", "slot": "10:00-11:00", "reason": "Closed for setup"},
        {"room": "Room 303", "slot": "13:00-14:00", "reason": "Keynote overflow"},
    ]
    assert document["blocked"][0] == {
        "slot": "10:00-11:00",
        "starts_at": "2024-05-17T10:00:00-04:00",
        "ends_at": "2024-05-17T11:00:00-04:00",
        "rooms": ["Room 302"],
        "all_rooms": False,
        "reason": "Closed for setup",
    }


@pytest.mark.usefixtures("friday")
def test_page_tells_each_entry_once(client, read_page):
    page = read_page(client.get("/os/friday").text)

    assert page["card-title"] == ["Workshop", "Lunch"]
    assert page["room"] == ["Room 301", "All rooms"]
    assert page["running"] == ["Still on: Workshop, Room 301, until 12:00"]
    assert "Room 302 Closed for setup" in page["rooms"]
    assert page["td"][1:] == [
        "Workshop", "Closed for setup", "not visible",
        "Workshop", "not visible", "not visible",
        "Lunch", "Keynote overflow",
    ]  # fmt: skip
    assert page.attributes("td", "colspan") == ["2"]


@pytest.mark.usefixtures("friday")
def test_calendar_tells_where(client):
    calendar = Calendar.from_ical(client.get("/os/friday.ics").data)

    assert [
        (str(event["summary"]), str(event["location"]))
        for event in calendar.walk("VEVENT")
    ] == [("Workshop", "Room 301"), ("Lunch", "All rooms")]


@pytest.mark.usefixtures("friday")
def test_desk_tells_which_card_belongs_to_which(client, sign_in, read_page):
    sign_in()

    page = read_page(client.get("/desk/friday").text)

    notes = dict(
        zip(
            page.field("title"),
            (state.split(" \N{MIDDLE DOT} ")[1:] for state in page["desk-state"]),
            strict=True,
        )
    )
    quoted = "\N{LEFT DOUBLE QUOTATION MARK}Workshop\N{RIGHT DOUBLE QUOTATION MARK}"
    way_back = "is it a session? Give it a host or a description"
    assert notes == {
        "Workshop": [],
        "Booked - see above": [f"keeps the place of {quoted}, Room 301; {way_back}"],
        "Closed for setup": [f"blocks its cell; {way_back}"],
        "Lunch": ["in all rooms"],
    }


@pytest.mark.usefixtures("friday")
def test_a_card_that_belongs_to_a_session_leads_to_it(client):
    answer = client.get(f"/os/s/{KEPT}")

    assert (answer.status_code, answer.location) == (307, f"/os/s/{WORKSHOP}")
    assert client.get(f"/os/s/{CLOSED}").status_code == 410


@pytest.mark.usefixtures("friday")
def test_cards_that_turn_out_to_be_one_entry_are_one_calendar_event(
    seeder, make_post, client
):
    first = {f"{n}{n}1111111111": f"Room 30{n}" for n in "123"}

    def show(titles, at, known=()):
        posts = [
            make_post(name, room=room, slot="11:00-12:00", title=title)
            for (name, room), title in zip(first.items(), titles, strict=True)
        ]
        return seeder.photo(*posts, at=at, gone=(KEPT,), known=known)

    show(["Group photo", "Grovp photo", "Crayons"], LATER)
    release = show(
        ["Group photo"] * 3, LATER + dt.timedelta(minutes=5), known=tuple(first)
    )

    assert [
        (one.id, one.place)
        for one in release.schedule.sessions
        if one.cell.slot[0] == "1" and one.title == "Group photo"
    ] == [("111111111111", "All rooms")]
    events = {
        str(event["uid"]).split("@")[0]: str(event["status"])
        for event in Calendar.from_ical(client.get("/os/friday.ics").data).walk(
            "VEVENT"
        )
    }
    assert [events[name] for name in first] == ["CONFIRMED", "CANCELLED", "CANCELLED"]
