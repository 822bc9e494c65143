"""Planned sessions and those elsewhere at the desk: typed, or from a sheet."""

from contextlib import closing
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.auth import check_csrf, require
from server.errors import CorrectionError, NotFoundError, SheetError
from server.publish.planning.preview import Preview
from server.publish.planning.rows import RowError, cells_of, written_from
from server.publish.planning.sheet import COLUMNS, MOST_BYTES, as_csv, read_sheet
from server.publish.planning.taking import preview_in, take
from server.roles import Identity
from server.schedule.cards_now import CardNow, cards_now
from server.schedule.corrections.held import Held, is_hidden
from server.schedule.corrections.kinds import held_by
from server.schedule.corrections.written_session import WriteSession
from server.schedule.listed import is_seen, listing_of, written_in
from server.site import Site, site
from server.store.cards import cards_of
from server.store.corrections import corrections_of
from server.views.choice import chosen_board
from server.views.desk.acts import act
from server.views.desk.history import quoted
from server.views.desk.shown import desk_now, desk_page

MOST_BYTES_AGAIN = 4 * MOST_BYTES
"""A sheet that was shown comes back in UTF-8, in which letters may take three bytes."""

MOST_SHOWN = 200
"""Each has a form of its own; a browser can still show so many."""

TYPED = tuple(name for name in COLUMNS if name not in {"id", "day", "ends"})
"""The fields of a session that is typed."""


@dataclass(frozen=True, slots=True)
class DeskPlanned:
    """A session that was planned or is held elsewhere, as the desk shows it.

    Parameters
    ----------
    card : str
        Its id.
    cells : dict of str to str
        What its form holds, by the names of the columns of a sheet.
    state : {"planned", "elsewhere", "scheduled", "card"}
        Told as planned, told as elsewhere, on the schedule without a card, or with one.
    planned : bool
        Whether a card is yet to make it official.
    """

    card: str
    cells: dict[str, str]
    state: str
    planned: bool


def add_plan(blueprint: Blueprint) -> None:
    """Add the plan's addresses to those of the desk."""
    add = blueprint.add_url_rule
    add("/desk/<slug>/plan", "plan", show)
    add("/desk/<slug>/plan", "write_planned", write, methods=["POST"])
    add("/desk/<slug>/plan/sheet", "preview_sheet", preview, methods=["POST"])
    add("/desk/<slug>/plan/take", "take_sheet", take_sheet, methods=["POST"])


def show(slug: str) -> ResponseReturnValue:
    """Show what is planned or elsewhere on a board's day, and how to add to it."""
    identity = require("facilitator")
    here = site()
    board = chosen_board(here, slug)
    return _page(here, board, identity)


def write(slug: str) -> ResponseReturnValue:
    """Keep a session that was typed: planned, or held elsewhere.

    Raises
    ------
    CorrectionError
        If it cannot be kept, or another one has its title.
    NotFoundError
        If the one that is changed is not there.
    """
    identity = require("facilitator")
    check_csrf()
    here = site()
    board = chosen_board(here, slug)
    form = request.form
    try:
        written, notes = written_from(
            {name: form.get(name, "") for name in TYPED},
            board,
            planned=form.get("planned") == "yes",
            card=form.get("card", ""),
        )
    except RowError as error:
        raise CorrectionError(
            f"{error.column.capitalize()}: {error.message}.", hint="Put it right."
        ) from error
    with here.database.write() as database:
        held = held_by(corrections_of(database, board.slug))
        _check_known(written, held, form.get("card", ""))
        act(database, here, board, identity, written)
    told = "".join(f" {note.message}." for note in notes)
    flash(f"{quoted(written.texts.title)} is kept.{told}")
    return redirect(url_for("desk.plan", slug=slug), 303)


def preview(slug: str) -> ResponseReturnValue:
    """Show what a sheet would change; nothing is kept yet.

    Raises
    ------
    SheetError
        If it is no sheet.
    """
    identity, here, board = _asked(slug)
    data = request.form.get("text", "").encode("utf-8", "replace")
    if file := request.files.get("file"):
        with closing(file):
            data = file.stream.read(MOST_BYTES + 1) or data
    if not data:
        raise SheetError(
            "No sheet was sent.", hint="Choose a CSV file, or paste its cells."
        )
    sheet = read_sheet(data)
    with here.database.read() as database:
        shown = preview_in(database, here.profile, sheet, board)
    return _page(here, board, identity, preview=shown, sheet=as_csv(sheet))


def take_sheet(slug: str) -> ResponseReturnValue:
    """Take up the rows of a sheet that were shown: one act for each board."""
    identity, here, board = _asked(slug)
    data = request.form.get("sheet", "").encode("utf-8", "replace")
    sheet = read_sheet(data, MOST_BYTES_AGAIN)
    with here.database.write() as database:
        shown = preview_in(database, here.profile, sheet, board)
        take(
            shown,
            here.profile,
            lambda on, plan: act(database, here, on, identity, plan),
        )
    flash(
        f"{shown.count('new')} new, {shown.count('changed')} changed, "
        f"{shown.count('known')} as they were. The history takes it back."
    )
    return redirect(url_for("desk.plan", slug=slug), 303)


def planned_on(
    database: DatabaseSession, here: Site, board: Board
) -> tuple[DeskPlanned, ...]:
    """Return what was planned, or is held elsewhere, on a board's day."""
    held = held_by(corrections_of(database, board.slug))
    shown = []
    for now in cards_now(cards_of(database, board.slug), held):
        made = written_in(now, held)
        if made is None or not (made.planned or made.elsewhere):
            continue
        if is_hidden(now.held) or now.card.presence == "gone":
            continue
        listing = listing_of(now, held, board, here.profile.event.planned)
        state = "card" if is_seen(now, held) else listing or "scheduled"
        shown.append(DeskPlanned(now.card.id, _cells(now, held), state, made.planned))
    return tuple(sorted(shown, key=lambda one: (one.cells["time"], one.card)))


def _asked(slug: str) -> tuple[Identity, Site, Board]:
    """Return who sends a sheet, and for which board."""
    identity = require("facilitator")
    request.max_form_memory_size = MOST_BYTES_AGAIN
    check_csrf()
    here = site()
    return identity, here, chosen_board(here, slug)


def _check_known(written: WriteSession, held: Held, changed: str) -> None:
    """Check that a session that is changed is there, and none with a new one's title.

    Raises
    ------
    CorrectionError
        If there is.
    NotFoundError
        If it is not.
    """
    made = held.made.get(written.card)
    if changed and (made is None or made.kind != "written"):
        raise NotFoundError(f"session {changed} on this page")
    there = made is not None and not is_hidden(held.card(written.card))
    if there and not changed:
        raise CorrectionError(
            f"{quoted(written.texts.title)} is there already.",
            hint="Change that one, or give this one another title.",
        )


def _cells(now: CardNow, held: Held) -> dict[str, str]:
    """Return what the form of a session holds."""
    made = written_in(now, held)
    where = made.elsewhere if made else None
    return {
        **cells_of(now.cell, now.until, where),
        "title": now.text("title"),
        "host": now.text("host"),
        "description": now.text("description"),
        "handle": " ".join(now.card.fields.handles),
    }


def _page(
    here: Site,
    board: Board,
    identity: Identity,
    *,
    preview: Preview | None = None,
    sheet: str = "",
) -> ResponseReturnValue:
    with here.database.read() as database:
        desk = desk_now(database, here, board)
        planned = planned_on(database, here, board)
    return desk_page(
        "desk/plan.html",
        here,
        desk,
        identity,
        planned=planned,
        most=MOST_SHOWN,
        preview=preview,
        sheet=sheet,
        titles={one.slug: one.title for one in here.profile.boards},
    )
