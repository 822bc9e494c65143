"""What the crops of cards show: before they are read, and of those left in doubt."""

import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.cards import CardDescriptor, ReadCard
from vision.image.photo import Photo
from vision.quality import CardCrop, assess_read, assess_unread, why_unreadable
from vision.quality.letters import letters_of
from vision.quality.light import DARK
from vision.reading import CardFields, CardLine, CardReading, Finding, name_cells

BOARDS = Path(
    os.environ.get("BOARDCAST_BOARDS", Path(__file__).parents[4] / "shared" / "boards")
)
CELLS = tuple(CellId(room, "10:00-11:00") for room in "ABCDEFG")
TOO_FAR = Finding(
    "too_far",
    "Letters are only 4 pixels high in the photo; most so small are misread. Go "
    "closer, or take a larger picture.",
)
ONE_BLURRED = Finding(
    "blurred", "A at 10:00 is blurred. Hold still and take it again.", CELLS[:1]
)


def all_blurred(count, of, cells):
    return Finding(
        "blurred",
        f"The photo is blurred: {count} of {of} cards. Hold still, let it focus and "
        "take it again.",
        cells,
    )


@pytest.fixture(scope="module")
def crops(printed_card):
    """Crops of one card, by what is wrong with it."""
    good = printed_card(("Typing at scale", "Maya", "Room to think"))
    scale = 4.3 / letters_of(good).height_px
    far = cv2.resize(good, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return {
        "good": good,
        "soft": cv2.GaussianBlur(good, (0, 0), 8),
        "far": far,
        "dim": (good * 0.02).astype(np.uint8),
        "blank": np.full_like(good, 200),
    }


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        pytest.param([], (), id="no cards"),
        pytest.param(["good"] * 4, (), id="good"),
        pytest.param(["blank"] * 4, (), id="blank"),
        pytest.param(["soft"], (ONE_BLURRED,), id="a blurred card"),
        pytest.param(
            ["soft", "good", "good", "good"], (ONE_BLURRED,), id="one of four"
        ),
        pytest.param(
            ["soft", "soft", "soft", "good"],
            (all_blurred(3, 4, CELLS[:3]),),
            id="three of four blurred",
        ),
        pytest.param(["far"] * 3, (TOO_FAR,), id="too far"),
        pytest.param(["far", "far", "good"], (TOO_FAR,), id="mostly too far"),
        pytest.param(["far", "good", "good"], (), id="a footnote"),
        pytest.param(["far", "far", "blank"], (), id="too few to tell"),
        pytest.param(["dim"] * 3, (DARK,), id="dark"),
        pytest.param(["dim", "dim", "far"], (DARK,), id="nothing else in the dark"),
        pytest.param(["dim"] * 2, (), id="a dark coat or two"),
    ],
)
def test_cards_are_assessed_before_they_are_read(crops, looks, expected):
    cards = [
        CardCrop(cell, crops[look]) for cell, look in zip(CELLS, looks, strict=False)
    ]

    assert assess_unread(cards, ()) == expected


@pytest.mark.parametrize(
    ("look", "known", "expected"),
    [
        ("soft", "dark", ()),
        ("far", "dark", ()),
        ("far", "too_far", ()),
        ("far", "blurred", (TOO_FAR,)),
        ("soft", "blurred", ()),
    ],
)
def test_what_is_known_of_the_picture_is_not_said_again(crops, look, known, expected):
    cards = [CardCrop(cell, crops[look]) for cell in CELLS[:3]]

    assert assess_unread(cards, [Finding(known, "It is.")]) == expected


def read(crop, cell=CELLS[0], *, confidence=0.1, lines=1, change="new"):
    """Make a card that was read, in doubt unless it is said otherwise."""
    place = Rect(0, 0, 1, 1).to_quad()
    line = CardLine("Typing", confidence, Rect(0, 0, 90, 20).to_quad())
    reading = CardReading(
        place, cell, (line,) * lines, CardFields(), confidence, "#ffffff", "scripted 1"
    )
    return ReadCard(reading, crop, CardDescriptor(crop[..., 0]), place, None, change)


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        ("good", ()),
        ("soft", (all_blurred(3, 3, CELLS[:3]),)),
        ("far", (TOO_FAR,)),
        ("dim", (DARK,)),
    ],
)
def test_what_is_wrong_with_cards_holds_while_their_words_are_in_doubt(
    crops, look, expected
):
    def assessed(**changes):
        cards = [read(crops[look], cell, **changes) for cell in CELLS[:3]]
        return assess_read(cards, ())

    assert assessed() == expected
    assert assessed(confidence=0.7) == ()
    assert assessed(change="same") == ()


@pytest.mark.parametrize("look", ["far", "dim"])
def test_where_most_cards_were_read_well_the_photo_is_not_to_blame(crops, look):
    doubtful = [read(crops[look], cell) for cell in CELLS[:3]]
    well = [read(crops[look], confidence=0.9)] * 4

    assert assess_read([*doubtful, *well], ()) == ()


def test_a_blurred_card_is_named_once_however_many_hang_there(crops):
    well = [read(crops["good"], confidence=0.9)] * 3

    assert assess_read([read(crops["soft"])] * 2 + well, ()) == (ONE_BLURRED,)


def test_what_has_no_letters_is_not_named_as_a_blurred_card(crops):
    assert assess_read([read(crops["soft"], lines=0)], ()) == ()


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "A at 10:00"),
        (2, "A at 10:00 and B at 10:00"),
        (3, "A at 10:00, B at 10:00 and C at 10:00"),
        (4, "A at 10:00, B at 10:00 and 2 more"),
        (7, "A at 10:00, B at 10:00 and 5 more"),
    ],
)
def test_a_few_cells_are_named_and_the_others_counted(count, words):
    assert name_cells(CELLS[:count]) == words


@pytest.mark.skipif(
    not BOARDS.is_dir(),
    reason="the photographs of real boards are not here (BOARDCAST_BOARDS)",
)
def test_photos_of_real_boards_are_good_enough():
    found = {
        folder.name: (why_unreadable(photo), assess_unread(cards, ()))
        for folder in [path.parent for path in sorted(BOARDS.glob("*/truth.json"))][::2]
        for photo, cards in [real_cards(folder)]
    }

    assert found == dict.fromkeys(found, (None, ()))


def real_cards(folder):
    """Return a real board's photo, and the crops of its cards, all in one cell."""
    photo = Photo.decode((folder / "photo.jpg").read_bytes())
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    boxes = [card["bbox"] for card in truth["cards"]]
    return photo, [
        CardCrop(CELLS[0], photo.pixels[top : top + height, left : left + width])
        for left, top, width, height in boxes
    ]
