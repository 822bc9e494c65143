"""Who changed what, and when: the desk's history. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.schedule.corrections.change import Told
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.held import Held
from server.schedule.corrections.plan import Plan
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

    @property
    def in_words(self) -> str:
        """What it changed, in a line."""
        what = ", ".join(f"{told.what} {quoted(told.after)}" for told in self.told)
        return f"{what} on {quoted(self.card_title)}" if self.card_title else what


def quoted(text: str) -> str:
    """Return a text in quotation marks, kept apart from what is written around it."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}\N{RIGHT DOUBLE QUOTATION MARK}"


def next_to_undo(corrections: Iterable[Correction], author: str) -> Correction | None:
    """Return what a person did last of all that stands; None if nothing of theirs does.

    Parameters
    ----------
    corrections : iterable of Correction
        Every one ever made on the board.
    author : str
    """
    mine = [one for one in corrections if one.author == author and not one.undone]
    return max(mine, key=lambda one: _since(one, author), default=None)


def next_to_redo(corrections: Iterable[Correction], author: str) -> Correction | None:
    """Return what a person took back last of all that is taken back; None if nothing is.

    Parameters
    ----------
    corrections : iterable of Correction
        Every one ever made on the board.
    author : str
    """
    mine = [
        one
        for one in corrections
        if one.undone and one.turn is not None and one.turn.author == author
    ]
    return max(mine, key=lambda one: _since(one, author), default=None)


def _since(correction: Correction, author: str) -> tuple[dt.datetime, int, int]:
    """Return when a person last made a correction or turned it, to sort by."""
    turn = correction.turn
    if turn is None or turn.author != author:
        return correction.made_at, 0, correction.id
    return turn.at, turn.number, correction.id


def history_of(
    cards: Iterable[DeskCard],
    corrections: Sequence[Correction],
    limit: int | None = None,
) -> tuple[HistoryEntry, ...]:
    """Return the newest corrections in words, the newest first.

    Parameters
    ----------
    cards : iterable of DeskCard
        All of the board.
    corrections : sequence of Correction
        Every one ever made on it, in the order of their ids.
    limit : int, optional
        At most so many; all if left out.
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
        # A plan names its sessions itself.
        title = "" if isinstance(change, Plan) else "".join(titles[:1])
        entries.append(HistoryEntry(correction, title, told))
        if not correction.undone:
            held = change.apply(held, correction.made)
    return tuple(reversed(entries))[:limit]
