"""Fields of a card that a person set: its texts, its place, whether it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self, get_args

from calibration.layout import CellId
from server.schedule.cards import Card
from server.schedule.corrections.change import Told, place_in_words
from server.schedule.corrections.held import (
    CardField,
    FieldValue,
    Held,
    HeldField,
    Made,
    SeenCard,
    TextField,
)
from server.schedule.corrections.typed import check_typed

TEXT_FIELDS: tuple[TextField, ...] = get_args(TextField)

CARD_FIELDS: tuple[CardField, ...] = (
    *TEXT_FIELDS,
    "cell",
    "until",
    "hidden",
    "cancelled",
)

FIELD_WORDS: dict[CardField, str] = {
    "title": "title",
    "description": "description",
    "host": "host",
    "cell": "place",
    "until": "end",
    "hidden": "card",
    "cancelled": "session",
}


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person set on one card, in one act. None leaves a field as it is.

    Parameters
    ----------
    card : str
        Its id.
    title, description, host : str, optional
    cell : CellId, optional
        Where it is published.
    until : str, optional
        ``HH:MM`` at which its session ends; empty for the end of its slot.
    hidden, cancelled : bool, optional
    seen : SeenCard, optional
        What the person saw of the card.
    """

    card: str
    title: str | None = None
    description: str | None = None
    host: str | None = None
    cell: CellId | None = None
    until: str | None = None
    hidden: bool | None = None
    cancelled: bool | None = None
    seen: SeenCard | None = None
    kind: Literal["edit"] = "edit"

    def __post_init__(self) -> None:
        if not self.fields:
            msg = f"expected a field that is set, got none for card {self.card}"
            raise ValueError(msg)

    @classmethod
    def setting(cls, card_id: str, fields: Mapping[CardField, FieldValue]) -> Self:
        """Return what sets these fields of a card."""
        # Their types are checked by name: pydantic reads the same from the store.
        return cls(card_id, **fields)  # type: ignore[arg-type]  # see above

    @property
    def fields(self) -> dict[CardField, FieldValue]:
        """What it sets."""
        values = {name: getattr(self, name) for name in CARD_FIELDS}
        return {name: value for name, value in values.items() if value is not None}

    @property
    def cards(self) -> tuple[str, ...]:
        """Ids of the cards that it is about."""
        return (self.card,)

    def check(self) -> None:
        """Check what a person typed.

        Raises
        ------
        CorrectionError
            If it cannot be kept.
        """
        for value in self.fields.values():
            if isinstance(value, str):
                check_typed(value)

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it."""
        fields = {
            name: HeldField(value, made, self.seen)
            for name, value in self.fields.items()
        }
        return held.with_fields(self.card, fields).with_seen(self.card, self.seen)

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:
        """Return what it changed, in words."""
        held = before.card(self.card)
        read = cards.get(self.card)
        return tuple(
            Told(
                FIELD_WORDS[name],
                field_words(
                    held[name].value if name in held else _read(read, name), name
                ),
                field_words(value, name),
            )
            for name, value in self.fields.items()
        )


def _read(card: Card | None, field: CardField) -> FieldValue | None:
    """Return a field as it was read."""
    if card is None:
        return None
    match field:
        case "cell":
            return card.cell
        case "until":
            return card.until or ""
        case "hidden":
            return False
        case _:
            return getattr(card.fields, field)  # type: ignore[no-any-return]  # a text, or whether it is cancelled


def field_words(value: FieldValue | None, field: CardField) -> str:
    """Return what a field of a card is or was, in words."""
    match value:
        case CellId():
            return place_in_words(value)
        case bool() if field == "cancelled":
            return "cancelled" if value else "on"
        case bool():
            return "hidden" if value else "shown"
        case None:
            return "nowhere"
        case "" if field == "until":
            return "as its slot"
        case _:
            return value or "(empty)"
