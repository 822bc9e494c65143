"""What a host filled in, checked. Pure but for the language of the request."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from calibration.layout import CellId
from calibration.profile import Board
from server.errors import CorrectionError, PlaceTakenError
from server.languages.current import gettext as _
from server.publish.plain_text import plain
from server.schedule.corrections.typed import Texts
from server.schedule.ends import check_end
from server.schedule.entries import Spans
from server.schedule.hosting import Place, cells_from, next_free
from server.views.event_texts import event_text

LONGEST = {"title": 120, "host": 60, "description": 600}
"""Characters: a card that is written by hand holds about as much."""

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
            raise CorrectionError(
                _("Place or time is missing."), hint=_("Choose both.")
            )
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
                _("Subject or name is missing."),
                hint=_("Both the subject and your name stand on the schedule."),
            )
        if len(text) > limit:
            raise CorrectionError(
                _(
                    "A text has %(has)s characters; %(fit)s fit.",
                    has=len(text),
                    fit=limit,
                ),
                hint=_("Shorten it and send it again."),
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
    wanted = _in_words(place.cell)
    raise PlaceTakenError(
        _("%(place)s is not free until then.", place=wanted)
        if place.cell in open_ones
        else _("%(place)s is not free.", place=wanted),
        hint=_(
            "The next free place is %(place)s: it is chosen below. What you typed is "
            "kept; send it again, or choose another place.",
            place=_in_words(offered),
        )
        if offered
        else _("Nothing else is free on this board. Try another day."),
        offered=offered,
    )


def _in_words(cell: CellId) -> str:
    return f"{event_text(cell.room)}, {cell.slot}"
