"""Where everything on a board is drawn, and what it is called. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId
from calibration.profile import Board
from server.schedule.corrections.held import Held
from server.schedule.ends import ends_from
from server.schedule.sessions import Schedule, Session
from server.store.pictures import BoardPicture
from server.views.desk.board_view import BoardCard, BoardCell, BoardView, Frame
from server.views.desk.cards import DeskCard
from vision.reading import CellState
from vision.registration.frame import UNIT_QUAD

INSET = 0.08
"""Of a cell's sides, left free around cards that do not hang in it."""

STATE_WORDS: dict[CellState, str] = {
    "taken": "taken",
    "free": "free",
    "blocked": "blocked",
    "covered": "not visible",
    "unseen": "not visible",
}


def view_of(
    board: Board,
    timezone: ZoneInfo,
    cards: Iterable[DeskCard],
    schedule: Schedule,
    held: Held,
    *,
    shown: BoardPicture | None,
    quads: Mapping[str, Quad],
) -> BoardView:
    """Return how a board is drawn.

    Parameters
    ----------
    board : Board
    timezone : ZoneInfo
        The event's.
    cards : iterable of DeskCard
        Those on it that are not hidden.
    schedule : Schedule
        What these come to.
    held : Held
        What people set.
    shown : BoardPicture or None
        What the board looks like.
    quads : mapping of str to Quad
        By card id: where each was last seen, in the cell area's unit square.
    """
    frame = Frame.of(shown, board.layout)
    drawing = _Drawing(board, timezone, schedule, held, frame, _with_made(quads, held))
    in_cells: dict[CellId, list[DeskCard]] = {}
    beside = []
    for entry in cards:
        if entry.cell in board.layout.cells:
            in_cells.setdefault(entry.cell, []).append(entry)
        elif quad := drawing.quad(entry):
            place = frame.rect(quad.bounds)
            beside.append(drawing.card(entry, "Beside the cells", place))
    cells = [drawing.cell(cell, in_cells.get(cell, [])) for cell in board.layout.cells]
    columns = len(board.layout.column_edges) - 1
    rows = zip(*[iter(cells)] * columns, strict=True)
    return BoardView(board, frame, tuple(rows), tuple(beside))


def _with_made(quads: Mapping[str, Quad], held: Held) -> dict[str, Quad]:
    """Return where cards are, with those that people drew or cut from others."""
    known = dict(quads)
    for made in held.made.values():
        if made.rect_area is not None:
            known[made.id] = made.rect_area.to_quad()
        elif made.whole in known and made.rect_fraction is not None:
            whole_from_unit = Homography.from_quads(
                target=known[made.whole], source=UNIT_QUAD
            )
            known[made.id] = whole_from_unit.apply_quad(made.rect_fraction.to_quad())
    return known


@dataclass(frozen=True)
class _Drawing:
    """What all cells and cards of a board are drawn by."""

    board: Board
    timezone: ZoneInfo
    schedule: Schedule
    held: Held
    frame: Frame
    quads: dict[str, Quad]

    @cached_property
    def states(self) -> dict[CellId, CellState]:
        return {entry.cell: entry.state for entry in self.schedule.cells}

    @cached_property
    def reasons(self) -> dict[CellId, str]:
        return self.schedule.reasons(self.board)

    @cached_property
    def sessions(self) -> dict[str, Session]:
        return {session.id: session for session in self.schedule.sessions}

    @cached_property
    def taking(self) -> dict[CellId, list[str]]:
        """The titles of the sessions that take each cell."""
        taking: dict[CellId, list[str]] = {}
        for session in self.schedule.sessions:
            for label in self.labels(session):
                for room in session.rooms or (session.cell.room,):
                    title = title_of(session.title)
                    taking.setdefault(CellId(room, label), []).append(title)
        return taking

    def labels(self, session: Session) -> list[str]:
        """Return the slots in which a session is on."""
        return [
            slot.label
            for slot in self.board.layout.slots
            for starts_at, ends_at in [slot.span(self.board.date, self.timezone)]
            if session.starts_at < ends_at and starts_at < session.ends_at
        ]

    def quad(self, entry: DeskCard) -> Quad | None:
        """Return where a card hangs; of several that are one the first that is seen."""
        ids = (entry.card.id, *(one.id for one in entry.cards))
        return next((self.quads[one] for one in ids if one in self.quads), None)

    def cell(self, cell: CellId, entries: list[DeskCard]) -> BoardCell:
        layout = self.board.layout
        column, row = layout.place(cell)
        state, reason = self.states.get(cell, "unseen"), self.reasons.get(cell, "")
        where = (
            f"{cell.room}, {layout.slot(cell.slot).start:%H:%M}, {STATE_WORDS[state]}"
        )
        titles = [title_of(entry.title) for entry in entries]
        inside = titles or self.taking.get(cell, []) or [reason]
        return BoardCell(
            cell=cell,
            column=column,
            row=row,
            place=self.frame.rect(layout.cell_rect(cell)),
            state=state,
            name=_said(where, "; ".join(filter(None, inside))),
            reason=reason,
            cards=self.cards(cell, where, entries),
            ends=ends_from(layout, cell),
            said=cell in self.held.cells,
        )

    def cards(
        self, cell: CellId, where: str, entries: list[DeskCard]
    ) -> tuple[BoardCard, ...]:
        """Return the cards in a cell, the uppermost first, those from elsewhere last."""
        hanging = [
            (self.frame.rect(quad.bounds), entry)
            for entry in entries
            if entry.card.cell == cell and (quad := self.quad(entry))
        ]
        hanging.sort(key=lambda one: (one[0].top, one[1].card.id))
        here = [entry for _, entry in hanging]
        others = [entry for entry in entries if entry not in here]
        rect = self.board.layout.cell_rect(cell)
        away = [
            (self.frame.rect(_share(rect, index, len(others))), entry)
            for index, entry in enumerate(others)
        ]
        count = f" of {len(entries)}"
        return tuple(
            self.card(
                entry,
                where,
                place,
                f"card {number}{count}" if len(entries) > 1 else "",
                away=entry in others,
            )
            for number, (place, entry) in enumerate((*hanging, *away), start=1)
        )

    def card(
        self,
        entry: DeskCard,
        where: str,
        place: Rect,
        number: str = "",
        *,
        away: bool = False,
    ) -> BoardCard:
        quad, hidden = self.quad(entry), entry.card.presence in {"covered", "unseen"}
        until, ends, span = self.length(entry)
        more = (
            number,
            f"until {until}" if span else "",
            "cancelled" if entry.cancelled else "",
            "" if entry.checked else "not checked",
            "no card seen yet" if not entry.crops else "",
            "not visible in the newest photo" if hidden and entry.crops else "",
        )
        return BoardCard(
            entry=entry,
            name=", ".join(filter(None, (_said(where, title_of(entry.title)), *more))),
            place=place,
            outline=self.frame.corners(quad) if quad else (),
            away=away,
            until=until,
            span=span,
            ends=ends,
        )

    def length(self, entry: DeskCard) -> tuple[str, tuple[str, ...], Rect | None]:
        """Return when a card ends, when it may, and all cells that it takes up, if several."""
        layout, cell = self.board.layout, entry.cell
        if cell is None or cell not in layout.cells:
            return "", (), None
        ends = ends_from(layout, cell)
        session = self.sessions.get(entry.card.id)
        if session is None:
            held = entry.held.get("until")
            return str(held.value) if held and held.value else ends[0], ends, None
        labels = self.labels(session)
        rects = (layout.cell_rect(CellId(cell.room, label)) for label in labels)
        span = self.frame.rect(Rect.around(rects)) if len(labels) > 1 else None
        until = f"{session.ends_at:%H:%M}"
        # Where it ends within a slot, it is drawn, stretched and moved with all of it.
        return until if until in ends else ends[len(labels) - 1], ends, span


def title_of(title: str) -> str:
    """Return a card's title, or what is said where it has none."""
    return title or "unreadable card"


def _said(where: str, what: str) -> str:
    return f"{where}: {what}" if what else where


def _share(rect: Rect, index: int, count: int) -> Rect:
    """Return where one of several cards is drawn that do not hang in a cell."""
    width = rect.width * (1 - 2 * INSET) / count
    left = rect.left + rect.width * INSET + index * width
    inset = rect.height * INSET
    return Rect(left, rect.top + inset, left + width, rect.bottom - inset)
