"""What a person says of cells: free, taken, or blocked and why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from calibration.layout import CellId
from server.errors import CorrectionError
from server.schedule.cards import Card
from server.schedule.corrections.change import Told
from server.schedule.corrections.held import Held, HeldCell, Made, SaidState
from server.schedule.corrections.typed import check_typed


@dataclass(frozen=True, slots=True)
class MarkCells:
    """What a person says of some cells, for instance of a room for a span of hours.

    Parameters
    ----------
    cells : tuple of CellId
        At least one.
    state : {"free", "taken", "blocked", "as photographed"}
        The last takes back what was said of them.
    reason : str
        Why they are blocked; empty otherwise.
    """

    cells: tuple[CellId, ...]
    state: Literal[SaidState, "as photographed"]
    reason: str = ""
    kind: Literal["cells"] = "cells"

    @property
    def cards(self) -> tuple[str, ...]:
        """Ids of the cards that it is about: none."""
        return ()

    def check(self) -> None:
        """Check what a person typed.

        Raises
        ------
        CorrectionError
            If it cannot be kept.
        """
        if not self.cells:
            raise CorrectionError(
                "No place was chosen.", hint="Choose at least one place of the board."
            )
        check_typed(self.reason)

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it."""
        said = {cell: one for cell, one in held.cells.items() if cell not in self.cells}
        if self.state != "as photographed":
            entry = HeldCell(self.state, self.reason, made)
            said |= dict.fromkeys(self.cells, entry)
        return replace(held, cells=said)

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:  # noqa: ARG002  (of the protocol)
        """Return what it changed, in words, a line for each room."""
        slots: dict[str, list[CellId]] = {}
        for cell in self.cells:
            slots.setdefault(cell.room, []).append(cell)
        return tuple(
            Told(
                f"{room}, {', '.join(cell.slot for cell in those)}",
                _before(before, those),
                _words(self.state, self.reason),
            )
            for room, those in slots.items()
        )


def _before(held: Held, cells: list[CellId]) -> str | None:
    """Return what was said of cells; None if not the same of all."""
    said = {held.cells[cell][:2] if cell in held.cells else None for cell in cells}
    one = said.pop() if len(said) == 1 else None
    return _words(*one) if one else None


def _words(state: str, reason: str) -> str:
    return f"{state}: {reason}" if reason else state
