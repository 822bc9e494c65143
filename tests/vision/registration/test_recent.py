"""Photos that were placed, as references for others."""

import numpy as np
import pytest

from vision.errors import BoardNotFoundError
from vision.image.photo import Photo
from vision.registration import RecentPhoto, register


@pytest.fixture(scope="module")
def recent(printed_scene):
    return RecentPhoto.of(printed_scene.photo, printed_scene.registration)


def test_a_later_photo_is_placed_by_it(printed_scene, later_scene, recent, cell_error):
    registration = register(
        later_scene.photo, [printed_scene.board], [recent.reference()]
    )

    assert cell_error(registration, later_scene.truth) < 0.01
    assert registration.method == "reference"
    area = printed_scene.registration.cell_area
    assert registration.cell_area.width / registration.cell_area.height == (
        pytest.approx(area.width / area.height)
    )


def test_the_photo_itself_stays_where_it_was(printed_scene, recent):
    registration = register(
        printed_scene.photo, [printed_scene.board], [recent.reference()]
    )

    np.testing.assert_allclose(
        registration.projection.photo_from_board(
            registration.cell_area.to_quad().to_array()
        ),
        printed_scene.truth.corners_photo.to_array(),
        atol=0.01,
    )


def test_a_close_up_is_placed_by_the_last_whole_photo(
    printed_scene, later_scene, recent
):
    truth = later_scene.truth.corners_photo.to_array()
    height, width = later_scene.photo.pixels.shape[:2]
    left, top = width * 2 // 5, height // 3
    part = np.ascontiguousarray(later_scene.photo.pixels[top:, left:])

    registration = register(
        Photo.from_pixels(part), [printed_scene.board], [recent.reference()]
    )

    found = registration.projection.photo_from_board(
        registration.cell_area.to_quad().to_array()
    )
    assert registration.coverage < 0.85
    cell = np.sqrt(later_scene.truth.corners_photo.area / 16)
    # The corner that the photo shows; the others are far outside.
    off = found[2] - (truth[2] - (left, top))
    assert np.hypot(*off) < 0.03 * cell


def test_another_board_is_refused(printed_scene, whiteboard_scene, recent):
    with pytest.raises(BoardNotFoundError):
        register(whiteboard_scene.photo, [printed_scene.board], [recent.reference()])
