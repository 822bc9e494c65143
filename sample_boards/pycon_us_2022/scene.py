"""The day of the PyCon US look: morning, noon, afternoon."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Final

import numpy as np

from sample_boards.board import DrawnBoard
from sample_boards.camera import Standpoint
from sample_boards.cards import Card, Sticker
from sample_boards.light import Glare, Light, Sensor
from sample_boards.paper import INDEX_CARD_COLOURS
from sample_boards.people import Person
from sample_boards.random_boards import (
    blocked_cells,
    hung,
    made_card,
    slot_names,
    with_host,
)
from sample_boards.render import Conditions
from sample_boards.scenes import PlannedPhoto, Scene, nudged, on, with_cards, without

ROOMS: Final = (
    "Room 316", "Room 317", "Room 318", "Room 319",
    "Room 320", "Room 321", "Hall B", "Lounge",
)  # fmt: skip

SLOTS: Final = slot_names(8)

DAY: Final = date(2026, 5, 15)

PACIFIC: Final = timezone(timedelta(hours=-7))

SEED: Final = 2026

MORNING: Final[tuple[tuple[str, str, str, int, int], ...]] = (
    # title, description, host, room, slot
    ("Knitting & Code", "all yarns welcome", "Marta", 0, 0),
    ("Type hints in old code", "bring your worst module", "Ines Okafor", 2, 0),
    ("Weather stations", "sensors at home", "@uligraf", 5, 0),
    ("Django meetup", "", "Hugo Reyes", 1, 1),
    ("Climate data", "maps + open numbers", "Noor A.", 3, 1),
    ("Packaging war stories", "from one file to a wheel", "Tom Brandt", 4, 1),
    ("Running group 5K", "meet at the fountain", "Finn", 7, 1),
    ("Maintainers' lunch", "talk about burnout", "Vera", 2, 2),
    ("First time speakers", "meet & practise", "", 0, 2),
    ("Parents in tech", "", "Oona", 6, 2),
    ("Async Q&A", "why does my loop hang?", "@lena_v", 1, 3),
    ("GIS and maps", "", "Pia Lund", 3, 3),
    ("Embedded Python", "bring hardware", "Jo", 5, 3),
    ("Teaching kids to program", "", "Ravi P.", 0, 4),
    ("Notebooks in production", "good idea or not?", "Sofia", 2, 4),
    ("Rust + Python", "hands-on", "Kemal", 4, 4),
    ("Data cleaning horror", "share your CSV", "Elif", 1, 5),
    ("Accessibility clinic", "show us your site", "@yuki_dev", 3, 5),
    ("Robots for beginners", "wheels and sensors", "Theo", 6, 5),
    ("Postgres tricks", "indexes you forgot", "Anton", 5, 5),
    ("Testing legacy systems", "", "Nils Berg", 0, 6),
    ("Women who code", "open to all allies", "Bea Moreau", 2, 6),
    ("Board games after dark", "all levels welcome!", "", 7, 6),
    ("Ukulele circle", "three chords", "Chidi", 7, 7),
    ("Tabletop role play", "one shot, 4 seats", "Greta", 6, 7),
    ("Terminal tools", "show your prompt", "Wim", 4, 7),
)

BY_NOON: Final[tuple[tuple[str, str, str, int, int], ...]] = (
    ("Profiling workshop", "make it faster", "Luis", 4, 2),
    ("Sourdough & servers", "", "Ilse", 6, 3),
    ("Python for biology", "sequences, cells, images", "Mina", 1, 4),
    ("Remote teams", "what works, what doesn't", "Dario", 5, 4),
    ("Regex puzzles", "prizes!", "Quentin", 2, 5),
    ("Open source money", "who pays whom?", "Selma", 3, 6),
    ("Chess bots", "bring your engine", "@nilsberg", 5, 6),
    ("Library people", "books meet bytes", "Rosa", 0, 7),
)

BY_AFTERNOON: Final[tuple[tuple[str, str, str, int, int], ...]] = (
    ("Synth jam", "headphones please", "Kaya", 7, 4),
    ("Home automation", "without the cloud", "Jonas", 4, 5),
    ("Code review manners", "", "Paula", 1, 6),
    ("Language exchange", "Deutsch - Español - English", "Zoe", 6, 6),
    ("Science fiction books", "swap a paperback", "", 2, 7),
    ("Security for small teams", "", "Xenia", 3, 7),
)


def _empty() -> DrawnBoard:
    return DrawnBoard(
        slug="friday",
        title="Friday",
        look="printed",
        rooms=ROOMS,
        slots=SLOTS,
        blocked=blocked_cells(
            (("Hall B", SLOTS[0]), ("Hall B", SLOTS[1])), "Opening keynote"
        ),
        seed=SEED,
    )


def _hang(
    board: DrawnBoard, sessions: tuple[tuple[str, str, str, int, int], ...]
) -> DrawnBoard:
    """Hang new cards, each with its own hand, pen and colour."""
    for title, description, host, room, slot in sessions:
        number = len(board.cards)
        rng = np.random.default_rng([SEED, room, slot, number])
        name = title.casefold().replace(" ", "-").replace("'", "")
        cell = (ROOMS[room], SLOTS[slot])
        card = made_card(board, name, (title, description, host), cell, rng)
        board = with_cards(board, _dressed(card, number))
    return board


def _dressed(card: Card, number: int) -> Card:
    """Take the next colour from the pile, and put a sticker on every ninth card."""
    colours = list(INDEX_CARD_COLOURS.values())
    card = replace(card, colour=colours[(number * 2 + number // 5) % len(colours)])
    if number % 9 != 4:
        return card
    width, height = card.size_mm
    sticker = Sticker(width - 13, height - 13, 8.5, (222, 226, 232))
    logo = Sticker(width - 13, height - 13, 5.5, (60, 150, 230))
    return replace(card, stickers=(sticker, logo))


def _move(board: DrawnBoard, card_id: str, room: int, slot: int) -> DrawnBoard:
    rng = np.random.default_rng([SEED, room, slot, 99])
    return with_cards(
        board, hung(board, on(board, card_id), (ROOMS[room], SLOTS[slot]), rng)
    )


def morning() -> DrawnBoard:
    """Return the board at ten: 26 cards, two of them over their neighbours."""
    board = _hang(_empty(), MORNING)
    over = nudged(on(board, "robots-for-beginners"), -38, 6, 5)
    return with_cards(board, over, nudged(on(board, "women-who-code"), 10, 10, -4))


def noon() -> DrawnBoard:
    """Return the board at noon: eight more, two moved, one gone, a new host."""
    board = _hang(morning(), BY_NOON)
    board = _move(board, "gis-and-maps", 3, 4)
    board = _move(board, "board-games-after-dark", 7, 5)
    board = without(board, "first-time-speakers")
    edited = with_host(on(board, "testing-legacy-systems"), "Minh Tran")
    return with_cards(board, edited)


def afternoon() -> DrawnBoard:
    """Return the board at three: six more, two moved, two gone, one struck out."""
    board = _hang(noon(), BY_AFTERNOON)
    board = _move(board, "terminal-tools", 5, 7)
    board = _move(board, "chess-bots", 4, 6)
    board = without(board, "knitting-&-code", "running-group-5k")
    return with_cards(board, replace(on(board, "remote-teams"), struck=True))


def scene() -> Scene:
    """Return the whole event."""
    return Scene(
        name="Sample: PyCon US look",
        timezone="America/Los_Angeles",
        short_path="os",
        hashtag="#PyConOpenSpace",
        day=DAY,
        photos=(_morning_photo(), _noon_photo(), _afternoon_photo()),
    )


def _at(hour: int, minute: int) -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=PACIFIC)


def _morning_photo() -> PlannedPhoto:
    return PlannedPhoto(
        name="1-morning.jpg",
        board=morning(),
        standpoint=Standpoint(yaw_deg=-7, pitch_deg=3, roll_deg=0.6, fill=0.95),
        conditions=Conditions(
            light=Light(exposure=1.02, gradient=(0.16, -0.1), warmth=-0.01),
            sensor=Sensor(defocus_px=0.55, noise=1.4, jpeg_quality=80),
            room_seed=4,
        ),
        taken_at=_at(9, 48),
        seed=1,
    )


def _noon_photo() -> PlannedPhoto:
    return PlannedPhoto(
        name="2-noon.jpg",
        board=noon(),
        standpoint=Standpoint(
            yaw_deg=21, pitch_deg=5, roll_deg=-1.8, fill=0.96, k1=-0.016
        ),
        conditions=Conditions(
            light=Light(
                exposure=1.08,
                gradient=(-0.22, -0.16),
                warmth=0.035,
                glare=(Glare(0.335, 0.2, 0.035, 0.55),),
            ),
            sensor=Sensor(defocus_px=0.65, noise=1.6, jpeg_quality=80),
            people=(Person(x=0.155, head_top=0.66, head_share=0.15, arm=0, seed=5),),
            room_seed=4,
        ),
        taken_at=_at(12, 6),
        seed=2,
    )


def _afternoon_photo() -> PlannedPhoto:
    return PlannedPhoto(
        name="3-afternoon.jpg",
        board=afternoon(),
        standpoint=Standpoint(
            yaw_deg=-17, pitch_deg=-4, roll_deg=2.2, fill=0.95, k1=-0.009
        ),
        conditions=Conditions(
            light=Light(exposure=0.9, gradient=(0.25, -0.05), warmth=0.07),
            sensor=Sensor(
                defocus_px=0.7, motion_px=2.2, motion_deg=20, noise=2.2, jpeg_quality=78
            ),
            people=(
                Person(x=0.47, head_top=0.7, head_share=0.14, arm=1, seed=12),
                Person(x=0.86, head_top=0.62, head_share=0.165, arm=0, seed=23),
            ),
            room_seed=4,
        ),
        taken_at=_at(15, 2),
        seed=3,
    )
