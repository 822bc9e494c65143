"""When a board is believed to stand where its tags say."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.scenarios import board_of
from sample_boards.render import Standpoint as From
from sample_boards.render import random_board, random_conditions, render
from vision.errors import BoardMismatchError, BoardNotFoundError
from vision.image.arrays import grey_of
from vision.image.photo import Photo
from vision.registration import Reference, register
from vision.registration.tags import find_tags, register_by_tags

IN_PLACE = (0.0, 0.0)
MARGINS_MM = (14.0, 14.0, 150.0, 150.0)


def drawn(*, look="printed", lines=True, rooms=4, slots=4, cards=3, seed=3):
    board = random_board(
        seed, rooms=rooms, slots=slots, cards=cards, tags=True, lines=lines, look=look
    )
    return replace(board, margins_mm=MARGINS_MM)


def moved(board, cells, place=2):
    """Return a board of which a tag was moved by so many cells, right and up."""
    shifts = [IN_PLACE] * 4
    shifts[place] = (cells * board.cell_mm[0], -cells * board.cell_mm[1])
    return replace(board, tag_shifts_mm=tuple(shifts))


@cache
def photographed(board, yaw_deg=12.0, seed=5):
    rendered = render(
        board,
        From(yaw_deg=yaw_deg, fill=0.92),
        random_conditions(seed),
        photo_wh=(800, 600),
        seed=seed,
    )
    return Photo.from_pixels(rendered.pixels), rendered.truth


def told(registration):
    return registration.method, registration.checked, registration.moved_tags


@pytest.mark.parametrize("look", ["printed", "taped", "whiteboard"])
def test_lines_where_the_tags_put_them_are_believed_and_move_nothing(look, cell_error):
    board = drawn(look=look)
    photo, truth = photographed(board)

    registration = register(photo, [board_of(board)], [])

    by_tags = register_by_tags(photo, board_of(board), find_tags(grey_of(photo.pixels)))
    assert told(registration) == ("tags", True, ())
    np.testing.assert_array_equal(
        registration.unit.homography.matrix, by_tags.unit.homography.matrix
    )
    assert cell_error(registration, truth) < 0.01


@pytest.mark.parametrize("look", ["printed", "taped", "whiteboard"])
def test_a_moved_tag_does_not_take_a_board_with_lines_along(look, cell_error):
    board = moved(drawn(look=look), 0.3)
    photo, truth = photographed(board)
    by_tags = register_by_tags(photo, board_of(board), find_tags(grey_of(photo.pixels)))
    assert cell_error(by_tags, truth) > 0.04

    registration = register(photo, [board_of(board)], [])

    assert told(registration) == ("tags", True, (2,))
    assert cell_error(registration, truth) < 0.04


def test_a_tag_that_makes_no_rectangle_with_the_others_is_left_out(cell_error):
    board = moved(drawn(), 0.6)
    photo, truth = photographed(board)
    with pytest.raises(BoardNotFoundError, match="corners of one rectangle"):
        register_by_tags(photo, board_of(board), find_tags(grey_of(photo.pixels)))

    registration = register(photo, [board_of(board)], [])

    assert told(registration) == ("tags", True, (2,))
    assert cell_error(registration, truth) < 0.04


def test_one_of_three_visible_tags_that_was_moved_is_found_out(cell_error):
    board = moved(drawn(), 0.6)
    photo, truth = photographed(board)
    profile = replace(board_of(board), tags=(9, 1, 2, 3))

    registration = register(photo, [profile], [])

    assert told(registration) == ("tags", True, (2,))
    assert cell_error(registration, truth) < 0.04


@pytest.mark.parametrize(
    ("rooms", "slots"), [(5, 3), (8, 4)], ids=["other lines", "lines between"]
)
def test_lines_of_another_layout_are_refused_with_what_they_are(rooms, slots):
    board = drawn(rooms=rooms, slots=slots)
    photo, _ = photographed(board)

    with pytest.raises(BoardMismatchError) as refusal:
        register(photo, [board_of(drawn())], [])

    assert refusal.value.message == (
        f"The lines between the tags of board Open Spaces make {rooms} columns and {slots} "
        "rows; event.toml has 4 and 4."
    )
    assert "event.toml" in refusal.value.hint
    assert refusal.value.board == "board"


def test_without_lines_or_another_photo_nothing_is_sure(cell_error):
    board = drawn(lines=False)
    photo, truth = photographed(board)

    registration = register(photo, [board_of(board)], [])

    assert told(registration) == ("tags", False, ())
    assert cell_error(registration, truth) < 0.01


@pytest.fixture(scope="module")
def plain():
    """A board without lines, and a photo of it in which it was marked."""
    board = drawn(lines=False, cards=12)
    photo, truth = photographed(board, yaw_deg=-6.0, seed=8)
    return board, Reference.from_photo(board_of(board), photo, truth.corners_photo)


def test_a_photo_from_before_that_agrees_is_enough(plain, cell_error):
    board, reference = plain
    photo, truth = photographed(board)

    registration = register(photo, [board_of(board)], [reference])

    assert told(registration) == ("tags", True, ())
    assert cell_error(registration, truth) < 0.01


def test_a_photo_from_before_says_which_tag_was_moved(plain, cell_error):
    board, reference = plain
    photo, truth = photographed(moved(board, 0.5))

    registration = register(photo, [board_of(board)], [reference])

    assert told(registration) == ("reference", True, (2,))
    assert cell_error(registration, truth) < 0.02


def test_a_photo_that_only_tags_placed_proves_nothing(plain):
    board, reference = plain
    photo, _ = photographed(board)
    unsure = replace(reference, checked=False)

    assert told(register(photo, [board_of(board)], [unsure])) == ("tags", False, ())


def test_tags_that_a_photo_contradicts_are_refused(plain):
    board, reference = plain
    shifts = tuple((0.0, 0.7 * board.cell_mm[1]) for _ in range(3))
    photo, _ = photographed(replace(board, tag_shifts_mm=(*shifts, IN_PLACE)))

    with pytest.raises(BoardMismatchError, match="tags 0, 1, 2 are") as refusal:
        register(photo, [board_of(board)], [reference])

    assert "Stick each tag to its corner" in refusal.value.hint


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_tags_each_at_the_next_corner_are_refused(turn):
    board = drawn(rooms=4, slots=4)
    turned = replace(board, tags=tuple(np.roll(board.tags, turn).tolist()))
    photo, _ = photographed(turned)

    with pytest.raises(BoardNotFoundError, match="all are turned alike") as refusal:
        register(photo, [board_of(board)], [])

    assert "upright at its own corner" in refusal.value.hint


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_photo_that_lies_on_its_side_or_upside_down_is_placed(cell_error, turns):
    board = drawn()
    photo, truth = photographed(board)
    turned = Photo.from_pixels(np.ascontiguousarray(np.rot90(photo.pixels, turns)))

    registration = register(turned, [board_of(board)], [])

    straight, upright = registration, register(photo, [board_of(board)], [])
    assert cell_error(upright, truth) < 0.02
    assert straight.size_wh == pytest.approx(upright.size_wh, abs=2)


def test_a_mirrored_photo_is_refused():
    board = drawn()
    photo, _ = photographed(board)
    mirrored = Photo.from_pixels(np.ascontiguousarray(photo.pixels[:, ::-1]))

    with pytest.raises(BoardNotFoundError):
        register(mirrored, [board_of(board)], [])


def test_of_boards_that_share_their_tags_the_first_is_taken():
    board = drawn()
    photo, _ = photographed(board)
    wall = [replace(board_of(board), slug=slug) for slug in ("friday", "saturday")]

    assert register(photo, wall, []).board.slug == "friday"
    assert register(photo, wall[::-1], []).board.slug == "saturday"
