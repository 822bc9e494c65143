"""What people make at the desk, from the form to pages, feeds and pictures."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from calibration.layout import CellId
from server.app import app_of
from server.site import Site
from server.store.check import examine
from server.store.corrections import corrections_of
from server.store.kept import Kept, named_blobs
from server.store.releases import latest_release
from vision.image.photo import Photo

TEN, ELEVEN, ONE = "10:00-11:00", "11:00-12:00", "13:00-14:00"
TYPING, UNREADABLE, KNITTING = "aa0000000001", "bb0000000002", "cc0000000003"
NEW_YORK = dt.timezone(dt.timedelta(hours=-4))
NOON = dt.datetime(2024, 5, 17, 12, 0, tzinfo=NEW_YORK)
JUGGLING = {
    "room": "Room 303",
    "slot": TEN,
    "title": " Juggling \n with balls",
    "description": "Bring three",
    "host": "Ines",
}


@dataclass(frozen=True)
class AtTheDesk:
    """A facilitator at the desk of Friday's board, and what comes of it."""

    client: FlaskClient
    site: Site
    token: str

    def send(self, what, **fields):
        """Send a form of the desk."""
        data = {"csrf_token": self.token, **fields}
        return self.client.post(f"/desk/friday/{what}", data=data)

    def make(self, what, **fields):
        """Send a form that is kept; return the id of the card that it leads to."""
        answer = self.send(what, **fields)
        assert answer.status_code == 303, answer.text
        return parse_qs(urlsplit(answer.location).query).get("at", [""])[0]

    @property
    def corrections(self):
        with self.site.database.read() as session:
            return corrections_of(session, "friday")

    @property
    def made(self):
        return [one.change.kind for one in self.corrections]

    def undo(self, number):
        """Take a correction back, by its place in the history."""
        self.make("undo", correction=self.corrections[number].id)

    @property
    def release(self):
        with self.site.database.read() as session:
            return latest_release(session, "friday")

    @property
    def sessions(self):
        return {one.id: one for one in self.release.schedule.sessions}

    def size_of(self, crop):
        return Photo.decode(self.site.blobs.get(crop)).size_wh

    def for_attendees(self, *crops):
        """Return the status that attendees get at the addresses of pictures."""
        attendee = app_of(self.site).test_client()
        return [attendee.get(f"/b/{crop}.jpg").status_code for crop in crops]


@pytest.fixture
def desk(client, site, sign_in):
    return AtTheDesk(client, site, sign_in())


@pytest.mark.usefixtures("friday")
def test_joined_cards_are_one_session_and_both_addresses_lead_to_it(
    desk, client, read_page
):
    assert desk.make("join", first=KNITTING, other=[TYPING, UNREADABLE]) == KNITTING

    (session,) = desk.sessions.values()
    assert (session.id, session.title) == (KNITTING, "Type checking at scale")
    assert desk.made == ["join"]
    assert client.get(f"/os/s/{TYPING}").location == f"/os/s/{KNITTING}"
    pictures = read_page(client.get("/desk/friday").text).attributes("img", "src")
    # Those of three cards, one of which is with another, and the photo.
    assert len(set(pictures)) == 4
    assert all(client.get(address).status_code == 200 for address in pictures)


@pytest.mark.usefixtures("friday")
def test_a_join_that_is_undone_leaves_two_as_before(desk):
    before = desk.release.schedule

    desk.make("join", first=KNITTING, other=TYPING)
    desk.undo(-1)

    assert desk.release.schedule == before


@pytest.mark.usefixtures("friday")
def test_saving_a_joined_card_by_the_id_of_the_other_saves_it(desk):
    desk.make("join", first=KNITTING, other=TYPING)
    desk.make(f"cards/{TYPING}", title="Knits and types", seen_title="Knitting")

    assert desk.sessions[KNITTING].title == "Knits and types"


@pytest.mark.usefixtures("friday")
def test_a_card_is_split_at_a_line(desk):
    part = desk.make("split", card=TYPING, line="0.31,0,0.35,1")
    desk.make(f"cards/{part}", title="Bouldering", seen_title="")

    kept, cut = desk.sessions[TYPING], desk.sessions[part]
    assert (kept.title, cut.title) == ("Type checking at scale", "Bouldering")
    assert (kept.cell, cut.cell) == (cut.cell, CellId("Room 301", TEN))
    assert [desk.size_of(one.crop) for one in (kept, cut)] == [(30, 60), (60, 60)]
    assert desk.for_attendees(kept.crop, cut.crop) == [200, 200]


@pytest.mark.usefixtures("friday")
def test_a_part_of_a_card_is_put_elsewhere(desk):
    part = desk.make(
        "split",
        card=TYPING,
        line="0,0.5,1,0.5",
        room="Room 303",
        slot=TEN,
    )

    assert desk.sessions[part].cell == CellId("Room 303", TEN)
    assert [desk.size_of(desk.sessions[one].crop) for one in (TYPING, part)] == [
        (90, 30),
        (90, 30),
    ]


@pytest.mark.usefixtures("friday")
def test_a_form_that_is_sent_twice_splits_once(desk, friday):
    crop = next(one.crop for one in friday.schedule.sessions if one.id == TYPING)
    form = {"card": TYPING, "crop": crop, "line": "0,0.5,1,0.5"}

    assert desk.make("split", **form) == desk.make("split", **form)
    assert desk.made == ["split"]
    assert len(desk.sessions) == 4


@pytest.mark.usefixtures("friday")
def test_crops_of_parts_are_for_attendees_as_long_as_nothing_is_hidden(desk, friday):
    whole = next(one.crop for one in friday.schedule.sessions if one.id == TYPING)
    part = desk.make("split", card=TYPING, line="0.3,0,0.3,1")
    kept_crop, part_crop = (desk.sessions[one].crop for one in (TYPING, part))

    desk.make(f"cards/{part}", action="hide")

    assert desk.for_attendees(whole, kept_crop, part_crop) == [404, 200, 404]
    desk.undo(-1)
    assert desk.for_attendees(whole, kept_crop, part_crop) == [200, 200, 200]
    desk.undo(0)
    assert desk.for_attendees(whole, kept_crop, part_crop) == [200, 404, 404]


@pytest.mark.usefixtures("friday")
def test_a_card_is_drawn_on_the_published_picture(desk, client, friday):
    shown = friday.picture.sizes[1].sha256
    drawn = desk.make(
        "cards", picture=shown, rect="0.25,0.5,0.75,1.2", until="12:00", **JUGGLING
    )

    session = desk.sessions[drawn]
    assert (session.title, session.description, session.host) == (
        "Juggling with balls",
        "Bring three",
        "Ines",
    )
    assert (session.cell, session.by_hand) == (CellId("Room 303", TEN), False)
    assert f"{session.ends_at.astimezone(NEW_YORK):%H:%M}" == "12:00"
    assert desk.size_of(session.crop) == (800, 400)
    assert desk.for_attendees(session.crop) == [200]
    assert client.get(f"/os/s/{drawn}").status_code == 200


@pytest.mark.usefixtures("friday")
def test_a_drawn_card_that_is_none_is_hidden_and_so_is_its_crop(desk, client):
    drawn = desk.make("cards", rect="0,0,0.5,0.5", room="Room 303", slot=TEN)
    crop = desk.sessions[drawn].crop

    desk.make(f"cards/{drawn}", action="hide")

    assert drawn not in desk.sessions
    assert desk.for_attendees(crop) == [404]
    assert client.get(f"/os/s/{drawn}").status_code == 410
    assert client.get("/os/s/dddddddddddd").status_code == 404


@pytest.mark.usefixtures("friday")
def test_a_session_that_no_card_shows_says_so_everywhere(desk, client, read_page):
    written = desk.make("sessions", **JUGGLING)

    assert desk.sessions[written].by_hand
    page = read_page(client.get("/os/friday").text)
    assert page["card-by-hand"] == [
        "Room 303 Juggling with balls Ines Bring three No card on the board yet"
    ]
    alone = read_page(client.get(f"/os/s/{written}").text)
    assert alone["fine"] == [
        "Put in by the facilitator: its card was not seen on the board yet."
    ]
    assert alone.attributes("img", "src") == []
    document = next(
        one
        for one in client.get("/os/friday.json").json["sessions"]
        if one["id"] == written
    )
    assert (document["by_hand"], document["card_picture"], document["doubt"]) == (
        True,
        None,
        "none",
    )
    assert (document["presence"], document["corrected"]) == ("unseen", True)
    assert read_page(client.get("/desk/friday").text)["desk-picture"][-1] == (
        "No card yet: put in by hand"
    )


def told_by_calendar(client):
    calendar = Calendar.from_ical(client.get("/os/friday.ics").data)
    return {
        str(one["uid"]).partition("@")[0]: (
            int(one["sequence"]),
            str(one["status"]),
            str(one["summary"]),
            str(one.get("description", "")).rpartition("\n")[2],
        )
        for one in calendar.walk("VEVENT")
    }


@pytest.mark.usefixtures("friday")
def test_calendars_follow_a_session_by_hand_to_its_card(
    desk, client, seeder, make_post
):
    written = desk.make("sessions", **JUGGLING)
    first = told_by_calendar(client)[written]
    card = make_post("dd0000000004", room="Room 302", slot=ELEVEN, title="Jugling")
    seeder.photo(card, at=NOON)
    # The other way round: what a person made keeps its address all the same.
    assert desk.make("join", first=card.id, other=written) == written

    session = desk.sessions[written]
    after = told_by_calendar(client)
    assert first == (
        0,
        "CONFIRMED",
        "Juggling with balls",
        "Put in by the facilitator: its card was not seen on the board yet.",
    )
    assert after[written] == (
        1,
        "CONFIRMED",
        "Juggling with balls",
        "Read from a photo of the board; the card itself is at the address.",
    )
    assert after[card.id][:3] == (1, "CANCELLED", "No longer on the board")
    assert (session.by_hand, session.cell) == (False, CellId("Room 302", ELEVEN))
    assert client.get(f"/os/s/{card.id}").location == f"/os/s/{written}"


@pytest.mark.usefixtures("friday")
def test_the_same_session_put_in_twice_is_one(desk):
    first, again = desk.make("sessions", **JUGGLING), desk.make("sessions", **JUGGLING)
    desk.make(f"cards/{first}", action="hide")
    shown = desk.make("sessions", **JUGGLING)

    assert first == again == shown
    assert desk.made == ["session", "edit", "session"]
    assert desk.sessions[shown].title == "Juggling with balls"


@pytest.mark.usefixtures("friday")
def test_a_room_is_blocked_for_a_span_of_hours_at_once(desk, client):
    span = {"room": "Room 303", "slot": TEN, "to_slot": ELEVEN}

    desk.make("cells", state="blocked", reason=" Press \x07", **span)

    document = client.get("/os/friday.json").json
    assert [one for one in document["cells"] if one["room"] == "Room 303"] == [
        {"room": "Room 303", "slot": slot, "state": "blocked"}
        for slot in (TEN, ELEVEN, ONE)
    ]
    assert document["board"]["blocked"] == [
        {"room": "Room 303", "slot": TEN, "reason": "Press"},
        {"room": "Room 303", "slot": ELEVEN, "reason": "Press"},
        {"room": "Room 303", "slot": ONE, "reason": "Keynote overflow"},
    ]
    assert "Press" in client.get("/os/friday").text

    desk.make("cells", state="as photographed", **span)

    states = {one.cell: one.state for one in desk.release.schedule.cells}
    assert states[CellId("Room 303", TEN)] == "free"
    assert desk.made == ["cells", "cells"]


@pytest.mark.usefixtures("friday")
def test_a_card_that_left_the_board_is_brought_back_until_its_place_is_seen_bare(
    desk, seeder, make_post, clock, read_page
):
    def photo(minute):
        seeder.photo(
            make_post(TYPING),
            known=(TYPING,),
            gone=(KNITTING,),
            at=NOON + dt.timedelta(minutes=minute),
        )

    photo(0)
    page = read_page(desk.client.get("/desk/friday").text)
    assert [text.split("Still")[0] for text in page["hidden-card"]] == ["Knitting "]

    clock.at(12, 5)
    desk.make(f"cards/{KNITTING}/back")
    back = desk.sessions[KNITTING]
    photo(10)

    assert (back.presence, back.title) == ("unseen", "Knitting")
    assert KNITTING not in desk.sessions


@pytest.mark.usefixtures("friday")
def test_a_stretch_is_kept_and_shortened_to_one_slot(desk, seeder, make_post):
    def end():
        ends_at = desk.sessions[TYPING].ends_at.astimezone(NEW_YORK)
        return f"{ends_at:%H:%M}"

    def photo(minute, until):
        at = NOON + dt.timedelta(minutes=minute)
        seeder.photo(make_post(TYPING, until=until), known=(TYPING,), at=at)

    desk.make(f"cards/{TYPING}", until="14:00", seen_until="")
    ends = [end()]
    photo(0, None)
    ends.append(end())
    photo(5, "12:00")
    ends.append(end())
    desk.make(f"cards/{TYPING}", until="", seen_until="14:00")
    ends.append(end())

    assert ends == ["14:00", "14:00", "14:00", "11:00"]


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize(
    ("what", "fields", "refusal"),
    [
        ("join", {"first": TYPING, "other": TYPING}, (422, "joined to itself")),
        ("join", {"first": TYPING}, (422, "joined to itself")),
        ("join", {"first": TYPING, "other": "nobody"}, (404, "card nobody")),
        ("split", {"card": TYPING}, (422, "Nothing was marked")),
        ("split", {"card": TYPING, "line": "0,0,0,1"}, (422, "does not part")),
        ("split", {"card": "nobody", "line": "0.5,0,0.5,1"}, (404, "card nobody")),
        (
            "split",
            {"card": TYPING, "crop": "0" * 64, "line": "0.5,0,0.5,1"},
            (422, "no card yet"),
        ),
        ("cards", {"room": "Room 303", "slot": TEN}, (422, "Nothing was marked")),
        ("cards", {"rect": "0,0,1,1"}, (422, "both a room and an hour")),
        (
            "cards",
            {"rect": "0,0,1,1", "room": "Room 303", "slot": TEN, "picture": "0"},
            (422, "no such picture"),
        ),
        ("cells", {"room": "Room 303", "slot": TEN}, (422, "Say what these places")),
        ("cells", {"state": "free"}, (422, "No place was chosen")),
        ("sessions", {**JUGGLING, "title": " "}, (422, "needs a title")),
        ("sessions", {**JUGGLING, "until": "11:30"}, (422, "ends at 11:30")),
        ("sessions", {**JUGGLING, "title": "x" * 5000}, (422, "5000 characters")),
        ("cards/nobody/back", {}, (404, "card nobody")),
        (f"cards/{TYPING}", {"until": "10:30"}, (422, "ends at 10:30")),
    ],
)
def test_what_cannot_be_made_says_why_and_changes_nothing(
    desk, read_page, what, fields, refusal
):
    before = desk.release

    answer = desk.send(what, **fields)

    said = read_page(answer.text)["h1"][0]
    assert (answer.status_code, refusal[1] in said) == (refusal[0], True), said
    assert (desk.release, desk.made) == (before, [])


def test_nothing_can_be_drawn_before_the_first_photo(desk, read_page):
    answer = desk.send("cards", rect="0,0,1,1", room="Room 303", slot=TEN)

    assert answer.status_code == 422
    assert read_page(answer.text)["h1"] == ["There is no such picture of this board."]


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize(
    "what", ["join", "split", "cards", "cells", "sessions", f"cards/{TYPING}/back"]
)
def test_only_a_facilitator_makes_anything(client, sign_in, what):
    assert client.post(f"/desk/friday/{what}").status_code == 401
    token = sign_in("staff")
    answer = client.post(f"/desk/friday/{what}", data={"csrf_token": token})
    assert answer.status_code == 403
    sign_in()
    # Without what its forms carry against forgery.
    assert client.post(f"/desk/friday/{what}").status_code == 403


@pytest.mark.usefixtures("friday")
def test_crops_that_were_cut_are_checked_and_backed_up_as_any(desk):
    part = desk.make("split", card=TYPING, line="0.3,0,0.3,1")
    drawn = desk.make("cards", rect="0,0,0.5,0.5", room="Room 303", slot=TEN)
    kept = Kept.of(desk.site.settings)

    report = examine(kept, lambda _done, _total: None)

    crops = {desk.sessions[one].crop for one in (TYPING, part, drawn)}
    assert (report.clean, report.leftovers) == (True, ())
    assert crops <= {blob.sha256 for blob in named_blobs(kept.database)}
    kept.database.close()


@pytest.mark.usefixtures("friday")
def test_history_tells_what_was_made(desk, read_page):
    desk.make("join", first=KNITTING, other=TYPING)
    desk.make("split", card=UNREADABLE, line="0.3,0,0.3,1")
    desk.make("cards", rect="0,0,0.5,0.5", room="Room 303", slot=TEN)
    desk.make("sessions", **JUGGLING)
    desk.make("cells", state="blocked", reason="Press", room="Room 303", slot=ONE)

    page = read_page(desk.client.get("/desk/friday").text)

    history = " ".join(page["aside"])
    for told in (
        "joined Type checking at scale → Knitting",
        "card split in two on an unreadable card",
        "card drawn by hand place Room 303, 10:00-11:00",
        "session by hand Juggling with balls",
        "Room 303, 13:00-14:00 blocked: Press",
    ):
        assert told in history
