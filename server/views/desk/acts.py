"""What a person does at the desk: appended as a correction, and published with it."""

import datetime as dt
from dataclasses import replace

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.publish.releases import publish
from server.roles import Identity
from server.schedule.cards_now import cards_now
from server.schedule.corrections.change import Change
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import SeenCard
from server.schedule.corrections.kinds import held_by
from server.site import Site
from server.store.cards import cards_of
from server.store.corrections import append_correction, corrections_of
from server.store.sightings import seen_in
from server.views.desk.receipts import next_act


def act(
    database: DatabaseSession,
    here: Site,
    board: Board,
    identity: Identity,
    change: Change,
    *,
    seen_at: dt.datetime | None = None,
    arrives: bool = True,
) -> Correction:
    """Append what a person changed on a board, and publish what holds with it.

    What their browser sends again was done already, and is not done twice.

    Parameters
    ----------
    database : Session
        Of `Database.write`, in which what the change is about was read.
    here : Site
    board : Board
    identity : Identity
        Who did it.
    change : Change
    seen_at : datetime, optional
        Aware moment of the newest photo of the card that the person had before them;
        that of the newest there is if left out.
    arrives : bool
        Whether it is all that was sent; else it may be sent again as it is.

    Raises
    ------
    CorrectionError
        If what was typed cannot be kept.
    """
    now = here.clock()
    if isinstance(change, Edit):
        change = replace(change, seen=_seen(database, board.slug, change.card, seen_at))
    made = append_correction(
        database,
        board.slug,
        change,
        author=identity.name,
        made_at=now,
        act=next_act() if arrives else None,
    )
    publish(database, here.profile, board.slug, cause="correction", at=now)
    return made


def _seen(
    database: DatabaseSession, board: str, card_id: str, seen_at: dt.datetime | None
) -> SeenCard | None:
    """Return what a person saw of a card; None of a session that no card shows."""
    shown = seen_in(database, board, card_id, seen_at) if seen_at else None
    if shown is not None:
        return shown
    held = held_by(corrections_of(database, board))
    now = cards_now(cards_of(database, board), held)
    found = (one.card for one in now if one.card.id == card_id and one.card.crop)
    return next(map(SeenCard.of, found), None)


def back_to(
    slug: str, at: str | None, *, drawn: str | None = None
) -> ResponseReturnValue:
    """Go back to the page that a form was sent from.

    Parameters
    ----------
    slug : str
        Of the board.
    at : str or None
        Id of the card that the queue is to be at.
    drawn : str, optional
        Id of the card or cell that the board view is to be at, if it was sent from there.
    """
    if request.form.get("from") == "board":
        url = url_for("desk.board_view", slug=slug, at=drawn, _anchor="panel")
    elif request.form.get("from") == "plan":
        url = url_for("desk.plan", slug=slug)
    else:
        anchor = f"card-{at}" if at else None
        url = url_for("desk.board", slug=slug, at=at, _anchor=anchor)
    return redirect(url, 303)
