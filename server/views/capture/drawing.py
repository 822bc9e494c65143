"""A straight picture with places marked on it: what is wrong, what is missing. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from calibration.geometry import Rect
from calibration.layout import CellId, Layout
from server.store.pictures import BoardPicture
from server.store.values import PictureSize
from server.views.desk.board_view import WIDTH, Frame

ENOUGH_PX = 1200
"""Width of a picture that is sharp across a phone's screen."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell that is marked.

    Parameters
    ----------
    place : Rect
        In units of the drawing.
    words : str
        What stands in it.
    """

    place: Rect
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with marks.

    Parameters
    ----------
    picture : PictureSize
        As large as a phone needs it.
    full : PictureSize
        The same, as large as there is.
    height : float
        Of the picture, in units of which `WIDTH` are its width.
    view : Rect
        What is shown, in these units: marks may lie outside of the picture.
    marks : tuple of Mark
    """

    picture: PictureSize
    full: PictureSize
    height: float
    view: Rect
    marks: tuple[Mark, ...]


def drawing_of(
    shown: BoardPicture | None, layout: Layout, marked: Mapping[CellId, str]
) -> Drawing | None:
    """Return a board's picture with cells marked; None if there is no picture.

    Cells of another layout, and those of a picture of which nobody knows what it shows,
    are not marked.

    Parameters
    ----------
    shown : BoardPicture or None
    layout : Layout
    marked : mapping of CellId to str
        What stands in each.
    """
    if shown is None:
        return None
    frame = Frame.of(shown, layout)
    sizes = shown.picture.of_type("image/jpeg")
    wide = [size for size in sizes if size.width >= ENOUGH_PX]
    height = WIDTH * shown.picture.full.height / shown.picture.full.width
    known = marked if frame.picture else {}
    marks = tuple(
        Mark(frame.rect(layout.cell_rect(cell)), words)
        for cell, words in known.items()
        if cell in layout.cells
    )
    whole = Rect(0, 0, WIDTH, height)
    return Drawing(
        picture=wide[-1] if wide else shown.picture.full,
        full=shown.picture.full,
        height=height,
        view=Rect.around([whole, *(mark.place for mark in marks)]),
        marks=marks,
    )
