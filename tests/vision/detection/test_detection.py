"""Finding cards on straightened boards: which, where, in which cell."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration.layout import CellId
from calibration.profile import load_profile
from sample_boards.board import DrawnBoard
from sample_boards.camera import Standpoint
from sample_boards.events import PYCON_INDIA_2014
from sample_boards.random_boards import made_card, random_board
from sample_boards.render import random_conditions
from vision.detection import find_cards
from vision.image.photo import Photo
from vision.pipeline import straighten
from vision.registration import register
from vision.registration.rectify import RectifiedBoard, rectify

SAME_CARD_IOU = 0.5
FRONT = Standpoint(yaw_deg=4, pitch_deg=3, fill=0.92)


def cells_of(survey):
    return sorted(card.cell for card in survey.cards)


def true_cells(scene):
    return sorted(CellId(card.room, card.slot) for card in scene.truth.cards)


def overlaps(scene, survey):
    """Return the IoU (found, true) of boxes in the photo."""
    projection = scene.registration.projection
    found = [projection.quad_photo(card.quad_board).bounds for card in survey.cards]
    return np.array(
        [
            [box.iou(card.quad_photo.bounds) for card in scene.truth.cards]
            for box in found
        ]
    ).reshape(len(found), len(scene.truth.cards))


def hanging(drawn, *places):
    """Return a board with cards at (room index, slot index, dx_mm, dy_mm, colour)."""
    cards = []
    for number, (column, row, right_mm, down_mm, colour) in enumerate(places):
        cell = (drawn.rooms[column], drawn.slots[row])
        rng = np.random.default_rng([number, 5])
        card = made_card(
            drawn, f"card-{number}", (f"Talk {number}", "", "Ada"), cell, rng
        )
        x, y = drawn.cell_centre_mm(*cell)
        cards.append(
            replace(
                card,
                centre_mm=(x + right_mm, y + down_mm),
                tilt_deg=0.0,
                colour=colour or card.colour,
                ink="black",
            )
        )
    return replace(drawn, cards=tuple(cards))


@pytest.fixture(scope="module")
def empty_board() -> DrawnBoard:
    return random_board(21, rooms=4, slots=4, cards=0)


@pytest.fixture(scope="module")
def surveyed(request):
    """Find the cards of a scene by its fixture's name, once."""
    found = {}

    def survey(name):
        scene = request.getfixturevalue(name)
        if name not in found:
            found[name] = find_cards(scene.straight)
        return scene, found[name]

    return survey


PINK, YELLOW = (180, 160, 240), (120, 225, 250)


@pytest.mark.parametrize("name", ["printed_scene", "later_scene", "taped_scene"])
def test_every_card_is_found_once_and_nothing_else(surveyed, name):
    scene, survey = surveyed(name)

    shared = overlaps(scene, survey)
    assert shared.shape == (len(scene.truth.cards),) * 2
    assert (shared.max(axis=0) >= SAME_CARD_IOU).all()
    assert (shared.max(axis=1) >= SAME_CARD_IOU).all()
    assert {card.kind for card in survey.cards} == {"card"}
    for index, card in enumerate(survey.cards):
        truth = scene.truth.cards[int(shared[index].argmax())]
        assert card.cell == (truth.room, truth.slot)


def test_writing_on_a_whiteboard_is_found_in_its_cells(whiteboard_scene):
    survey = find_cards(whiteboard_scene.straight)

    assert cells_of(survey) == true_cells(whiteboard_scene)
    assert {card.kind for card in survey.cards} == {"ink"}
    # Its outline is that of the ink, the truth's that of the space it was given.
    shared = overlaps(whiteboard_scene, survey)
    assert shared.max(axis=1).min() > 0.2


def test_cards_come_row_by_row_and_the_same_every_time(surveyed):
    scene, survey = surveyed("taped_scene")

    assert find_cards(scene.straight).cards == survey.cards
    tops = [card.quad_board.bounds.top for card in survey.cards]
    assert tops == sorted(tops)


@pytest.mark.parametrize("look", ["printed", "taped"])
def test_an_empty_board_has_no_cards_and_its_headings_are_none(photographed, look):
    drawn = random_board(22, rooms=4, slots=4, cards=0, look=look)
    scene = photographed(drawn, FRONT, random_conditions(22), (800, 600))

    assert find_cards(scene.straight).cards == ()


def test_a_board_full_of_cards(photographed):
    drawn = random_board(23, rooms=4, slots=4, cards=16)
    scene = photographed(drawn, FRONT, random_conditions(23))

    survey = find_cards(scene.straight)

    assert cells_of(survey) == true_cells(scene)
    assert overlaps(scene, survey).max(axis=0).min() >= SAME_CARD_IOU


def test_a_card_over_a_line_belongs_to_the_cell_of_its_upper_part(
    photographed, empty_board
):
    width, height = empty_board.cell_mm
    drawn = hanging(
        empty_board,
        (0, 0, width * 0.35, 0, PINK),  # over the line to its right
        (2, 0, -width * 0.35, 0, YELLOW),  # over the line to its left
        (1, 2, 0, height * 0.40, PINK),  # hangs down, its upper part is inside
        (3, 2, 0, -height * 0.30, YELLOW),  # reaches up
    )
    scene = photographed(drawn, FRONT, None, (800, 600))

    survey = find_cards(scene.straight)

    assert cells_of(survey) == sorted(
        CellId(empty_board.rooms[column], empty_board.slots[row])
        for column, row in ((0, 0), (2, 0), (1, 2), (3, 2))
    )


SINGLES = tuple((column, 0, 0, 0, (PINK, YELLOW)[column % 2]) for column in range(4))


@pytest.mark.parametrize(
    "second_colour",
    [pytest.param(PINK, id="one colour"), pytest.param(YELLOW, id="two colours")],
)
def test_overlapping_cards_are_told_apart(photographed, empty_board, second_colour):
    drawn = hanging(
        empty_board,
        *SINGLES,
        (1, 2, -30, -10, PINK),
        (1, 2, 45, 25, second_colour),
    )
    scene = photographed(drawn, FRONT, None, (800, 600))

    survey = find_cards(scene.straight)

    shared = overlaps(scene, survey)
    assert len(survey.cards) == 6
    assert (shared.max(axis=0) >= SAME_CARD_IOU).all()


def test_cards_have_their_paper_s_colour_and_beside_the_cells_are_no_sessions(
    photographed, empty_board
):
    drawn = hanging(empty_board, *SINGLES, (0, 2, -140, 0, PINK))
    scene = photographed(drawn, FRONT, None, (800, 600))

    survey = find_cards(scene.straight)

    first = empty_board.slots[0]
    assert cells_of(survey) == [CellId(room, first) for room in empty_board.rooms]
    papers = {card.cell.room: card.colour_bgr for card in survey.cards}
    for number, room in enumerate(empty_board.rooms):
        blue, green, red = papers[room]
        if number % 2 == 0:
            assert red > blue > green, "pink"
        else:
            assert blue < min(green, red) - 40, "yellow"


def test_a_uniform_picture_has_no_cards(printed_scene):
    blank = np.full_like(printed_scene.straight.pixels, 200)

    survey = find_cards(RectifiedBoard(printed_scene.registration, blank))

    assert survey.cards == ()


@pytest.mark.parametrize(("rooms", "slots"), [(1, 1), (9, 1)], ids=["one cell", "row"])
def test_boards_of_odd_shapes(photographed, rooms, slots):
    drawn = random_board(24, rooms=rooms, slots=slots, cards=1, look="taped")
    scene = photographed(drawn, Standpoint(yaw_deg=3), None, (600, 450))

    survey = find_cards(scene.straight)

    assert set(true_cells(scene)) <= set(cells_of(survey))


def test_every_card_lies_mostly_on_the_cell_area(surveyed):
    scene, survey = surveyed("later_scene")
    area = scene.registration.cell_area.to_quad()

    for card in survey.cards:
        assert card.quad_board.overlap(area) > card.quad_board.area / 2


def test_touching_cards_of_two_colours_are_two_cards():
    folder = Path("sample_boards/taped_grid")
    photo = Photo.decode((folder / "1-before-lunch.jpg").read_bytes())
    boards = load_profile(folder / "event.toml").boards

    survey = find_cards(straighten(photo, boards, ()))

    first_room = [card for card in survey.cards if card.cell.room == "Ahorn"]
    assert [card.cell.slot for card in first_room] == [
        "11:00-12:00",
        "12:00-13:00",
        "14:00-15:00",
    ]
    assert len(survey.cards) == 10


def test_tag_of_the_board_is_no_card_beside_its_cells():
    """The lower right one hangs where people put up their names."""
    (path,) = PYCON_INDIA_2014.photos
    boards = load_profile(PYCON_INDIA_2014.profile_path).boards
    photo = Photo.decode(path.read_bytes())

    cards = find_cards(rectify(photo, register(photo, boards, ()))).cards

    names = [card for card in PYCON_INDIA_2014.truth(path).cards if not card.room]
    assert sum(card.cell is None for card in cards) == len(names) == 2
