"""Sessions that were planned together: all rows of a sheet, in one act."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from server.errors import CorrectionError
from server.schedule.cards import Card
from server.schedule.corrections.change import Told
from server.schedule.corrections.held import Held, Made, TextField
from server.schedule.corrections.written_session import WriteSession


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sheet says that it did not say before, or says otherwise.

    Parameters
    ----------
    sessions : tuple of WriteSession
        Those that are new or changed.
    before : tuple of WriteSession
        What the sheet said before of those that it changes: what it leaves stays as
        people set it since.
    """

    sessions: tuple[WriteSession, ...]
    before: tuple[WriteSession, ...] = ()
    kind: Literal["plan"] = "plan"

    @property
    def cards(self) -> tuple[str, ...]:
        """Ids of the cards that it is about."""
        return tuple(one.card for one in self.sessions)

    def check(self) -> None:
        """Check what a person typed.

        Raises
        ------
        CorrectionError
            If it cannot be kept.
        """
        if not self.sessions:
            raise CorrectionError(
                "The sheet changes nothing.", hint="All of its rows are known already."
            )
        for one in self.sessions:
            one.check()

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it."""
        said = {one.card: one for one in self.before}
        for one in self.sessions:
            known = held.made.get(one.card)
            if known is None or one.card not in said:
                held = one.apply(held, made)
            else:
                # Who said at the desk that it is held anyway is not overruled.
                card = replace(
                    one.made_card(made), made=known.made, planned=known.planned
                )
                held = replace(held, made={**held.made, one.card: card})
                held = _changed(held, said[one.card], one, made)
        return held

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:  # noqa: ARG002  (of the protocol)
        """Return what it changed, in words: a count, for a sheet may have hundreds."""
        changed = {one.card for one in self.before}
        new = [one.texts.title for one in self.sessions if one.card not in changed]
        other = [one.texts.title for one in self.sessions if one.card in changed]
        return tuple(
            Told(what, None, _listed(titles))
            for what, titles in (("planned", new), ("plan changed", other))
            if titles
        )


SHOWN = 3
"""Titles that the history names; of more it says how many."""


def _listed(titles: list[str]) -> str:
    more = len(titles) - SHOWN
    return ", ".join(titles[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _changed(held: Held, before: WriteSession, after: WriteSession, made: Made) -> Held:
    """Return what holds with what a sheet says otherwise than it did."""
    typed = replace(held, cards={}).with_made(after.made_card(made), after.texts)
    new = typed.card(after.card)
    fields = dict(held.card(after.card))
    for name in get_args(TextField):
        if getattr(before.texts, name) != getattr(after.texts, name):
            fields.pop(name, None)
            fields |= {name: new[name]} if name in new else {}
    if (before.cell, before.until, before.elsewhere) != (
        after.cell,
        after.until,
        after.elsewhere,
    ):
        fields.pop("cell", None)
        fields.pop("until", None)
    return replace(held, cards={**held.cards, after.card: fields})
