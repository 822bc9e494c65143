"""Votes of attendees: which of several sessions in one place is held."""

from http import HTTPStatus

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from calibration.profile import Board
from server.languages.current import gettext as _
from server.rates import BALLOTS
from server.site import Site, site
from server.store.ballots import add_ballot, counts_of, has_said, vote_question
from server.store.releases import latest_release
from server.views.choice import chosen_board
from server.views.crowd.device import check_sender, device, given_cookie, no_cookie


def add_votes(blueprint: Blueprint, home: str) -> None:
    """Add the addresses of votes under the event's short path."""
    add = blueprint.add_url_rule
    add(f"{home}/<slug>/votes", "votes", show)
    add(f"{home}/<slug>/votes/<int:number>", "vote", vote, methods=["POST"])


def show(slug: str) -> ResponseReturnValue:
    """Show a board's votes, and what became of what this device sent."""
    here = site()
    return _page(here, chosen_board(here, slug))


def vote(slug: str, number: int) -> ResponseReturnValue:
    """Count the vote of a device, once, as long as the vote goes on."""
    here = site()
    board = chosen_board(here, slug)
    check_sender(BALLOTS)
    name = device()
    if name is None:
        return given_cookie() or _to("no-cookie", slug)
    with here.database.write() as database:
        # In here, so that none comes after it was ended.
        release = latest_release(database, board.slug)
        votes = release.schedule.votes if release else ()
        one = next((one for one in votes if one.id == number), None)
        now = here.clock()
        if one is None or one.ended or one.ends_at <= now:
            return _to("over", slug)
        choice = request.form.get("choice", "")
        if choice not in {option.session for option in one.options}:
            return _to("none", slug)
        new = add_ballot(database, vote_question(number), name, choice, now)
    return _to("voted" if new else "again", slug)


def _to(said: str, slug: str) -> ResponseReturnValue:
    return redirect(url_for("crowd.votes", slug=slug, said=said), HTTPStatus.SEE_OTHER)


def _told(said: str) -> str:
    return {
        "voted": _("Your vote is counted."),
        "again": _("This device has voted before: its first vote counts."),
        "over": _("This vote is over."),
        "none": _("Not counted: choose one of the sessions."),
        "no-cookie": no_cookie(),
    }.get(said, "")


def _page(here: Site, board: Board) -> ResponseReturnValue:
    name = device()
    with here.database.read() as database:
        release = latest_release(database, board.slug)
        votes = release.schedule.votes if release else ()
        questions = {one.id: vote_question(one.id) for one in votes}
        counts = counts_of(database, list(questions.values())) if votes else {}
        voted = {
            number
            for number, question in questions.items()
            if name is not None and has_said(database, question, name)
        }
    body = render_template(
        "crowd/votes.html",
        event=here.profile.event,
        board=board,
        votes=votes,
        ballots={
            number: counts[question].total() for number, question in questions.items()
        },
        voted=voted,
        now=here.clock(),
        told=_told(request.args.get("said", "")),
    )
    response = Response(body, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
