"""A board as it stands: all that a page of the desk shows of it, read once."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.publish.releases import current_outcome
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.held import Held
from server.schedule.corrections.kinds import held_by
from server.schedule.sessions import Outcome
from server.site import Site
from server.store.cards import cards_of
from server.store.corrections import corrections_of
from server.views.desk.cards import DeskCard, desk_cards


@dataclass(frozen=True, slots=True)
class BoardNow:
    """A board as it stands.

    Parameters
    ----------
    board : Board
    cards : tuple of DeskCard
        Every one ever seen on it, or made.
    corrections : tuple of Correction
        Every one ever made on it, in the order of their ids.
    held : Held
        What people set.
    outcome : Outcome
        What cards and corrections come to.
    timezone : ZoneInfo
        The event's.
    at : datetime
        Aware: by it some sessions are over.
    """

    board: Board
    cards: tuple[DeskCard, ...]
    corrections: tuple[Correction, ...]
    held: Held
    outcome: Outcome
    timezone: ZoneInfo
    at: dt.datetime


def board_now(
    database: DatabaseSession, here: Site, board: Board, at: dt.datetime
) -> BoardNow:
    """Return a board as it stands at an aware moment."""
    cards = cards_of(database, board.slug)
    corrections = corrections_of(database, board.slug)
    held = held_by(corrections)
    return BoardNow(
        board=board,
        cards=desk_cards(cards, held),
        corrections=corrections,
        held=held,
        outcome=current_outcome(database, here.profile, board.slug, cards, corrections),
        timezone=here.profile.event.timezone,
        at=at,
    )
