"""What sessions cannot both have: a cell, a host, or to be one and the same. Pure.

What is alike is asked about once: two sessions in one cell are not also one host in two
rooms. Who struck a session out has decided already. A card without a title that can be
read may be a sticker on another or a part of it, and so may one of two whose titles are
both in doubt: of such nobody is asked before somebody has looked at them.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from calibration.layout import CellId
from server.schedule.corrections.held import ConflictKey, ConflictKind
from server.schedule.doubt import Doubt, doubt_of
from server.schedule.entries import Entry, Spans, alike
from server.schedule.placed import cells_of
from vision.fields.doubt import title_confidence

APART = re.compile(
    r"\s*(?:[,;:/&+|()\[\]]|\s(?=@)|\b(?:and|with|und|mit|et|avec|y|con|e)\b)\s*"
)
"""What stands between the names of several hosts."""

NOBODY = frozenset(
    {
        *("all", "anybody", "anyone", "everybody", "everyone", "facilitator"),
        *("group", "host", "me", "nobody", "none", "speaker", "tba", "tbd"),
        *("team", "unknown", "you", "alle", "jeder", "todos", "tous"),
    }
)
"""What people write in place of a name."""

MIN_NAME = 3
"""Letters of a name: two are initials, or what an engine made of a stroke."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sessions that cannot all be as they are, or one in a blocked cell.

    Parameters
    ----------
    kind : ConflictKind
    cards : tuple of str
        Ids of the sessions, ascending.
    cell : CellId
        Where they meet first; the first blocked cell.
    reason : str
        Who the host is, as it is read; why the cell is blocked.
    """

    kind: ConflictKind
    cards: tuple[str, ...]
    cell: CellId
    reason: str = ""

    @property
    def key(self) -> ConflictKey:
        """What a decision of it is known by."""
        blocked = self.cell if self.kind == "blocked" else None
        return ConflictKey(self.kind, self.cards, blocked)


def conflicts_of(
    entries: Iterable[Entry], blocked: Mapping[CellId, str], spans: Spans
) -> tuple[Conflict, ...]:
    """Return what sessions cannot both have, whatever was decided about it.

    Parameters
    ----------
    entries : iterable of Entry
        All of the board, also those that are no sessions.
    blocked : mapping of CellId to str
        The cells that are blocked, and why.
    spans : Spans

    Returns
    -------
    tuple of Conflict
        Cells first, then what is twice, hosts, and what is blocked.
    """
    on = [
        one
        for one in sorted(entries, key=lambda one: (one.starts_at, one.card.id))
        if not (one.notice or one.cancelled or _doubt(one) == "unreadable")
    ]
    sure = {one.card.id for one in on if _doubt(one) == "none"}
    found = _together("cell", (one for one in _in_cells(on, spans) if one[0] & sure))
    others: tuple[tuple[ConflictKind, Iterator[_Meeting]], ...] = (
        ("session", _twice(on, spans)),
        ("host", _with_hosts(on, spans)),
    )
    for kind, meetings in others:
        told = {pair for one in found for pair in combinations(one.cards, 2)}
        found += [
            one
            for one in _together(kind, meetings)
            if not told.issuperset(combinations(one.cards, 2))
        ]
    return (*found, *_in_blocked(on, blocked, spans))


def names_of(session: Entry) -> dict[str, str]:
    """Return who gives a session: names as they are compared, by how they are read."""
    read = [*APART.split(session.text("host")), *session.card.fields.handles]
    folded = {_name(one): one.strip() for one in read}
    return {
        name: read
        for name, read in folded.items()
        if len(name) >= MIN_NAME and name not in NOBODY
    }


_Meeting = tuple[frozenset[str], CellId, str]
"""Ids of sessions, where they meet, and why that is a conflict."""


def _together(kind: ConflictKind, meetings: Iterable[_Meeting]) -> list[Conflict]:
    """Return the largest of the meetings that are parts of each other, once each."""
    first: dict[frozenset[str], _Meeting] = {}
    for meeting in meetings:
        if len(meeting[0]) > 1:
            first.setdefault(meeting[0], meeting)
    return [
        Conflict(kind, tuple(sorted(ids)), cell, reason)
        for ids, cell, reason in first.values()
        if not any(ids < others for others in first)
    ]


def _in_cells(sessions: Sequence[Entry], spans: Spans) -> Iterator[_Meeting]:
    by_cell: dict[CellId, set[str]] = defaultdict(set)
    for session in sessions:
        for cell in cells_of(session, spans):
            by_cell[cell].add(session.card.id)
    for cell, ids in by_cell.items():
        yield frozenset(ids), cell, ""


def _in_blocked(
    sessions: Iterable[Entry], blocked: Mapping[CellId, str], spans: Spans
) -> Iterator[Conflict]:
    for session in sessions:
        cells = [cell for cell in cells_of(session, spans) if cell in blocked]
        if cells:
            yield Conflict("blocked", (session.card.id,), cells[0], blocked[cells[0]])


def _with_hosts(sessions: Sequence[Entry], spans: Spans) -> Iterator[_Meeting]:
    by_name: dict[tuple[str, str], list[tuple[Entry, str]]] = defaultdict(list)
    for session in sessions:
        slots = dict.fromkeys(cell.slot for cell in cells_of(session, spans))
        for name, read in names_of(session).items():
            for slot in slots:
                by_name[slot, name].append((session, read))
    for found in by_name.values():
        first, read = found[0]
        yield frozenset(session.card.id for session, _ in found), first.cell, read


def _twice(sessions: Sequence[Entry], spans: Spans) -> Iterator[_Meeting]:
    """Yield sessions with one title: of one host, or at one time in two rooms.

    Cards in a room below each other are one session of several hours.
    """
    order = list(spans)
    names = {one.card.id: names_of(one).keys() for one in sessions}
    for first in sessions:
        alike_ones = {first.card.id}
        for other in sessions:
            hosts = [names[one.card.id] for one in (first, other)]
            beside = abs(order.index(first.cell.slot) - order.index(other.cell.slot))
            at_once = (
                first.starts_at < other.ends_at and other.starts_at < first.ends_at
            )
            if (
                first.card.id != other.card.id
                and alike(first.text("title"), other.text("title"))
                and (hosts[0] & hosts[1] or (at_once and not all(hosts)))
                and not (first.cell.room == other.cell.room and beside == 1)
            ):
                alike_ones.add(other.card.id)
        yield frozenset(alike_ones), first.cell, ""


def _doubt(entry: Entry) -> Doubt:
    """Return how far its title is in doubt: not, if a person set one."""
    title = entry.text("title")
    if "title" in entry.held and title:
        return "none"
    return doubt_of(title, title_confidence(entry.card.fields, entry.card.confidence))


def _name(text: str) -> str:
    """Return a name in small letters, without accents and signs."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        re.findall(
            r"[^\W_]+",
            "".join(letter for letter in apart if not unicodedata.combining(letter)),
        )
    )
