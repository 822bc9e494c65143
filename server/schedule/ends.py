"""When a session may end: with one of the board's slots. Pure."""

from calibration.layout import DAY_MINUTES, CellId, Layout, Slot
from server.errors import CorrectionError


def ends_from(layout: Layout, cell: CellId) -> tuple[str, ...]:
    """Return when a session that begins in a cell may end, the earliest first.

    As ``HH:MM``: with its own slot, which is the first, or with a later one.
    """
    own = _end(layout.slot(cell.slot))
    later = (slot for slot in sorted(layout.slots, key=_end) if _end(slot) >= own)
    return tuple(f"{slot.end:%H:%M}" for slot in later)


def check_end(layout: Layout, cell: CellId, until: str) -> None:
    """Check that a session that begins in a cell may end then.

    Parameters
    ----------
    layout : Layout
    cell : CellId
        Of the board.
    until : str
        ``HH:MM``; empty for the end of its slot.

    Raises
    ------
    CorrectionError
        If no slot ends then, or only one before.
    """
    ends = ends_from(layout, cell)
    if until and until not in ends:
        raise CorrectionError(
            f"No hour of this board from {cell.slot} on ends at {until}.",
            hint=f"Choose one of {', '.join(ends)}.",
        )


def _end(slot: Slot) -> int:
    """Return the end of a slot in minutes from the first midnight of the board."""
    return slot.days_later * DAY_MINUTES + slot.minutes()[1]
