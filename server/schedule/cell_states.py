"""Which cells are free, taken or blocked: what people say of them, and photos. Pure."""

from collections.abc import Collection, Iterable, Mapping

from calibration.layout import CellId
from server.schedule.cards_now import CardNow
from server.schedule.corrections.held import HeldCell
from server.schedule.evidence import KnownCell
from vision.reading import CellState


def said_of_cells(
    said: Mapping[CellId, HeldCell],
    known: Mapping[CellId, KnownCell],
    cards: Iterable[CardNow],
) -> dict[CellId, HeldCell]:
    """Return what people said of cells and holds yet.

    It holds until a photo that was taken later shows otherwise; that a cell is blocked
    holds until a person says otherwise: no photo shows it.

    Parameters
    ----------
    said : mapping of CellId to HeldCell
        What they said.
    known : mapping of CellId to KnownCell
        What photos say.
    cards : iterable of CardNow
        All of the board.
    """
    shown = [card for now in cards for card in now.cards if card.presence != "gone"]
    return {
        cell: one
        for cell, one in said.items()
        if not _is_over(
            one,
            known.get(cell),
            # The person who said so saw these cards, and made something of them.
            explained=any(
                card.cell == cell and card.first_seen_at <= one.made.at
                for card in shown
            ),
        )
    }


def _is_over(said: HeldCell, known: KnownCell | None, *, explained: bool) -> bool:
    """Say whether a photo that was taken later shows otherwise.

    Explained is that photos show it taken: by cards that hung there already.
    """
    if known is None or said.state == "blocked":
        return False
    shown_at = known.free_at if said.state == "taken" else known.taken_at
    otherwise = shown_at is not None and shown_at > said.made.at
    return otherwise and not (said.state == "free" and explained)


def state_of(
    cell: CellId,
    taken: Collection[CellId],
    said: Mapping[CellId, HeldCell],
    blocked: Collection[CellId],
    known: Mapping[CellId, KnownCell],
) -> CellState:
    """Return the state of a cell: what a session takes is taken, whatever people say.

    It is free only where a person said so, or a photo showed it free.
    """
    if cell in taken:
        return "taken"
    if cell in said:
        return said[cell].state
    if cell in blocked:
        return "blocked"
    if cell not in known or known[cell].state == "taken":
        # Its card is hidden, gone or elsewhere by now: nobody saw the cell empty.
        return "unseen"
    return known[cell].state
