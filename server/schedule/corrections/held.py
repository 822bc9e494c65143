"""What people set that holds now: all corrections, one after the other."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Self, get_args

from calibration.geometry import Rect
from calibration.layout import CellId
from server.schedule.cards import Card
from server.schedule.corrections.typed import Texts

MadeKind = Literal["part", "drawn", "written", "person"]
"""What a person made: a part of a card that is two; a card that was not found; a
session that no card shows; a person whom none shows."""

SaidState = Literal["free", "taken", "blocked"]
"""What a person can say of a cell."""

TextField = Literal["title", "description", "host"]
CardField = Literal[TextField, "cell", "until", "hidden", "cancelled"]
FieldValue = str | bool | CellId


class Made(NamedTuple):
    """Which correction set something, who made it, and when."""

    correction: int
    author: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class SeenCard:
    """What a person saw of a card as they did something with it.

    Parameters
    ----------
    at : datetime
        Aware moment of the newest photo that showed it then.
    crop : str
        SHA-256 of its picture.
    text : str
        Raw text as read.
    cell : CellId or None
        Where it hung.
    struck : bool
        Whether it was read as struck out.
    gone : bool
        Whether photos showed that it hung there no more.
    """

    at: dt.datetime
    crop: str
    text: str
    cell: CellId | None = None
    struck: bool = False
    gone: bool = False

    @classmethod
    def of(cls, card: Card) -> Self:
        """Return what is to be seen of a card now."""
        return cls(
            at=card.last_seen_at,
            crop=card.crop,
            text=card.text,
            cell=card.cell,
            struck=card.fields.cancelled,
            gone=card.presence == "gone",
        )


class HeldField(NamedTuple):
    """What a field of a card was set to, and what was seen of the card meanwhile."""

    value: FieldValue
    made: Made
    seen: SeenCard | None = None


HeldCard = Mapping[CardField, HeldField]
"""The fields of a card that people set."""


class HeldCell(NamedTuple):
    """What a person said of a cell, and why it is blocked."""

    state: SaidState
    reason: str
    made: Made


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where and when a session is held that has no cell of the board.

    Parameters
    ----------
    place : str
        In words; empty if nobody said.
    time : str
        In words, where no hours could be made of them.
    starts, ends : str
        ``HH:MM``; empty where they are not known.
    """

    place: str = ""
    time: str = ""
    starts: str = ""
    ends: str = ""

    @property
    def words(self) -> str:
        """Place and time in words."""
        hours = f"{self.starts}-{self.ends}" if self.starts else self.time
        return ", ".join(filter(None, (self.place, hours)))


@dataclass(frozen=True, slots=True)
class MadeCard:
    """A card that a person made: no photo follows it.

    Its texts are fields that the person set, as of any card.

    Parameters
    ----------
    id : str
        Of the same kind as all cards' ids.
    kind : {"part", "drawn", "written", "person"}
    made : Made
    cell : CellId or None
        Where it was put; None for a part that hangs where its card does.
    until : str or None
        ``HH:MM`` at which its session ends; None for the end of its slot.
    crop : str
        SHA-256 of its crop; empty where there is no card yet.
    whole : str or None
        Of a part the id of the card that it was cut from.
    board : str
        Slug of the board; empty for a part, which is where its card is.
    rect_fraction : Rect or None
        Of a drawn card where it is, in fractions of the board's picture; of a part
        where it was in the crop that was cut, in fractions of that.
    rect_area : Rect or None
        Of a drawn card where it is in the unit square of the cell area, if known.
    elsewhere : Elsewhere or None
        Of a written session without a cell where and when it is held.
    handles : tuple of str
        Of a written session.
    planned : bool
        Whether a written session is official only once its card is there.
    """

    id: str
    kind: MadeKind
    made: Made
    cell: CellId | None
    until: str | None = None
    crop: str = ""
    whole: str | None = None
    board: str = ""
    rect_fraction: Rect | None = None
    rect_area: Rect | None = None
    elsewhere: Elsewhere | None = None
    handles: tuple[str, ...] = ()
    planned: bool = False


class HeldTime(NamedTuple):
    """When a photo was taken, as a person said."""

    at: dt.datetime
    made: Made


@dataclass(frozen=True, slots=True)
class HeldPhoto:
    """What people said of a photo.

    Parameters
    ----------
    taken_back : Made or None
        It counts as if it had not come.
    time : HeldTime or None
        It counts as of this time, whatever its camera says.
    """

    taken_back: Made | None = None
    time: HeldTime | None = None

    def moment(self, at: dt.datetime) -> dt.datetime:
        """Return the moment that the photo is evidence of; `at` is its own."""
        return self.time.at if self.time else at


HeldPhotos = Mapping[str, HeldPhoto]
"""By the ids of the photos that people said something of."""
ConflictKind = Literal["cell", "blocked", "session", "host"]
"""Sessions in one cell; one in a blocked cell; the same one twice; one host at two
places at once."""


DecidedBy = Literal["person", "votes"]
"""Who decides a conflict: a facilitator, or the attendees' votes."""

Counts = tuple[tuple[str, int], ...]
"""Ids of sessions, each with its votes."""


class ConflictKey(NamedTuple):
    """What a decision is about.

    Parameters
    ----------
    kind : ConflictKind
    cards : tuple of str
        Ids, ascending.
    cell : CellId or None
        The one that is blocked.
    """

    kind: ConflictKind
    cards: tuple[str, ...]
    cell: CellId | None = None


class HeldDecision(NamedTuple):
    """How a conflict was decided.

    Parameters
    ----------
    chosen : tuple of str
        Ids of the sessions that are published.
    decide_by : datetime or None
        Aware moment until which it is left open.
    made : Made
    by : {"person", "votes"}
        Open by votes without counts, it is a vote that goes on until `decide_by`.
    counts : Counts
        What a vote came to; empty if there was none, or it goes on.
    """

    chosen: tuple[str, ...]
    decide_by: dt.datetime | None
    made: Made
    by: DecidedBy = "person"
    counts: Counts = ()

    @property
    def is_vote(self) -> bool:
        """Whether it is a vote that nobody has ended."""
        return self.by == "votes" and not self.counts and self.decide_by is not None


IdeaState = Literal["waiting", "listed", "removed"]
"""It awaits a facilitator; everybody sees it; nobody does any more."""


class HeldIdea(NamedTuple):
    """A topic that people want.

    Parameters
    ----------
    text : str
    state : {"waiting", "listed", "removed"}
    session : str
        Id of the card of the session that takes it up; empty for none.
    made : Made
        Who added it, and when.
    """

    text: str
    state: IdeaState
    session: str
    made: Made


@dataclass(frozen=True, slots=True)
class Held:
    """Everything on a board that people set and nobody took back.

    Parameters
    ----------
    cards : mapping of str to HeldCard
        By the ids of the cards.
    joined : mapping of str to str
        By the ids of cards the id of the one that each belongs to, which may itself
        belong to another: see `first_of`. In the order in which they were joined.
    made : mapping of str to MadeCard
        By their ids, in the order in which they were made.
    crops : mapping of str to str
        By the ids of cards that were split what is left of their crops, as SHA-256.
    cut_from : mapping of str to tuple of str
        By the crops that people cut the ids of the photos that they were cut from.
    cut_out_of : mapping of str to str
        By what is left of crops the crop that it was cut from; empty if not known.
    cells : mapping of CellId to HeldCell
    there : mapping of str to Made
        By the ids of cards that are said to hang there still.
    photos : mapping of str to HeldPhoto
    decisions : mapping of ConflictKey to HeldDecision
    seen : mapping of str to SeenCard
        What people saw of a card when they last did something with it, by its id.
    ideas : mapping of str to HeldIdea
        By their ids, in the order in which they were added.
    """

    cards: Mapping[str, HeldCard] = field(default_factory=dict)
    joined: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, MadeCard] = field(default_factory=dict)
    crops: Mapping[str, str] = field(default_factory=dict)
    cut_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cut_out_of: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[CellId, HeldCell] = field(default_factory=dict)
    there: Mapping[str, Made] = field(default_factory=dict)
    photos: HeldPhotos = field(default_factory=dict)
    decisions: Mapping[ConflictKey, HeldDecision] = field(default_factory=dict)
    seen: Mapping[str, SeenCard] = field(default_factory=dict)
    ideas: Mapping[str, HeldIdea] = field(default_factory=dict)

    def card(self, card_id: str) -> HeldCard:
        """Return what people set of a card."""
        return self.cards.get(card_id, {})

    def photo(self, photo_id: str) -> HeldPhoto:
        """Return what people said of a photo."""
        return self.photos.get(photo_id, HeldPhoto())

    def counts(self, crop: str) -> bool:
        """Say whether no photo that a person cut a crop from was taken back."""
        photos = self.cut_from.get(crop, ())
        return all(self.photo(one).taken_back is None for one in photos)

    def with_photo(self, photo_id: str, photo: HeldPhoto) -> "Held":
        """Return it with what people say of a photo set anew."""
        return replace(self, photos={**self.photos, photo_id: photo})

    def with_fields(self, card_id: str, fields: HeldCard) -> "Held":
        """Return it with some fields of a card set anew."""
        card = {**self.card(card_id), **fields}
        return replace(self, cards={**self.cards, card_id: card})

    def first_of(self, card_id: str) -> str:
        """Return the id of the card that a card belongs to; its own if to none."""
        while card_id in self.joined:
            card_id = self.joined[card_id]
        return card_id

    @property
    def decisions_now(self) -> Mapping[ConflictKey, HeldDecision]:
        """The decisions, about the cards to which those that were joined belong."""
        now = {}
        for key, one in sorted(
            self.decisions.items(), key=lambda entry: entry[1].made.correction
        ):
            cards = tuple(sorted({*map(self.first_of, key.cards)}))
            chosen = tuple({*map(self.first_of, one.chosen)})
            counts = tuple((self.first_of(card), votes) for card, votes in one.counts)
            now[key._replace(cards=cards)] = one._replace(chosen=chosen, counts=counts)
        return now

    def with_made(self, card: MadeCard, texts: Texts) -> "Held":
        """Return it with a card that a person made, saying what they typed.

        What was made before with the same id, and set of it, is as if it had not been.
        """
        typed = {name: getattr(texts, name) for name in get_args(TextField)}
        fields: HeldCard = {
            name: HeldField(text, card.made) for name, text in typed.items() if text
        }
        return replace(
            self,
            made={**self.made, card.id: card},
            cards={**self.cards, card.id: fields},
        )

    def with_cut(self, crops: Iterable[str], photos: Iterable[str]) -> "Held":
        """Return it with crops that were cut from photos; an empty id is not known."""
        known = tuple(filter(None, photos))
        cut = dict.fromkeys(crops, known) if known else {}
        return replace(self, cut_from={**self.cut_from, **cut})

    def with_seen(self, card_id: str, seen: SeenCard | None) -> "Held":
        """Return it with what was seen of a card, if that is known."""
        if seen is None:
            return self
        return replace(self, seen={**self.seen, card_id: seen})


def is_hidden(held: HeldCard) -> bool:
    """Say whether a person hid a card."""
    return "hidden" in held and held["hidden"].value is True


def is_cancelled(held: HeldCard, *, read: bool) -> bool:
    """Say whether a card's session is cancelled: a person's word, else what was read."""
    return held["cancelled"].value is True if "cancelled" in held else read
