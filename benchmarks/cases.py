"""A photo with its truth: what accuracy is measured on."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.metrics import TrueCard
from calibration.event import Board
from calibration.geometry import Point
from calibration.layout import CellId
from calibration.lens import Projection
from vision.image.photo import Photo
from vision.registration import Reference


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Case:
    """One photo, how its board is found, and what is true of it.

    Parameters
    ----------
    photo : Photo
    cards : tuple of TrueCard
    board : Board
    area_from_photo : Projection
        The true way from the photo to the unit square of the cell area.
    cells : tuple of CellId
        Those that are seen well enough to be judged: none where the board has no
        grid, and the photo was taken for one.
    references : tuple of Reference
        What the board is found by, where that is not its tags.
    """

    photo: Photo
    cards: tuple[TrueCard, ...]
    board: Board
    area_from_photo: Projection
    cells: tuple[CellId, ...]
    references: tuple[Reference, ...] = ()

    def cell_at(self, point_photo: Point) -> CellId | None:
        """Return the true cell at a point of the photo, None beside all."""
        ((x, y),) = self.area_from_photo.board_from_photo([point_photo]).tolist()
        return self.board.layout.cell_containing(x, y)


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """A case that is loaded when its turn comes: photos fill the memory.

    It is counted with its group, for example ``sample boards``.
    """

    group: str
    name: str
    load: Callable[[], Case]
