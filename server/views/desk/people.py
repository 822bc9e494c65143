"""People at the desk: typed, removed, and those who asked to be removed."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.auth import check_csrf, require
from server.errors import CorrectionError
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.kinds import held_by
from server.schedule.corrections.person import WritePerson
from server.site import site
from server.store.corrections import corrections_of
from server.store.people import people_on, removed_on
from server.views.choice import chosen_board
from server.views.crowd.ideas import ATTENDEE
from server.views.desk.acts import act
from server.views.desk.conflicts import AS_IT_IS
from server.views.desk.shown import desk_now, desk_page


def add_desk_people(blueprint: Blueprint) -> None:
    """Add the addresses of people to those of the desk."""
    blueprint.add_url_rule("/desk/<slug>/people", "people", show)
    blueprint.add_url_rule(
        "/desk/<slug>/people", "set_person", change, methods=["POST"]
    )


def show(slug: str) -> ResponseReturnValue:
    """Show a board's people, and those who asked to be removed."""
    identity = require("facilitator")
    here = site()
    board = chosen_board(here, slug)
    with here.database.read() as database:
        desk = desk_now(database, here, board)
        people = people_on(database, board)
        asked = removed_on(database, board, ATTENDEE)
    return desk_page(
        "desk/people.html", here, desk, identity, people=people, asked=asked
    )


def change(slug: str) -> ResponseReturnValue:
    """Keep what was typed or pressed.

    Raises
    ------
    CorrectionError
        If it cannot be kept, or the person is not there.
    """
    identity = require("facilitator")
    check_csrf()
    here = site()
    board = chosen_board(here, slug)
    with here.database.write() as database:
        act(database, here, board, identity, _change(database, board))
    flash("Kept. The history takes it back.")
    return redirect(url_for("desk.people", slug=slug), 303)


def _change(database: DatabaseSession, board: Board) -> Edit | WritePerson:
    """Return what the form says.

    Raises
    ------
    CorrectionError
        If the person is not there, or one of that name is.
    """
    form = request.form
    verb, card = form.get("action", ""), form.get("card", "")
    if verb == "add":
        name = " ".join(form.get("name", "").split())
        handles = tuple(form.get("handle", "").split())
        interests = form.get("interests", "").replace("\r\n", "\n").strip()
        new = WritePerson.of(board.slug, name, interests, handles)
        if new.card in {one.id for one in people_on(database, board)}:
            raise CorrectionError(
                "A person of that name is there already.",
                hint="Give this one another name.",
            )
        return new
    there = {one.id for one in people_on(database, board)}
    gone = {one.card.id for one in removed_on(database, board, ATTENDEE)}
    held = held_by(corrections_of(database, board.slug))
    card = held.first_of(card)
    match verb:
        case "remove" if card in there | gone:
            return Edit(card, hidden=True)
        case "back" if card in gone:
            return Edit(card, hidden=False)
        case _:
            raise CorrectionError("That person is not there any more.", hint=AS_IT_IS)
