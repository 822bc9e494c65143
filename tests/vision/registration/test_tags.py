"""Finding the board by its corner tags."""

import itertools
from dataclasses import replace

import cv2
import numpy as np
import pytest

from vision.errors import BoardNotFoundError
from vision.image.arrays import grey_of
from vision.image.photo import Photo
from vision.registration import register
from vision.registration.tags import find_tags, register_by_tags

PLACES = ("top left", "top right", "bottom right", "bottom left")


@pytest.fixture(scope="module")
def scene(taped_scene):
    return taped_scene


@pytest.fixture(scope="module")
def tags(scene):
    return find_tags(grey_of(scene.photo.pixels))


def corners_of(registration):
    area = registration.cell_area.to_quad().to_array()
    return registration.projection.photo_from_board(area)


def painted(scene, source, target):
    """Copy what lies in one quad of the photo to another one."""
    pixels = scene.photo.pixels.copy()
    height, width = pixels.shape[:2]
    moved = cv2.getPerspectiveTransform(
        np.asarray(source, np.float32), np.asarray(target, np.float32)
    )
    warped = cv2.warpPerspective(pixels, moved, (width, height))
    mask = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(mask, np.rint(target).astype(np.int32), 1)
    pixels[mask > 0] = warped[mask > 0]
    return Photo.from_pixels(pixels)


def outgrown(corners, factor=1.25):
    """Return a tag's outline with its white border."""
    middle = corners.mean(axis=0)
    return middle + (corners - middle) * factor


def test_corners_of_tags_are_found_within_a_pixel_of_the_truth(scene, tags):
    truth = dict(scene.truth.tag_quads_photo)

    assert {tag.id for tag in tags} == set(truth)
    for tag in tags:
        off = tag.corners_photo - truth[tag.id].to_array()
        assert np.hypot(*off.T).max() < 1.0


def test_four_tags_place_the_cell_area_within_a_pixel(scene, cell_error):
    registration = register(scene.photo, [scene.board], [])

    off = corners_of(registration) - scene.truth.corners_photo.to_array()
    assert np.hypot(*off.T).max() < 1.0
    assert cell_error(registration, scene.truth) < 0.005
    assert (registration.board, registration.method) == (scene.board, "tags")
    assert registration.projection.lens.k1 == pytest.approx(
        scene.truth.radial_k1, abs=0.01
    )


@pytest.mark.parametrize("missing", range(4), ids=PLACES)
def test_any_three_tags_are_enough(scene, tags, cell_error, missing):
    three = [tag for tag in tags if tag.id != missing]

    registration = register_by_tags(scene.photo, scene.board, three)

    assert cell_error(registration, scene.truth) < 0.02


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_tags_are_refused_with_their_number(scene, tags, count):
    kept = sorted(tags, key=lambda tag: tag.id)[:count]

    with pytest.raises(BoardNotFoundError) as refusal:
        register_by_tags(scene.photo, scene.board, kept)

    assert refusal.value.message == (
        f"Only {count} of the 4 tags of board Open Spaces are visible."
    )
    assert "at least three corner tags" in refusal.value.hint
    assert refusal.value.board == "board"


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_tag_stuck_turned_by_quarter_turns_changes_nothing(
    scene, tags, cell_error, turns
):
    turned = [
        replace(tag, corners_photo=np.roll(tag.corners_photo, turns, axis=0))
        if tag.id == 1
        else tag
        for tag in tags
    ]

    registration = register_by_tags(scene.photo, scene.board, turned)

    assert cell_error(registration, scene.truth) < 0.005


def test_a_turned_tag_is_found_in_the_picture_itself(scene, tags, cell_error):
    outline = next(tag for tag in tags if tag.id == 3).corners_photo
    photo = painted(scene, outline, np.roll(outline, 1, axis=0))

    registration = register(photo, [scene.board], [])

    assert cell_error(registration, scene.truth) < 0.01


def test_the_tags_tell_which_of_two_boards_a_photo_shows(scene):
    other = replace(scene.board, slug="other", tags=(4, 5, 6, 7))

    registration = register(scene.photo, [other, scene.board], [])

    assert registration.board == scene.board


def test_a_board_of_other_tags_is_not_found(scene):
    other = replace(scene.board, title="Other", tags=(4, 5, 6, 7))

    with pytest.raises(BoardNotFoundError, match="Only 0 of the 4 tags of board"):
        register(scene.photo, [other], [])


def test_a_tag_seen_twice_counts_as_not_seen(scene, tags, cell_error):
    outline = outgrown(next(tag for tag in tags if tag.id == 0).corners_photo)
    middle = scene.truth.corners_photo.to_array().mean(axis=0)
    photo = painted(scene, outline, outline - outline.mean(axis=0) + middle)

    assert sorted(tag.id for tag in find_tags(grey_of(photo.pixels))) == [1, 2, 3]
    registration = register(photo, [scene.board], [])
    assert cell_error(registration, scene.truth) < 0.02


def renamed(tags, ids):
    """Return the tags as if other ones stood at the four corners."""
    return [replace(tag, id=ids[tag.id]) for tag in tags]


TURNS = {tuple(np.roll(range(4), turn).tolist()) for turn in range(4)}
SWAPPED = [ids for ids in itertools.permutations(range(4)) if ids not in TURNS]


@pytest.mark.parametrize("ids", SWAPPED[::7], ids=str)
def test_swapped_tags_are_refused(scene, tags, ids):
    with pytest.raises(BoardNotFoundError, match="corners of one rectangle") as refusal:
        register_by_tags(scene.photo, scene.board, renamed(tags, ids))

    assert "top left, top right, bottom right, bottom left" in refusal.value.hint


def test_three_tags_of_which_two_are_swapped_are_refused(scene, tags):
    three = [tag for tag in renamed(tags, (2, 1, 0, 3)) if tag.id != 3]

    with pytest.raises(BoardNotFoundError, match="corners of one rectangle"):
        register_by_tags(scene.photo, scene.board, three)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_photo_comes_out_upright(scene, turns):
    height, width = scene.photo.pixels.shape[:2]
    photo = Photo.from_pixels(np.ascontiguousarray(np.rot90(scene.photo.pixels, turns)))

    registration = register(photo, [scene.board], [])

    x, y = scene.truth.corners_photo.to_array().T
    expected = {
        1: (y, width - 1 - x),
        2: (width - 1 - x, height - 1 - y),
        3: (height - 1 - y, x),
    }[turns]
    assert np.abs(corners_of(registration) - np.column_stack(expected)).max() < 1.5


def test_a_grey_photo_is_as_good(scene, cell_error):
    grey = cv2.cvtColor(scene.photo.pixels, cv2.COLOR_BGR2GRAY)
    photo = Photo.from_pixels(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))

    assert cell_error(register(photo, [scene.board], []), scene.truth) < 0.005


def test_pictures_without_a_board_are_refused(scene, odd_pictures):
    for name, pixels in odd_pictures.items():
        with pytest.raises(BoardNotFoundError, match="Only 0 of the 4 tags") as refusal:
            register(Photo.from_pixels(pixels), [scene.board], [])
        assert refusal.value.hint, name


def test_tags_squeezed_onto_a_line_are_refused(scene, tags):
    squeezed = [
        replace(tag, corners_photo=tag.corners_photo @ [[1, 0.5], [0, 0]])
        for tag in tags
    ]

    with pytest.raises(BoardNotFoundError, match="corners of one rectangle"):
        register_by_tags(scene.photo, scene.board, squeezed)
