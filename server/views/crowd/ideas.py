"""The page of ideas: anybody reads it, says "I'd come", and adds to it where they may."""

from dataclasses import dataclass, replace
from http import HTTPStatus

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as DatabaseSession

from calibration.errors import BoardcastError
from calibration.profile import Board
from server.errors import CorrectionError, NotFoundError, ServerError, outcome_of
from server.languages.current import gettext as _
from server.publish.releases import publish
from server.rates import BALLOTS, IDEAS
from server.schedule.corrections.idea import MAX_IDEA, MAX_IDEAS, SetIdea
from server.schedule.corrections.kinds import held_by
from server.schedule.ideas import Idea
from server.schedule.sessions import Schedule, Session
from server.site import Site, site
from server.store.ballots import add_ballot, counts_of, has_said, idea_question
from server.store.corrections import append_correction, corrections_of
from server.store.releases import latest_release
from server.views.choice import chosen_board
from server.views.crowd.device import check_sender, device, given_cookie, no_cookie

ATTENDEE = "an attendee"
"""Whom the history names for what somebody did without an account."""

TRAP = "website"
"""A field that no person sees: what fills it in is a script."""


@dataclass(frozen=True, slots=True)
class ShownIdea:
    """An idea as the public pages show it.

    Parameters
    ----------
    idea : Idea
    session : Session or None
        That takes it up, if it is published.
    interested : int
        Devices that said "I'd come".
    said : bool
        Whether this one did.
    """

    idea: Idea
    session: Session | None
    interested: int
    said: bool = False


def add_ideas(blueprint: Blueprint, home: str) -> None:
    """Add the addresses of ideas under the event's short path."""
    add = blueprint.add_url_rule
    add(f"{home}/<slug>/ideas", "ideas", show)
    add(f"{home}/<slug>/ideas", "add_idea", add_idea, methods=["POST"])
    add(f"{home}/<slug>/ideas/<idea>", "come", come, methods=["POST"])


def show(slug: str) -> ResponseReturnValue:
    """Show a board's ideas; none of its page is kept, for each device sees its own."""
    here = site()
    return _page(here, chosen_board(here, slug))


def add_idea(slug: str) -> ResponseReturnValue:
    """Add an idea; refused, what was typed stands in its field still.

    Raises
    ------
    NotFoundError
        If only facilitators add ideas.
    """
    here = site()
    board = chosen_board(here, slug)
    mode = here.profile.event.ideas
    if not mode:
        raise NotFoundError("list of ideas that anybody adds to")
    text = request.form.get("text", "")
    if request.form.get(TRAP):
        return _to("added" if mode == "open" else "waits", slug)
    try:
        check_sender(IDEAS)
        new = SetIdea.new(board.slug, text)
        if mode == "moderated":
            new = replace(new, state="waiting")
        said = _add(here, board, new)
    except BoardcastError as error:
        return _page(here, board, text=text, refused=error)
    return _to(said, slug)


def come(slug: str, idea: str) -> ResponseReturnValue:
    """Count that a device would come to an idea, once.

    Raises
    ------
    NotFoundError
        If there is no such idea.
    """
    here = site()
    board = chosen_board(here, slug)
    check_sender(BALLOTS)
    name = device()
    if name is None:
        return given_cookie() or _to("no-cookie", slug)
    with here.database.write() as database:
        known = held_by(corrections_of(database, board.slug)).ideas.get(idea)
        if known is None or known.state != "listed":
            raise NotFoundError("such idea any more")
        new = add_ballot(database, idea_question(idea), name, "", here.clock())
    return _to("counted" if new else "again", slug)


def shown_ideas(
    database: DatabaseSession, schedule: Schedule, name: str | None = None
) -> tuple[ShownIdea, ...]:
    """Return ideas with their counts: the most wanted that nobody hosts first.

    Parameters
    ----------
    database : Session
    schedule : Schedule
    name : str, optional
        The device that asks.
    """
    questions = [idea_question(one.id) for one in schedule.ideas]
    counts = counts_of(database, questions) if questions else {}
    sessions = {one.id: one for one in schedule.every if not one.cancelled}
    shown = [
        ShownIdea(
            idea,
            sessions.get(idea.session),
            counts[question][""],
            name is not None and has_said(database, question, name),
        )
        for idea, question in zip(schedule.ideas, questions, strict=True)
    ]
    return tuple(sorted(shown, key=lambda one: (bool(one.session), -one.interested)))


def _add(here: Site, board: Board, change: SetIdea) -> str:
    """Add an idea if it is new; return what to tell of it.

    Raises
    ------
    CorrectionError
        If it cannot be kept.
    """
    _check(change)
    with here.database.write() as database:
        ideas = held_by(corrections_of(database, board.slug)).ideas
        known = ideas.get(change.idea)
        if known is not None:
            return "known" if known.state == "listed" else "waits"
        if sum(one.state != "removed" for one in ideas.values()) >= MAX_IDEAS:
            raise CorrectionError(
                _("The list of ideas is full."),
                hint=_("Tell whoever looks after the board."),
            )
        now = here.clock()
        append_correction(database, board.slug, change, author=ATTENDEE, made_at=now)
        publish(database, here.profile, board.slug, cause="correction", at=now)
    return "added" if change.state == "listed" else "waits"


def _check(change: SetIdea) -> None:
    """Check an idea, and say in the language of the request what is wrong with it."""
    count = len(change.text or "")
    if count > MAX_IDEA:
        raise CorrectionError(
            _(
                "The idea has %(count)s characters; at most %(most)s are kept.",
                count=count,
                most=MAX_IDEA,
            ),
            hint=_("Shorten it and send it again."),
        )
    try:
        change.check()
    except CorrectionError as error:
        raise CorrectionError(
            _("This cannot be kept as an idea."),
            hint=_("Say in a sentence what it is about."),
        ) from error


def _to(said: str, slug: str) -> ResponseReturnValue:
    return redirect(url_for("crowd.ideas", slug=slug, said=said), HTTPStatus.SEE_OTHER)


def _told(said: str) -> str:
    """Return in words what became of what was sent."""
    return {
        "added": _("Your idea is on the list."),
        "waits": _("Thank you. Whoever looks after the board reads it first."),
        "known": _("That idea is on the list already. Say that you would come."),
        "counted": _("You are counted."),
        "again": _("You were counted before: each device counts once."),
        "no-cookie": no_cookie(),
    }.get(said, "")


def _page(
    here: Site, board: Board, *, text: str = "", refused: BoardcastError | None = None
) -> ResponseReturnValue:
    with here.database.read() as database:
        release = latest_release(database, board.slug)
        schedule = release.schedule if release else Schedule(board.slug, (), ())
        ideas = shown_ideas(database, schedule, device())
    body = render_template(
        "crowd/ideas.html",
        event=here.profile.event,
        board=board,
        ideas=ideas,
        text=text,
        refused=refused,
        told=_told(request.args.get("said", "")),
        most=MAX_IDEA,
        trap=TRAP,
    )
    status = HTTPStatus.OK if refused is None else outcome_of(refused).status
    response = Response(body, status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    if isinstance(refused, ServerError) and refused.retry_after_s is not None:
        response.retry_after = refused.retry_after_s
    return response
