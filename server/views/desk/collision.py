"""Two people at one card, or a person and a newer photo: neither overwrites. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from calibration.layout import CellId
from server.schedule.corrections.edit import FIELD_WORDS, TEXT_FIELDS, field_words
from server.schedule.corrections.held import CardField, FieldValue
from server.views.desk.cards import Changes, DeskCard, text_of

PARTS: dict[CardField, tuple[str, ...]] = {
    **{name: (name,) for name in TEXT_FIELDS},
    "cell": ("room", "slot"),
}
"""Fields of a card that can collide, and what carries them in its form."""


@dataclass(frozen=True, slots=True)
class Collision:
    """A field that a person set, and somebody else or a photo before them.

    Parameters
    ----------
    field : CardField
    mine : FieldValue
        What the person set who came second.
    theirs : FieldValue or None
        What it is now; None for beside the cells.
    author : str
        Who set that; empty for a photo.
    at : datetime
        When; aware.
    """

    field: CardField
    mine: FieldValue
    theirs: FieldValue | None
    author: str
    at: dt.datetime

    @property
    def label(self) -> str:
        """What the field is called."""
        return FIELD_WORDS[self.field].capitalize()

    @property
    def in_words(self) -> tuple[str, str]:
        """What is mine and what is theirs, in words."""
        return field_words(self.mine, self.field), field_words(self.theirs, self.field)

    @property
    def parts(self) -> tuple[tuple[str, str, str], ...]:
        """The name of each part in a form, what is mine of it and what is theirs."""
        names = PARTS[self.field]
        both = (_parts(self.mine, names), _parts(self.theirs, names))
        return tuple(zip(names, *both, strict=True))


def collisions_of(
    changes: Changes, form: Mapping[str, str], before: DeskCard
) -> tuple[Collision, ...]:
    """Return the changes to fields that are not any more what the form showed.

    What was read anew of the same picture is none: the person looked at that picture.
    Nor is a field of which the form does not tell what it showed.

    Parameters
    ----------
    changes : mapping of CardField to FieldValue
        What a person changed.
    form : mapping of str to str
        Its ``seen_…`` say what it showed.
    before : DeskCard
        The card as it stands now.
    """
    other_picture = form.get("seen_crop", before.card.crop) != before.card.crop
    found = []
    for field, names in PARTS.items():
        if field not in changes:
            continue
        mine, theirs = changes[field], getattr(before, field)
        shown = [text_of(form, f"seen_{name}") for name in names]
        now = [
            text_of({name: part}, name)
            for name, part in zip(names, _parts(theirs, names), strict=True)
        ]
        if None in shown or now in (shown, list(_parts(mine, names))):
            continue
        if field in before.held:
            _, author, at = before.held[field].made
            found.append(Collision(field, mine, theirs, author, at))
        elif other_picture:
            found.append(Collision(field, mine, theirs, "", before.card.last_seen_at))
    return tuple(found)


def with_choices(form: Mapping[str, str]) -> dict[str, str]:
    """Return a form in which what its sender gave up is as it was shown.

    Parameters
    ----------
    form : mapping of str to str
        ``keep_title`` says ``theirs`` where the title that was shown is to stay.
    """
    chosen = dict(form)
    for field, names in PARTS.items():
        if form.get(f"keep_{field}") == "theirs":
            chosen |= {name: form.get(f"seen_{name}", "") for name in names}
    return chosen


def _parts(value: FieldValue | None, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return a field as the parts that a form has of it."""
    match value:
        case CellId():
            return value.room, value.slot
        case None:
            return ("",) * len(names)
        case _:
            return (str(value),)
