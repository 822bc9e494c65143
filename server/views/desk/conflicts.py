"""The desk's conflicts: what sessions cannot both have, and a key for each way out."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from calibration.layout import CellId, Layout
from server.errors import CorrectionError
from server.schedule.conflicts import Conflict
from server.schedule.corrections.change import Change
from server.schedule.corrections.decision import BOTH, Decision
from server.schedule.corrections.join import Join
from server.schedule.decided import Decided, Question
from server.schedule.entries import Spans
from server.schedule.free_cells import Move, moves_of
from server.schedule.sessions import Session

NUMBERS = {2: "Two", 3: "Three", 4: "Four"}

LETTERS = "qertyuiopasdfghklzxcvm"
"""Keys of the moves: no number, and none that stands for another way out."""

BEFOREHAND = dt.timedelta(minutes=30)
"""How long before a session the desk proposes that it be decided."""

TIMED = ("wait", "vote")
"""What is done until a time that is typed."""

AS_IT_IS = "The desk shows what holds now: look at it again and decide."


class Place(NamedTuple):
    """Rooms and hours of a board."""

    layout: Layout
    spans: Spans


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a conflict.

    Parameters
    ----------
    key : str
        The key that takes it.
    action : str
        What the form says.
    label : str
    move : Move or None
        If it moves a session.
    """

    key: str
    action: str
    label: str
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the sessions in a conflict.

    Parameters
    ----------
    session : Session
    published : bool
    ways : tuple of Way
        Those that are about it.
    """

    session: Session
    published: bool
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class DeskConflict:
    """A conflict as the desk shows it.

    Parameters
    ----------
    question : Question
    heading : str
    sides : tuple of Side
    ways : tuple of Way
        Those that are about all of its sessions.
    proposed : str
        ``HH:MM`` by which it may be decided.
    asks : bool
        Whether it is to be decided: nobody did, or it waited for too long.
    over : bool
        Whether its sessions are over.
    votes : mapping of str to int or None
        Votes by the sessions' ids, while attendees vote.
    """

    question: Question
    heading: str
    sides: tuple[Side, ...]
    ways: tuple[Way, ...]
    proposed: str
    asks: bool
    over: bool
    votes: Mapping[str, int] | None = None

    @property
    def id(self) -> str:
        """What it is called on the page."""
        conflict = self.question.conflict
        return "-".join((conflict.kind, *conflict.cards))

    @property
    def counted(self) -> Mapping[str, int]:
        """Votes by the sessions' ids, so far or in the end; empty if there is no vote."""
        decision = self.question.decision
        counts = self.votes if self.votes is not None else {}
        if self.votes is None and decision:
            counts = dict(decision.counts)
        voted = self.votes is not None or counts
        ids = [side.session.id for side in self.sides] if voted else []
        return {one: counts.get(one, 0) for one in ids}

    @property
    def starts_at(self) -> dt.datetime:
        """When the first of its sessions begins."""
        return min(side.session.starts_at for side in self.sides)


def desk_conflicts(
    outcome: Decided,
    sessions: Mapping[str, Session],
    free: frozenset[CellId],
    place: Place,
    now: dt.datetime,
    *,
    votes: Mapping[int, Mapping[str, int]] | None = None,
) -> tuple[DeskConflict, ...]:
    """Return conflicts as the desk shows them: those to decide first, over ones last.

    Parameters
    ----------
    outcome : Decided
    sessions : mapping of str to Session
        By their ids, also those that are not published.
    free : frozenset of CellId
        Where a session can move to.
    place : Place
    now : datetime
        Aware.
    votes : mapping of int to (mapping of str to int), optional
        Of the votes that go on, by the numbers of the decisions that began them.
    """
    shown = []
    for question in outcome.questions:
        among = [sessions[card] for card in question.conflict.cards]
        begins = min(session.starts_at for session in among)
        by = question.decision.decide_by if question.decision else None
        late = question.state == "waiting" and by is not None and by <= now
        before = begins - BEFOREHAND
        decision = question.decision
        number = decision.made.correction if decision and decision.is_vote else None
        so_far = (votes or {}).get(number) if number is not None else None
        shown.append(
            DeskConflict(
                question=question,
                heading=_heading(question.conflict, among),
                sides=_sides(question.conflict, among, outcome.withheld, free, place),
                ways=_ways(question.conflict, voting=so_far is not None),
                proposed=f"{before if before > now else begins:%H:%M}",
                asks=late or question.state == "open",
                over=all(session.ends_at <= now for session in among),
                votes=so_far,
            )
        )
    return tuple(sorted(shown, key=lambda one: (one.over, not one.asks, one.starts_at)))


def change_from(
    form: MultiDict[str, str],
    shown: Iterable[DeskConflict],
    now: dt.datetime,
) -> Change:
    """Return what a person decided, from the form of a conflict.

    Parameters
    ----------
    form : MultiDict
        Fields ``conflict``, which is its id, ``action``, and ``decide_by``.
    shown : iterable of DeskConflict
        As they stand now.
    now : datetime
        Aware.

    Raises
    ------
    CorrectionError
        If the conflict is not as it was shown, or if there is no time until it is to
        be decided.
    """
    one = next((one for one in shown if one.id == form.get("conflict")), None)
    if one is None:
        raise CorrectionError("This conflict is another one by now.", hint=AS_IT_IS)
    key, action = one.question.conflict.key, form.get("action", "")
    ways = [*one.ways, *(way for side in one.sides for way in side.ways)]
    if action not in {way.action for way in ways}:
        raise CorrectionError("This is no way out of it any more.", hint=AS_IT_IS)
    for way in ways:
        if way.move and way.action == action:
            return way.move.change
    verb, _, card = action.partition(" ")
    if verb == "join":
        return Join(one.sides[0].session.id, (one.sides[1].session.id,))
    chosen = {"only": (card,), "none": ()}.get(verb, key.cards)
    until = None
    if verb in TIMED:
        until = _time(form.get("decide_by", ""), one.starts_at, now)
    if verb == "vote":
        return Decision(key.kind, key.cards, chosen, key.cell, until, "votes")
    # Whoever decides a tie: what the vote came to is told with it.
    before = one.question.decision
    counts = before.counts if before and {*dict(before.counts)} == {*key.cards} else ()
    return Decision(key.kind, key.cards, chosen, key.cell, until, counts=counts)


def _sides(
    conflict: Conflict,
    among: Iterable[Session],
    withheld: frozenset[str],
    free: frozenset[CellId],
    place: Place,
) -> tuple[Side, ...]:
    """Return the sessions of a conflict; their keys are numbers in the order shown."""
    sides = []
    for number, session in enumerate(among):
        moves = moves_of(session, conflict.kind, free, place.spans, place.layout)
        ways = [
            Way(
                LETTERS[2 * number + later],
                f"move {session.id} {move.cell.slot} {move.cell.room}",
                f"Move to {move.cell.room}, {place.spans[move.cell.slot][0]:%H:%M}",
                move,
            )
            for later, move in enumerate(moves)
        ]
        if conflict.kind != "blocked":
            ways.insert(0, Way(str(number + 1), f"only {session.id}", "Only this one"))
        sides.append(Side(session, session.id not in withheld, tuple(ways)))
    return tuple(sides)


def _ways(conflict: Conflict, *, voting: bool) -> tuple[Way, ...]:
    """Return the ways out that are about all sessions of a conflict."""
    wait = Way("w", "wait", "Decide by")
    if conflict.kind == "blocked":
        stays = Way("1", f"only {conflict.cards[0]}", "It is held here")
        return stays, Way("2", "none", "The cell stays blocked"), wait
    both = "Both" if len(conflict.cards) == BOTH else "All"
    join = Way("j", "join", "They are one card: join them")
    one_card = conflict.kind != "host" and len(conflict.cards) == BOTH
    ways: tuple[Way, ...]
    right = {"cell": "share the cell", "session": "are held", "host": "are right so"}
    ways = Way("b", "all", f"{both} {right[conflict.kind]}"), wait
    if voting:
        ways = Way("n", "end", "End the vote now"), *ways
    elif conflict.kind == "cell":
        ways = *ways, Way("n", "vote", "Let attendees vote until then")
    return (join, *ways) if one_card else ways


def _heading(conflict: Conflict, among: Sequence[Session]) -> str:
    """Return in words what a conflict is."""
    at = f"{among[0].starts_at:%H:%M}"
    number = NUMBERS.get(len(among), str(len(among)))
    match conflict.kind:
        case "cell":
            return f"{number} sessions in {conflict.cell.room}, {conflict.cell.slot}"
        case "blocked":
            why = f": {conflict.reason}" if conflict.reason else ""
            where = f"{conflict.cell.room}, {conflict.cell.slot}"
            return f"A session in a blocked cell, {where}{why}"
        case "session":
            return "The same session twice"
        case "host":
            return f"{conflict.reason} in {number.lower()} rooms at {at}"


def _time(text: str, begins: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return the moment of a clock's time before a session begins.

    Raises
    ------
    CorrectionError
        If there is none.
    """
    try:
        clock = dt.time.fromisoformat(text)
    except ValueError:
        clock = None
    if clock is not None:
        # A session after midnight may be decided on the evening before.
        for day in (begins.date(), begins.date() - dt.timedelta(days=1)):
            moment = dt.datetime.combine(day, clock, begins.tzinfo)
            if now < moment <= begins:
                return moment
    raise CorrectionError(
        f'"{text}" is no time between now and the beginning of the session.',
        hint=f"Choose one up to {begins:%H:%M}.",
    )
