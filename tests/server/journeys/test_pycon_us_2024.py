"""PyCon US 2024's shape: three days on one wall, and a list of what is planned."""

import re

from sample_boards.events import PYCON_US_2024

NOT_OFFICIAL = "Planned ahead, and not official until a card is on the board."


def week_before(event, attendee, facilitator):
    """The organisers list what people wrote to them.

    Somebody meets in the evening in a room that is not on the board: listed all the same.
    """
    event.at(12, "20:00")
    facilitator.open("/desk/friday/plan")
    sheet = PYCON_US_2024.planned_path.read_text()
    seen = facilitator.press("Look what it would do", text=sheet)
    assert '"Room 250DE" is no room of Friday: it is told as its place.' in seen
    facilitator.press("Take 4 rows")
    ahead = attendee.open("/os/friday")
    assert "No photo yet" in ahead
    assert NOT_OFFICIAL in ahead
    assert "19:00 - 20:00 · Room 250DE Open Teams Incubator Grace Lund" in ahead
    assert event.document("friday")["sessions"] == []
    assert set(event.calendar().values()) == {"TENTATIVE"}


def wish(event, attendee):
    """Somebody would come to maps, and not host it; somebody else would come, too."""
    attendee.open("/os/friday/ideas")
    attendee.press("Add the idea", text="Maps and charts")
    other = event.person()
    other.open("/os/friday/ideas")
    assert "You are counted." in other.press("I'd come")
    (idea,) = event.document("friday")["ideas"]
    assert (idea["text"], idea["interested"], idea["session"]) == (
        "Maps and charts",
        1,
        None,
    )


def test_three_days_on_one_wall(conference):
    event = conference(PYCON_US_2024)
    attendee, staff = event.person(), event.person("staff", "Sam")
    facilitator = event.person("facilitator")
    week_before(event, attendee, facilitator)
    wish(event, attendee)

    # Friday morning, the first photo. Who reads it sees what is on, what is free, and
    # which room a workshop needs; none of it depends on letters that are misread.
    event.at(17, "09:45")
    sent = event.send(staff)
    assert (sent["board"], sent["state"], sent["findings"]) == ("friday", "settled", [])
    assert event.places("friday") == event.hung()
    assert len(event.misread()) <= 2
    page = attendee.open("/os")
    assert page.startswith("Friday · Open Spaces")
    assert page.count("Room 304 Sponsor workshop") == 2
    assert "The board itself has the final word." in page
    blocked = {("Room 304", f"{hour}:00-{hour + 1}:00") for hour in (10, 11)}
    assert event.cells("friday", "blocked") == blocked
    assert (
        event.cells("friday", "free")
        == {
            (cell.room, cell.slot)
            for cell in event.truth().cells
            if cell.state == "free"
        }
        - blocked
    )

    # The facilitator puts a card right, and everybody has it.
    card = event.at_place("friday", "Room 302", "10:00")["id"]
    facilitator.open("/desk/friday")
    texts = {"title": "Feminist hacking", "host": "Bea Moreau", "description": ""}
    facilitator.press("Right, next", near=f"/cards/{card}", **texts)
    assert "Feminist hacking Bea Moreau" in attendee.open("/os")

    # A card takes the idea up: who wanted it sees where and when.
    charts = event.at_place("friday", "Room 301", "13:00")["id"]
    facilitator.open("/desk/friday/ideas")
    facilitator.press("Keep who takes it up", session=charts)
    assert event.document("friday")["ideas"][0]["session"] == charts
    assert "Taken up:" in attendee.open("/os/friday/ideas")

    # On Saturday other cards hang on the same wall: the day of the photo says whose.
    # One is the card that was planned; one key joins them, and its picture stands
    # beside the planned words.
    event.at(18, "10:15")
    assert event.send(staff, 1)["board"] == "saturday"
    assert attendee.open("/os").startswith("Saturday · Open Spaces")
    assert NOT_OFFICIAL in attendee.html
    assert "Is this Juggling for coders , planned?" in facilitator.open(
        "/desk/saturday"
    )
    facilitator.press("It is: join them")
    juggling = event.at_place("saturday", "Room 302", "11:00")
    assert (juggling["title"], juggling["host"]) == (
        "Juggling for coders",
        "Pat Moreau",
    )
    assert juggling["handles"] == ["@patjuggles"]
    assert juggling["card_picture"]
    assert NOT_OFFICIAL not in attendee.open("/os")
    assert event.places("saturday") == event.hung(1)
    assert event.places("friday") == event.hung()

    # Sunday, within the hour, and no card yet: the facilitator is told, and asks around.
    # Git is off; so the place is free for others.
    event.at(19, "09:20")
    asked = facilitator.open("/desk/sunday")
    assert "Planned, no card yet Git without fear" in asked
    assert "Sunday stroll" in attendee.open("/os/sunday")
    facilitator.press("It is not held.*Git without fear")
    assert "Git without fear" not in attendee.open("/os/sunday")
    # Posters are in all rooms for an hour.
    assert re.search(r"13:00 -14:00 (All rooms )?Poster session", attendee.open("/os"))

    # In the evening it is over, and still all there.
    event.at(19, "22:00")
    assert "Feminist hacking" in attendee.open("/os/friday")
    assert event.calendar()["Feminist hacking"] == "CONFIRMED"
