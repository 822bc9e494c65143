"""Who changed what, and when: the desk's history. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.schedule.corrections.change import Told
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.held import Held
from server.views.desk.cards import DeskCard


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One correction in words.

    Parameters
    ----------
    correction : Correction
    card_title : str
        Of the card that it is about, as it stands now; empty if it has none, or if it
        is about something else.
    told : tuple of Told
        What it changed.
    """

    correction: Correction
    card_title: str
    told: tuple[Told, ...]


def history_of(
    cards: Iterable[DeskCard], corrections: Sequence[Correction], limit: int
) -> tuple[HistoryEntry, ...]:
    """Return the newest corrections in words, the newest first.

    Parameters
    ----------
    cards : iterable of DeskCard
        All of the board.
    corrections : sequence of Correction
        Every one ever made on it, in the order of their ids.
    limit : int
        At most so many.
    """
    entries_now = tuple(cards)
    now = {
        card.id: entry for entry in entries_now for card in (entry.card, *entry.cards)
    }
    read = {
        card.id: card for entry in entries_now for card in (entry.card, *entry.cards)
    }
    held = Held()
    entries = []
    for correction in corrections:
        change = correction.change
        titles = [now[card].title for card in change.cards if card in now]
        told = change.tell(held, read)
        entries.append(HistoryEntry(correction, "".join(titles[:1]), told))
        if not correction.undone:
            held = change.apply(held, correction.made)
    return tuple(reversed(entries[-limit:]))
