"""What a host filled in, checked. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from calibration.layout import CellId
from calibration.profile import Board
from server.errors import CorrectionError, PlaceTakenError
from server.publish.plain_text import plain
from server.schedule.corrections.change import place_in_words
from server.schedule.corrections.typed import Texts
from server.schedule.ends import check_end
from server.schedule.entries import Spans
from server.schedule.hosting import Place, cells_from, next_free

LONGEST = {"title": 120, "host": 60, "description": 600}
"""Characters: a card that is written by hand holds about as much."""

WORDS = {"title": "subject", "host": "name", "description": "description"}
"""What the form calls them."""

TRAP = "homepage"
"""A field that people do not see: only a program fills it in."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What is in the fields of a host's form: as typed, whatever that is.

    Parameters
    ----------
    title, host, description, room, slot, until : str
    """

    title: str = ""
    host: str = ""
    description: str = ""
    room: str = ""
    slot: str = ""
    until: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Return what a form, or an address that fills one in, says."""
        return cls(**{name: plain(form.get(name, "")) for name in cls.__slots__})

    @property
    def texts(self) -> Texts:
        """What it says, as it is kept: subject and name have one line.

        Raises
        ------
        CorrectionError
            If subject or name are missing, or a text is too long.
        """
        title, host = " ".join(self.title.split()), " ".join(self.host.split())
        texts = Texts(title, self.description.strip(), host)
        check_texts({name: getattr(texts, name) for name in LONGEST})
        return texts

    def place(self, board: Board) -> Place:
        """Return the place that it names.

        Raises
        ------
        CorrectionError
            If the board has no such place.
        """
        cell = CellId(self.room, self.slot)
        if cell not in board.layout.cells:
            raise CorrectionError("Where and when is missing.", hint="Choose both.")
        check_end(board.layout, cell, self.until)
        return Place(cell, self.until)


def check_texts(texts: Mapping[Any, object]) -> None:
    """Check what a host typed; what is not named is left as it is.

    Raises
    ------
    CorrectionError
        If subject or name are empty, or a text is too long.
    """
    for name, limit in LONGEST.items():
        text = texts.get(name)
        if not isinstance(text, str):
            continue
        if not text and name != "description":
            raise CorrectionError(
                f"The {WORDS[name]} is missing.",
                hint="Both the subject and your name stand on the schedule.",
            )
        if len(text) > limit:
            raise CorrectionError(
                f"The {WORDS[name]} has {len(text)} characters; {limit} fit.",
                hint="Shorten it and send it again.",
            )


def check_open(
    place: Place, open_ones: Collection[CellId], board: Board, spans: Spans
) -> None:
    """Check that a place can be taken now, all of it.

    Raises
    ------
    PlaceTakenError
        If it cannot; it says which one can be instead.
    """
    cells = cells_from(place, board.layout, spans)
    if cells and set(cells) <= set(open_ones):
        return
    offered = next_free(place.cell, open_ones, board.layout, spans)
    what = "is not free until then" if place.cell in open_ones else "is not free"
    raise PlaceTakenError(
        f"{place_in_words(place.cell)} {what}.",
        hint=f"The next free place is {place_in_words(offered)}: it is chosen below. "
        "What you typed is kept; send it again, or choose another place."
        if offered
        else "Nothing else is free on this board. Try another day.",
        offered=offered,
    )
