"""Invariant 1: a photo that was acknowledged is never lost (kill -9)."""

import datetime as dt
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from server.store.releases import latest_release, releases

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "tests" / "server" / "scripted.py"
KILLED = -9


@pytest.fixture
def die_at(folder):
    """Let a worker process of a lane die at a point of scripted.dying."""

    def run(lane, point, minutes):
        return subprocess.run(
            [sys.executable, "-W", "error", SCRIPT, folder, lane, point, str(minutes)],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
            check=False,
        ).returncode

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
    assert journey.photo(noon).state == "read"
    release = journey.ask(latest_release, "friday")
    assert (release.photo_id, release.number) == (noon.id, 4)
    assert {session.title: session.cell for session in release.schedule.sessions} == (
        scripted.SHOTS["noon"].cards
    )
