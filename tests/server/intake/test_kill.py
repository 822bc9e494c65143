"""Invariant 1: a photo that was acknowledged is never lost (kill -9)."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from server.intake.claims import Worker
from server.intake.loop import work_once
from server.store.cards import known_cards
from server.store.readings import further_readings
from server.store.releases import latest_release, releases

SCRIPT = Path(__file__).parents[1] / "scripted.py"
KILLED = -9


@pytest.fixture
def die_at(folder, run_program):
    """Let a worker process of a lane die at a point of scripted.dying."""

    def run(lane, point, minutes):
        return run_program(SCRIPT, folder, lane, point, minutes)

    return run


@pytest.mark.parametrize(
    ("lane", "points"),
    [
        ("straighten", ("straighten", "put-1", "clock-2")),
        ("read", ("read", "progress", "put-1", "put-2", "clock-2")),
    ],
    ids=["straighten", "read"],
)
def test_photo_survives_kills_at_every_point(lane, points, journey, scripted, die_at):
    journey.send("morning", "12:00")
    journey.work(scripted.SHOTS)
    noon = journey.send("noon", "13:00")
    if lane == "read":
        journey.work(scripted.SHOTS, lanes=["straighten"])
    before = journey.ask(releases, "friday")

    for minutes, point in enumerate(points):
        assert die_at(lane, point, minutes) == KILLED, point
        # Nothing of what the dead one did is seen.
        assert journey.ask(releases, "friday") == before, point

    later = scripted.NOW + dt.timedelta(hours=1)
    survivors = replace(journey, site=replace(journey.site, clock=lambda: later))
    survivors.work(scripted.SHOTS)
    assert journey.photo(noon).state == "settled"
    release = journey.ask(latest_release, "friday")
    assert (release.photo_id, release.number) == (noon.id, 4)
    assert {session.title: session.cell for session in release.schedule.sessions} == (
        scripted.SHOTS["noon"].cards
    )


def test_further_reading_survives_kills_at_every_point(journey, scripted, die_at):
    evening = journey.send("evening", "15:00")
    journey.work(scripted.SHOTS, lanes=["straighten"])
    vision = scripted.vision_of(scripted.SHOTS)
    assert work_once(Worker(journey.site, vision, "first"), "read")
    cards = journey.ask(known_cards, "friday")
    # Killed as the first card is read, as it is kept, and as the second is read.
    kept = []
    for minutes, point in enumerate(("further-1", "clock-4", "further-2", "clock-4")):
        assert die_at("settle", point, minutes) == KILLED, point
        kept.append(len(journey.ask(further_readings, "friday")))
        assert journey.photo(evening).state == "read"

    later = scripted.NOW + dt.timedelta(hours=1)
    survivors = replace(journey, site=replace(journey.site, clock=lambda: later))
    survivors.work(scripted.SHOTS)

    assert kept == [0, 0, 1, 1]
    assert journey.photo(evening).state == "settled"
    assert {card.id for card in journey.ask(known_cards, "friday")} == {
        card.id for card in cards
    }
    release = journey.ask(latest_release, "friday")
    assert [session.title for session in release.schedule.sessions] == [
        "Type checking",
        "Knitting",
        "Tea",
    ]
