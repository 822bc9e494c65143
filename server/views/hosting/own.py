"""A host's own session: found by the secret link that its host was given. No account."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flask import session
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session as DatabaseSession

from calibration.layout import CellId
from calibration.profile import Board
from server.errors import NotFoundError
from server.publish.releases import current_schedule
from server.schedule.corrections.kinds import held_by
from server.schedule.entries import Spans
from server.schedule.hosting import (
    Place,
    cells_from,
    is_unlooked,
    is_waiting,
    next_end,
    open_cells,
)
from server.schedule.placed import spans_of
from server.site import Site
from server.store.cards import cards_of
from server.store.corrections import corrections_of
from server.views.desk.cards import DeskCard, desk_cards

SALT = "boardcast.host"
"""So that nothing else that is signed with the same key is a host's link."""

HOSTED = "hosting"
"""Under which name a browser's cookie keeps the ids of what was put in with it."""

MOST_KEPT = 20
"""Sessions of one browser that are listed for it: a cookie holds 4 kB."""

State = Literal["waiting", "hidden", "cancelled", "coming", "on", "over"]


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session as its host sees it.

    Parameters
    ----------
    board : Board
    card : DeskCard
        What holds of it now.
    place : Place or None
        Where it is; None if event.toml has no such place any more.
    starts_at, ends_at : datetime
        Aware.
    state : State
    open_ones : frozenset of CellId
        Where it can be: the places that are free, and its own.
    next_end : str
        ``HH:MM`` until which it can go on; empty if it cannot.
    """

    board: Board
    card: DeskCard
    place: Place | None
    starts_at: dt.datetime
    ends_at: dt.datetime
    state: State
    open_ones: frozenset[CellId]
    next_end: str

    @property
    def id(self) -> str:
        """The card's."""
        return self.card.card.id

    @property
    def changeable(self) -> bool:
        """Whether its host can still change anything."""
        return self.place is not None and self.state not in {"hidden", "over"}


def link_token(here: Site, card_id: str) -> str:
    """Return what opens a session for its host."""
    return str(_signer(here).dumps(card_id))


def card_id_of(here: Site, token: str) -> str:
    """Return the id of the session that a host's link is for.

    Raises
    ------
    NotFoundError
        If this site did not make it.
    """
    try:
        return str(_signer(here).loads(token))
    except BadSignature as error:
        raise NotFoundError("such session of yours") from error


def remember(card_id: str) -> None:
    """Keep in the browser's cookie that a session was put in with it."""
    ids = [one for one in remembered() if one != card_id]
    session[HOSTED] = [*ids, card_id][-MOST_KEPT:]
    session.permanent = True


def remembered() -> Sequence[str]:
    """Return the ids of what was put in with this browser, the newest last."""
    ids = session.get(HOSTED, [])
    return [str(one) for one in ids] if isinstance(ids, list) else []


def own_sessions(
    database: DatabaseSession, here: Site, ids: Sequence[str]
) -> tuple[OwnSession, ...]:
    """Return the sessions with these ids that are still there, board by board."""
    timezone, now = here.profile.event.timezone, here.clock()
    found = []
    for board in here.profile.boards:
        if not board.online:
            continue
        corrections = corrections_of(database, board.slug)
        held = held_by(corrections)
        if not held.made.keys() & set(ids):
            continue
        spans = spans_of(board, timezone)
        schedule = current_schedule(database, here.profile, board.slug)
        free = open_cells(schedule.cells, spans, now)
        cards = desk_cards(cards_of(database, board.slug), held)
        found += [
            _own(board, card, spans, free, now) for card in cards if card.card.id in ids
        ]
    return tuple(found)


def own_session(database: DatabaseSession, here: Site, card_id: str) -> OwnSession:
    """Return a host's session.

    Raises
    ------
    NotFoundError
        If the facilitator took it back, or its board is gone.
    """
    found = own_sessions(database, here, [card_id])
    if not found:
        raise NotFoundError("session of yours on the board any more")
    return found[0]


def _own(
    board: Board,
    card: DeskCard,
    spans: Spans,
    free: frozenset[CellId],
    now: dt.datetime,
) -> OwnSession:
    place = _place(card, board)
    cells = cells_from(place, board.layout, spans) if place else ()
    first = spans[cells[0].slot] if cells else (now, now)
    last = spans[cells[-1].slot] if cells else (now, now)
    state = _state(card, first[0], last[1], now)
    if state not in {"cancelled", "hidden"}:
        own = {cell for cell in cells if spans[cell.slot][1] > now}
        free |= own
    more = next_end(place, free, board.layout, spans) if place else ""
    return OwnSession(board, card, place, first[0], last[1], state, free, more)


def _place(card: DeskCard, board: Board) -> Place | None:
    if card.cell is None or card.cell not in board.layout.cells:
        return None
    said = card.held.get("until")
    return Place(card.cell, (str(said.value) if said else card.card.until) or "")


def _state(
    card: DeskCard, starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime
) -> State:
    if card.hidden and not is_unlooked(card.held):
        return "hidden"
    if is_waiting(card.held):
        return "waiting"
    if ends_at <= now:
        return "over"
    if card.cancelled:
        return "cancelled"
    return "on" if starts_at <= now else "coming"


def _signer(here: Site) -> URLSafeSerializer:
    return URLSafeSerializer(here.settings.secret_key, salt=SALT)
