"""Sample events as if they were held today, whenever that is."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibration.profile import load_profile
from sample_boards.events import DEMO_EVENTS, PYCON_US
from sample_boards.today import ZONES, held_today
from vision.image.photo import Photo


@given(
    now=st.timedeltas(dt.timedelta(), dt.timedelta(days=3000)).map(
        lambda later: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + later
    )
)
@settings(
    max_examples=settings.default.max_examples // 8,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_last_photo_was_taken_within_the_hour(now, tmp_path):
    event = held_today(PYCON_US, now, tmp_path)
    (board,) = load_profile(event.profile_path).boards
    zone = load_profile(event.profile_path).event.timezone

    taken = [Photo.decode(photo.read_bytes()).taken_at for photo in event.photos]

    assert zone.key in ZONES
    assert [f"{moment:%H:%M}" for moment in taken] == ["09:48", "12:06", "15:02"]
    assert {moment.date() for moment in taken} == {board.date}
    assert dt.timedelta() <= now - taken[-1] < dt.timedelta(hours=1)


@pytest.mark.parametrize("sample", DEMO_EVENTS, ids=lambda sample: sample.name)
def test_all_else_stays_as_it_is(sample, tmp_path):
    now = dt.datetime(2027, 3, 1, 4, 30, tzinfo=dt.UTC)
    event = held_today(sample, now, tmp_path)

    was, is_ = load_profile(sample.profile_path), load_profile(event.profile_path)
    later = is_.boards[0].date - was.boards[0].date
    assert later > dt.timedelta(0)
    assert is_ == replace(
        was,
        event=replace(was.event, timezone=is_.event.timezone),
        boards=tuple(replace(one, date=one.date + later) for one in was.boards),
    )
    for photo, copy in zip(sample.photos, event.photos, strict=True):
        assert len(copy.read_bytes()) == len(photo.read_bytes())
        assert copy.read_bytes()[4096:] == photo.read_bytes()[4096:]
