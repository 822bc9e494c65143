"""Naming places in a sentence: a few by name, the others by number."""

from collections.abc import Iterable, Sequence

from calibration.layout import CellId

MAX_NAMED = 2
"""Cells called by name in one remark: more are not remembered on the way back
to the board. All are listed in the finding itself."""


def name_cells(cells: Sequence[CellId]) -> str:
    """Name cells as people call them.

    Parameters
    ----------
    cells : sequence of CellId
        At least one.

    Returns
    -------
    str
        For example ``Room 302 at 10:00, Room 303 at 11:00 and 5 more``.

    Raises
    ------
    ValueError
        If there are no cells.
    """
    if not cells:
        msg = "expected at least one cell, got none"
        raise ValueError(msg)
    # "and 1 more" is no shorter than its name.
    named = len(cells) if len(cells) <= MAX_NAMED + 1 else MAX_NAMED
    names = [f"{cell.room} at {cell.slot.split('-')[0]}" for cell in cells[:named]]
    if len(cells) > named:
        return f"{', '.join(names)} and {len(cells) - named} more"
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def each_once(
    cells: Iterable[CellId | None], order: Iterable[CellId]
) -> tuple[CellId, ...]:
    """Return cells without repetitions, in the board's order.

    Parameters
    ----------
    cells : iterable of CellId or None
        None where a card lies in no cell.
    order : iterable of CellId
        The cells of the board, or some of them.
    """
    wanted = set(cells)
    return tuple(cell for cell in order if cell in wanted)
