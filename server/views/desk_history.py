"""Who changed what, and when: the desk's history. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from calibration.layout import CellId
from server.schedule.cards import Card
from server.schedule.corrections import Correction, CorrectionField, CorrectionValue
from server.views.desk_cards import DeskCard, desk_cards

FIELD_WORDS: dict[CorrectionField, str] = {
    "title": "title",
    "description": "description",
    "host": "host",
    "hidden": "card",
    "cancelled": "session",
    "cell": "place",
}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One correction in words.

    Parameters
    ----------
    correction : Correction
    card_title : str
        As it stands now.
    field : str
        What was changed, as a word.
    before, after : str
        What it was and what it became; equal where a person only confirmed it.
    """

    correction: Correction
    card_title: str
    field: str
    before: str
    after: str


def history_of(
    cards: Iterable[Card], corrections: Sequence[Correction], limit: int
) -> tuple[HistoryEntry, ...]:
    """Return the newest corrections in words, the newest first.

    Parameters
    ----------
    cards : iterable of Card
        Those that were corrected.
    corrections : sequence of Correction
        Every one ever made on them, in the order of their ids.
    limit : int
        At most so many.
    """
    now = {entry.card.id: entry for entry in desk_cards(cards, corrections)}
    entries = [
        _entry(correction, now[correction.card], corrections)
        for correction in corrections[-limit:]
        if correction.card in now
    ]
    return tuple(reversed(entries))


def _entry(
    correction: Correction, desk_card: DeskCard, corrections: Sequence[Correction]
) -> HistoryEntry:
    earlier = [
        entry.value
        for entry in corrections
        if entry.card == correction.card
        and entry.field == correction.field
        and entry.id < correction.id
        and not entry.undone
    ]
    before = earlier[-1] if earlier else _as_read(desk_card.card, correction.field)
    return HistoryEntry(
        correction=correction,
        card_title=desk_card.title,
        field=FIELD_WORDS[correction.field],
        before=_words(before, correction.field),
        after=_words(correction.value, correction.field),
    )


def _as_read(card: Card, field: CorrectionField) -> CorrectionValue | None:
    match field:
        case "cell":
            return card.cell
        case "hidden":
            return False
        case "cancelled":
            return card.fields.cancelled
        case "title":
            return card.fields.title
        case "description":
            return card.fields.description
        case "host":
            return card.fields.host


def _words(value: CorrectionValue | None, field: CorrectionField) -> str:
    match value:
        case CellId():
            return f"{value.room}, {value.slot}"
        case bool() if field == "cancelled":
            return "cancelled" if value else "on"
        case bool():
            return "hidden" if value else "shown"
        case None:
            return "nowhere"
        case _:
            return value or "(empty)"
