"""Which keys an event.toml has, of which types, and what each is for.

What the values mean is checked where they are made, in `calibration.event_values`.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    model_serializer,
)

from calibration.announcing import About, When
from calibration.names import RoomKind
from calibration.texts import LANGUAGES, Text

TEMPLATE = 'a text such as "New: {title}{credit}, {start}, {place}. {link}"'
"""What is expected of the wording of a post."""

Pair = list[float]


class TableShape(BaseModel):
    """A table of event.toml; `title` says what each key is for, `description` what is expected of it."""

    model_config = ConfigDict(strict=True, extra="forbid")


Shape = TypeVar("Shape", bound=TableShape)


def _text(value: object) -> object:
    """Return a text for all or for each language, or say that it is none."""
    texts = value.values() if isinstance(value, dict) else [value]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("no text")
    return value


Worded = Annotated[Text, PlainValidator(_text)]
"""A text, or a table of one for each language."""


def _one_or_several(value: object) -> object:
    """Return a list of texts as one, with blanks between."""
    several = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return " ".join(value) if isinstance(value, list) and several else value


OneOrSeveral = Annotated[str, BeforeValidator(_one_or_several)]
"""A word, or a list of some."""

IN_LANGUAGES = ', or one for each language: { en = "…", de = "…" }'


class RoomShape(TableShape):
    """An entry of ``rooms``; one that has only a name is written as that."""

    name: Worded = Field(
        title="What stands at the board", description=f"a text{IN_LANGUAGES}"
    )
    kind: RoomKind = Field(
        title="What it is; people look for a free table by it",
        default="room",
        description='"room", "table", "hall" or "online"',
    )
    capacity: int | None = Field(
        title="For how many people", default=None, description="a number, such as 42"
    )

    @model_serializer
    def _short(self) -> Any:
        """Return the name alone where that is all."""
        facts = (("kind", self.kind, "room"), ("capacity", self.capacity, None))
        said = {key: value for key, value, usual in facts if value != usual}
        return {"name": self.name, **said} if said else self.name


def _room(value: object) -> object:
    """Return an entry of ``rooms`` as a table: it may be the name alone."""
    named = isinstance(value, str) or (isinstance(value, dict) and "name" not in value)
    return {"name": value} if named else value


Rooms = list[Annotated[RoomShape, BeforeValidator(_room)]]


class ContactShape(TableShape):
    """The value of ``contact``."""

    name: str = Field(title="Who answers", description='a text, for example "Ada"')
    email: str = Field(
        title="Their mail", default="", description='such as "openspace@example.org"'
    )
    address: str = Field(
        title="A page, form or chat where they are asked",
        default="",
        description='an address, such as "https://chat.example.org/openspace"',
    )
    handle: str = Field(
        title="Their name in a network or chat",
        default="",
        description='a text such as "@ada@example.social"',
    )


class LinkedPageShape(TableShape):
    """An entry of ``links``."""

    title: Worded = Field(title="What people read", description=f"a text{IN_LANGUAGES}")
    address: str = Field(
        title="Where it leads",
        description='an address, such as "https://example.org/open-space"',
    )


class BlockedShape(TableShape):
    """One entry of ``blocked``."""

    room: str | None = Field(
        title="Which room; left out: all rooms",
        default=None,
        description="the name of one of the board's rooms",
    )
    slot: str = Field(title="Which slot", description="one of the board's slots")
    reason: Worded = Field(
        title="What people read in the cell",
        default="",
        description=f"a text{IN_LANGUAGES}",
    )


class LinkShape(TableShape):
    """One entry of ``links``."""

    room: str | None = Field(
        title="Which room; left out: all rooms",
        default=None,
        description="the name of one of the board's rooms",
    )
    link: str = Field(
        title="Where it is on the web",
        description='an address such as "https://meet.example/desk-1"',
    )


class ReferenceShape(TableShape):
    """The table ``[boards.reference]``."""

    photo: str = Field(
        title="A photo of the board, relative to event.toml",
        description='a file name, for example "friday.jpg"',
    )
    corners: list[Pair] = Field(
        title="Where the corners of the cells are in the upright photo, in pixels; they may lie outside of it",
        description="four points [x, y]: top left, top right, bottom right, bottom left",
    )


class MarginsShape(TableShape):
    """The value of ``margins``."""

    left: float = Field(
        default=1.0, title="To the left of the cells", description="cells, such as 1.5"
    )
    top: float = Field(
        default=1.0, title="Above them", description="cells, such as 1.5"
    )
    right: float = Field(
        default=0.25, title="To the right of them", description="cells, such as 0.25"
    )
    bottom: float = Field(
        default=0.25, title="Below them", description="cells, such as 0.25"
    )


class BoardShape(TableShape):
    """One table ``[[boards]]``."""

    slug: str = Field(
        title="Its part of the address: `/os/friday`",
        description='a word for the address, for example "friday"',
    )
    title: Worded = Field(
        title="What people call it",
        description=f'a text, for example "Friday"{IN_LANGUAGES}',
    )
    date: dt.date = Field(
        title="The day of its slots; one that ends after midnight still belongs to it",
        description="a date without quotes, such as 2024-05-17",
    )
    rooms: Rooms = Field(
        title="The rooms, from the left or from the top",
        description='names, such as ["Room 301", "Room 302"], or tables that say more, such as { name = "Table 4", kind = "table", capacity = 6 }',
    )
    slots: list[str] = Field(
        title="The hours, in order; breaks between them are allowed",
        description='spans, such as ["10:00-11:00"]',
    )
    rooms_along: Literal["columns", "rows"] = Field(
        title="Whether each room is a column or a row",
        default="columns",
        description='"columns" or "rows"',
    )
    column_edges: list[float] = Field(
        title="Where the lines between columns are, in parts of the width; left out: columns of one width",
        default_factory=list,
        description="numbers from 0.0 to 1.0",
    )
    row_edges: list[float] = Field(
        title="Where the lines between rows are, in parts of the height; left out: rows of one height",
        default_factory=list,
        description="numbers from 0.0 to 1.0",
    )
    tags: list[int] | None = Field(
        title="The printed tags at its corners: top left, top right, bottom right, bottom left",
        default=None,
        description="four tag ids, such as [0, 1, 2, 3]",
    )
    blocked: list[BlockedShape] = Field(
        title="Cells that nobody can take",
        default_factory=list,
        description='tables, such as [{ room = "Room 301", slot = "10:00-11:00" }]',
    )
    votes: Literal["", "dots"] = Field(
        title="Whether people vote on cards with sticker dots",
        default="",
        description='"dots", or no such key where nobody votes',
    )
    beside: Literal["", "elsewhere", "people"] = Field(
        title="What cards to the right of the cells or below them are: sessions "
        "elsewhere, with the place and time that are written on them; or people, with "
        "their names and interests. `margins` must reach as far as they hang",
        default="",
        description='"elsewhere" or "people", or no such key where they are nothing',
    )
    margins: MarginsShape = Field(
        default_factory=MarginsShape,
        title="How far the picture reaches beyond the cells, so that it shows the headings",
        description="a table, such as { left = 1.5, top = 2.0 }",
    )
    online: bool = Field(
        title="There is no wall: hosts fill in their sessions ([how](online-boards.md))",
        default=False,
        description="true or false",
    )
    hosting: Literal["token", "open", "moderated"] = Field(
        title="Who may do that: whoever has the hosts' link; anybody; anybody, once a facilitator has looked at it",
        default="token",
        description='"token", "open" or "moderated"',
    )
    links: list[LinkShape] = Field(
        title="Where the rooms of an online board are",
        default_factory=list,
        description='tables, such as [{ room = "Desk 1", link = "https://meet.example" }]',
    )
    no_talks: list[str] = Field(
        title="When nothing else of the event runs, so that people have time to come",
        default_factory=list,
        description="some of the board's slots",
    )
    reference: ReferenceShape | None = Field(
        title="A photo by which the board is found without tags; `boardcast calibrate` writes it",
        default=None,
        description="a table [boards.reference]",
    )


class EventShape(TableShape):
    """The table ``[event]``."""

    name: Worded = Field(
        title="What people call the conference",
        description=f'a text, for example "PyCon US 2024"{IN_LANGUAGES}',
    )
    timezone: str = Field(
        title="The zone of all times in this file",
        description='a name such as "America/New_York"',
    )
    short_path: str = Field(
        title="The short address: `/os`",
        description='a word for the address, for example "os"',
    )
    hashtag: OneOrSeveral = Field(
        title="Shown on the page, and in posts",
        default="",
        description='a text such as "#PyConOpenSpace", or a list of them',
    )
    words: list[str] = Field(
        title="What is likely to stand on cards: planned titles, hosts, packages. The reader knows them then",
        default_factory=list,
        description='words or titles, such as ["PyLadies", "Board game night"]',
    )
    language: str = Field(
        title="In which language names and notes hold where they are given in several, and pages are for whoever reads none of them",
        default="en",
        description=f"one of {', '.join(LANGUAGES)}",
    )
    contact: ContactShape | None = Field(
        title="Whom to ask; shown on every page",
        default=None,
        description='a table, such as { name = "Ada", email = "ada@example.org" }',
    )
    how_to_host: Worded = Field(
        title="What whoever wants to host a session reads on the page",
        default="",
        description=f"some sentences{IN_LANGUAGES}",
    )
    privacy: Worded = Field(
        title='What is recorded and what not, such as "Sessions are not recorded."',
        default="",
        description=f"a sentence{IN_LANGUAGES}",
    )
    links: list[LinkedPageShape] = Field(
        title="Pages elsewhere that people look for",
        default_factory=list,
        description='tables, such as [{ title = "Code of conduct", address = "https://example.org/coc" }]',
    )
    share_labels: bool = Field(
        title="Whether crops and corrected texts may be exported to train with",
        default=False,
        description="true or false",
    )
    planned: Literal["listed", "scheduled"] = Field(
        title="Where planned sessions stand until their card is there: ahead, under a "
        "heading of their own, or on the schedule at once",
        default="listed",
        description='"listed" or "scheduled"',
    )
    share_people: bool = Field(
        title="Whether people who put a card into the area of people are in the JSON, "
        "too, which others copy",
        default=False,
        description="true or false",
    )
    ideas: Literal["", "open", "moderated"] = Field(
        title="Whether anybody may add to the list of ideas on the public page: at once, "
        "or once a facilitator has looked at it",
        default="",
        description='"open" or "moderated", or no such key where only facilitators may',
    )


class TemplatesShape(TableShape):
    """The table ``[announce.templates]``."""

    new: str | None = Field(
        title="Words of a post about a new session", default=None, description=TEMPLATE
    )
    moved: str | None = Field(
        title="Of one that has another place or hour",
        default=None,
        description=TEMPLATE,
    )
    cancelled: str | None = Field(
        title="Of one that is off", default=None, description=TEMPLATE
    )
    soon: str | None = Field(
        title="Of one that is about to begin", default=None, description=TEMPLATE
    )


class AnnounceShape(TableShape):
    """The table ``[announce]``: there is none where nothing is announced."""

    when: When = Field(
        title="Whether a person approves each post, or those that are certain go out by themselves",
        default="approved",
        description='"approved" or "automatic"',
    )
    about: list[About] = Field(
        title="What is worth a post",
        default_factory=lambda: list(get_args(About)),
        description='words of "new", "moved", "cancelled", "soon"',
    )
    soon_minutes: int = Field(
        title="How long before its start a session is announced as soon",
        default=15,
        description="a number of minutes",
    )
    at_most: int = Field(
        title="Posts in any hour; the others wait",
        default=6,
        description="a number of posts in an hour",
    )
    quiet: str = Field(
        title="Hours in which nothing is posted",
        default="",
        description='a span, such as "22:00-08:00"',
    )
    templates: TemplatesShape = Field(
        title="The event's own words for posts",
        default_factory=TemplatesShape,
        description="a table [announce.templates]",
    )


class ProfileShape(TableShape):
    """The whole file."""

    version: Literal[1] = Field(title="Of this format", default=1, description="1")
    event: EventShape = Field(title="The conference", description="a table [event]")
    boards: list[BoardShape] = Field(
        title="A table for each board and day", description="tables [[boards]]"
    )
    announce: AnnounceShape | None = Field(
        title="Posts about sessions; left out: there are none",
        default=None,
        description="a table [announce]",
    )


TABLES: Mapping[str, type[BaseModel]] = {
    "[event]": EventShape,
    "[[boards]]": BoardShape,
    "[boards.reference]": ReferenceShape,
    "[announce]": AnnounceShape,
    "[announce.templates]": TemplatesShape,
}
"""The tables by the header that a person writes."""
