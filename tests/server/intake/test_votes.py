"""Votes on cards: each photo says how many there are, whoever read the words."""

import json
import re
from dataclasses import replace

import pytest

from calibration.layout import CellId
from server.store.cards import known_cards
from server.store.releases import latest_release

CARDS = {
    "Type checking": CellId("Room 301", "10:00-11:00"),
    "Knitting": CellId("Room 302", "10:00-11:00"),
    "Tea": CellId("Room 301", "11:00-12:00"),
}


@pytest.fixture(scope="module")
def profile(profile):
    """The event, its first board with votes."""
    friday, saturday = profile.boards
    return replace(profile, boards=(replace(friday, votes="dots"), saturday))


@pytest.fixture
def voted(journey, scripted):
    """Two photos of three cards; people voted in between."""
    journey.send("morning")
    journey.send("noon", at="13:00")
    votes = {"Type checking": 2, "Knitting": 1, "Tea": 0}
    journey.work(
        {
            "morning": scripted.Shot(CARDS, votes=votes),
            "noon": scripted.Shot(CARDS, votes={**votes, "Type checking": 5}),
        }
    )


@pytest.mark.usefixtures("voted")
def test_newest_photo_says_how_many_votes_a_card_has(journey):
    release = journey.ask(latest_release, "friday")
    known = journey.ask(known_cards, "friday")

    expected = {"Type checking": 5, "Knitting": 1, "Tea": 0}
    assert {one.title: one.votes for one in release.schedule.sessions} == expected
    # What the next photo is compared with.
    assert {one.reading.fields.title: one.reading.votes for one in known} == expected


@pytest.mark.usefixtures("voted")
def test_votes_are_shown_and_told(client):
    page = client.get("/os/friday").text
    sessions = json.loads(client.get("/os/friday.json").data)["sessions"]
    own = client.get(f"/os/s/{sessions[0]['id']}").text

    assert re.findall(r'<p class="votes">([^<]*)</p>', page) == ["5 votes", "1 vote"]
    assert re.findall(r'<p class="votes">([^<]*)</p>', own) == ["5 votes"]
    assert {one["title"]: one["votes"] for one in sessions} == {
        "Type checking": 5,
        "Knitting": 1,
        "Tea": 0,
    }
