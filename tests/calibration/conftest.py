"""One profile written by hand, and strategies for any that a person could write.

Test modules cannot import each other, so strategies are fixtures too; they are
drawn from with ``st.data()``.
"""

import datetime as dt
import unicodedata
import zoneinfo
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from calibration.event import (
    RESERVED_PATHS,
    RESERVED_SLUGS,
    Contact,
    LinkedPage,
    RoomFacts,
)
from calibration.geometry import Quad
from calibration.layout import Layout, Slot
from calibration.profile import Board, Event, Profile, ReferencePhoto
from calibration.texts import LANGUAGES

EVENT_TOML = """\
version = 1

[event]
name = "PyCon US 2024"
timezone = "America/New_York"
short_path = "os"                     # the board lives at /os
hashtag = "#PyConOpenSpace"

[[boards]]
slug = "friday"                       # /os/friday
title = "Friday"
date = 2024-05-17
rooms = ["Room 301", "Room 302", "Room 303"]
slots = ["10:00-11:00", "11:00-12:00", "13:00-14:00"]
rooms_along = "columns"               # or "rows"
column_edges = [0.0, 0.34, 0.67, 1.0]
row_edges = [0.0, 0.33, 0.66, 1.0]
tags = [0, 1, 2, 3]
blocked = [{ room = "Room 301", slot = "13:00-14:00", reason = "Keynote overflow" }]

[boards.reference]
photo = "friday.jpg"
corners = [[412, 380], [3620, 402], [3590, 2804], [430, 2790]]

[[boards]]
slug = "saturday"
title = "Saturday"
date = 2024-05-18
rooms = [
  "Room 301",
  "Lobby",  # tables
]
slots = ["22:00-23:30", "23:30-00:30", "00:30-02:00"]
"""
ZONES = [
    zoneinfo.ZoneInfo(key)
    for key in (
        "America/New_York",
        "Europe/Berlin",
        "Asia/Kolkata",
        "UTC",
        "Asia/Taipei",
    )
]


@pytest.fixture(scope="session")
def event_toml():
    """An event.toml of two boards, with comments."""
    return EVENT_TOML


def names(**kwargs):
    """Names as `calibration.names` allows them."""
    letters = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
    return st.text(letters, min_size=1, max_size=12, **kwargs).filter(
        lambda name: (
            name == name.strip()
            and unicodedata.is_normalized("NFC", name)
            and not name.isspace()
        )
    )


def slugs(reserved):
    return st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True).filter(
        lambda slug: slug not in reserved
    )


@st.composite
def slot_lists(draw):
    """Slots of one board: ascending, with gaps or none, perhaps over midnight."""
    first = draw(st.integers(0, 24 * 60 - 1))
    count = draw(st.integers(1, 6))
    marks = draw(
        st.lists(
            st.integers(0, 24 * 60 - 1),
            min_size=2 * count,
            max_size=2 * count,
            unique=True,
        )
    )
    clocks = [
        f"{(first + mark) // 60 % 24:02}:{(first + mark) % 60:02}"
        for mark in sorted(marks)
    ]
    return tuple(
        Slot.parse(f"{start}-{end}")
        for start, end in zip(clocks[::2], clocks[1::2], strict=True)
    )


def edges(count):
    inner = st.lists(
        st.floats(0, 1, exclude_min=True, exclude_max=True),
        min_size=count - 1,
        max_size=count - 1,
        unique=True,
    )
    return st.just(()) | inner.map(lambda values: (0.0, *sorted(values), 1.0))


@st.composite
def any_layout(draw):
    rooms = tuple(draw(st.lists(names(), min_size=1, max_size=4, unique=True)))
    slots = draw(slot_lists())
    along = draw(st.sampled_from(["columns", "rows"]))
    counts = len(rooms), len(slots)
    columns, rows = counts if along == "columns" else counts[::-1]
    even = Layout(rooms, slots, along)
    blocked = draw(st.dictionaries(st.sampled_from(even.cells), names() | st.just("")))
    return Layout(rooms, slots, along, draw(edges(columns)), draw(edges(rows)), blocked)


@st.composite
def any_quad(draw):
    """Convex quads, at any turn, near or far."""
    angles = sorted(
        draw(st.floats(0.1, 1.4)) + quarter * np.pi / 2 for quarter in range(4)
    )
    radius = draw(st.floats(10, 4000))
    centre = draw(st.tuples(st.floats(-4000, 4000), st.floats(-4000, 4000)))
    ring = np.column_stack([np.cos(angles), np.sin(angles)]) * radius + centre
    return Quad.from_array(np.roll(ring, draw(st.integers(0, 3)), axis=0))


def notes():
    """Notes as `calibration.names` allows them: some lines, or nothing."""
    return st.just("") | st.lists(names(), min_size=1, max_size=3).map("\n".join)


def contacts():
    return st.builds(
        Contact,
        names(),
        st.sampled_from(["", "ada@example.org"]),
        st.sampled_from(["", "https://example.org/?a=1"]),
        st.just("") | names(),
    )


def facts():
    kinds = st.sampled_from(["room", "table", "hall", "online"])
    known = st.builds(RoomFacts, kinds, st.none() | st.integers(1, 99_999))
    return known.filter(lambda said: said != RoomFacts())


@st.composite
def in_languages(draw, profile):
    """Some texts of a profile in several languages."""
    event = profile.event
    texts = {event.name, event.how_to_host, event.privacy}
    texts |= {link.title for link in event.links}
    for board in profile.boards:
        texts |= {board.title, *board.layout.rooms, *board.layout.blocked.values()}
    some = st.sets(st.sampled_from(sorted(texts - {""})))
    others = st.dictionaries(st.sampled_from(LANGUAGES), names())
    return {text: {**draw(others), event.language: text} for text in draw(some)}


@st.composite
def any_profile(draw):
    event = Event(
        draw(names()),
        draw(st.sampled_from(ZONES)),
        draw(slugs(RESERVED_PATHS)),
        draw(st.just("") | st.from_regex(r"#[A-Za-z0-9_äé]{1,12}", fullmatch=True)),
        tuple(draw(st.lists(names(), max_size=3))),
        draw(st.booleans()),
        draw(st.none() | contacts()),
        draw(notes()),
        draw(notes()),
        tuple(
            draw(
                st.lists(
                    st.builds(LinkedPage, names(), st.just("https://example.org")),
                    max_size=2,
                )
            )
        ),
        draw(st.sampled_from(LANGUAGES)),
    )
    count = draw(st.integers(1, 3))
    board_slugs = draw(
        st.lists(slugs(RESERVED_SLUGS), min_size=count, max_size=count, unique=True)
    )
    ids = draw(st.permutations(range(50)))
    boards = []
    for index, slug in enumerate(board_slugs):
        tags = tuple(ids[4 * index : 4 * index + 4])
        photo = st.from_regex(r"[a-zA-Z0-9äß _-]{1,8}\.(jpg|heic)", fullmatch=True)
        reference = st.builds(ReferencePhoto, photo.map(Path), any_quad())
        layout = draw(any_layout())
        rooms = st.sampled_from(layout.rooms)
        boards.append(
            Board(
                slug,
                draw(names()),
                draw(st.dates(dt.date(1970, 1, 1), dt.date(2199, 12, 31))),
                layout,
                draw(st.none() | st.just(tags)),
                draw(st.none() | reference),
                draw(st.sampled_from(["", "dots"])),
                facts=draw(st.dictionaries(rooms, facts())),
            )
        )
    profile = Profile(event, tuple(boards))
    return replace(profile, event=replace(event, texts=draw(in_languages(profile))))


@pytest.fixture(scope="session")
def layouts():
    return any_layout()


@pytest.fixture(scope="session")
def quads():
    return any_quad()


@pytest.fixture(scope="session")
def profiles():
    return any_profile()
