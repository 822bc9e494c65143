"""PyCon India 2014's shape: tables, rooms, and larger talks; who comes takes a place."""

import re

from sample_boards.events import PYCON_INDIA_2014

ROOMS = [
    {"room": "Table 1", "kind": "table", "capacity": 6},
    {"room": "Table 2", "kind": "table", "capacity": 6},
    {"room": "Table 3", "kind": "table", "capacity": 8},
    {"room": "Room A", "kind": "room", "capacity": 30},
    {"room": "Hall", "kind": "hall", "capacity": 150},
]


def test_tables_and_larger_talks(conference):
    event = conference(PYCON_INDIA_2014)
    attendee, staff = event.person(), event.person("staff", "Sam")
    facilitator = event.person("facilitator", "Jaya")

    # Before the first note is up, the page says how it goes, and whom to ask.
    event.at(27, "09:00")
    page = attendee.open("/os")
    assert "first come, first served" in page
    assert "A talk that was not accepted? Take a free slot." in page
    assert "Questions? Jaya · openspaces@example.org" in page
    assert event.document("saturday")["board"]["room_facts"] == ROOMS

    # The notes of the morning: small rounds at tables, a talk that was not accepted in
    # the hall, for as many as want to hear it.
    event.at(27, "10:55")
    event.send(staff)
    assert event.places("saturday") == event.hung()
    assert len(event.misread()) <= 2
    page = attendee.open("/os")
    assert "hall up to 150 people async explained" in page.casefold()
    assert "table 3 up to 8 people vim vs emacs" in page.casefold()

    # Four people want to sit down at once: a free table is one tap away.
    assert "Next Free rooms (1) Free tables (1) Free halls (1) 11:00" in page
    assert "Free tables Table 2 up to 6 people" in page
    (tables,) = re.findall(
        r'<a class="chip" href="#([^"]+)">Free tables', attendee.html
    )
    assert f'id="{tables}"' in attendee.html

    # They tell Jaya, who has no pen at hand: she puts it in at the desk.
    facilitator.open("/desk/saturday/board?at=cell-1-0")
    facilitator.press("Put it here", title="Learning together", host="Anand")
    page = attendee.open("/os")
    assert "Table 2 up to 6 people Learning together Anand" in page
    assert "Free tables (" not in page

    # Two people put up their names beside the grid, and what they would talk about. Who
    # looks for tea finds one; the formats that others copy tell nothing; who wants to be
    # gone is at once.
    found = attendee.open("/os/people?q=tea").casefold()
    assert ("imran" in found, "gauri" in found) == (True, False)
    assert "1 of 2 " in found  # the tag below them is nobody
    assert "gauri" in attendee.open("/os/people").casefold()
    assert "imran" not in attendee.client.get("/os/saturday.json").text.casefold()
    attendee.press("(?i)remove this card: .*imran")
    assert "imran" not in attendee.open("/os/people").casefold()

    # The evening: it is over, and what was is still there.
    event.at(27, "18:00")
    assert "Learning together" in attendee.open("/os")
