"""Planned sessions and those elsewhere at the desk, by its forms alone."""

import csv
import io
import json
from html import unescape

import pytest
from icalendar import Calendar

from server.store.corrections import corrections_of
from server.store.releases import latest_release

SHEET = """Title;Speaker;Room;Time;Day
Board games;Ada;Room 302;10:00-11:00;Friday
Open Teams Incubator;Grace;Room 250DE;7pm - 8pm;May 17
Broken;Bo;Room 302;25:00;Friday
"""


@pytest.fixture
def post(client, sign_in):
    token = sign_in()

    def post(path, status=303, **fields):
        data = {"csrf_token": token, **fields}
        answer = client.post(f"/desk/friday/plan{path}", data=data)
        assert answer.status_code == status, answer.text
        return answer

    post.token = token
    return post


@pytest.fixture
def told(site):
    """What is published: titles by where they are told, with place and hours."""

    def told():
        with site.database.read() as session:
            release = latest_release(session, "friday")
        return {
            one.title: (one.listing, one.place, f"{one.starts_at:%H:%M}")
            for one in (release.schedule.every if release else ())
        }

    return told


@pytest.fixture
def _morning(clock):
    clock.at(9, 15)


@pytest.fixture
def acts(site):
    def acts():
        with site.database.read() as session:
            return [one.change.kind for one in corrections_of(session, "friday")]

    return acts


@pytest.mark.databases
def test_sheet_is_shown_first_and_then_taken_in_one_act(post, told, acts, read_page):
    file = io.BytesIO(SHEET.encode("latin-1")), "sessions.csv"
    shown = read_page(post("/sheet", 200, file=file).text)
    assert shown["plan-refused"] == [
        'Row 4, Time: "25:00" is no time of a day; write for example 19:00-20:00.'
    ]
    assert (told(), acts()) == ({}, [])

    post("/take", sheet=SHEET)

    assert acts() == ["plan"]
    assert told() == {
        "Board games": ("planned", "Room 302", "10:00"),
        "Open Teams Incubator": ("planned", "Room 250DE", "19:00"),
    }
    again = read_page(post("/sheet", 200, text=SHEET).text)
    assert len(again["plan-known"]) == 2
    assert again["plan-new"] == again["plan-changed"] == []
    post("/take", sheet=SHEET)
    assert acts() == ["plan"]


BAD = {
    1: ("Room 302;25:00;Friday", 'Time: "25:00" is no time of a day'),
    2: ("Room 302;at 7 or 8;Friday", 'Time: "at 7 or 8" is no time'),
    3: ("Room 302;10:00;Monday", 'Day: "Monday" is no day of this event'),
    4: ("=1+1;10:00;Friday", 'Room: "=1+1" is a formula'),
}
"""By the last digit of a row: its cells and what is said of it."""

GOOD = "Room 999;19:00-20:00;Friday"
"""In a room that the board does not have: told as its place."""


def test_ten_thousand_rows_of_any_kind_name_the_bad_ones_and_keep_the_good(
    post, told, client
):
    rows = [
        f"Café {n};Zoë {n};{BAD.get(n % 10, (GOOD,))[0]}" if n % 10 in BAD or n % 20 == 0
        else ";Zoë;Room 302;10:00;Friday"
        for n in range(10_000)
    ]  # fmt: skip
    data = "\r\n".join(["Title;Speaker;Room;Time;Day", *rows]).encode("latin-1")

    shown = post("/sheet", 200, file=(io.BytesIO(data), "sessions.csv")).text
    sent = unescape(shown.partition('<textarea name="sheet"')[2])
    sent = sent.partition(">\n")[2].partition("</textarea>")[0]
    post("/take", sheet=sent)

    assert set(told()) == {f"Café {n}" for n in range(0, 10_000, 20)}
    shown = unescape(shown)
    for n in range(10_000):
        if n % 10 in BAD or n % 20:
            why = BAD.get(n % 10, ("", "Title: it is empty"))[1]
            assert f"Row {n + 2}, {why}" in shown
    listed = csv.DictReader(io.StringIO(client.get("/os/friday.csv").text))
    assert len([*listed]) == 500
    page = client.get("/os/friday").text
    assert (page.count("<article"), "300 more are in the spreadsheet." in page) == (
        200,
        True,
    )
    desk = client.get("/desk/friday").text
    assert "200 more cards are shown once these are checked." in desk
    assert "300 more are not shown here" in client.get("/desk/friday/plan").text


def test_what_is_no_sheet_is_said(post):
    assert "No sheet was sent." in post("/sheet", 422).text
    assert "is called title" in post("/sheet", 422, text="a,b\n1,2").text


def test_edit_at_the_desk_stays_when_the_sheet_changes_something_else(
    post, told, client, site
):
    post("/take", sheet=SHEET)
    with site.database.read() as session:
        (change,) = (one.change for one in corrections_of(session, "friday"))
    card = next(one.card for one in change.sessions if one.cell)
    fields = {"csrf_token": post.token, "seen_title": "Board games"}
    client.post(
        f"/desk/friday/cards/{card}", data={**fields, "title": "Board games night"}
    )

    post("/take", sheet=SHEET.replace("10:00-11:00", "11:00-12:00"))

    assert told()["Board games night"] == ("planned", "Room 302", "11:00")


def test_session_elsewhere_is_typed_changed_and_hidden(post, told, client):
    post("", title="Hike", room="Main gate", time="in the morning", planned="no")
    assert told() == {"Hike": ("elsewhere", "Main gate", "00:00")}
    post("", 422, title="hike", room="Other gate", planned="no")

    page = client.get("/desk/friday/plan").text
    card = page.split('id="planned-')[1][:12]
    post(
        "",
        title="Long hike",
        room="Main gate",
        time="9:00-12:00",
        planned="no",
        card=card,
    )

    assert told() == {"Long hike": ("elsewhere", "Main gate", "09:00")}


@pytest.mark.parametrize("card", ["aa0000000001", "no id\r\nat all"])
@pytest.mark.usefixtures("friday")
def test_only_a_session_that_a_person_wrote_is_changed(post, told, card):
    before = told()

    post("", 404, title="Hike", room="Main gate", planned="no", card=card)

    assert told() == before


def test_all_formats_tell_what_is_planned_and_what_is_elsewhere(post, client):
    post("", title="Games", room="Room 302", time="10:00", planned="yes", handle="ada")
    post("", title="Hike", room="Main gate", time="in the evening", planned="no")

    document = json.loads(client.get("/os/friday.json").data)
    assert document["sessions"] == []
    (games,), (hike,) = document["planned"], document["elsewhere"]
    assert [
        (one["title"], one["room"], one["place"], one["time"], one["planned"])
        for one in (games, hike)
    ] == [
        ("Games", "Room 302", "Room 302", "", True),
        ("Hike", None, "Main gate", "in the evening", False),
    ]
    assert (games["status"], hike["status"]) == ("planned", "confirmed")
    assert (hike["slot"], hike["starts_at"], hike["ends_at"]) == (None, None, None)
    entries = Calendar.from_ical(client.get("/os/friday.ics").data).walk("VEVENT")
    by_title = {str(one["SUMMARY"]): one for one in entries}
    assert by_title["Games"]["STATUS"] == "TENTATIVE"
    assert by_title["Games"]["UID"] == f"{games['id']}@os.boardcast"
    assert by_title["Hike"]["STATUS"] == "CONFIRMED"
    assert str(by_title["Hike"].start) == "2024-05-17"
    assert str(by_title["Hike"]["DESCRIPTION"]) == "When: in the evening"
    rows = csv.DictReader(io.StringIO(client.get("/os.csv").text, newline=""))
    assert [(row["title"], row["starts"], row["status"]) for row in rows] == [
        ("Hike", "in the evening", "confirmed"),
        ("Games", "10:00", "planned"),
    ]
    assert "not official until a card" in client.get(f"/os/s/{games['id']}").text
    assert "17 May" in client.get(f"/os/s/{hike['id']}").text


@pytest.mark.usefixtures("_morning")
def test_planned_session_is_decided_when_another_card_is_there(
    post, client, told, seeder, make_post
):
    post("", title="Games", room="Room 301", time="10:00", planned="yes")
    seeder.photo(make_post("aa0000000001", title="Typing", host="Maya"))
    page = client.get("/desk/friday").text
    assert "Planned, but another card is there" in page
    (hide,) = {part.split('"')[0] for part in page.split('value="hide ')[1:]}

    answer = client.post(
        "/desk/friday/plans", data={"csrf_token": post.token, "action": f"hide {hide}"}
    )

    assert answer.location == "/desk/friday#plans"
    assert told() == {"Typing": ("", "Room 301", "10:00")}
    again = {"csrf_token": post.token, "action": f"hide {hide}"}
    assert client.post("/desk/friday/plans", data=again).status_code == 422


@pytest.mark.usefixtures("_morning")
def test_planned_session_is_put_on_the_schedule_without_a_card(post, client, told):
    post("", title="Games", room="Room 301", time="10:00", planned="yes")
    page = client.get("/desk/friday").text
    assert "Planned, no card yet" in page
    card = page.split('value="held ')[1][:12]

    client.post(
        "/desk/friday/plans", data={"csrf_token": post.token, "action": f"held {card}"}
    )

    assert told() == {"Games": ("", "Room 301", "10:00")}
    assert client.get(f"/os/s/{card}").status_code == 200
