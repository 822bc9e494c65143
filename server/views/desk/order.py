"""In which order the desk asks about its cards. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from calibration.profile import Board
from server.schedule.sessions import Schedule
from server.views.desk.cards import DeskCard


def in_order(
    entries: Iterable[DeskCard],
    ends_at: Mapping[str, dt.datetime],
    now: dt.datetime,
) -> list[DeskCard]:
    """Return cards in the order in which a person should look at them.

    The most doubtful first; but what is over only after all that is to come, and
    what somebody looked at last.

    Parameters
    ----------
    entries : iterable of DeskCard
    ends_at : mapping of str to datetime
        Aware, by the ids of the cards; one beside the cells has none, and is to come:
        it waits for its place.
    now : datetime
        Aware.
    """

    def order(entry: DeskCard) -> tuple[bool, bool, float, str]:
        over = entry.card.id in ends_at and ends_at[entry.card.id] <= now
        return entry.checked, over, entry.chance, entry.card.id

    return sorted(entries, key=order)


def ends_of(
    entries: Iterable[DeskCard], schedule: Schedule, board: Board, timezone: ZoneInfo
) -> dict[str, dt.datetime]:
    """Return, by the ids of their cards, when what they tell of is over.

    Parameters
    ----------
    entries : iterable of DeskCard
    schedule : Schedule
        Which cards last longer than their slots.
    board : Board
    timezone : ZoneInfo
        The event's.
    """
    slots = {slot.label: slot.span(board.date, timezone) for slot in board.layout.slots}
    ends = {
        entry.card.id: slots[entry.cell.slot][1]
        for entry in entries
        if entry.cell and entry.cell.slot in slots
    }
    for session in schedule.sessions:
        for card in (session.id, *(other.id for other in session.others)):
            ends[card] = session.ends_at
    return ends
