"""What the demo lists before its first photo."""

import datetime as dt

import pytest

from sample_boards.events import DEMO_EVENTS
from sample_boards.today import held_today
from server.cli.plan import list_ahead
from server.config import settings_from
from server.site import Site

PLANNED = [event for event in DEMO_EVENTS if event.planned_path.exists()]


@pytest.mark.parametrize("sample", PLANNED, ids=lambda sample: sample.name)
def test_what_was_planned_is_listed_whole_whenever_it_is_held(sample, tmp_path):
    now = dt.datetime(2026, 12, 1, 13, 20, tzinfo=dt.UTC)
    event = held_today(sample, now, tmp_path / sample.name)
    options = {"profile_path": event.profile_path, "data_dir": tmp_path}
    site = Site.open(settings_from({}, options))
    sheet = sample.planned_path.read_bytes()

    first, again = (list_ahead(site, sheet, site.profile.boards[0]) for _ in range(2))

    site.database.close()
    rows = len(sheet.splitlines()) - 1
    assert (first.count("new"), first.refused) == (rows, ())
    assert again.count("known") == rows
