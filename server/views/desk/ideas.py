"""Ideas at the desk: added, let through, changed, removed, linked to their sessions."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import check_csrf, require
from server.errors import CorrectionError
from server.schedule.corrections.held import Held
from server.schedule.corrections.idea import MAX_IDEA, SetIdea
from server.schedule.sessions import Schedule
from server.site import site
from server.views.choice import chosen_board
from server.views.desk.acts import act
from server.views.desk.board_now import board_now
from server.views.desk.conflicts import AS_IT_IS
from server.views.desk.idea_list import desk_ideas
from server.views.desk.page import desk_of
from server.views.desk.shown import desk_page


def add_desk_ideas(blueprint: Blueprint) -> None:
    """Add the addresses of ideas to those of the desk."""
    blueprint.add_url_rule("/desk/<slug>/ideas", "ideas", show)
    blueprint.add_url_rule("/desk/<slug>/ideas", "set_idea", change, methods=["POST"])


def show(slug: str) -> ResponseReturnValue:
    """Show a board's ideas: those to look at first, then as they were added."""
    identity = require("facilitator")
    here = site()
    board = chosen_board(here, slug)
    with here.database.read() as database:
        now = board_now(database, here, board, here.clock())
        schedule = now.outcome.schedule
        desk = desk_of(now, ())
        ideas = desk_ideas(database, schedule, now.held)
    return desk_page(
        "desk/ideas.html",
        here,
        desk,
        identity,
        ideas=sorted(ideas, key=lambda one: not one.asks),
        sessions=[one for one in schedule.every if one.title],
        most=MAX_IDEA,
    )


def change(slug: str) -> ResponseReturnValue:
    """Keep what a person did with an idea, and publish it.

    Raises
    ------
    CorrectionError
        If it cannot be kept, or the idea is not there.
    """
    identity = require("facilitator")
    check_csrf()
    here = site()
    board = chosen_board(here, slug)
    with here.database.write() as database:
        now = board_now(database, here, board, here.clock())
        new = _change(board.slug, now.held, now.outcome.schedule)
        act(database, here, board, identity, new)
    flash("Kept. The history takes it back.")
    return redirect(url_for("desk.ideas", slug=slug), 303)


def _change(board: str, held: Held, schedule: Schedule) -> SetIdea:
    """Return what the form says.

    Raises
    ------
    CorrectionError
        If its idea or its session is not there any more.
    """
    form = request.form
    verb, text = form.get("action", ""), " ".join(form.get("text", "").split())
    if verb == "add":
        new = SetIdea.new(board, text)
        known = held.ideas.get(new.idea)
        if known is not None and known.state == "listed":
            raise CorrectionError(
                "That idea is on the list already.", hint="Change that one."
            )
        return new
    name = form.get("idea", "")
    if name not in held.ideas:
        raise CorrectionError("There is no such idea any more.", hint=AS_IT_IS)
    match verb:
        case "list":
            return SetIdea(name, state="listed")
        case "remove":
            return SetIdea(name, state="removed")
        case "change":
            return SetIdea(name, text)
        case "link":
            session = form.get("session", "")
            if session and session not in {one.id for one in schedule.every}:
                raise CorrectionError("That session has gone.", hint=AS_IT_IS)
            return SetIdea(name, session=session)
        case _:
            raise CorrectionError("That is no way to change an idea.", hint=AS_IT_IS)
