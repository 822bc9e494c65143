"""What decisions come to: which sessions they take down, what is still open. Pure.

A decision holds for every two of its cards, as long as these two are in such a conflict:
it is void once one moved away, and counts again if it comes back. Who comes third is in
a conflict of its own with those that are left. A session that lost to one that itself
lost to another is published: it is in nobody's way.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from operator import itemgetter
from typing import Literal

from server.schedule.conflicts import Conflict
from server.schedule.corrections.held import ConflictKey, HeldDecision

Decisions = Mapping[ConflictKey, HeldDecision]

State = Literal["open", "waiting", "decided"]
"""Nobody decided it; it is to be decided by a time; it is decided."""


@dataclass(frozen=True, slots=True)
class Question:
    """A conflict and how far it is decided.

    Parameters
    ----------
    conflict : Conflict
        Of those that are published, if it is open or waits.
    state : State
    decision : HeldDecision or None
        The newest that is about some of its cards.
    """

    conflict: Conflict
    state: State
    decision: HeldDecision | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """All conflicts of a board and what was decided about them.

    Parameters
    ----------
    questions : tuple of Question
        In the order of the conflicts.
    withheld : frozenset of str
        Ids of the sessions that are not published.
    """

    questions: tuple[Question, ...] = ()
    withheld: frozenset[str] = frozenset()

    @property
    def decide_by(self) -> dict[str, dt.datetime]:
        """Until when it is left open whether sessions are held, by their ids."""
        times: dict[str, dt.datetime] = {}
        for question in self.questions:
            if question.state == "waiting" and question.decision:
                until = question.decision.decide_by
                for card in question.conflict.cards:
                    times[card] = min(filter(None, (times.get(card), until)))
        return times


def decided(conflicts: Iterable[Conflict], decisions: Decisions) -> Decided:
    """Return what decisions come to.

    Parameters
    ----------
    conflicts : iterable of Conflict
        As if nobody had decided anything.
    decisions : Decisions
    """
    conflicts = tuple(conflicts)
    withheld = _withheld(conflicts, decisions)
    questions = (_question(one, decisions, withheld) for one in conflicts)
    # Where all but one lost another conflict, nothing is to be asked.
    asked = (one for one in questions if one.state != "decided" or one.decision)
    return Decided(tuple(asked), withheld)


def _withheld(conflicts: Iterable[Conflict], decisions: Decisions) -> frozenset[str]:
    """Return who loses to one that is published, whatever was decided first."""
    winners: dict[str, set[str]] = defaultdict(set)
    lost = set()
    for conflict in conflicts:
        for cards in _parts(conflict):
            decision = _newest(conflict, cards, decisions)
            losers = set(cards) - set(decision.chosen) if decision else set()
            if conflict.kind == "blocked":
                lost |= losers
            elif len(losers) == 1:
                (loser,) = losers
                winners[loser] |= set(cards) - losers
    won: set[str] = set()
    while True:
        named = winners.keys() | {one for some in winners.values() for one in some}
        new_won = {one for one in named - won - lost if winners.get(one, set()) <= lost}
        new_lost = {
            one for one in winners.keys() - lost if winners[one] & (won | new_won)
        }
        if not new_won and not new_lost:
            return frozenset(lost)
        won |= new_won
        lost |= new_lost


def _question(
    conflict: Conflict, decisions: Decisions, withheld: frozenset[str]
) -> Question:
    left = replace(
        conflict, cards=tuple(one for one in conflict.cards if one not in withheld)
    )
    held = [_newest(conflict, cards, decisions) for cards in _parts(conflict)]
    among = [(cards, _newest(left, cards, decisions)) for cards in _parts(left)]
    newest = max(filter(None, held), key=lambda one: one.made.correction, default=None)
    if any(one is None or not {*cards} <= {*one.chosen} for cards, one in among):
        return Question(left, "open", newest)
    waiting = [(one.decide_by, one) for _, one in among if one and one.decide_by]
    if waiting:
        return Question(left, "waiting", min(waiting, key=itemgetter(0))[1])
    return Question(conflict, "decided", newest)


def _parts(conflict: Conflict) -> Iterator[tuple[str, ...]]:
    """Yield what a decision may be about: every two cards, or the one that is blocked."""
    yield from combinations(conflict.cards, 1 if conflict.kind == "blocked" else 2)


def _newest(
    conflict: Conflict, cards: tuple[str, ...], decisions: Decisions
) -> HeldDecision | None:
    about = (
        decision
        for key, decision in decisions.items()
        if key.kind == conflict.kind
        and key.cell == conflict.key.cell
        and {*cards} <= {*key.cards}
    )
    return max(about, key=lambda one: one.made.correction, default=None)
