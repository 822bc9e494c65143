import datetime as dt
import json

import pytest
from icalendar import Calendar

from server.publish.releases import publish
from server.schedule.corrections.edit import Edit
from server.schedule.doubt import DOUBT, FLOOR
from server.store.corrections import append_correction
from server.store.releases import releases
from server.views.remembered import RememberedHistories
from server.views.responses import REVALIDATE

NOON = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)


def test_picture_is_the_newest_and_is_asked_for_again_cheaply(
    client, site, friday, seeder, make_post
):
    first = client.get("/os.jpg")
    etag = {"If-None-Match": first.headers["ETag"]}
    unchanged = client.get("/os/friday.jpg", headers=etag)
    newer = seeder.photo(make_post("dd0000000004"), at=NOON)
    changed = client.get("/os.jpg", headers=etag)

    assert first.data == site.blobs.get(friday.picture.full.sha256)
    assert (first.content_type, first.headers["Cache-Control"]) == (
        "image/jpeg",
        REVALIDATE,
    )
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert changed.data == site.blobs.get(newer.picture.full.sha256)


def test_json_is_the_documented_shape(client, friday):
    response = client.get("/os.json")

    session, unreadable, _ = friday.schedule.sessions
    document = json.loads(response.data)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert {key: document[key] for key in ("schema", "release", "event")} == {
        "schema": "boardcast/schedule/1",
        "release": 1,
        "event": {
            "name": "PyCon US 2024",
            "timezone": "America/New_York",
            "hashtag": "#PyConOpenSpace",
            "language": "en",
            "contact": None,
            "how_to_host": "",
            "privacy": "",
            "links": [],
        },
    }
    assert document["sessions"][0] == {
        "id": "aa0000000001",
        "url": "https://board.example/os/s/aa0000000001",
        "room": "Room 301",
        "slot": "10:00-11:00",
        "rooms": ["Room 301"],
        "all_rooms": False,
        "place": "Room 301",
        "starts_at": "2024-05-17T10:00:00-04:00",
        "ends_at": "2024-05-17T11:00:00-04:00",
        "time": "",
        "planned": False,
        "title": "Type checking at scale",
        "description": "",
        "host": "Maya",
        "handles": [],
        "hashtags": [],
        "urls": ["example.org/typing"],
        "card_picture": f"https://board.example/b/{session.crop}.jpg",
        "link": "",
        "by_hand": False,
        "confidence": 0.9,
        "title_confidence": round(session.title_confidence, 3),
        "doubt": "none",
        "status": "confirmed",
        "decide_by": None,
        "corrected": False,
        "votes": None,
        "presence": "present",
        "last_seen_at": "2024-05-17T09:42:00-04:00",
        "other_cards": [],
    }
    assert document["sessions"][1]["title"] == unreadable.title == ""
    assert document["cells"][:3] == [
        {"room": "Room 301", "slot": "10:00-11:00", "state": "taken"},
        {"room": "Room 302", "slot": "10:00-11:00", "state": "taken"},
        {"room": "Room 303", "slot": "10:00-11:00", "state": "free"},
    ]


@pytest.mark.usefixtures("doubtful")
def test_json_tells_guesses_and_withholds_what_is_unreadable(client):
    sessions = json.loads(client.get("/os.json").data)["sessions"]

    assert [
        [session[key] for key in ("title", "host", "confidence", "doubt", "corrected")]
        for session in sessions
    ] == [
        ["Knittinq patterns", "Ines", 0.1, "guess", False],
        ["", "", 0.0, "unreadable", False],
        ["Type checking", "Maya", 0.0, "none", True],
    ]
    guess, unreadable, corrected = (one["title_confidence"] for one in sessions)
    assert 0 < unreadable < FLOOR < guess < DOUBT
    assert corrected == 1
    assert (sessions[1]["description"], sessions[1]["urls"]) == ("", [])


@pytest.mark.usefixtures("doubtful")
def test_calendar_tells_guesses_and_withholds_what_is_unreadable(client):
    calendar = Calendar.from_ical(client.get("/os.ics").data)

    assert [str(entry["SUMMARY"]) for entry in calendar.walk("VEVENT")] == [
        "? Knittinq patterns",
        "Unreadable card",
        "Type checking",
    ]


@pytest.mark.usefixtures("doubtful")
def test_nothing_that_is_public_tells_what_an_unreadable_card_was_read_as(client):
    paths = (
        "/os",
        "/os.json",
        "/os.ics",
        "/os/s/bb0000000002",
        "/os/s/bb0000000002.ics",
    )
    for path in paths:
        text = client.get(path).text
        assert not any(said in text for said in ("Bokeh", "perdere", "Tom"))


def test_json_before_any_photo_is_empty_and_valid(client):
    document = json.loads(client.get("/os/saturday.json").data)

    assert (document["release"], document["photo"], document["sessions"]) == (
        0,
        None,
        [],
    )
    assert document["board"]["rooms"] == ["Room 301", "Room 302", "Room 303"]


@pytest.mark.usefixtures("friday")
def test_version_changes_with_a_release_and_with_the_hour(
    client, seeder, make_post, clock
):
    versions = [client.get("/os.version").text]
    clock.at(11)
    versions.append(client.get("/os/friday.version").text)
    seeder.photo(make_post("dd0000000004"), at=NOON)
    versions.append(client.get("/os/friday.version").text)
    clock.at(8, day=18)
    versions.append(client.get("/os.version").text)

    assert versions == [
        "friday.1.2.1",
        "friday.1.4.1",
        "friday.2.4.1",
        "saturday.0.1.1",
    ]


@pytest.mark.usefixtures("friday")
def test_version_is_what_the_page_carries(client, read_page):
    page = read_page(client.get("/os").text)

    assert page.attributes("main", "data-version") == [client.get("/os.version").text]
    assert page.attributes("main", "data-version-from") == ["/os.version"]


def test_calendar_is_of_all_boards_or_of_one(client, friday, seeder, make_post):
    seeder.photo(make_post("ee0000000005"), board="saturday", at=NOON)

    def uids(path):
        response = client.get(path)
        assert response.content_type == "text/calendar; charset=utf-8"
        calendar = Calendar.from_ical(response.data)
        return [str(entry["UID"])[:12] for entry in calendar.walk("VEVENT")]

    friday_ids = sorted(session.id for session in friday.schedule.sessions)
    assert uids("/os.ics") == [*friday_ids, "ee0000000005"]
    assert uids("/os/friday.ics") == friday_ids
    assert uids("/os/s/bb0000000002.ics") == ["bb0000000002"]


@pytest.mark.usefixtures("friday")
def test_calendar_follows_a_correction_under_the_same_id(client, site):
    before = client.get("/os.ics")
    with site.database.write() as session:
        append_correction(
            session,
            "friday",
            Edit("aa0000000001", title="Typing"),
            author="Ada",
            made_at=NOON,
        )
        publish(session, site.profile, "friday", cause="correction", at=NOON)
    entry = Calendar.from_ical(client.get("/os.ics").data).walk("VEVENT")[0]

    assert b"SUMMARY:Type checking at scale\r\n" in before.data
    assert (str(entry["UID"]), str(entry["SUMMARY"]), entry["SEQUENCE"]) == (
        "aa0000000001@os.boardcast",
        "Typing",
        1,
    )


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize("suffix", ["json", "ics", "version"])
def test_feed_is_asked_for_again_cheaply(client, suffix):
    first = client.get(f"/os/friday.{suffix}")
    again = client.get(
        f"/os/friday.{suffix}", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert first.headers["Cache-Control"] == REVALIDATE
    assert (again.status_code, again.data) == (304, b"")


def test_calendar_folds_each_release_once(site, friday, seeder, make_post, monkeypatch):
    remembered = RememberedHistories()
    first = remembered.of(site, "friday")
    again = remembered.of(site, "friday")
    upto = remembered.by_board["friday"][0]
    seeder.photo(make_post("dd0000000004"), at=NOON)
    asked = []

    def counted(*args, after):
        asked.append(after)
        return releases(*args, after=after)

    monkeypatch.setattr("server.views.remembered.releases", counted)
    newer = remembered.of(site, "friday")

    assert asked == [upto]
    assert newer == RememberedHistories().of(site, "friday")

    assert first is again
    assert [entry.session.id for entry in first] == sorted(
        session.id for session in friday.schedule.sessions
    )
    assert [entry.session.id for entry in newer][-1] == "dd0000000004"
    assert remembered.of(site, "saturday") == ()
