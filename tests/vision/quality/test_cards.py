"""Remarks on cards: blurred, under glare, or of letters too small."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.cards import ReadCard
from vision.image.rectify import RectifiedBoard
from vision.quality import assess_cards, assess_picture, assess_unread
from vision.quality.blur import MIN_FOCUS, blurred, blurred_unread, focus_of
from vision.quality.distance import too_far
from vision.quality.doubt import read_surely
from vision.quality.glare import glare
from vision.quality.words import each_once, name_cells
from vision.reading import CardFields, CardLine, CardReading, CellReading, Finding
from vision.tracking.appearance import describe

TEXTS = ("Typing at scale", "Maya", "Room to think")


@pytest.fixture(scope="module")
def sharp(printed_card):
    return printed_card(TEXTS)


@pytest.fixture
def seen(printed_scene, sharp):
    """Make a card of a cell, read anew and in doubt, with lines 20 px high."""
    layout = printed_scene.board.layout

    def make(cell=None, crop=sharp, *, confidence=0.2, line_px=20, read_again=True):
        cell = cell or layout.cells[0]
        place = layout.cell_rect(cell).to_quad()
        line = CardLine("Typing", confidence, Rect(0, 0, 90, line_px).to_quad())
        reading = CardReading(
            place, cell, (line,), CardFields(), confidence, "#ffffff", "scripted 1"
        )
        return ReadCard(reading, crop, describe(crop), place, None, read_again)

    return make


@pytest.fixture
def straight(printed_scene):
    return printed_scene.straight


def out_of_focus(crop, sigma=8.0):
    return cv2.GaussianBlur(crop, (0, 0), sigma)


def shaken(crop, *, upright):
    along, across = 8.0, 0.1
    across, along = (across, along) if upright else (along, across)
    return cv2.GaussianBlur(crop, (0, 0), sigmaX=across, sigmaY=along)


def test_writing_out_of_focus_is_told_from_sharp_writing(sharp):
    assert focus_of(sharp) > MIN_FOCUS > focus_of(out_of_focus(sharp))


@pytest.mark.parametrize("upright", [True, False], ids=["upright", "sideways"])
def test_a_shaken_card_is_less_in_focus_whatever_way_it_was_shaken(sharp, upright):
    assert focus_of(shaken(sharp, upright=upright)) < 0.9 * focus_of(sharp)


@pytest.mark.parametrize("size_wh", [(1, 1), (8, 8), (300, 1), (480, 300)])
def test_a_blank_card_is_not_out_of_focus(size_wh):
    blank = np.full((*size_wh[::-1], 3), 200, np.uint8)

    assert focus_of(blank) == float("inf")


@given(sigma=st.floats(2, 8), gain=st.floats(0.6, 1.0))
def test_focus_falls_with_blur_whatever_the_light(sharp, sigma, gain):
    darker = (sharp * gain).astype(np.uint8)

    assert focus_of(out_of_focus(darker, sigma)) < focus_of(darker)


def test_a_blurred_card_is_named(seen, sharp):
    cards = [seen(crop=out_of_focus(sharp)), seen(CellId("Room 302", "10:00-11:00"))]

    assert blurred(cards) == Finding(
        "blurred",
        "Room 301 at 10:00 is blurred. Hold still and take it again.",
        (CellId("Room 301", "10:00-11:00"),),
    )


def test_two_cards_of_a_cell_name_it_once(seen, sharp):
    soft = seen(crop=out_of_focus(sharp))

    assert blurred([soft, soft]).cells == (soft.reading.cell,)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"confidence": 0.7}, id="read all the same"),
        pytest.param({"read_again": False}, id="known from an earlier photo"),
    ],
)
def test_a_blurred_card_that_needs_no_second_photo_is_not_named(seen, sharp, changes):
    assert blurred([seen(crop=out_of_focus(sharp), **changes)]) is None


def test_what_has_no_letters_is_not_named_as_a_blurred_card(seen, sharp):
    soft = seen(crop=out_of_focus(sharp))
    head = replace(soft, reading=replace(soft.reading, lines=()))

    assert blurred([head]) is None


def test_a_photo_blurred_in_most_cards_is_blurred_itself(seen, sharp, printed_scene):
    cells = printed_scene.board.layout.cells[:4]
    soft = out_of_focus(sharp)
    cards = [seen(cell, soft) for cell in cells[:3]]
    known = seen(printed_scene.board.layout.cells[4], read_again=False)

    assert blurred([*cards, seen(cells[3]), known]) == Finding(
        "blurred",
        "The photo is blurred: 3 of 4 cards. Hold still, let it focus and take it "
        "again.",
        cells[:3],
    )


def test_no_cards_are_not_blurred():
    assert blurred([]) is None
    assert blurred_unread([]) is None


def test_a_card_is_called_blurred_before_it_is_read(straight, seen, sharp):
    cells = straight.registration.board.layout.cells[:4]
    soft = out_of_focus(sharp)
    crops = [(cells[0], soft), *((cell, sharp) for cell in cells)]

    told = assess_unread(crops, ())

    # The same card once it is read, in doubt.
    assert told == (blurred([seen(cells[0], soft)]),)


def test_a_photo_is_called_blurred_before_its_cards_are_read(printed_scene, sharp):
    cells = printed_scene.board.layout.cells[:4]
    soft = out_of_focus(sharp)

    assert blurred_unread(
        [*((cell, soft) for cell in cells[:3]), (cells[3], sharp)]
    ) == Finding(
        "blurred",
        "The photo is blurred: 3 of 4 cards. Hold still, let it focus and take it "
        "again.",
        cells[:3],
    )


@pytest.mark.parametrize("code", ["dark", "blurred"])
def test_where_everything_is_soft_no_card_is_named(printed_scene, sharp, code):
    crops = [(printed_scene.board.layout.cells[0], out_of_focus(sharp))]

    assert assess_unread(crops, [Finding(code, "It is.")]) == ()


@pytest.mark.parametrize(
    ("line_px", "expected"),
    [
        (
            11,
            Finding(
                "too_far",
                "Lines of writing are only 11 pixels high in the photo; under 16 most "
                "are misread. Go closer, or take a larger picture.",
            ),
        ),
        (16, None),
    ],
)
def test_small_writing_asks_to_go_closer(printed_scene, seen, line_px, expected):
    cards = [seen(line_px=line_px)] * 3

    assert too_far(printed_scene.registration, cards) == expected


def test_small_writing_that_was_read_is_large_enough(printed_scene, seen):
    cards = [seen(line_px=11, confidence=0.9)] * 3

    assert too_far(printed_scene.registration, cards) is None


@pytest.mark.parametrize(
    ("confidences", "sure"),
    [([], False), ([0.9], True), ([0.2], False), ([0.1, 0.5, 0.9], True)],
)
def test_words_are_in_doubt_by_the_middle_card(seen, confidences, sure):
    cards = [seen(confidence=value) for value in confidences]
    known = seen(confidence=0.1, read_again=False)

    assert read_surely([*cards, known, known]) is sure


@pytest.fixture(scope="module")
def lit(printed_scene):
    """Put something bright on a grey board over the first cell."""
    registration = printed_scene.registration
    layout = printed_scene.board.layout
    area = registration.cell_area
    cell = layout.cell_rect(layout.cells[0])
    centre = (
        area.left + (cell.left + cell.width / 2) * area.width,
        area.top + (cell.top + cell.height / 2) * area.height,
    )
    reach = cell.width * area.width / 5
    width, height = registration.size_wh
    x, y = np.meshgrid(np.arange(width) - centre[0], np.arange(height) - centre[1])

    def put(light, tint=(60, 190, 200)):
        level = light(x / reach, y / reach)
        board = np.array(tint) + level[..., None] * 255
        return RectifiedBoard(registration, np.clip(board, 0, 255).astype(np.uint8))

    return put


def lamp(x, y):
    return 3 * np.exp(-(x**2 + y**2) / 0.8)


def white_paper(x, y):
    return (np.maximum(abs(x), abs(y)) < 1).astype(float)


def free(board):
    return [CellReading(cell, "free") for cell in board.registration.board.layout.cells]


def test_a_lamp_mirrored_in_a_card_is_glare(lit, seen):
    board = lit(lamp)

    assert glare(board, free(board), [seen()]) == Finding(
        "glare",
        "Glare hides part of Room 301 at 10:00. Take a step to the side and take it "
        "again.",
        (CellId("Room 301", "10:00-11:00"),),
    )


@pytest.mark.parametrize(
    "light",
    [
        pytest.param(white_paper, id="white paper"),
        pytest.param(lambda x, y: 0.15 * lamp(x, y), id="a soft shine"),
        pytest.param(lambda x, y: lamp(12 * x, 12 * y), id="a push-pin"),
    ],
)
def test_other_bright_things_are_no_glare(lit, seen, light):
    board = lit(light)

    assert glare(board, free(board), [seen()]) is None


def test_glare_beside_the_cards_hides_nothing(lit, seen):
    board = lit(lamp)

    assert glare(board, free(board), [seen(CellId("Room 302", "11:00-12:00"))]) is None
    assert glare(board, free(board), []) is None


def test_glare_is_told_once_before_the_cards_are_found(lit, seen):
    board = lit(lamp)

    told = assess_picture(board)

    assert told == (glare(board, free(board), [seen()]),)
    assert assess_cards(board, free(board), [seen()], told) == ()


def test_glare_in_an_overexposed_photo_is_no_news(lit, seen):
    board = replace(lit(lamp), pixels=np.full_like(lit(lamp).pixels, 255))

    told = assess_picture(board)

    assert [finding.code for finding in told] == ["overexposed"]
    assert assess_cards(board, free(board), [seen()], told) == ()


@pytest.mark.parametrize(
    ("level", "confidence", "codes"),
    [
        pytest.param(60, 0.2, [], id="light enough"),
        pytest.param(35, 0.2, ["dark"], id="gloomy and in doubt"),
        pytest.param(35, 0.9, [], id="gloomy, but read"),
        pytest.param(15, 0.2, [], id="told at once"),
    ],
)
def test_darkness_is_told_after_the_words_only_if_they_are_in_doubt(
    lit, seen, level, confidence, codes
):
    board = replace(lit(lamp), pixels=np.full_like(lit(lamp).pixels, level))
    cards = [seen(confidence=confidence)]
    told = assess_picture(board)

    findings = assess_cards(board, free(board), cards, told)

    assert [finding.code for finding in findings] == codes


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
    assert name_cells([CellId(room, "10:00-11:00") for room in "ABCDEFG"[:count]]) == (
        words
    )


def test_no_cells_cannot_be_named():
    with pytest.raises(ValueError, match="at least one cell"):
        name_cells([])


def test_cells_come_once_and_in_the_boards_order():
    one, two = CellId("A", "10:00-11:00"), CellId("B", "10:00-11:00")

    assert each_once([two, None, one, two], [one, two]) == (one, two)
