import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from server.intake.receive import localised
from server.store.photos import add_photo

NEW_YORK = ZoneInfo("America/New_York")
NOON = dt.datetime(2024, 5, 17, 12, 0)  # noqa: DTZ001  (as cameras write it)


@pytest.mark.parametrize(
    ("taken_at", "expected"),
    [
        (None, None),
        (NOON, NOON.replace(tzinfo=NEW_YORK)),
        (NOON.replace(tzinfo=dt.UTC), NOON.replace(tzinfo=dt.UTC)),
    ],
    ids=["unknown", "naive-is-local", "aware-stays"],
)
def test_camera_time_becomes_aware(taken_at, expected):
    assert localised(taken_at, NEW_YORK) == expected


def test_camera_whose_clock_is_ahead_does_not_hold_up_others(site):
    received_at = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)
    ahead = received_at + dt.timedelta(days=400)

    with site.database.write() as session:
        record, new = add_photo(
            session,
            sha256="a" * 64,
            size_bytes=1,
            given_board=None,
            sender="Ada",
            received_at=received_at,
            taken_at=ahead,
        )

    assert (record.taken_at, record.at, new) == (ahead, received_at, True)
