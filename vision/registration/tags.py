"""Finding a board by the printed tags at its corners (ArUco 4x4_50).

S. Garrido-Jurado et al., Pattern Recognition 47 (2014). Each tag stands just outside a
corner of the cell area, its inner corner on that corner. All corners of every tag enter
the fit, with the tags' common size and each one's small turn: three suffice.
"""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from calibration.geometry import DegenerateError, Points
from calibration.homography import Homography
from calibration.lens import Projection, RadialLens
from calibration.profile import Board
from vision.errors import BoardNotFoundError
from vision.image.arrays import Grey, Vector, shrunk
from vision.image.photo import Photo
from vision.registration.fit import (
    CollapsedFitError,
    fitting,
    homography_found,
    minimise,
    parameters_of,
    projection_of,
    rms_px,
    view,
)
from vision.registration.frame import (
    CENTRED,
    UNIT_CORNERS,
    Registration,
    is_plausible,
    registration_from_area,
)

MIN_TAGS = 3
"""Fewer do not fix the board (FINDINGS: one alone is not enough)."""

SEARCH_SIDES_PX = (1000, 1600, 4096)
"""Long sides at which tags are sought in a larger photo, until a board's are all
found."""

REFINE_WINDOW = 0.1
"""Half side of the window in which a corner is refined, in sides of the tag."""

REFINE_STEPS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 0.02)
"""When to stop: after 20 rounds, or at a step of 0.02 px."""

MAX_RESIDUAL_SHARE = 0.05
"""Root mean square residual allowed, in sides of a tag: more is no one rectangle."""

FIRST_TAG_SIDES, TURN_SCALE_DEG = (0.025, 0.045, 0.08), 3.0
"""Sides of a tag, in the area's width and height, from which the fit starts, and how
far from upright a hand sticks it; turning further costs."""

LOG_SIDES = (-8.0, 1.0)
"""Logarithms of the smallest and largest side of a tag in units of the area."""

INNER_CORNER = (2, 3, 0, 1)
"""Index (TL, TR, BR, BL) of the tag's corner on the cell area's, by place."""


@dataclass(frozen=True, slots=True, eq=False)
class Tag:
    """A tag of the dictionary 4x4_50, its corners as printed: TL, TR, BR, BL."""

    id: int
    corners_photo: Points


def find_tags(grey: Grey, boards: Sequence[Board] = ()) -> tuple[Tag, ...]:
    """Return every tag that is seen exactly once in a photo, (H, W) uint8.

    A search in a shrunk photo will do where it shows all tags of one of the boards.
    """
    tags: tuple[Tag, ...] = ()
    for side_px in SEARCH_SIDES_PX:
        tags = _tags_at(grey, side_px)
        ids = {tag.id for tag in tags}
        all_seen = any(ids >= set(board.tags or ()) for board in boards)
        if all_seen or max(grey.shape) <= side_px:
            break
    return tags


def _tags_at(grey: Grey, side_px: int) -> tuple[Tag, ...]:
    """Return every tag that is seen exactly once in a photo shrunk to a long side."""
    small, scale = shrunk(grey, side_px)
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    detector = cv2.aruco.ArucoDetector(
        cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50), parameters
    )
    corners, ids, _ = detector.detectMarkers(small)
    # Without tags OpenCV gives None, whatever its stubs say.
    seen = [int(tag_id) for tag_id in np.ravel(ids)] if len(corners) else []
    counts = Counter(seen)
    return tuple(
        Tag(tag_id, _refined(grey, np.asarray(quad, np.float64).reshape(4, 2), scale))
        for tag_id, quad in zip(seen, corners, strict=True)
        # A tag seen twice is a poster or a reflection: no telling which.
        if counts[tag_id] == 1
    )


def _refined(grey: Grey, corners_small: Points, scale: float) -> Points:
    """Return corners, (4, 2), found in a shrunk photo where the photo shows them."""
    # Pixel centres: (i + 0.5) / scale - 0.5 in the photo.
    corners = (corners_small + 0.5) / scale - 0.5
    if scale == 1:
        return corners
    half = max(2, round(REFINE_WINDOW * _mean_side_px(corners)))
    refined = cv2.cornerSubPix(
        grey,
        corners.astype(np.float32).reshape(-1, 1, 2),
        (half, half),
        (-1, -1),
        REFINE_STEPS,
    )
    return np.asarray(refined, np.float64).reshape(4, 2)


def board_of_tags(tags: Sequence[Tag], boards: Sequence[Board]) -> Board | None:
    """Return the board of which most tags are seen, the first of several."""
    ids = {tag.id for tag in tags}

    def seen(board: Board) -> int:
        return len(ids & set(board.tags or ()))

    best = max(boards, key=seen, default=None)
    return best if best and seen(best) >= MIN_TAGS else None


def register_by_tags(photo: Photo, board: Board, tags: Sequence[Tag]) -> Registration:
    """Place a board by those of the tags that are its own.

    BoardNotFoundError if fewer than three are seen or they do not fit one rectangle.
    """
    corners = _corners_by_place(board, tags)
    if len(corners) < MIN_TAGS:
        raise BoardNotFoundError(
            f"Only {len(corners)} of the 4 tags of board {board.title} are visible.",
            hint="Take the photo so that at least three corner tags are in it, "
            "whole and uncovered.",
            board=board.slug,
        )
    places, corners_photo = list(corners), np.concatenate(list(corners.values()))
    try:
        unit, residual_px, aspect = _fit_tags(places, corners_photo, photo.size_wh)
    except CollapsedFitError as error:
        raise _no_rectangle(board, "they lie on a line") from error
    allowed = max(1.5, MAX_RESIDUAL_SHARE * _mean_side_px(corners_photo))
    if residual_px > allowed or not is_plausible(unit):
        raise _no_rectangle(board, f"off by {residual_px:.0f} px")
    return registration_from_area(
        board,
        "tags",
        unit,
        aspect=aspect,
        residual_px=residual_px,
    )


def side_px(tags: Sequence[Tag]) -> float:
    """Return the mean side of tags in a photo, in pixels."""
    return float(np.mean([_mean_side_px(tag.corners_photo) for tag in tags]))


def inner_corners(board: Board, tags: Sequence[Tag]) -> dict[int, Points]:
    """Return the corners of tags that belong on the cell area's, (2,), by place."""
    return {
        place: corners[INNER_CORNER[place]]
        for place, corners in _corners_by_place(board, tags).items()
    }


def _corners_by_place(board: Board, tags: Sequence[Tag]) -> dict[int, Points]:
    """Return the corners of the board's tags by their place (0 TL … 3 BL).

    A tag may be turned by quarters: its inner corner is the nearest to the middle of
    all. BoardNotFoundError if all are turned alike.
    """
    seen = {tag.id: tag.corners_photo for tag in tags}
    places = {
        place: seen[tag_id]
        for place, tag_id in enumerate(board.tags or ())
        if tag_id in seen
    }
    if len(places) < MIN_TAGS:
        return places
    # Of three tags the two opposite ones span the board's middle.
    opposite = (0, 2) if {0, 2} <= set(places) else (1, 3)
    middle = np.mean([places[place].mean(axis=0) for place in opposite], axis=0)
    turns = {
        place: (INNER_CORNER[place] - int(np.argmin(np.hypot(*(corners - middle).T))))
        % 4
        for place, corners in places.items()
    }
    if len(set(turns.values())) == 1 and 0 not in turns.values():
        raise _no_rectangle(board, "all are turned alike")
    return {
        place: np.roll(corners, turns[place], axis=0)
        for place, corners in places.items()
    }


def _fit_tags(
    places: Sequence[int], corners_photo: Points, photo_wh: tuple[int, int]
) -> tuple[Projection, float, float]:
    """Fit a board to its tags; CollapsedFitError if the corners do not fix a plane.

    Returns the unit square of the cell area from photo, what the fit leaves in the
    photo, and width / height of the cell area.
    """
    start, sides = _first_guess(places, corners_photo)
    side_px = _mean_side_px(corners_photo)

    def residuals(vector: Vector) -> Vector:
        targets = _tag_corners(places, vector[9:11], vector[11:])
        off = view(vector[:9], targets, photo_wh) - corners_photo
        # Turns are paid for as if a corner were off by a hundredth of a side.
        return np.append(off.ravel(), vector[11:] * side_px / 100)

    lens = RadialLens(0.0, photo_wh)
    with fitting():
        first = parameters_of(Projection(start, lens), CENTRED)
        vector = np.concatenate([first, np.log(sides), np.zeros(len(places))])
        solution = minimise(residuals, vector)
        unit = projection_of(solution[:9], CENTRED, photo_wh)
    left = residuals(solution)[: corners_photo.size].reshape(-1, 2)
    # Tags are square: their sides in units of the area give its shape.
    width, height = np.exp(np.clip(solution[9:11], *LOG_SIDES)).tolist()
    return unit, rms_px(np.hypot(*left.T)), height / width


def _first_guess(
    places: Sequence[int], corners_photo: Points
) -> tuple[Homography, tuple[float, float]]:
    """Return the area-from-photo homography and tag sides that fit best of a few."""
    guesses = []
    for width, height in itertools.product(FIRST_TAG_SIDES, repeat=2):
        sides = (width, height)
        area = _tag_corners(places, np.log(sides), np.zeros(len(places))) + 0.5
        matrix, _ = cv2.findHomography(corners_photo, area, 0)
        try:
            guess = homography_found(matrix)
        except DegenerateError:
            continue
        off = guess.inverse.apply(area) - corners_photo
        guesses.append((float(np.hypot(*off.T).mean()), guess, sides))
    if not guesses:
        raise CollapsedFitError("the corners of the tags lie on a line")
    _, best, sides = min(guesses, key=lambda entry: entry[0])
    return best, sides


def _tag_corners(places: Sequence[int], log_sides: Vector, turns: Vector) -> Points:
    """Return the tags' corners, (4N, 2), from the cell area's middle in its units.

    Their common sides as logarithms, and their turns in TURN_SCALE_DEG, (N,).
    """
    square = UNIT_CORNERS - 0.5
    sides = np.exp(np.clip(log_sides, *LOG_SIDES))
    corners = []
    for place, angle in zip(places, np.radians(turns * TURN_SCALE_DEG), strict=True):
        cosine, sine = np.cos(angle), np.sin(angle)
        # Turned about its inner corner, which stays on the area's corner.
        arms = square - square[INNER_CORNER[place]]
        turned = arms @ np.array([[cosine, sine], [-sine, cosine]])
        corners.append(turned * sides + UNIT_CORNERS[place] - 0.5)
    return np.concatenate(corners)


def _mean_side_px(corners_photo: Points) -> float:
    """Return the mean side of tags given by their corners, four after four."""
    tags = corners_photo.reshape(-1, 4, 2)
    sides = np.roll(tags, -1, axis=1) - tags
    return float(np.hypot(sides[..., 0], sides[..., 1]).mean())


def _no_rectangle(board: Board, why: str) -> BoardNotFoundError:
    return BoardNotFoundError(
        f"The tags of board {board.title} do not stand at the corners of one "
        f"rectangle ({why}).",
        hint="Check that each tag stands upright at its own corner, as event.toml "
        "lists them: top left, top right, bottom right, bottom left.",
        board=board.slug,
    )
