"""The desk's cards: what a person sees and changes of each. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from calibration.layout import CellId, Layout
from server.errors import CorrectionError
from server.publish.plain_text import plain
from server.schedule.cards import Card
from server.schedule.cards_now import CardNow, cards_now
from server.schedule.corrections.edit import TEXT_FIELDS
from server.schedule.corrections.held import (
    CardField,
    FieldValue,
    Held,
    HeldCard,
    is_cancelled,
    is_hidden,
)
from server.schedule.ends import check_end
from server.schedule.hosting import HOST
from server.schedule.news import Reopened, reopened
from server.views.desk.ways import Piece, Way, marked, ways_of
from vision.fields.doubt import title_confidence
from vision.reading import CardReading

Changes = Mapping[CardField, FieldValue]
"""Fields of a card and what a person set them to."""


@dataclass(frozen=True, slots=True)
class DeskCard:
    """A card as it stands: read by an engine, corrected by people.

    Parameters
    ----------
    card : Card
    title, description, host : str
        What holds now.
    cell : CellId or None
        Where it is published; None for nowhere.
    held : HeldCard
        What people set that holds now.
    note : str
        What it is published as, if not as a session of its own.
    cards : tuple of Card
        Those that it is, the first first: several if they were joined.
    reopened : Reopened or None
        Why a person has to decide anew about what one set.
    readings : tuple of CardReading
        Of the card, the one that holds first; empty where they were not asked for.
    """

    card: Card
    title: str
    description: str
    host: str
    cell: CellId | None
    held: HeldCard
    note: str = ""
    cards: tuple[Card, ...] = ()
    reopened: Reopened | None = None

    @property
    def crops(self) -> tuple[str, ...]:
        """The pictures of it, the one that is published first."""
        every = (self.card.crop, *(one.crop for one in self.cards))
        return tuple(dict.fromkeys(filter(None, every)))

    readings: tuple[CardReading, ...] = ()

    @property
    def checked(self) -> bool:
        """Whether a person has looked at its title, and at what became of it since.

        A host's own form is no look at it.
        """
        title = self.held.get("title")
        looked = title is not None and title.made.author != HOST
        return looked and self.reopened is None

    @property
    def hidden(self) -> bool:
        """Whether a person hid it."""
        return is_hidden(self.held)

    @property
    def cancelled(self) -> bool:
        """Whether its session is cancelled."""
        return is_cancelled(self.held, read=self.card.fields.cancelled)

    @property
    def chance(self) -> float:
        """Chance that its title is right, 0 to 1; of a notice that it was read right.

        A blank card has nothing that could be wrong.
        """
        fields = self.card.fields
        if not fields.notice:
            return title_confidence(fields, self.card.confidence)
        return self.card.confidence if fields.title else 1.0

    @property
    def ways(self) -> tuple[Way, ...]:
        """How its fields may be filled in: as they stand first."""
        return ways_of(Way(self.title, self.description, self.host), self.readings)

    @property
    def lines(self) -> tuple[tuple[Piece, ...], ...]:
        """Its lines as they were read, with what is unsure in them."""
        return marked(self.readings)


def desk_cards(cards: Iterable[Card], held: Held) -> tuple[DeskCard, ...]:
    """Return the cards with what people set."""
    return tuple(_desk_card(now) for now in cards_now(cards, held))


def changes_from(form: Mapping[str, str], before: DeskCard, layout: Layout) -> Changes:
    """Return what a person changed, from the form of a card.

    The form carries each field as it was shown (``seen_title``) beside what
    it is now (``title``). Only a field that differs from what was shown is a
    change: what somebody else or a newer photo set meanwhile is not undone by
    a form that merely repeats what it was drawn with. Saving says that the
    title was looked at, so the first save keeps it even unchanged.

    Parameters
    ----------
    form : mapping of str to str
        Fields ``title``, ``description``, ``host``, ``room``, ``slot``, ``until``
        and the same with ``seen_`` before them; a field that is missing is left
        as it is.
    before : DeskCard
        The card as it stands now.
    layout : Layout
        Of its board.

    Raises
    ------
    CorrectionError
        If room and slot make no cell of the board, or no slot ends at that end.
    """
    changes: dict[CardField, FieldValue] = {}
    for field in TEXT_FIELDS:
        text = text_of(form, field)
        if text is None:
            continue
        shown = text_of(form, f"seen_{field}")
        if text not in {shown, getattr(before, field)}:
            changes[field] = text
    cell = _cell(form, layout)
    if cell is not None and cell != before.cell:
        changes["cell"] = cell
    place, until = cell or before.cell, form.get("until")
    if place in layout.cells and until not in {None, form.get("seen_until")}:
        check_end(layout, place, until)
        changes["until"] = until
    return changes


def confirmation(form: Mapping[str, str], before: DeskCard) -> Changes:
    """Return the title as a change if saving it unchanged is a person's first word.

    Saving says that somebody looked at the card: from then on its title is
    theirs, and it leaves the head of the queue. Of a card that became another one
    since, what is in question is set once more.

    Parameters
    ----------
    form : mapping of str to str
        As for `changes_from`.
    before : DeskCard
        The card as it stands now.
    """
    title = text_of(form, "title")
    if before.checked or title is None or title != text_of(form, "seen_title"):
        return {}
    asked = before.reopened.fields if before.reopened else ()
    return {**{name: before.held[name].value for name in asked}, "title": title}


def as_read(card: DeskCard) -> Changes:
    """Return what takes the new reading of a card that became another one since."""
    read: dict[CardField, FieldValue | None] = {
        **{name: getattr(card.card.fields, name) for name in TEXT_FIELDS},
        "cancelled": card.card.fields.cancelled,
        "cell": card.card.cell,
    }
    asked = card.reopened.fields if card.reopened else ()
    return {name: value for name in asked if (value := read.get(name)) is not None}


def seen_at(form: Mapping[str, str]) -> dt.datetime | None:
    """Return the moment of the photo of a card that a form was drawn with."""
    try:
        moment = dt.datetime.fromisoformat(form.get("seen_at", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _desk_card(now: CardNow) -> DeskCard:
    return DeskCard(
        card=now.card,
        title=now.text("title"),
        description=now.text("description"),
        host=now.text("host"),
        cell=now.cell,
        held=now.held,
        cards=now.cards,
        reopened=reopened(now.card, now.held),
    )


def text_of(form: Mapping[str, str], name: str) -> str | None:
    """Return a form's text as it is kept, None if it has none; a title has one line."""
    if name not in form:
        return None
    text = plain(form[name]).strip()
    return text if name.endswith("description") else " ".join(text.split())


def _cell(form: Mapping[str, str], layout: Layout) -> CellId | None:
    """Return the cell that a form sets anew; None if it leaves it."""
    chosen = form.get("room", ""), form.get("slot", "")
    if chosen == (form.get("seen_room", ""), form.get("seen_slot", "")):
        return None
    cell = CellId(*chosen)
    if cell not in layout.cells:
        raise CorrectionError(
            "A card needs both a room and an hour of this board.",
            hint="Choose both, or put both back as they were.",
        )
    return cell
