"""The attendees' pages: a board, and one session with its card."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from server.languages.current import gettext as _
from server.publish.addresses import picture_path
from server.site import site
from server.store.corrections import check_was_there
from server.views.board_page import board_page
from server.views.choice import published_session, published_together
from server.views.crowd.ideas import shown_ideas
from server.views.crowd.people import all_people
from server.views.event_texts import (
    event_text,
    facts_in_words,
    free_in_words,
    people_in_words,
    place,
    the_event,
)
from server.views.links import web_href, without_scheme
from server.views.moment import clock_text
from server.views.responses import revalidated

HTML = "text/html; charset=utf-8"

MOST_LISTED = 200
"""Planned sessions on a page, and those elsewhere; the formats have all."""


def board_blueprint(short_path: str) -> Blueprint:
    """Return the attendees' pages under an event's short path.

    Parameters
    ----------
    short_path : str
        ``os`` puts the board at ``/os``.
    """
    blueprint = Blueprint("board", __name__)
    blueprint.add_app_template_filter(picture_path)
    blueprint.add_app_template_filter(picture_href)
    blueprint.add_app_template_filter(web_href)
    blueprint.add_app_template_filter(without_scheme)
    blueprint.add_app_template_filter(event_text)
    blueprint.add_app_template_filter(place)
    blueprint.add_app_template_filter(facts_in_words)
    blueprint.add_app_template_filter(free_in_words)
    blueprint.add_app_template_filter(people_in_words)
    blueprint.add_app_template_global(the_event)
    blueprint.add_app_template_filter(clock_text, "clock")
    home = f"/{short_path}"
    for rule, name, view in (
        ("/", "home", show_home),
        (home, "newest", show_newest),
        (f"{home}/<slug>", "board", show_board),
        (f"{home}/s/<session_id>", "session", show_session),
    ):
        blueprint.add_url_rule(rule, name, view)
    return blueprint


def picture_href(sha256: str, content_type: str = "image/jpeg") -> str:
    """Return a picture's path as a page of this site links to it."""
    return f"{request.script_root}{picture_path(sha256, content_type)}"


def show_home() -> BaseResponse:
    """Send people to the board."""
    return redirect(url_for("board.newest"))


def show_newest() -> Response:
    """Show the boards of the day that matters now."""
    return _board_response(None)


def show_board(slug: str) -> Response:
    """Show one board, or those of a day: ``/os/2024-05-17``."""
    return _board_response(slug)


def show_session(session_id: str) -> BaseResponse:
    """Show one session with its card; 410 once it left the board."""
    here = site()
    with here.database.read() as database:
        found = published_session(database, here, session_id)
        if found is None:
            check_was_there(database, session_id)
            return _gone()
    board, session = found
    if session.id != session_id:  # its card belongs to it now
        return redirect(url_for("board.session", session_id=session.id), 307)
    body = render_template(
        "board/session.html",
        event=here.profile.event,
        board=board,
        session=session,
        root=here.settings.public_url,
    )
    return revalidated(body, HTML)


def _board_response(slug: str | None) -> Response:
    here, releases = published_together(slug)
    with here.database.read() as database:
        ideas = [
            (board, shown)
            for board, release in releases
            if release and (shown := shown_ideas(database, release.schedule))
        ]
        people = bool(all_people(database, here))
    version_from = (
        url_for("feeds.newest_version")
        if slug is None
        else url_for("feeds.version", slug=slug)
    )
    body = render_template(
        "board/board.html",
        page=board_page(here.profile, here.profile_version, releases, here.clock()),
        ideas=ideas,
        people=people,
        most=MOST_LISTED,
        root=here.settings.public_url,
        version_path=version_from,
    )
    return revalidated(body, HTML)


def _gone() -> Response:
    """Say that a session is over without telling what it was.

    A facilitator may have hidden it for what it says.
    """
    body = render_template(
        "errors/error.html",
        message=_("This session is no longer on the board."),
        hint=_(
            "Its card was taken down or moved to another board. The board shows what "
            "is on now."
        ),
        status=410,
    )
    return Response(body, 410, content_type=HTML)
