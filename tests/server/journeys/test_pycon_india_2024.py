"""PyCon India 2024's shape: a facilitator keeps the schedule, and tells everybody."""

import csv
import io

from sample_boards.events import PYCON_INDIA_2024
from server.announcing.outcomes import Outcome
from server.announcing.sending import Sender, send_once
from server.announcing.services import Service

FEDIVERSE = (Service("fediverse", "mastodon://SECRET@fediverse.example"),)


def sent_out(event):
    """Let posts go out, as to a real service; return what they say."""
    posts = []

    def note(_service, text, _picture, _alt):
        posts.append(text)
        return Outcome("sent", "")

    while send_once(Sender(event.site, FEDIVERSE, "test", note)):
        pass
    return posts


def evening_before(event, attendee, facilitator):
    """Who wrote ahead is on the schedule at once.

    The page says whom to ask, how to host, and that nothing is recorded.
    """
    event.at(20, "20:00")
    facilitator.open("/desk/day-1/plan")
    sheet = PYCON_INDIA_2024.planned_path.read_text()
    facilitator.press("Look what it would do", text=sheet)
    facilitator.press("Take 2 rows")
    page = attendee.open("/openspaces")
    assert "Room 3 Chatbots in Indian languages Kavya @kavya_nlp" in page
    assert "Questions? Meera, your facilitator · openspaces@example.org" in page
    assert "describe your topic to the facilitator" in page
    assert "Privacy Open Spaces are not recorded in any way." in page
    assert event.at_place("day-1", "Room 3", "14:00")["status"] == "confirmed"


def test_a_facilitator_keeps_the_schedule(conference):
    event = conference(PYCON_INDIA_2024)
    attendee, staff = event.person(), event.person("staff", "Sam")
    facilitator = event.person("facilitator", "Meera")
    evening_before(event, attendee, facilitator)

    # Morning: two notes want Room 2 at half past eleven. Both are shown, with the dots
    # that people stuck on them.
    event.at(21, "09:00")
    sent = event.send(staff)
    assert (sent["state"], sent["findings"]) == ("settled", [])
    planned = {("Room 3", "14:00-15:00"), ("Room 1", "15:30-16:30")}
    assert event.places("day-1") == sorted([*event.hung(), *planned])
    assert len(event.misread()) <= 1
    wanted = {
        one["title"].casefold(): one
        for one in event.sessions("day-1")
        if (one["room"], one["slot"]) == ("Room 2", "11:30-12:30")
    }
    votes = {title: one["votes"] for title, one in wanted.items()}
    assert votes == {"flask or django": 2, "web scraping": 5}

    # Meera goes by the dots: the other one moves to the free room beside it. Nobody
    # who looks then sees two in one place.
    conflict = facilitator.open("/desk/day-1")
    assert "Conflicts 1 to decide Two sessions in Room 2, 11:30-12:30" in conflict
    facilitator.press("(?i)Move to Room 1, 11:30: Flask or Django")
    assert "to decide" not in facilitator.open("/desk/day-1")
    moved = event.at_place("day-1", "Room 1", "11:30")
    assert moved["id"] == wanted["flask or django"]["id"]
    assert event.at_place("day-1", "Room 2", "11:30")["votes"] == votes["web scraping"]
    assert "Room 1 Flask or Django" in attendee.open("/openspaces").replace(
        moved["title"], "Flask or Django"
    )

    # Somebody describes a topic to her instead of writing a card.
    facilitator.open("/desk/day-1/board?at=cell-2-0")
    facilitator.press("Put it here", title="Python in schools", host="Lakshmi")
    told = event.at_place("day-1", "Room 3", "10:00")
    assert (told["title"], told["by_hand"]) == ("Python in schools", True)

    # She approves a post about it: it goes out once, with the hashtag.
    assert sent_out(event) == []
    facilitator.open("/desk/day-1/announcements")
    facilitator.press("Approve", near="New: Python in schools")
    (post,) = sent_out(event)
    assert post == (
        "New: Python in schools with Lakshmi\nSaturday 10:00, Room 3\n"
        f"https://board.example/openspaces/s/{told['id']} #PyConIndia2024 #OpenSpaces"
    )
    assert sent_out(event) == []

    # The sheet beside it has the same sessions.
    answer = attendee.client.get("/openspaces.csv")
    rows = {row["session_id"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert rows.keys() == {one["id"] for one in event.sessions("day-1")}
    assert (rows[moved["id"]]["place"], rows[moved["id"]]["starts"]) == (
        "Room 1",
        "11:30",
    )

    # Over; who comes late still finds who hosted what.
    event.at(21, "20:00")
    assert "Python in schools Lakshmi" in attendee.open("/openspaces")
