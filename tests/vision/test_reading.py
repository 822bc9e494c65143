import copy
import datetime as dt
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId
from vision.reading import (
    SCHEMA,
    BoardReading,
    CardFields,
    CardLine,
    CardReading,
    CellReading,
    Finding,
    PhotoFacts,
    RegistrationFacts,
    from_json,
    to_json,
)

CELL = CellId("Room 301", "10:00-11:00")
ZONE = dt.timezone(dt.timedelta(hours=-4))
CARD_QUAD = Rect(10, 20, 110, 90).to_quad()
MATRIX = [[0.5, 0.01, -20.0], [0.0, 0.5, -30.0], [0.0, 0.0, 1.0]]
CARD = CardReading(
    quad_photo=CARD_QUAD,
    cell=CELL,
    lines=(
        CardLine("Type checking at scale", 0.97, CARD_QUAD),
        CardLine("Maya @mayacodes", 0.88, CARD_QUAD),
    ),
    fields=CardFields(
        title="Type checking at scale",
        host="Maya",
        handles=("@mayacodes",),
        time="10:00",
        room="Room 301",
    ),
    confidence=0.93,
    colour="#ffd54f",
    engine="rapidocr 3.10.0",
    until="12:00",
)
READING = BoardReading(
    board="friday",
    photo=PhotoFacts(
        "ab" * 32, 4032, 3024, dt.datetime(2024, 5, 17, 10, 42, tzinfo=ZONE)
    ),
    registration=RegistrationFacts(
        "tags", Homography(np.array(MATRIX)), -0.011, 0.8, 0.97
    ),
    findings=(Finding("glare", "Glare hides Room 301.", (CELL,)),),
    cells=(CellReading(CELL, "taken"),),
    cards=(CARD,),
)
QUAD_JSON = [[10.0, 20.0], [110.0, 20.0], [110.0, 90.0], [10.0, 90.0]]
DOCUMENT = {
    "schema": "boardcast/reading/1",
    "board": "friday",
    "photo": {
        "sha256": "ab" * 32,
        "width": 4032,
        "height": 3024,
        "taken_at": "2024-05-17T10:42:00-04:00",
    },
    "registration": {
        "method": "tags",
        "board_from_photo": MATRIX,
        "radial_k1": -0.011,
        "residual_px": 0.8,
        "coverage": 0.97,
    },
    "findings": [
        {
            "code": "glare",
            "message": "Glare hides Room 301.",
            "cells": [["Room 301", "10:00-11:00"]],
        }
    ],
    "cells": [{"room": "Room 301", "slot": "10:00-11:00", "state": "taken"}],
    "cards": [
        {
            "quad_photo": QUAD_JSON,
            "room": "Room 301",
            "slot": "10:00-11:00",
            "until": "12:00",
            "lines": [
                {
                    "text": "Type checking at scale",
                    "confidence": 0.97,
                    "quad_photo": QUAD_JSON,
                    "struck": False,
                    "heading": False,
                },
                {
                    "text": "Maya @mayacodes",
                    "confidence": 0.88,
                    "quad_photo": QUAD_JSON,
                    "struck": False,
                    "heading": False,
                },
            ],
            "text": "Type checking at scale\nMaya @mayacodes",
            "title": "Type checking at scale",
            "description": "",
            "host": "Maya",
            "handles": ["@mayacodes"],
            "hashtags": [],
            "urls": [],
            "written_time": "10:00",
            "written_room": "Room 301",
            "split_confidence": 1.0,
            "notice": "",
            "cancelled": False,
            "confidence": 0.93,
            "colour": "#ffd54f",
            "engine": "rapidocr 3.10.0",
            "blank": False,
            "covered_by": [],
            "rooms": [],
            "votes": None,
        }
    ],
}


def same(one, other):
    """Whether two readings say the same; matrices keep readings from ``==``."""
    return to_json(one) == to_json(other) and one.cards == other.cards


NEW_KEYS = (
    "blank",
    "cancelled",
    "covered_by",
    "heading",
    "notice",
    "rooms",
    "split_confidence",
    "struck",
    "votes",
)


def test_readings_from_before_all_of_this_was_told_are_read():
    (card,) = DOCUMENT["cards"]
    old = {key: value for key, value in card.items() if key not in NEW_KEYS}
    old["lines"] = [
        {key: value for key, value in line.items() if key not in {"struck", "heading"}}
        for line in card["lines"]
    ]

    assert from_json({**DOCUMENT, "cards": [old]}).cards == READING.cards


@pytest.mark.parametrize(
    ("changes", "notice"),
    [
        ({"title": "", "text": "", "blank": True}, "continued"),
        ({"title": "", "text": "Booked, see above"}, "continued"),
        ({"title": "", "text": ""}, ""),
        ({"title": "", "text": "", "blank": True, "notice": ""}, ""),
    ],
)
def test_cards_of_older_readings_keep_their_places(changes, notice):
    (card,) = DOCUMENT["cards"]
    old = {key: value for key, value in card.items() if key not in NEW_KEYS}

    (read,) = from_json({**DOCUMENT, "cards": [{**old, **changes}]}).cards

    assert read.fields.notice == notice


def test_reading_as_json():
    assert to_json(READING) == DOCUMENT


def test_reading_from_json():
    reading = from_json(DOCUMENT)

    assert same(reading, READING)
    assert reading.photo == READING.photo
    assert reading.findings == READING.findings
    assert reading.cells == READING.cells
    assert reading.registration.board_from_photo.matrix.tolist() == MATRIX


@st.composite
def quads(draw, least_px=5):
    left, top = draw(st.floats(-100, 4000)), draw(st.floats(-100, 4000))
    width, height = draw(st.floats(least_px, 900)), draw(st.floats(least_px, 900))
    upright = Rect(left, top, left + width, top + height).to_quad().to_array()
    shifts = draw(st.lists(st.floats(-1, 1), min_size=8, max_size=8))
    return Quad.from_array(upright + np.array(shifts).reshape(4, 2))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SHARES = st.floats(0, 1)
CELLS = st.builds(CellId, TEXTS, TEXTS)
TUPLES = st.lists(TEXTS, max_size=3).map(tuple)
TIMES = st.none() | st.datetimes(
    timezones=st.none()
    | st.sampled_from([dt.UTC, ZONE, dt.timezone(dt.timedelta(0, 60))])
)
LINES = st.builds(CardLine, TEXTS, SHARES, quads(), st.booleans())
CARDS = st.builds(
    CardReading,
    quad_photo=quads(),
    cell=st.none() | CELLS,
    lines=st.lists(LINES, max_size=3).map(tuple),
    fields=st.builds(
        CardFields,
        *(TEXTS, TEXTS, TEXTS, TUPLES, TUPLES, TUPLES, TEXTS, TEXTS, SHARES),
        cancelled=st.booleans(),
    ),
    confidence=SHARES,
    colour=st.from_regex("#[0-9a-f]{6}", fullmatch=True),
    engine=TEXTS,
    until=st.none() | st.just("12:00"),
    votes=st.none() | st.integers(0, 99),
)
MATRICES = st.builds(
    # Of a board: a sliver far from the corner makes no map that can be undone.
    lambda quad: Homography.from_quads(target=CARD_QUAD, source=quad),
    quads(least_px=200),
)
READINGS = st.builds(
    BoardReading,
    board=TEXTS,
    photo=st.builds(PhotoFacts, TEXTS, st.integers(1), st.integers(1), TIMES),
    registration=st.builds(
        RegistrationFacts,
        st.sampled_from(["tags", "reference"]),
        MATRICES,
        SHARES,
        st.floats(0, 1e6),
        SHARES,
    ),
    findings=st.lists(
        st.builds(Finding, TEXTS, TEXTS, st.lists(CELLS, max_size=2).map(tuple)),
        max_size=2,
    ).map(tuple),
    cells=st.lists(
        st.builds(
            CellReading,
            CELLS,
            st.sampled_from(["taken", "free", "blocked", "covered", "unseen"]),
        ),
        max_size=3,
    ).map(tuple),
    cards=st.lists(CARDS, max_size=2).map(tuple),
)


@settings(max_examples=25, deadline=None)
@given(READINGS)
def test_reading_survives_json_text(reading):
    written = json.dumps(to_json(reading), allow_nan=False)

    back = from_json(json.loads(written))

    assert same(back, reading)
    assert (back.photo, back.findings, back.cells) == (
        reading.photo,
        reading.findings,
        reading.cells,
    )


def keys_of(document, way=()):
    """Every way to a key of a JSON object, through its lists."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield (*way, key)
            yield from keys_of(value, (*way, key))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from keys_of(value, (*way, index))


def without(document, way):
    changed = copy.deepcopy(document)
    around = changed
    for part in way[:-1]:
        around = around[part]
    del around[way[-1]]
    return changed


@pytest.mark.parametrize(
    "way",
    [
        way
        for way in keys_of(DOCUMENT)
        if way[-1] not in NEW_KEYS and (way[-1] != "text" or way[-3:-2] == ("lines",))
    ],
    ids=lambda way: ".".join(map(str, way)),
)
def test_reading_without_a_key_is_refused(way):
    with pytest.raises(ValueError, match=f"expected .*{SCHEMA}"):
        from_json(without(DOCUMENT, way))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"schema": "boardcast/reading/2"}, id="another-version"),
        pytest.param({"schema": None}, id="no-schema"),
        pytest.param({"photo": []}, id="photo-is-a-list"),
        pytest.param({"cards": None}, id="no-cards"),
        pytest.param({"cards": [{}]}, id="empty-card"),
        pytest.param({"cells": [["Room 301", "taken"]]}, id="cell-is-a-list"),
    ],
)
def test_reading_of_another_shape_is_refused(change):
    with pytest.raises(ValueError, match="expected"):
        from_json({**DOCUMENT, **change})


@pytest.mark.parametrize(
    ("way", "value"),
    [
        pytest.param(("photo", "taken_at"), "yesterday", id="time"),
        pytest.param(
            ("registration", "board_from_photo"), [[1, 2], [3, 4]], id="matrix"
        ),
        pytest.param(
            ("registration", "board_from_photo"), "identity", id="matrix-text"
        ),
        pytest.param(("cards", 0, "quad_photo"), QUAD_JSON[::-1], id="mirrored-quad"),
        pytest.param(("cards", 0, "quad_photo"), QUAD_JSON[:3], id="three-corners"),
        pytest.param(("cells", 0, "state"), "maybe", id="state"),
        pytest.param(("registration", "method"), "by eye", id="method"),
        pytest.param(("cards", 0, "confidence"), 1.2, id="confidence"),
        pytest.param(("cards", 0, "confidence"), float("nan"), id="no number"),
    ],
)
def test_reading_with_an_impossible_value_is_refused(way, value):
    document = copy.deepcopy(DOCUMENT)
    around = document
    for part in way[:-1]:
        around = around[part]
    around[way[-1]] = value

    with pytest.raises(ValueError, match=f"expected a {SCHEMA} object"):
        from_json(document)


def test_text_of_a_card_is_its_lines():
    assert CARD.text == "Type checking at scale\nMaya @mayacodes"
