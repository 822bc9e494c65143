"""PyCon Taiwan's shape, from event.toml through two days: what hosts, attendees and the
facilitator did and saw."""

import re

import pytest
from icalendar import Calendar

from calibration.profile import load_profile
from sample_boards.events import PYCON_TW_2021


@pytest.fixture
def profile():
    return load_profile(PYCON_TW_2021.profile_path)


def confirmed(client, board):
    sessions = client.get(f"/os/{board}.json").json["sessions"]
    return [
        (one["title"], one["room"], one["starts_at"][11:16], one["ends_at"][11:16])
        for one in sessions
        if one["status"] == "confirmed"
    ]


def calendar(client):
    events = Calendar.from_ical(client.get("/os.ics").data).walk("VEVENT")
    return {str(one["SUMMARY"]): str(one["STATUS"]) for one in events}


def test_two_days_online(new_device, client, clock, facilitator, corrections):
    mei, jonas, arun = (new_device() for _ in range(3))

    # The evening before, Mei finds a time in which nothing else runs, and takes it.
    clock.at(20, day=1)
    page = client.get("/os/day-2").text
    assert page.count("Nothing else runs at this time.") == 1
    reading = {"room": "Desk 4", "slot": "14:30-15:20", "until": "16:00"}
    reading = mei.own(
        mei.take("讀書會:Fluent Python", "林小雨", board="day-2", **reading)
    )

    # Jonas wants the same desk: he is offered the one beside it, and sends it again.
    wanted = {"title": "Burnout: how do you rest?", "host": "Jonas", "board": "day-2"}
    clash = jonas.take(**wanted, room="Desk 4", slot="14:30-15:20")
    assert clash.status_code == 409
    (desk,) = re.findall(r"next free place is (Desk \d+), 14:30-15:20", clash.text)
    (form,) = re.findall(r'name="form" value="([^"]+)"', clash.text)
    jonas.own(jonas.take(**wanted, room=desk, slot="14:30-15:20", form=form))
    assert (clash.text.count("Burnout"), desk) == (1, "Desk 3")

    # Day 1, 10:05. Arun is stuck, and takes a free desk at once, for as long as he stays.
    clock.at(10, 5)
    assert "Host a session" in client.get("/os").text
    chinese = client.get("/os", headers={"Accept-Language": "zh-TW"}).text
    assert all(words in chinese for words in ("第一天", "7 號桌", "開放空間不會錄影。"))
    free = re.findall(
        r'href="([^"]+)" aria-label="Take Desk 7 at 09:45"', client.get("/os").text
    )
    assert arun.client.get(free[0].replace("&amp;", "&")).status_code == 200
    now = {"room": "Desk 7", "slot": "09:45-10:35"}
    stuck = arun.own(arun.take("Stuck on asyncio", "Arun", **now))
    assert confirmed(client, "day-1") == [
        ("Stuck on asyncio", "Desk 7", "09:45", "10:35")
    ]
    arun.change(stuck, "stay", until="11:25")
    assert "Take Desk 7 at 10:35" not in client.get("/os").text

    # Help came: he leaves at 10:50, and the desk is free for whoever comes next.
    clock.at(10, 50)
    arun.change(stuck, "cancel")
    assert "Take Desk 7 at 10:35" in client.get("/os").text
    assert confirmed(client, "day-1") == [
        ("Stuck on asyncio", "Desk 7", "09:45", "10:50")
    ]

    # The keynote moves: the facilitator blocks an hour, and nobody takes it.
    desks = [f"Desk {number}" for number in range(1, 11)]
    blocked = {
        "room": desks,
        "slot": "13:55-14:45",
        "state": "blocked",
        "reason": "Keynote",
    }
    facilitator("/desk/day-1/cells", **blocked)
    refused = new_device().take("Zines", "Jo", slot="13:55-14:45")
    assert "Desk 1, 13:55-14:45 is not free." in refused.text
    assert "The next free place is Desk 1, 14:45-15:30" in refused.text
    assert "Keynote" in client.get("/os/day-1").text

    # Somebody fills in an advertisement: it is taken back, and gone everywhere.
    new_device().take("BUY NOW", "x", room="Desk 2", slot="14:45-15:30")
    assert "BUY NOW" in facilitator.client.get("/desk/day-1").text
    facilitator("/desk/day-1/undo", correction=corrections("day-1")[-1].id)
    assert "BUY NOW" not in client.get("/os/day-1").text
    assert calendar(client)["No longer on the board"] == "CANCELLED"

    # Day 2: Jonas has called his off; the desk is free, and the page says so.
    clock.at(12, day=3)
    (kept,) = re.findall(
        r'href="(/host/[^"]+)"', jonas.client.get("/os/day-2/host").text
    )
    jonas.change(kept, "cancel")
    assert client.get("/os").text.count("Cancelled:") >= 1
    assert calendar(client) == {
        "讀書會:Fluent Python": "CONFIRMED",
        "Cancelled: Burnout: how do you rest?": "CANCELLED",
        "Stuck on asyncio": "CONFIRMED",
        "No longer on the board": "CANCELLED",
    }
    assert confirmed(client, "day-2") == [
        ("讀書會:Fluent Python", "Desk 4", "14:30", "16:00")
    ]

    # When all is over, it can still be read, and nothing be taken.
    clock.at(18, day=3)
    assert "Over" in mei.client.get(reading).text
    assert "讀書會:Fluent Python" in client.get("/os").text
    assert (
        "Nothing is free on this board any more"
        in mei.client.get("/os/day-2/host").text
    )


def test_ten_sessions_run_in_parallel(new_device, client, clock, published):
    clock.at(8)
    for number in range(10):
        new_device().take(
            f"Topic {number}", slot="08:55-09:45", room=f"Desk {number + 1}"
        )

    eleventh = new_device().take("One more", slot="08:55-09:45", room="Desk 1")

    assert len(published("day-1")) == 10
    assert "The next free place is Desk 1, 09:45-10:35" in eleventh.text
    cells = client.get("/os/day-1.json").json["cells"]
    assert sum(cell["state"] == "taken" for cell in cells) == 10
