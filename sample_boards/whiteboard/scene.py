"""A bar camp on a whiteboard: written sessions, hand-drawn lines, three notes."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Final

import numpy as np

from sample_boards.board import DrawnBoard
from sample_boards.camera import Standpoint
from sample_boards.light import Glare, Light, Sensor
from sample_boards.paper import NOTE_COLOURS
from sample_boards.random_boards import made_card
from sample_boards.render import Conditions
from sample_boards.scenes import PlannedPhoto, Scene, with_cards

ROOMS: Final = ("Stage", "Kitchen", "Garden")

SLOTS: Final = ("13:30-14:15", "14:15-15:00", "15:00-15:45", "15:45-16:30")

DAY: Final = date(2026, 6, 13)

LONDON: Final = timezone(timedelta(hours=1))

SEED: Final = 613

WRITTEN: Final[tuple[tuple[str, str, str, int, int], ...]] = (
    ("Small web revival", "no trackers, no ads", "Rosa", 0, 0),
    ("Being kind in code review", "", "Minh", 1, 0),
    ("Plotting contest", "the ugliest chart wins", "", 2, 0),
    ("Docs that people read", "", "Theo", 0, 1),
    ("Design for volunteers", "patterns that hurt", "@noor_a", 2, 1),
    ("How we fund our tools", "grants, gifts, shops", "Elif", 1, 2),
    ("Museums and archives", "scans, tags, search", "", 0, 2),
    ("Games made in a week", "", "Luis", 0, 3),
)

NOTES: Final[tuple[tuple[str, str, str, int, int, str], ...]] = (
    ("Bread baking", "starter to share", "Ilse", 1, 1, "yellow"),
    ("Fixing old laptops", "", "Finn", 2, 2, "pink"),
    ("Plant swap", "bring pots", "", 2, 3, "white"),
)


def board() -> DrawnBoard:
    """Return the whiteboard: eight written sessions, three notes, one free cell."""
    drawn = DrawnBoard(
        slug="saturday",
        title="Saturday",
        look="whiteboard",
        rooms=ROOMS,
        slots=SLOTS,
        cell_mm=(310.0, 175.0),
        hours_mm=200.0,
        head_mm=96.0,
        margins_mm=(24.0, 24.0, 24.0, 24.0),
        seed=SEED,
    )
    for number, (title, description, host, room, slot) in enumerate(WRITTEN):
        rng = np.random.default_rng([SEED, number])
        cell = (ROOMS[room], SLOTS[slot])
        card = made_card(
            drawn, f"written-{number}", (title, description, host), cell, rng
        )
        hand = ("quick", "linked", "round")[number % 3]
        drawn = with_cards(
            drawn,
            replace(
                card,
                title=title,
                description=description,
                host=host,
                host_style="- {}" if host and not host.startswith("@") else "{}",
                hand=hand,
                pen="board marker",
                ink="green" if number == 4 else "blue",
            ),
        )
    return _with_notes(drawn)


def _with_notes(drawn: DrawnBoard) -> DrawnBoard:
    for number, (title, description, host, room, slot, colour) in enumerate(NOTES):
        rng = np.random.default_rng([SEED, 50 + number])
        cell = (ROOMS[room], SLOTS[slot])
        card = made_card(drawn, f"note-{number}", (title, description, host), cell, rng)
        note = replace(
            card,
            colour=NOTE_COLOURS[colour],
            size_mm=(150.0, 102.0),
            pen="bullet marker",
            ink="black",
            lift_mm=(0.0, 0.0, 5.0, 3.0),
            tilt_deg=float(rng.normal(0, 3)),
        )
        drawn = with_cards(drawn, note)
    return drawn


def scene() -> Scene:
    """Return the whole event."""
    photo = PlannedPhoto(
        name="1-whiteboard.jpg",
        board=board(),
        standpoint=Standpoint(
            yaw_deg=9, pitch_deg=-4, roll_deg=-0.8, fill=0.94, k1=-0.011
        ),
        conditions=Conditions(
            light=Light(
                exposure=0.9,
                gradient=(-0.16, -0.14),
                warmth=0.02,
                glare=(Glare(0.82, 0.13, 0.04, 0.5),),
            ),
            sensor=Sensor(defocus_px=0.6, noise=1.6, jpeg_quality=80),
            room_seed=17,
        ),
        taken_at=datetime(DAY.year, DAY.month, DAY.day, 13, 12, tzinfo=LONDON),
        photo_wh=(3264, 2448),
        seed=1,
    )
    return Scene(
        name="Sample: whiteboard",
        timezone="Europe/London",
        short_path="camp",
        hashtag="",
        day=DAY,
        photos=(photo,),
    )
