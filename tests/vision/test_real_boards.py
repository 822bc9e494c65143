"""Cards found on photographs of real boards, against a floor; nothing is read.

The photographs are other people's and lie beside the checkout, or where
BOARDCAST_BOARDS says; without them there is nothing to test.
"""

import datetime as dt
import itertools
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from calibration.event import Board
from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId, Layout, Slot
from calibration.lens import Projection, RadialLens
from vision.detection import find_cards
from vision.image.photo import Photo
from vision.registration.frame import UNIT_QUAD, aspect_of, registration_from_area
from vision.registration.rectify import rectify

BOARDS = Path(
    os.environ.get("BOARDCAST_BOARDS", Path(__file__).parents[3] / "shared" / "boards")
)
NAMES = (
    "foerbico-2025",
    "foss-backstage-2025",
    "pycon-us-2023",
    "socrates-2013-saturday",
)
SAME_CARD_IOU = 0.35
"""As the boards' own scoring: their true boxes are approximate."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not BOARDS.is_dir(),
        reason="the photographs of real boards are not here (BOARDCAST_BOARDS)",
    ),
]


@dataclass(frozen=True)
class Count:
    """Cards of one board: true ones, found ones, both, and those in their cell."""

    true: int
    found: int
    hit: int
    in_cell: int


def edges(layout, name):
    """Return edges as fractions, given as such or in pixels."""
    if f"{name}_edges" in layout:
        return tuple(layout[f"{name}_edges"])
    pixels = layout[f"{name}_px"]
    span = pixels[-1] - pixels[0]
    return tuple((pixel - pixels[0]) / span for pixel in pixels)


def board_of(name, layout):
    return Board(
        slug=name,
        title=name,
        date=dt.date(2024, 5, 17),
        layout=Layout(
            tuple(layout["rooms"]),
            tuple(Slot.parse(slot) for slot in layout["slots"]),
            column_edges=edges(layout, "column"),
            row_edges=edges(layout, "row"),
        ),
    )


def found_on(name, layout):
    """Return box in the photo and cell of each found card."""
    photo = Photo.decode((BOARDS / name / "photo.jpg").read_bytes())
    board = board_of(name, layout)
    corners = Quad.from_array(layout["corners"])
    # As a photo that is its own reference, without its features: they take longer
    # than everything else here.
    registration = registration_from_area(
        board,
        "reference",
        Projection(
            Homography.from_quads(target=UNIT_QUAD, source=corners),
            RadialLens(0.0, photo.size_wh),
        ),
        aspect=aspect_of(corners.to_array(), photo.size_wh),
        residual_px=0.0,
    )
    survey = find_cards(rectify(photo, registration))
    return [
        (registration.projection.quad_photo(card.quad_board).bounds, card.cell)
        for card in survey.cards
    ]


def true_cards(name, layout):
    """Return box in the photo and cell of each card that lies in one."""
    truth = json.loads((BOARDS / name / "truth.json").read_text())
    for card in truth["cards"]:
        if card["cell"] is not None:
            column, row = card["cell"]
            left, top, width, height = card["bbox"]
            yield (
                Rect(left, top, left + width, top + height),
                CellId(
                    layout["rooms"][column], layout["slots"][row - layout["first_row"]]
                ),
            )


def compared(name):
    """Match true and found cards one to one, the best overlaps first."""
    layout = json.loads((BOARDS / name / "layout.json").read_text())
    true, found = list(true_cards(name, layout)), found_on(name, layout)
    pairs = sorted(
        (
            (box.iou(other[0]), i, j)
            for (i, (box, _)), (j, other) in itertools.product(
                enumerate(true), enumerate(found)
            )
        ),
        reverse=True,
    )
    matched: dict[int, int] = {}
    for shared, i, j in pairs:
        if shared >= SAME_CARD_IOU and i not in matched and j not in matched.values():
            matched[i] = j
    in_cell = sum(true[i][1] == found[j][1] for i, j in matched.items())
    return Count(len(true), len(found), len(matched), in_cell)


def test_cards_of_real_boards_are_found_in_their_cells():
    counts = {name: compared(name) for name in NAMES}

    hits = sum(count.hit for count in counts.values())
    assert hits / sum(count.true for count in counts.values()) >= 0.95, counts
    assert hits / sum(count.found for count in counts.values()) >= 0.95, counts
    assert sum(count.in_cell for count in counts.values()) / hits >= 0.97, counts


def test_white_cards_on_a_white_board_are_found_in_their_cells():
    count = compared("pycon-us-2019-friday")

    assert count.hit / count.true >= 0.95, count
    assert count.hit / count.found >= 0.85, count
    assert count.in_cell == count.hit, count
