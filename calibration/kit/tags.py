"""Corner tags: which ones a board has, and what they look like."""

from collections.abc import Iterator, Mapping

import cv2
import numpy as np
import numpy.typing as npt

from calibration.event import TAG_IDS
from calibration.profile import Profile

CORNERS = ("top left", "top right", "bottom right", "bottom left")
"""In the order of `calibration.event.Board.tags`."""

TAG_CELLS = 6
"""Black and white squares along a tag of the dictionary 4x4_50, its rim included."""

Tags = tuple[int, int, int, int]


def tags_for(profile: Profile) -> Mapping[str, Tags]:
    """Return the tags of each board, by slug: its own, else four that no other has."""
    taken = {tag for board in profile.boards for tag in board.tags or ()}
    free = (tag for tag in TAG_IDS if tag not in taken)
    return {board.slug: board.tags or _four(free) for board in profile.boards}


def tag_squares(tag: int) -> npt.NDArray[np.bool_]:
    """Return which squares of a tag are black, (`TAG_CELLS`, `TAG_CELLS`)."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    return np.asarray(cv2.aruco.generateImageMarker(dictionary, tag, TAG_CELLS) == 0)


def _four(free: Iterator[int]) -> Tags:
    return next(free), next(free), next(free), next(free)
