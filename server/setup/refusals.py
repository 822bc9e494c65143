"""Corners and lines that options give: what makes no sense is refused with a picture."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from calibration.errors import FieldError, FieldErrors
from calibration.geometry import Quad
from server.errors import SetupError
from server.setup.sheets import Corners, area_of, check_order
from vision.image.photo import Photo, encode_jpeg
from vision.proposal.drawing import draw_grid_as_said

QUALITY = 85
"""JPEG quality."""

CORNERS = ("top left", "top right", "bottom right", "bottom left")

OPTIONS = {"column_edges": "--columns", "row_edges": "--rows"}


@dataclass(frozen=True, slots=True)
class SaidGrid:
    """A grid on a photo as somebody says it is; it need make no sense.

    Parameters
    ----------
    corners : tuple of (float, float)
        TL, TR, BR, BL in the upright photo; empty if nobody said.
    column_edges, row_edges : tuple of float
        Fractions of the cell area; empty if nobody said.
    """

    corners: Corners
    column_edges: tuple[float, ...]
    row_edges: tuple[float, ...]

    def area(self, photo_wh: tuple[int, int]) -> Quad | None:
        """Return its cell area; None if nobody said.

        Raises
        ------
        SetupError
            If corners or lines make no sense.
        """
        wrong, area = FieldErrors(), None
        for name in OPTIONS:
            with wrong.within():
                check_order(getattr(self, name), name)
        if self.corners:
            with wrong.within():
                area = area_of(self.corners, photo_wh)
        try:
            wrong.refuse()
        except FieldError as error:
            every = (error, *error.also)
            raise SetupError(
                "; ".join(f"{self._place(one)}: {one}" for one in every) + ".",
                hint="Pixels are counted on the photo as it is seen upright: "
                f"{photo_wh[0]} to the right and {photo_wh[1]} down.",
            ) from error
        return area

    def _place(self, error: FieldError) -> str:
        """Return what is wrong, as its option has it."""
        name, *numbers = error.key
        index = int(numbers[0]) if numbers else None
        if name in OPTIONS:
            edges = getattr(self, str(name))
            return f"{OPTIONS[str(name)]} {','.join(f'{edge:g}' for edge in edges)}"
        if index is None:
            return "--corners"
        x, y = self.corners[index]
        return f"--corners, {CORNERS[index]} {x:g},{y:g}"


@contextmanager
def drawn_if_refused(
    photo: Photo, grid: SaidGrid, proposed: Quad | None, file: Path | None
) -> Iterator[None]:
    """Add to a `SetupError` in which file is drawn what was said.

    Parameters
    ----------
    photo : Photo
    grid : SaidGrid
    proposed : Quad or None
        Where the cell area seems to be, where nobody said.
    file : Path or None
        For the picture; a new temporary one without it.
    """
    try:
        yield
    except SetupError as error:
        corners = grid.corners or (proposed.corners if proposed else ())
        if not corners:
            raise
        drawn = draw_grid_as_said(
            photo.pixels, corners, grid.column_edges, grid.row_edges
        )
        data = encode_jpeg(drawn, QUALITY)
        with suppress(OSError):  # what is wrong is said even where nothing can be kept
            path = _written(data, file)
            raise SetupError(
                error.message, hint=f"{error.hint} It is drawn in {path}."
            ) from error
        raise


def _written(data: bytes, file: Path | None) -> Path:
    if file is not None:
        file.write_bytes(data)
        return file
    handle, name = tempfile.mkstemp(prefix="boardcast-", suffix=".jpg")
    with os.fdopen(handle, "wb") as opened:
        opened.write(data)
    return Path(name)
