"""How a conflict is decided: which of its sessions are published, or by when it is."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from calibration.layout import CellId
from server.errors import CorrectionError
from server.schedule.cards import Card
from server.schedule.corrections.change import Told, title_in
from server.schedule.corrections.held import (
    ConflictKey,
    ConflictKind,
    Counts,
    DecidedBy,
    Held,
    HeldDecision,
    Made,
)

KIND_WORDS: dict[ConflictKind, str] = {
    "cell": "two in one cell",
    "blocked": "in a blocked cell",
    "session": "one session twice",
    "host": "one host at two places",
}

UNREADABLE = "an unreadable card"

BOTH = 2
"""Cards that people call both."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of a conflict.

    Parameters
    ----------
    conflict : ConflictKind
    cards : tuple of str
        Ids of the sessions, ascending.
    chosen : tuple of str
        Those that are published: all of them, if they share what they cannot both
        have, and as long as nothing is decided; none, if what blocks the cell stays.
    cell : CellId, optional
        The one that is blocked.
    decide_by : datetime, optional
        Aware moment by which it is to be decided; it is open until then.
    by : {"person", "votes"}
        What decides it. By votes and open until a time, attendees vote until then.
    counts : Counts
        The votes that it follows.
    """

    conflict: ConflictKind
    cards: tuple[str, ...]
    chosen: tuple[str, ...]
    cell: CellId | None = None
    decide_by: dt.datetime | None = None
    by: DecidedBy = "person"
    counts: Counts = ()
    kind: Literal["decision"] = "decision"

    def __post_init__(self) -> None:
        if list(self.cards) != sorted(set(self.cards)) or not self.cards:
            raise ValueError(f"expected ids, each once, ascending, got {self.cards}")
        if not set(self.chosen) <= set(self.cards):
            raise ValueError(f"expected some of {self.cards}, got {self.chosen}")
        if (self.cell is None) == (self.conflict == "blocked"):
            raise ValueError(f"expected a cell if it is blocked, got {self.cell}")
        if self.decide_by and set(self.chosen) != set(self.cards):
            raise ValueError(f"expected all to be published, got {self.chosen}")

    @property
    def key(self) -> ConflictKey:
        """What it is about."""
        return ConflictKey(self.conflict, self.cards, self.cell)

    def check(self) -> None:
        """Check that it decides something.

        Raises
        ------
        CorrectionError
            If no session is chosen.
        """
        if not self.chosen and self.conflict != "blocked":
            raise CorrectionError(
                "None of the sessions is chosen.",
                hint="Choose at least one; to take all of them down, hide their cards.",
            )

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it."""
        decision = HeldDecision(self.chosen, self.decide_by, made, self.by, self.counts)
        return replace(held, decisions={**held.decisions, self.key: decision})

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:
        """Return what it decided, in words."""
        was = before.decisions.get(self.key)
        old = was and _words(self.key, was, before, cards)
        new = _words(self.key, self, before, cards)
        return (Told(KIND_WORDS[self.conflict], old, new),)


def _words(
    key: ConflictKey,
    decision: "HeldDecision | Decision",
    held: Held,
    cards: Mapping[str, Card],
) -> str:
    chosen, until = decision.chosen, decision.decide_by
    voted = ", ".join(
        f"{title_in(held, cards, card) or UNREADABLE} {votes}"
        for card, votes in decision.counts
    )
    if until and decision.by == "votes":
        return f"tie: {voted}" if voted else f"attendees vote until {until:%H:%M}"
    after = f" (votes: {voted})" if voted else ""
    return _chosen_words(key, chosen, until, held, cards) + after


def _chosen_words(
    key: ConflictKey,
    chosen: tuple[str, ...],
    decide_by: dt.datetime | None,
    held: Held,
    cards: Mapping[str, Card],
) -> str:
    if decide_by:
        return f"to be decided by {decide_by:%H:%M}"
    if key.kind == "blocked":
        return "the session stays" if chosen else "the cell stays blocked"
    if set(chosen) == set(key.cards):
        return "both" if len(chosen) == BOTH else "all"
    titles = (title_in(held, cards, one) or UNREADABLE for one in chosen)
    return f"only {', '.join(titles)}"
