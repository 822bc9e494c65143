"""The desk's history: every act can be taken back, and made again."""

from dataclasses import replace

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.auth import check_csrf, require
from server.publish.releases import publish
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.kinds import held_by
from server.site import site
from server.store.cards import cards_of
from server.store.corrections import correction_of, corrections_of, set_undone
from server.views.choice import chosen_board
from server.views.desk.cards import desk_cards
from server.views.desk.history import (
    HistoryEntry,
    history_of,
    next_to_redo,
    next_to_undo,
)
from server.views.desk.receipts import act_sent, next_act
from server.views.desk.shown import desk_now, desk_page, whole_desk


def undo(slug: str) -> ResponseReturnValue:
    """Take a correction back and publish what holds without it.

    The one that the form names, else what whoever asks did last.

    Raises
    ------
    NotFoundError
        If this board has no such correction.
    """
    return _turn(slug, undone=True)


def redo(slug: str) -> ResponseReturnValue:
    """Make a correction again that was taken back, and publish what holds with it.

    The one that the form names, else what whoever asks took back last.

    Raises
    ------
    NotFoundError
        If this board has no such correction.
    """
    return _turn(slug, undone=False)


def show_history(slug: str) -> ResponseReturnValue:
    """Show everything that was ever corrected on a board."""
    identity = require("facilitator")
    here = site()
    board = chosen_board(here, slug)
    with here.database.read() as database:
        history = _history(database, board)
        desk = replace(desk_now(database, here, board), history=history)
    return desk_page("desk/history.html", here, desk, identity)


def _turn(slug: str, *, undone: bool) -> ResponseReturnValue:
    """Take a correction back, or make it again."""
    identity = require("facilitator")
    check_csrf()
    here = site()
    board = chosen_board(here, slug)
    named = request.form.get("correction")
    with here.database.write() as database:
        if named is None:
            find = next_to_undo if undone else next_to_redo
            correction = find(corrections_of(database, slug), identity.name)
        else:
            number = request.form.get("correction", 0, int)
            correction = correction_of(database, slug, number)
        if correction is not None:
            set_undone(
                database,
                correction,
                undone=undone,
                author=identity.name,
                at=here.clock(),
                act=next_act(),
            )
            publish(database, here.profile, slug, cause="correction", at=here.clock())
        flash(_told(_history(database, board), correction, undone=undone))
    if act_sent() is not None:
        with here.database.read() as database:
            return whole_desk(database, here, board, identity)
    return redirect(url_for("desk.board", slug=slug, _anchor="history"), 303)


def _told(
    history: tuple[HistoryEntry, ...], correction: Correction | None, *, undone: bool
) -> str:
    """Return what was done, in words."""
    if correction is None:
        return (
            f"There is nothing of yours to {'take back' if undone else 'make again'}."
        )
    (entry,) = (one for one in history if one.correction.id == correction.id)
    return f"{'Taken back' if undone else 'Made again'}: {entry.in_words}."


def _history(database: DatabaseSession, board: Board) -> tuple[HistoryEntry, ...]:
    """Return everything that was ever corrected on a board, in words."""
    corrections = corrections_of(database, board.slug)
    cards = desk_cards(cards_of(database, board.slug), held_by(corrections))
    return history_of(cards, corrections)
