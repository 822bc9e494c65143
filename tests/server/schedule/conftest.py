import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from calibration.layout import CellId, Layout, Slot
from calibration.profile import Board
from server.schedule.cards import Card
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.edit import Edit
from vision.reading import CardFields

NEW_YORK = ZoneInfo("America/New_York")
SEEN_AT = dt.datetime(2024, 5, 17, 10, 42, tzinfo=NEW_YORK)


@pytest.fixture
def timezone() -> ZoneInfo:
    return NEW_YORK


@pytest.fixture
def board() -> Board:
    return Board(
        slug="friday",
        title="Friday",
        date=dt.date(2024, 5, 17),
        layout=Layout(
            rooms=("Room 301", "Room 302"),
            slots=tuple(map(Slot.parse, ("10:00-11:00", "11:00-12:00", "13:00-14:00"))),
            blocked={CellId("Room 302", "13:00-14:00"): "Keynote overflow"},
        ),
    )


@pytest.fixture
def make_card() -> Callable[..., Card]:
    card = Card(
        id="0123456789ab",
        board="friday",
        cell=CellId("Room 301", "10:00-11:00"),
        until=None,
        text="Type checking at scale\nMaya @mayacodes",
        fields=CardFields(
            title="Type checking at scale", host="Maya", handles=("@mayacodes",)
        ),
        confidence=0.93,
        colour="#ffd54f",
        crop="c" * 64,
        presence="present",
        first_seen_at=SEEN_AT,
        last_seen_at=SEEN_AT,
    )
    return lambda **changes: replace(card, **changes)


@pytest.fixture
def make_correction() -> Callable[..., Correction]:
    def make_correction(card="0123456789ab", field="title", **made):
        change = Edit.setting(card, {field: made.get("value", "Typing at scale")})
        return Correction(made.get("id", 1), change, "Ada", SEEN_AT)

    return make_correction
