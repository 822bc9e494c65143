import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from calibration.layout import CellId, Layout, Slot
from calibration.profile import Board, Event
from server.schedule.sessions import Session

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def event() -> Event:
    return Event("PyCon US 2024", NEW_YORK, "os", "#PyConOpenSpace")


@pytest.fixture
def board() -> Board:
    return Board(
        slug="friday",
        title="Friday",
        date=dt.date(2024, 5, 17),
        layout=Layout(
            rooms=("Room 301", "Room 302"),
            slots=tuple(map(Slot.parse, ("10:00-11:00", "11:00-12:00"))),
        ),
    )


@pytest.fixture
def make_session() -> Callable[..., Session]:
    session = Session(
        id="0123456789ab",
        title="Type checking at scale",
        description="Gradual typing in a monorepo",
        host="Maya",
        handles=("@mayacodes",),
        hashtags=("#PyConOpenSpace",),
        urls=("https://example.org/typing",),
        cell=CellId("Room 301", "10:00-11:00"),
        starts_at=dt.datetime(2024, 5, 17, 10, tzinfo=NEW_YORK),
        ends_at=dt.datetime(2024, 5, 17, 11, tzinfo=NEW_YORK),
        crop="c" * 64,
        confidence=0.93,
        corrected=False,
        presence="present",
        last_seen_at=dt.datetime(2024, 5, 17, 9, 42, tzinfo=NEW_YORK),
    )
    return lambda **changes: replace(session, **changes)


@pytest.fixture
def timezone_name() -> str:
    return NEW_YORK.key
