"""PyCon US 2022's shape: a picture at a short address, new through the day."""

from sample_boards.events import PYCON_US
from vision.image.photo import Photo


def test_a_day_at_one_short_address(conference):
    # Cards are read once, quickly: there are 33 of them.
    event = conference(PYCON_US, lanes=("straighten", "read"))
    attendee, staff = event.person(), event.person("staff", "Sam")
    facilitator = event.person("facilitator")

    def picture() -> bytes:
        return attendee.client.get("/os.jpg").data

    # The address is there before the first photo is.
    event.at(15, "09:00")
    assert "No photo yet" in attendee.open("/os")

    # Ten to ten, a volunteer takes the first one. All cards are where they hang; what
    # is free is as plain as what is taken.
    event.at(15, "09:50")
    assert event.send(staff)["message"] == ""
    assert event.places("friday") == event.hung()
    assert event.cells("friday", "free") == {
        (cell.room, cell.slot) for cell in event.truth().cells if cell.state == "free"
    }
    page = attendee.open("/os")
    assert "Hall B Opening keynote" in page
    assert "#PyConOpenSpace" in page
    assert "Photo taken 09:48" in page
    assert "Free Room 317 Room 319 Room 320 Lounge" in page
    morning = picture()
    assert min(Photo.decode(morning).size_wh) > 1000
    handles = {
        handle.casefold()
        for one in event.sessions("friday")
        for handle in one["handles"]
    }
    assert "@yuki_dev" in handles

    # One card is hard to read: the facilitator does it, with its picture beside.
    card = event.at_place("friday", "Room 321", "10:00")["id"]
    facilitator.open(f"/desk/friday?at={card}")
    texts = {"title": "Weather stations", "description": "sensors at home"}
    facilitator.press("Right, next", near=f"/cards/{card}", **texts)
    moving = event.at_place("friday", "Room 319", "13:00")["id"]

    # At noon there are people in front of it, and new cards; two have moved, one is
    # gone. What a person put right stays.
    event.at(15, "12:10")
    event.send(staff, 1)
    assert event.places("friday") == event.hung(1)
    assert event.at_place("friday", "Room 319", "14:00")["id"] == moving
    assert event.at_place("friday", "Room 321", "10:00")["title"] == "Weather stations"
    page = attendee.open("/os")
    assert "Photo taken 12:06" in page
    assert "First time speakers" not in page
    assert picture() != morning
    calendar = event.calendar()
    assert calendar["Weather stations"] == "CONFIRMED"

    # In the evening the day is over, and the picture still there.
    event.at(15, "20:00")
    assert "Photo taken 12:06" in attendee.open("/os")
    assert min(Photo.decode(picture()).size_wh) > 1000
