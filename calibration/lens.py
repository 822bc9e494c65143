"""The lens's one radial term, and the whole way between photo and board.

Division model with one parameter: A. Fitzgibbon, "Simultaneous linear
estimation of multiple view geometry and lens distortion", CVPR 2001. It
inverts in closed form, and one term is what a phone's own correction leaves.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calibration.geometry import DegenerateError, Point, Points, Quad
from calibration.homography import Homography

MAX_RADIAL_K1 = 0.12
"""Beyond this (at the photo's corner) no phone or camera lens is plausible."""


@dataclass(frozen=True, slots=True)
class RadialLens:
    """One radial term about the centre of the photo.

    Parameters
    ----------
    k1 : float
        Division-model term for radii in units of half the photo's diagonal;
        negative for barrel distortion, 0 for none.
    photo_wh : tuple of int
        Width and height of the upright photo in pixels.
    """

    k1: float
    photo_wh: tuple[int, int]

    def __post_init__(self) -> None:
        if not abs(self.k1) <= MAX_RADIAL_K1:
            msg = f"expected |k1| <= {MAX_RADIAL_K1}, got {self.k1}"
            raise DegenerateError(msg)

    @property
    def centre(self) -> Point:
        """The centre of the photo, where the term has no effect."""
        return Point(self.photo_wh[0] / 2, self.photo_wh[1] / 2)

    @property
    def radius_px(self) -> float:
        """Half the photo's diagonal."""
        return math.hypot(*self.photo_wh) / 2

    def straight_from_photo(self, points: npt.ArrayLike) -> Points:
        """Take the lens's bend out of photo points, (N, 2) to (N, 2)."""
        offsets = (np.asarray(points, dtype=np.float64) - self.centre) / self.radius_px
        squared = (offsets**2).sum(axis=1, keepdims=True)
        straight: Points = (
            offsets / (1 + self.k1 * squared) * self.radius_px + self.centre
        )
        return straight

    def photo_from_straight(self, points: npt.ArrayLike) -> Points:
        """Bend points as the lens does, (N, 2) to (N, 2); the way back."""
        offsets = (np.asarray(points, dtype=np.float64) - self.centre) / self.radius_px
        squared = (offsets**2).sum(axis=1, keepdims=True)
        # r_photo = r (1 - sqrt(1 - 4 k1 r^2)) / (2 k1 r^2), written so that it
        # stays exact as k1 goes to 0; beyond the model's reach it is clamped.
        root = np.sqrt(np.maximum(0.0, 1 - 4 * self.k1 * squared))
        bent: Points = offsets * 2 / (1 + root) * self.radius_px + self.centre
        return bent

    def photo_corner(self, corner: Point) -> Point:
        """Bend a single point as `photo_from_straight` does.

        In plain numbers: of one point arrays take ten times as long, and a board
        has hundreds of corners.
        """
        width, height = self.photo_wh
        middle_x, middle_y, radius_px = width / 2, height / 2, self.radius_px
        x, y = (corner.x - middle_x) / radius_px, (corner.y - middle_y) / radius_px
        root = math.sqrt(max(0.0, 1 - 4 * self.k1 * (x * x + y * y)))
        stretch = 2 / (1 + root) * radius_px
        return Point(x * stretch + middle_x, y * stretch + middle_y)


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """The whole way from photo pixels to board pixels: lens, then homography.

    Parameters
    ----------
    homography : Homography
        Board from straight (lens-free) photo coordinates.
    lens : RadialLens
        The photo's radial term.
    """

    homography: Homography
    lens: RadialLens

    def board_from_photo(self, points: npt.ArrayLike) -> Points:
        """Map photo points (N, 2) to board points (N, 2)."""
        return self.homography.apply(self.lens.straight_from_photo(points))

    def photo_from_board(self, points: npt.ArrayLike) -> Points:
        """Map board points (N, 2) to photo points (N, 2)."""
        return self.lens.photo_from_straight(self.homography.inverse.apply(points))

    def quad_photo(self, quad_board: Quad) -> Quad:
        """Map a quad on the board to the photo."""
        straight = self.homography.inverse.apply_quad(quad_board)
        return Quad(*(self.lens.photo_corner(corner) for corner in straight.corners))

    def quad_board(self, quad_photo: Quad) -> Quad:
        """Map a quad in the photo to the board."""
        return Quad.from_array(self.board_from_photo(quad_photo.to_array()))
