"""docs/event-toml.md says what the shape of the file says."""

import re
from pathlib import Path

from calibration.event_shapes import (
    TABLES,
    BlockedShape,
    ContactShape,
    LinkedPageShape,
    LinkShape,
    MarginsShape,
    RoomShape,
)
from calibration.event_toml_page import page
from calibration.profile import parse_profile

DOCUMENT = Path(__file__).parents[2] / "docs" / "event-toml.md"


def test_document_is_the_page():
    assert DOCUMENT.read_text("utf-8") == page(), (
        "python -m calibration.event_toml_page > docs/event-toml.md"
    )


def test_every_key_says_what_it_is_for():
    others = (
        *(BlockedShape, ContactShape, LinkedPageShape, LinkShape, MarginsShape),
        RoomShape,
    )
    shapes = (*TABLES.values(), *others)
    fields = [
        (key, field) for shape in shapes for key, field in shape.model_fields.items()
    ]

    assert [
        key for key, field in fields if not (field.title and field.description)
    ] == []


def test_example_is_a_profile():
    example, _ = re.findall(r"```toml\n(.*?)```", page(), re.DOTALL)

    assert [board.title for board in parse_profile(example).boards] == ["Friday"]
