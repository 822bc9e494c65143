"""The board as the desk draws it: a picture with cells and cards over it. Pure."""

from dataclasses import dataclass
from itertools import pairwise

from calibration.geometry import Point, Quad, Rect
from calibration.layout import CellId, Layout
from calibration.profile import Board
from server.store.pictures import BoardPicture
from server.store.values import Picture
from server.views.desk.cards import DeskCard
from vision.reading import CellState

WIDTH = 1200
"""Of the drawing, in its own units: a desktop's column, so that type has its size."""

HEADING_SHARE = 0.1
"""Of a plan's sides that its headings take, where no picture shows them."""

PLAN_ROW = 130
"""Height of a row of a plan, in units: three lines of a title."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is drawn on: the picture, or a plan where none tells where its cells are.

    Parameters
    ----------
    picture : Picture or None
    height : float
        In units of which `WIDTH` are its width.
    area : Rect
        The cell area in these units.
    """

    picture: Picture | None
    height: float
    area: Rect

    @classmethod
    def of(cls, shown: BoardPicture | None, layout: Layout) -> "Frame":
        """Return what a board is drawn on.

        Parameters
        ----------
        shown : BoardPicture or None
            What it looks like.
        layout : Layout
        """
        if shown is None or shown.frame is None:
            rows = len(layout.row_edges) - 1
            height = rows * PLAN_ROW / (1 - HEADING_SHARE)
            area = Rect(WIDTH * HEADING_SHARE, height * HEADING_SHARE, WIDTH, height)
            return cls(None, height, area)
        full, frame = shown.picture.full, shown.frame
        height = WIDTH * full.height / full.width
        width_of, height_of = WIDTH / frame.width, height / frame.height
        left, top = -frame.left * width_of, -frame.top * height_of
        area = Rect(left, top, left + width_of, top + height_of)
        return cls(shown.picture, height, area)

    def share(self, place: Rect) -> str:
        """Return a place in fractions of the drawing, as the form of a card has it."""
        left, right = place.left / WIDTH, place.right / WIDTH
        top, bottom = place.top / self.height, place.bottom / self.height
        return ",".join(f"{number:.4f}" for number in (left, top, right, bottom))

    def rect(self, unit: Rect) -> Rect:
        """Return a rect of the cell area's unit square in units of the drawing."""
        rect = unit.within(self.area)
        sides = (rect.left, rect.top, rect.right, rect.bottom)
        return Rect(*(round(side, 1) for side in sides))

    def corners(self, unit: Quad) -> tuple[Point, ...]:
        """Return a quad's corners in units of the drawing."""
        area = self.area
        return tuple(
            Point(
                round(area.left + x * area.width, 1),
                round(area.top + y * area.height, 1),
            )
            for x, y in unit.corners
        )


@dataclass(frozen=True, slots=True)
class BoardCard:
    """A card as it is drawn.

    Parameters
    ----------
    entry : DeskCard
    name : str
        What it is called: where it is, what it says, what is to be known of it.
    place : Rect
        Where it is drawn.
    outline : tuple of Point
        Its corners where the picture shows it; none where it does not.
    away : bool
        Whether it is drawn in a cell in which it does not hang.
    until : str
        ``HH:MM`` at which it ends.
    span : Rect or None
        All cells that its session takes in its room, if several.
    ends : tuple of str
        When it may end, the earliest first; none of a card beside the cells.
    """

    entry: DeskCard
    name: str
    place: Rect
    outline: tuple[Point, ...] = ()
    away: bool = False
    until: str = ""
    span: Rect | None = None
    ends: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The card's id."""
        return self.entry.card.id

    @property
    def longer(self) -> str | None:
        """When it would end with one slot more."""
        return dict(pairwise(self.ends)).get(self.until)

    @property
    def shorter(self) -> str | None:
        """When it would end with one slot less."""
        return dict(pairwise(reversed(self.ends))).get(self.until)


@dataclass(frozen=True, slots=True)
class BoardCell:
    """A cell as it is drawn.

    Parameters
    ----------
    cell : CellId
    column, row : int
        From 0.
    place : Rect
    state : CellState
    name : str
        What it is called: where it is, how it is, what is in it.
    reason : str
        Why it is blocked.
    cards : tuple of BoardCard
    ends : tuple of str
        When what begins in it may end, the earliest first.
    said : bool
        Whether a person said how it is.
    """

    cell: CellId
    column: int
    row: int
    place: Rect
    state: CellState
    name: str
    reason: str = ""
    cards: tuple[BoardCard, ...] = ()
    ends: tuple[str, ...] = ()
    said: bool = False

    @property
    def id(self) -> str:
        """By what it is addressed."""
        return f"cell-{self.column}-{self.row}"


@dataclass(frozen=True, slots=True)
class BoardView:
    """Everything that is drawn of a board.

    Parameters
    ----------
    board : Board
    frame : Frame
    rows : tuple of tuple of BoardCell
        As they are seen on the board.
    beside : tuple of BoardCard
        Cards that hang beside the cells.
    """

    board: Board
    frame: Frame
    rows: tuple[tuple[BoardCell, ...], ...]
    beside: tuple[BoardCard, ...]

    @property
    def cells(self) -> tuple[BoardCell, ...]:
        """All cells, row by row."""
        return tuple(cell for row in self.rows for cell in row)

    def cell(self, cell_id: str) -> BoardCell | None:
        """Return the cell of this id; None if there is none."""
        return next((cell for cell in self.cells if cell.id == cell_id), None)

    def slots_from(self, cell: BoardCell) -> tuple[str, ...]:
        """Return the slot of a cell and those after it, as they are on the board."""
        labels = [slot.label for slot in self.board.layout.slots]
        return tuple(labels[labels.index(cell.cell.slot) :])

    def card(self, card_id: str) -> BoardCard | None:
        """Return the card of this id; None if it is not drawn."""
        drawn = (card for cell in self.cells for card in cell.cards)
        return next((one for one in (*drawn, *self.beside) if one.id == card_id), None)
