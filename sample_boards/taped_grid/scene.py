"""An afternoon with a taped grid: German notes, corner tags, two photos."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Final

import numpy as np

from sample_boards.board import DrawnBoard
from sample_boards.camera import Standpoint
from sample_boards.cards import Card
from sample_boards.light import Light, Sensor
from sample_boards.people import Person
from sample_boards.random_boards import hung, made_card, with_host
from sample_boards.render import Conditions
from sample_boards.scenes import PlannedPhoto, Scene, nudged, on, with_cards

ROOMS: Final = ("Ahorn", "Birke", "Linde", "Werkstatt")

SLOTS: Final = ("11:00-12:00", "12:00-13:00", "14:00-15:00", "15:00-16:00")

DAY: Final = date(2026, 9, 19)

BERLIN: Final = timezone(timedelta(hours=2))

SEED: Final = 1919

PHOTO_WH: Final = (3264, 2448)

FIRST: Final[tuple[tuple[str, str, str, int, int], ...]] = (
    ("Freie Lehrbücher", "Wer schreibt mit?", "Ilse", 0, 0),
    ("Löten für alle", "Bausätze sind da", "Jonas", 3, 0),
    ("Offene Karten", "zeichnen und prüfen", "Greta", 1, 0),
    ("Urheberrecht kurz erklärt", "", "Nils Berg", 2, 0),
    ("Barrierefreie Seiten", "Eure Fragen", "@pialund", 0, 1),
    ("Moodle trifft Metadaten", "", "Uli Graf", 1, 1),
    ("Fahrradwerkstatt", "Räder mitbringen!", "Finn", 3, 1),
    ("Vereinskasse ohne Tabelle", "", "Vera", 2, 2),
    ("Podcast in einer Stunde", "Mikro + Schnitt", "Kaya", 0, 2),
    ("Digitale Tafel", "was im Unterricht hilft", "Paula", 1, 3),
)

SECOND: Final[tuple[tuple[str, str, str, int, int], ...]] = (
    ("Größere Gruppen leiten", "", "Selma", 2, 1),
    ("Stadtbäume zählen", "Daten für das Grünamt", "Theo", 1, 2),
    ("Abschluss & Kuchen", "alle!", "", 3, 3),
)


def _hang(
    board: DrawnBoard, sessions: tuple[tuple[str, str, str, int, int], ...]
) -> DrawnBoard:
    for title, description, host, room, slot in sessions:
        rng = np.random.default_rng([SEED, room, slot])
        name = title.casefold().replace(" ", "-")
        cell = (ROOMS[room], SLOTS[slot])
        card = _loose(
            made_card(board, name, (title, description, host), cell, rng), rng
        )
        board = with_cards(board, card)
    return board


def _loose(card: Card, rng: np.random.Generator) -> Card:
    """Sticky notes hang more askew than pinned cards."""
    return replace(card, tilt_deg=card.tilt_deg + float(rng.normal(0, 4)))


def before_lunch() -> DrawnBoard:
    """Return the board before lunch: ten notes, one over its neighbour."""
    empty = DrawnBoard(
        slug="samstag",
        title="Samstag",
        look="taped",
        rooms=ROOMS,
        slots=SLOTS,
        cell_mm=(165.0, 112.0),
        hours_mm=104.0,
        head_mm=92.0,
        margins_mm=(20.0, 24.0, 78.0, 78.0),
        tags=(4, 5, 6, 7),
        seed=SEED,
    )
    board = _hang(empty, FIRST)
    return with_cards(board, nudged(on(board, "barrierefreie-seiten"), 4, -26, -5))


def after_lunch() -> DrawnBoard:
    """Return the board after lunch: three more, one moved, a new host."""
    board = _hang(before_lunch(), SECOND)
    rng = np.random.default_rng([SEED, 7])
    moved = hung(board, on(board, "digitale-tafel"), (ROOMS[0], SLOTS[3]), rng)
    return with_cards(board, moved, with_host(on(board, "fahrradwerkstatt"), "Oona"))


def scene() -> Scene:
    """Return the whole event."""
    return Scene(
        name="Sample: taped grid",
        timezone="Europe/Berlin",
        short_path="tafel",
        hashtag="",
        day=DAY,
        photos=(
            PlannedPhoto(
                name="1-before-lunch.jpg",
                board=before_lunch(),
                standpoint=Standpoint(
                    yaw_deg=12, pitch_deg=-3, roll_deg=1.2, fill=0.93, k1=-0.01
                ),
                conditions=Conditions(
                    light=Light(exposure=0.98, gradient=(-0.3, 0.05), warmth=0.03),
                    sensor=Sensor(defocus_px=0.6, noise=1.8, jpeg_quality=80),
                    room_seed=9,
                ),
                taken_at=_at(10, 52),
                photo_wh=PHOTO_WH,
                seed=1,
            ),
            PlannedPhoto(
                name="2-after-lunch.jpg",
                board=after_lunch(),
                standpoint=Standpoint(
                    yaw_deg=-19, pitch_deg=4, roll_deg=-2.0, fill=0.92, k1=-0.014
                ),
                conditions=Conditions(
                    light=Light(exposure=1.05, gradient=(0.2, -0.1), warmth=0.05),
                    sensor=Sensor(defocus_px=0.7, noise=2.0, jpeg_quality=78),
                    people=(Person(x=0.68, head_top=0.7, head_share=0.16, seed=8),),
                    room_seed=9,
                ),
                taken_at=_at(13, 41),
                photo_wh=PHOTO_WH,
                seed=2,
            ),
        ),
        has_reference=False,
    )


def _at(hour: int, minute: int) -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=BERLIN)
