"""What falls between joins, splits, decisions, renamings and photos taken back."""

import datetime as dt
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from calibration.profile import Profile, save_profile
from server.app import app_of
from server.event_file import read_event_file
from server.publish.event_change import change_to, take_up
from server.publish.releases import publish
from server.schedule.corrections.photo_taken_back import PhotoTakenBack
from server.schedule.corrections.photo_time import PhotoTime
from server.site import Site
from server.store.corrections import append_correction
from server.store.photos import photos_of
from server.store.releases import latest_release
from server.views.desk.attention import attention_of
from server.views.desk.shown import desk_now

TEN, ELEVEN, ONE = "10:00-11:00", "11:00-12:00", "13:00-14:00"
FIRST, OTHER, THIRD = "aa0000000001", "cc0000000003", "bb0000000002"
NEW_YORK = dt.timezone(dt.timedelta(hours=-4))


def at(hour, minute=0):
    return dt.datetime(2024, 5, 17, hour, minute, tzinfo=NEW_YORK)


@dataclass(frozen=True)
class AtTheDesk:
    """A facilitator at the desk of Friday's board, and what comes of it."""

    client: FlaskClient
    site: Site
    token: str

    @property
    def board(self):
        return self.site.profile.board("friday")

    def ask(self, query, *args):
        with self.site.database.read() as session:
            return query(session, *args)

    def send(self, what, **fields):
        data = {"csrf_token": self.token, **fields}
        return self.client.post(f"/desk/friday/{what}", data=data)

    def make(self, what, **fields):
        """Send a form that is kept; return the id of the card that it leads to."""
        answer = self.send(what, **fields)
        assert answer.status_code == 303, answer.text
        return parse_qs(urlsplit(answer.location).query).get("at", [""])[0]

    def say_of_photo(self, number, change):
        """Say something of a photo, by its place among them, the newest first."""
        record = self.ask(photos_of, "friday")[number]
        now = self.site.clock()
        with self.site.database.write() as session:
            append_correction(
                session, "friday", change(record.id), author="Ada", made_at=now
            )
            publish(session, self.site.profile, "friday", cause="correction", at=now)

    @property
    def sessions(self):
        release = self.ask(latest_release, "friday")
        return {one.id: one for one in release.schedule.sessions}

    @property
    def attention(self):
        return self.ask(attention_of, self.site, self.board, self.site.clock())

    @property
    def queue(self):
        return self.ask(desk_now, self.site, self.board).queue

    def for_attendees(self, *crops):
        """Return the status that attendees get at the addresses of pictures."""
        attendee = app_of(self.site).test_client()
        return [attendee.get(f"/b/{crop}.jpg").status_code for crop in crops]


@pytest.fixture
def desk(client, site, sign_in):
    return AtTheDesk(client, site, sign_in())


@pytest.fixture
def found_twice(desk, seeder, make_post):
    """One card that two photos took for two, and that a person joined."""
    seeder.photo(make_post(FIRST, title="Secret"), at=at(9))
    seeder.photo(
        make_post(OTHER, slot=ELEVEN, title="Secret"),
        make_post(THIRD, room="Room 302", title="Juggling"),
        at=at(9, 30),
        covered=(FIRST,),
    )
    desk.make("join", first=FIRST, other=OTHER)


@pytest.mark.usefixtures("found_twice")
def test_hidden_card_stays_hidden_without_the_photo_that_showed_it_first(desk):
    desk.make(f"cards/{FIRST}", action="hide")

    desk.say_of_photo(1, PhotoTakenBack)

    assert [one.title for one in desk.sessions.values()] == ["Juggling"]


@pytest.mark.usefixtures("found_twice")
def test_card_keeps_its_address_without_the_photo_that_showed_it_first(desk, client):
    desk.say_of_photo(1, PhotoTakenBack)
    for name in (FIRST, OTHER):
        desk.make(f"cards/{name}", title=f"By {name}")

    assert desk.sessions[FIRST].title == f"By {OTHER}"
    assert client.get(f"/os/s/{FIRST}").status_code == 200
    assert client.get(f"/os/s/{OTHER}").location.endswith(FIRST)


def test_card_that_was_drawn_and_joined_can_be_corrected_after_that_is_undone(
    desk, seeder, make_post
):
    seeder.photo(make_post(FIRST), at=at(9))
    written = desk.make("sessions", room="Room 303", slot=ONE, title="Typing")
    desk.make("join", first=written, other=FIRST)
    desk.make("undo", correction=1)

    desk.make(f"cards/{FIRST}", title="Typing at scale")

    assert [one.title for one in desk.sessions.values()] == ["Typing at scale"]


def test_what_was_cut_out_of_a_photo_goes_with_it(desk, seeder, make_post):
    seeder.photo(make_post(OTHER, room="Room 302", title="Juggling"), at=at(9))
    seeder.photo(make_post(FIRST, title="Secret"), at=at(9, 30), covered=(OTHER,))
    whole = desk.sessions[FIRST].crop
    part = desk.make("split", card=FIRST, line="0,0.5,1,0.5")
    crops = [desk.sessions[name].crop for name in (FIRST, part)]
    assert desk.for_attendees(*crops) == [200, 200]

    desk.say_of_photo(0, PhotoTakenBack)

    assert list(desk.sessions) == [OTHER]
    assert desk.for_attendees(whole, *crops) == [404, 404, 404]


def test_cards_that_stay_lose_the_pictures_that_were_cut_from_a_photo_taken_back(
    desk, seeder, make_post
):
    seeder.photo(make_post(FIRST, title="Typing"), at=at(9))
    before = desk.sessions[FIRST].crop
    seeder.photo(make_post(FIRST, title="Typing", shade=9), known=(FIRST,), at=at(10))
    part = desk.make("split", card=FIRST, line="0,0.5,1,0.5")
    drawn = desk.make("cards", room="Room 303", slot=ONE, rect="0.1,0.1,0.4,0.4")
    names = FIRST, part, drawn
    crops = [desk.sessions[name].crop for name in names]
    assert desk.for_attendees(*crops) == [200, 200, 200]

    desk.say_of_photo(0, PhotoTakenBack)

    assert [desk.sessions[name].crop for name in names] == [before, "", ""]
    assert desk.for_attendees(before, *crops) == [200, 404, 404, 404]


def test_decision_follows_a_card_that_is_joined_to_another(desk, seeder, make_post):
    seeder.photo(
        make_post(FIRST, title="Typing"), make_post(OTHER, title="Carving"), at=at(9)
    )
    (conflict,) = desk.attention.conflicts
    desk.make("conflicts", conflict=conflict.id, action=f"only {FIRST}")
    written = desk.make("sessions", room="Room 303", slot=ONE, title="Typing!")

    desk.make("join", first=FIRST, other=written)

    assert list(desk.sessions) == [written]


def test_part_that_is_joined_to_its_card_again_leaves_it_its_address(
    desk, seeder, make_post
):
    seeder.photo(make_post(FIRST), at=at(9))
    part = desk.make("split", card=FIRST, line="0,0.5,1,0.5")

    desk.make("join", first=part, other=FIRST)

    assert list(desk.sessions) == [FIRST]


def test_session_by_hand_keeps_its_address_in_a_conflict_too(desk, seeder, make_post):
    seeder.photo(make_post("000000000001", title="Typing"), at=at(9))
    written = desk.make("sessions", room="Room 301", slot=TEN, title="Carving spoons")
    (conflict,) = desk.attention.conflicts

    desk.make("conflicts", conflict=conflict.id, action="join")

    assert list(desk.sessions) == [written]


def test_session_by_hand_that_is_another_by_now_is_not_swallowed(
    desk, seeder, make_post
):
    seeder.photo(make_post(FIRST), at=at(9))
    place = {"room": "Room 303", "slot": TEN}
    written = desk.make("sessions", **place, title="Juggling")
    desk.make(f"cards/{written}", title="Juggling clubs", seen_title="Juggling")

    refused = desk.send("sessions", **place, title="Juggling")

    assert refused.status_code == 422
    assert "it is in Room 303, 10:00-11:00" in refused.text
    assert "Juggling clubs" in refused.text


def test_person_saw_the_photo_that_was_given_an_earlier_time(
    desk, seeder, make_post, clock
):
    clock.at(13)
    seeder.photo(make_post(FIRST, title="Typing", lines=("Typing",)), at=at(9))
    words = "Something else by now"
    seeder.photo(
        make_post(FIRST, title=words, lines=(words,), change="edited"),
        at=at(12),
        known=(FIRST,),
    )
    desk.say_of_photo(0, lambda name: PhotoTime(name, at(10, 30)))
    (shown,) = desk.queue

    desk.make(
        f"cards/{FIRST}",
        title="Quite another title",
        seen_title=shown.title,
        seen_at=shown.card.last_seen_at.isoformat(),
    )

    (entry,) = desk.queue
    assert entry.held["title"].seen.text == words
    assert entry.reopened is None


def test_photo_that_was_given_the_earliest_time_is_the_first(
    desk, seeder, make_post, clock
):
    clock.at(13)
    seeder.photo(make_post(FIRST), at=at(9))
    seeder.photo(
        make_post(FIRST), make_post(OTHER, slot=ELEVEN), at=at(10), known=(FIRST,)
    )
    assert [one.words for one in desk.attention.changes] == ["New"]

    desk.say_of_photo(0, lambda name: PhotoTime(name, at(8)))

    assert desk.attention.changes == ()


@pytest.mark.parametrize("confirmed", [True, False], ids=["seen", "first-photo"])
def test_renamed_room_has_moved_no_card(confirmed, desk, seeder, make_post):
    seeder.photo(make_post(FIRST), at=at(9))
    if confirmed:
        shown = make_post(FIRST), make_post(OTHER, slot=ELEVEN, title="Knitting")
        seeder.photo(*shown, at=at(9, 30), known=(FIRST,))
        desk.make("changes", seen=[one.stamp for one in desk.attention.changes])
    assert desk.attention.changes == ()
    friday, saturday = desk.site.profile.boards
    layout = replace(friday.layout, rooms=("Aula", "Room 302", "Room 303"))
    profile = Profile(
        desk.site.profile.event, (replace(friday, layout=layout), saturday)
    )
    path = desk.site.settings.profile_path
    save_profile(profile, path)

    with desk.site.database.write() as session:
        change = change_to(session, read_event_file(path), renamed=True)
        take_up(session, change, at(9, 45))

    renamed = replace(desk, site=desk.site.newest())
    assert {one.cell.room for one in renamed.sessions.values()} == {"Aula"}
    assert renamed.attention.changes == ()


def test_desk_asks_as_often_for_twenty_cards_as_for_two(
    site, client, sign_in, seeder, make_post
):
    sign_in()
    asked = []
    event.listen(
        site.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: asked.append(statement),
    )
    counts = []
    for number in (2, 20):
        posts = [
            make_post(f"{number:02x}{one:010x}", title=f"Title {number} {one}")
            for one in range(number)
        ]
        seeder.photo(
            *posts, at=at(9, number), board="saturday" if number == 2 else "friday"
        )
        asked.clear()
        client.get("/desk/saturday" if number == 2 else "/desk/friday")
        counts.append(sum("readings" in one for one in asked))

    assert counts[0] == counts[1]
