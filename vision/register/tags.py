"""Finding a board by the printed tags at its corners (ArUco 4x4_50).

S. Garrido-Jurado et al., "Automatic generation and detection of highly
reliable fiducial markers under occlusion", Pattern Recognition 47 (2014).

Each tag stands just outside a corner of the cell area, its inner corner on
that corner. All four corners of every tag enter the fit; the tags' common size
and each tag's small turn are fitted too, so three tags suffice.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from calibration.geometry import Points
from calibration.homography import Homography
from calibration.profile import Board
from vision.errors import BoardNotFoundError
from vision.ocr.engine import Image
from vision.photo import Photo
from vision.rectify import Registration
from vision.register.fit import (
    CollapsedFitError,
    Fit,
    Vector,
    minimise,
    parameters_of,
    projection_of,
)
from vision.register.frame import UNIT_CORNERS, is_plausible, registration_from_area

MIN_TAGS = 3
"""Fewer do not fix the board (FINDINGS: one alone is not enough)."""

MAX_DETECTION_SIDE_PX = 4096
"""Long side at which tags are looked for; larger photos are shrunk first."""

MAX_RESIDUAL_SHARE = 0.05
"""Root mean square residual allowed, in units of a tag's side in the photo:
more means that the tags do not stand at the corners of one rectangle."""

FIRST_TAG_SIDES = (0.03, 0.06, 0.1)
"""Sides of a tag to start the fit from, in units of the cell area's height."""

TURN_SCALE_DEG = 3.0
"""How far from upright a hand sticks a tag; turning further costs."""

INNER_CORNER = (2, 3, 0, 1)
"""Index (TL, TR, BR, BL) of the tag's corner that touches the cell area, for
the tags at its TL, TR, BR, BL."""


@dataclass(frozen=True, slots=True, eq=False)
class Tag:
    """One tag seen in a photo.

    Parameters
    ----------
    id : int
        In the dictionary 4x4_50.
    corners_photo : ndarray of shape (4, 2), float64
        TL, TR, BR, BL of the tag as printed, in photo pixels.
    """

    id: int
    corners_photo: Points


def find_tags(pixels: Image) -> tuple[Tag, ...]:
    """Return every tag that is seen exactly once.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        A photo.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    scale = min(1.0, MAX_DETECTION_SIDE_PX / max(grey.shape))
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    detector = cv2.aruco.ArucoDetector(
        cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50), parameters
    )
    corners, ids, _ = detector.detectMarkers(grey)
    # Without tags OpenCV gives None, whatever its stubs say.
    seen = [int(tag_id) for tag_id in np.ravel(ids)] if len(corners) else []
    counts = Counter(seen)
    return tuple(
        Tag(tag_id, np.asarray(quad, np.float64).reshape(4, 2) / scale)
        for tag_id, quad in zip(seen, corners, strict=True)
        # A tag seen twice is a poster or a reflection: no telling which.
        if counts[tag_id] == 1
    )


def boards_of_tags(tags: Sequence[Tag], boards: Sequence[Board]) -> tuple[Board, ...]:
    """Return the boards of which enough tags are seen, most tags first."""
    ids = {tag.id for tag in tags}
    counts = [(len(ids & set(board.tags or ())), board) for board in boards]
    enough = [entry for entry in counts if entry[0] >= MIN_TAGS]
    return tuple(board for _, board in sorted(enough, key=lambda entry: -entry[0]))


def register_by_tags(photo: Photo, board: Board, tags: Sequence[Tag]) -> Registration:
    """Place a board by its tags.

    Parameters
    ----------
    photo : Photo
    board : Board
        With tag ids.
    tags : sequence of Tag
        Seen in the photo; those of other boards are ignored.

    Raises
    ------
    BoardNotFoundError
        If fewer than three tags are seen or they do not fit one rectangle.
    """
    corners = _corners_by_place(board, tags)
    if len(corners) < MIN_TAGS:
        msg = f"Only {len(corners)} of the 4 tags of board {board.slug} are visible."
        raise BoardNotFoundError(
            msg,
            hint="Take the photo so that at least three corner tags are in it, "
            "whole and uncovered.",
            board=board.slug,
        )
    places, corners_photo = list(corners), np.concatenate(list(corners.values()))
    try:
        fits = [
            _fit_tags(places, corners_photo, side, photo.size_wh)
            for side in FIRST_TAG_SIDES
        ]
    except CollapsedFitError as error:
        raise _no_rectangle(board, "they lie on a line") from error
    fit, sides_wh = min(fits, key=lambda entry: entry[0].rms_px)
    _check(fit, corners_photo, board)
    return registration_from_area(
        board,
        "tags",
        fit.projection.homography,
        fit.projection.lens,
        # Tags are square: their sides in units of the area give its shape.
        aspect=sides_wh[1] / sides_wh[0],
        residual_px=fit.rms_px,
    )


def _corners_by_place(board: Board, tags: Sequence[Tag]) -> dict[int, Points]:
    """Return the corners of the board's tags by their place (0 TL … 3 BL).

    A tag may be stuck turned by quarter turns: its inner corner is the one
    nearest to the middle of all tags, and the others follow it around.
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
    return {
        place: _turned_inwards(corners, place, middle)
        for place, corners in places.items()
    }


def _turned_inwards(corners: Points, place: int, middle: Points) -> Points:
    """Renumber a tag's corners as if it stood upright at its place."""
    distances = np.hypot(*(corners - middle).T)
    inner = int(np.argmin(distances))
    return np.asarray(np.roll(corners, INNER_CORNER[place] - inner, axis=0))


def _fit_tags(
    places: Sequence[int],
    corners_photo: Points,
    first_side: float,
    photo_wh: tuple[int, int],
) -> tuple[Fit, tuple[float, float]]:
    """Fit area-from-photo, k1, the tags' sides and turns.

    Returns
    -------
    fit : Fit
        Area from photo.
    sides_wh : tuple of float
        The tags' side in units of the area's width and of its height.
    """
    start = _model(places, first_side, first_side, np.zeros(len(places)))
    first = _first_guess(corners_photo, start)
    parameters = np.concatenate(
        [
            parameters_of(first, 0.0, 1.0, photo_wh),
            np.log([first_side, first_side]),
            np.zeros(len(places)),
        ]
    )
    side_px = _mean_side_px(corners_photo)

    def model(vector: Vector) -> Points:
        width, height = np.exp(np.clip(vector[9:11], -8, 1))
        return _model(places, float(width), float(height), vector[11:])

    def residuals(vector: Vector) -> Vector:
        projection = projection_of(vector, 1.0, photo_wh)
        there = projection.photo_from_board(model(vector))
        off = np.asarray((there - corners_photo).ravel())
        # Turns are paid for as if a corner were off by a hundredth of a side.
        return np.concatenate([off, vector[11:] * side_px / 100])

    solution = minimise(residuals, parameters)
    left = residuals(solution)[: corners_photo.size].reshape(-1, 2)
    width, height = np.exp(np.clip(solution[9:11], -8, 1))
    fit = Fit(projection_of(solution, 1.0, photo_wh), np.hypot(left[:, 0], left[:, 1]))
    return fit, (float(width), float(height))


def _first_guess(corners_photo: Points, corners_area: Points) -> Homography:
    """Return the area-from-photo homography of the least squares.

    Raises
    ------
    CollapsedFitError
        If the corners do not tell a plane.
    """
    matrix, _ = cv2.findHomography(corners_photo, corners_area, 0)
    # Without a model OpenCV gives None, whatever its stubs say.
    try:
        return Homography(np.asarray(matrix, np.float64))
    except ValueError as error:
        raise CollapsedFitError(str(error)) from error


def _model(places: Sequence[int], width: float, height: float, turns: Vector) -> Points:
    """Return the tags' corners in the unit square of the cell area.

    Parameters
    ----------
    places : sequence of int
        Which tags, 0 TL to 3 BL.
    width, height : float
        A tag's side in units of the area's width and height.
    turns : ndarray of shape (len(places),), float64
        Each tag's turn in units of TURN_SCALE_DEG.

    Returns
    -------
    ndarray of shape (4 * len(places), 2), float64
    """
    square = UNIT_CORNERS - 0.5
    corners = []
    for place, turn in zip(places, turns, strict=True):
        angle = np.radians(turn * TURN_SCALE_DEG)
        rotation = np.array(
            [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        )
        # Turned about its inner corner, which stays on the area's corner.
        turned = (square - square[INNER_CORNER[place]]) @ rotation.T
        corners.append(turned * [width, height] + UNIT_CORNERS[place])
    return np.concatenate(corners)


def _mean_side_px(corners_photo: Points) -> float:
    """Return the mean side of tags given by their corners, four after four."""
    tags = corners_photo.reshape(-1, 4, 2)
    sides = np.roll(tags, -1, axis=1) - tags
    return float(np.hypot(sides[..., 0], sides[..., 1]).mean())


def _check(fit: Fit, corners_photo: Points, board: Board) -> None:
    """Refuse a fit that is no board seen from the front."""
    allowed = max(1.5, MAX_RESIDUAL_SHARE * _mean_side_px(corners_photo))
    if fit.rms_px > allowed or not is_plausible(fit.projection):
        raise _no_rectangle(board, f"off by {fit.rms_px:.0f} px")


def _no_rectangle(board: Board, why: str) -> BoardNotFoundError:
    """Return the refusal of tags that cannot be those of one board."""
    return BoardNotFoundError(
        f"The tags of board {board.slug} do not stand at the corners of one "
        f"rectangle ({why}).",
        hint="Check that each tag stands at its own corner, as event.toml lists "
        "them: top left, top right, bottom right, bottom left.",
        board=board.slug,
    )
