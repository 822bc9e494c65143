"""Finding the board by an earlier photo of it."""

import datetime as dt
from dataclasses import replace

import cv2
import numpy as np
import pytest

from calibration.geometry import Point, Quad
from sample_boards.people import random_people, stand_in_front
from vision.errors import (
    AmbiguousBoardError,
    BoardNotFoundError,
    ReferenceMissingError,
)
from vision.image.photo import Photo
from vision.registration import RecentPhoto, Reference, register

HALF_WH = (640, 480)
"""Photos of the wide tables below: small, so that each is matched quickly."""

DISTORTED_SEEDS = range(4)
MILD_SEEDS = 1
"""In the first of them hardly anything has changed: they may not be refused."""


def reference_of(scene, **changes):
    board = replace(scene.board, **changes)
    return Reference.from_photo(board, scene.photo, scene.truth.corners_photo)


@pytest.fixture(scope="module")
def reference(printed_scene):
    return reference_of(printed_scene)


@pytest.fixture(scope="module")
def whiteboard_reference(whiteboard_scene):
    return reference_of(whiteboard_scene)


@pytest.fixture(scope="module")
def half(printed_scene):
    """The reference scene at half its size: pixels and corners (4, 2)."""
    scale = HALF_WH[0] / printed_scene.photo.size_wh[0]
    pixels = cv2.resize(
        printed_scene.photo.pixels, HALF_WH, interpolation=cv2.INTER_AREA
    )
    corners = (printed_scene.truth.corners_photo.to_array() + 0.5) * scale - 0.5
    return np.asarray(pixels, np.uint8), corners


@pytest.fixture(scope="module")
def half_reference(printed_scene, half):
    pixels, corners = half
    return Reference.from_photo(
        printed_scene.board, Photo.from_pixels(pixels), Quad.from_array(corners)
    )


def corners_of(registration):
    area = registration.cell_area.to_quad().to_array()
    return registration.projection.photo_from_board(area)


def off_in_cells(registration, corners):
    """Return the mean error at the corners of the cell area, in cells."""
    found = corners_of(registration)
    cell = np.sqrt(cv2.contourArea(corners.astype(np.float32)) / 16)
    return float(np.hypot(*(found - corners).T).mean() / cell)


def test_other_cards_light_and_standpoint_do_not_matter(
    printed_scene, later_scene, reference, cell_error
):
    registration = register(later_scene.photo, [printed_scene.board], [reference])

    assert cell_error(registration, later_scene.truth) < 0.025
    assert registration.method == "reference"
    assert registration.coverage == 1.0
    assert 0 < registration.residual_px < 1.5


@pytest.mark.parametrize("turns", [1, 2])
def test_a_turned_photo_comes_out_upright(printed_scene, later_scene, reference, turns):
    height, width = later_scene.photo.pixels.shape[:2]
    photo = Photo.from_pixels(
        np.ascontiguousarray(np.rot90(later_scene.photo.pixels, turns))
    )

    registration = register(photo, [printed_scene.board], [reference])

    x, y = later_scene.truth.corners_photo.to_array().T
    turned = {1: (y, width - 1 - x), 2: (width - 1 - x, height - 1 - y)}[turns]
    assert off_in_cells(registration, np.column_stack(turned)) < 0.025


def test_a_photo_is_its_own_reference_exactly(printed_scene, reference):
    registration = register(printed_scene.photo, [printed_scene.board], [reference])

    said = reference.corners_photo
    np.testing.assert_allclose(corners_of(registration), said, atol=1e-3)
    assert registration.residual_px == 0
    assert registration.projection.lens == reference.lens


def test_a_plain_photo_is_its_own_reference_too(printed_scene):
    photo = Photo.from_pixels(np.full((300, 400, 3), 200, np.uint8))
    corners = Quad(Point(40, 30), Point(360, 30), Point(360, 270), Point(40, 270))

    registration = register(
        photo,
        [printed_scene.board],
        [Reference.from_photo(printed_scene.board, photo, corners)],
    )

    np.testing.assert_allclose(corners_of(registration), corners.to_array(), atol=1e-3)
    assert registration.residual_px == 0


def test_a_reference_whose_corners_show_the_board_edge_on_is_refused(printed_scene):
    photo = Photo.from_pixels(np.full((600, 800, 3), 200, np.uint8))
    corners = Quad(Point(0, 290), Point(790, 0), Point(800, 600), Point(0, 310))
    reference = Reference.from_photo(printed_scene.board, photo, corners)

    with pytest.raises(BoardNotFoundError, match="edge-on"):
        register(photo, [printed_scene.board], [reference])


def test_corners_may_lie_outside_of_the_reference_photo(printed_scene, half):
    pixels, corners = half
    # A close-up: the photo's right third and its lower part are cut away.
    width, height = HALF_WH
    left_part = np.ascontiguousarray(pixels[: height * 7 // 10, : width * 2 // 3])
    photo = Photo.from_pixels(left_part)
    close_up = Reference.from_photo(
        printed_scene.board, photo, Quad.from_array(corners)
    )

    own = register(photo, [printed_scene.board], [close_up])
    whole = register(Photo.from_pixels(pixels), [printed_scene.board], [close_up])

    assert own.coverage < 0.6
    assert off_in_cells(own, corners) < 0.001
    assert whole.coverage == 1.0
    assert off_in_cells(whole, corners) < 0.025


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("noise", "from further away"),
        ("plain wall", "from further away"),
        ("ribbon", "from further away"),
        ("50 x 50 noise", "from further away"),
        ("one white pixel", "from further away"),
        ("one black pixel", "switch on the light"),
        ("black", "switch on the light"),
    ],
)
def test_pictures_without_a_board_are_refused(
    printed_scene, half_reference, odd_pictures, name, hint
):
    photo = Photo.from_pixels(odd_pictures[name])

    with pytest.raises(BoardNotFoundError, match="not found with certainty") as refusal:
        register(photo, [printed_scene.board], [half_reference])

    assert hint in refusal.value.hint
    assert refusal.value.board == printed_scene.board.slug


def test_a_photo_at_night_is_refused_with_a_word_about_the_light(
    printed_scene, half, half_reference
):
    rng = np.random.default_rng(1)
    night = half[0].astype(np.float32) * 0.05 + rng.normal(0, 3, half[0].shape)
    photo = Photo.from_pixels(np.clip(night, 0, 255).astype(np.uint8))

    with pytest.raises(BoardNotFoundError) as refusal:
        register(photo, [printed_scene.board], [half_reference])

    assert "switch on the light" in refusal.value.hint


def test_a_photo_of_another_board_is_refused(
    printed_scene, whiteboard_scene, reference
):
    with pytest.raises(BoardNotFoundError) as refusal:
        register(whiteboard_scene.photo, [printed_scene.board], [reference])

    assert "check that it is this board" in refusal.value.hint


def test_a_mirrored_photo_is_refused(printed_scene, reference):
    pixels = np.ascontiguousarray(printed_scene.photo.pixels[:, ::-1])

    with pytest.raises(BoardNotFoundError) as refusal:
        register(Photo.from_pixels(pixels), [printed_scene.board], [reference])

    assert "check that it is this board" in refusal.value.hint


def test_the_reference_tells_which_of_two_boards_a_photo_shows(
    printed_scene, reference, whiteboard_reference
):
    boards = [whiteboard_reference.board, printed_scene.board]
    references = [whiteboard_reference, reference]

    registration = register(printed_scene.photo, boards, references)

    assert registration.board == printed_scene.board


def test_two_boards_that_both_fit_are_ambiguous(printed_scene, half, half_reference):
    boards = [
        replace(printed_scene.board, slug=title.lower(), title=title)
        for title in ("Monday", "Friday")
    ]
    references = [replace(half_reference, board=board) for board in boards]
    # Not the very same photo: a brighter one.
    brighter = cv2.convertScaleAbs(half[0], alpha=1.05, beta=3)

    for shown in map(Photo.from_pixels, (half[0], brighter)):
        with pytest.raises(AmbiguousBoardError) as refusal:
            register(shown, boards, references)
        assert {"Monday", "Friday"} <= set(refusal.value.message.split())
        assert refusal.value.hint == "Say which board it shows."


@pytest.fixture
def wall(printed_scene):
    """Three days' boards on one wall."""
    return [
        replace(printed_scene.board, slug=slug, date=dt.date(2024, 5, 17 + day))
        for day, slug in enumerate(("friday", "saturday", "sunday"))
    ]


@pytest.mark.parametrize("first", range(3))
def test_one_wall_for_three_days_shows_the_first_that_is_named(
    wall, half, half_reference, first
):
    boards = wall[first:] + wall[:first]
    references = [replace(half_reference, board=board) for board in wall]
    brighter = cv2.convertScaleAbs(half[0], alpha=1.05, beta=3)

    for shown in map(Photo.from_pixels, (half[0], brighter)):
        assert register(shown, boards, references).board == wall[first]


def test_a_day_is_taken_however_much_better_another_day_s_photos_match(
    wall, half, half_reference, later_scene
):
    saturday = Reference.from_photo(
        wall[1], later_scene.photo, later_scene.truth.corners_photo
    )
    references = [replace(half_reference, board=wall[0], sha256="0" * 64), saturday]

    shown = Photo.from_pixels(half[0])

    assert register(shown, [wall[1], wall[0]], references).board == wall[1]
    assert register(shown, [wall[0], wall[1]], references).board == wall[0]


def test_a_day_s_reference_that_does_not_fit_leaves_the_photo_to_another(
    wall, whiteboard_reference, half, half_reference
):
    references = [
        replace(whiteboard_reference, board=wall[0]),
        replace(half_reference, board=wall[1]),
    ]

    shown = Photo.from_pixels(half[0])

    assert register(shown, wall, references).board == wall[1]


def test_a_board_with_several_references_needs_only_one_that_fits(
    printed_scene, whiteboard_reference, half, half_reference
):
    wrong = replace(half_reference, sha256="0" * 64)
    wrong = replace(wrong, features=whiteboard_reference.features)

    registration = register(
        Photo.from_pixels(half[0]), [printed_scene.board], [wrong, half_reference]
    )

    assert off_in_cells(registration, half_reference.corners_photo) < 0.001


@pytest.mark.parametrize("others", [False, True], ids=["none", "of other boards"])
def test_without_tags_and_references_nothing_tells_where_the_board_is(
    printed_scene, half, half_reference, others
):
    board = replace(printed_scene.board, slug="tuesday", title="Tuesday")

    with pytest.raises(ReferenceMissingError, match="board Tuesday") as refusal:
        register(
            Photo.from_pixels(half[0]), [board], [half_reference] if others else []
        )

    assert "tags or a reference photo" in refusal.value.hint


def distorted(pixels, corners, seed):
    """Photograph a photo again: from the side, cropped, peopled, blurred, dimmed.

    The higher the seed, the worse it gets.
    """
    rng = np.random.default_rng(seed)
    harshness = (seed + 1) / len(DISTORTED_SEEDS)
    width, height = HALF_WH
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    reach = 0.3 * harshness * np.array([width, height])
    seen_at = (frame + rng.uniform(-reach, reach, (4, 2))).astype(np.float32)
    moved = cv2.getPerspectiveTransform(frame, seen_at)
    picture = cv2.warpPerspective(pixels, moved, HALF_WH, borderValue=(90, 110, 120))
    people = random_people(seed, round(4 * harshness))
    picture, _ = stand_in_front(np.asarray(picture, np.uint8), people)
    blurred = cv2.GaussianBlur(picture, (0, 0), 0.3 + 2 * harshness * rng.random())
    dimmed = blurred * (1 - 0.8 * harshness * rng.random())
    noisy = dimmed + rng.normal(0, 8 * harshness, dimmed.shape)
    truth = cv2.perspectiveTransform(corners[None], moved)[0]
    return Photo.from_pixels(np.clip(noisy, 0, 255).astype(np.uint8)), truth


@pytest.mark.parametrize("seed", DISTORTED_SEEDS)
def test_whatever_is_accepted_is_right(printed_scene, half, half_reference, seed):
    photo, corners = distorted(*half, seed)

    try:
        registration = register(photo, [printed_scene.board], [half_reference])
    except BoardNotFoundError:
        registration = None

    if seed < MILD_SEEDS:
        assert registration is not None
    if registration is not None:
        assert off_in_cells(registration, corners) < 0.025


@pytest.fixture(scope="module")
def recent(printed_scene):
    return RecentPhoto.of(printed_scene.photo, printed_scene.registration)


def test_a_later_photo_is_placed_by_a_recent_one(
    printed_scene, later_scene, recent, cell_error
):
    registration = register(
        later_scene.photo, [printed_scene.board], [recent.reference()]
    )

    assert cell_error(registration, later_scene.truth) < 0.01
    assert registration.method == "reference"
    area = printed_scene.registration.cell_area
    assert registration.cell_area.width / registration.cell_area.height == (
        pytest.approx(area.width / area.height)
    )


def test_a_recent_photo_itself_stays_where_it_was(printed_scene, recent):
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
