"""What programs fetch: picture, schedule, calendar, version."""

from functools import partial

from flask import Blueprint, Response, render_template

from server.errors import NotFoundError
from server.publish.drawn import drawn_board, drawn_card
from server.publish.history import SessionHistory
from server.publish.ics import render_calendar
from server.publish.schedule_csv import render_csv
from server.publish.schedule_json import render_schedule_json
from server.site import Site, site
from server.store.people import cover_of, people_on
from server.store.releases import latest_number
from server.store.values import schedule_of
from server.views.choice import chosen_boards, published, published_session
from server.views.crowd.ideas import shown_ideas
from server.views.moment import page_version, pages_version
from server.views.pictures import covered
from server.views.remembered import RememberedHistories
from server.views.responses import (
    REVALIDATE,
    conditional,
    for_everyone,
    picture,
    preflighted,
    revalidated,
)

CALENDAR = "text/calendar; charset=utf-8"
CSV = "text/csv; charset=utf-8"


def feeds_blueprint(short_path: str) -> Blueprint:
    """Return the machine formats under an event's short path.

    Each stands at ``/os.<suffix>`` for the board that matters now and at
    ``/os/<slug>.<suffix>`` for a given one; ``/os.ics`` and ``/os.csv`` are the whole
    event, ``/os/2024-05-17.ics`` and ``.csv`` all boards of a day.

    Parameters
    ----------
    short_path : str
        ``os`` puts the picture at ``/os.jpg``.
    """
    blueprint = Blueprint("feeds", __name__)
    blueprint.after_request(preflighted)
    remembered = RememberedHistories()
    home = f"/{short_path}"
    for suffix, view in (
        ("jpg", show_picture),
        ("json", show_json),
        ("csv", show_csv),
        ("version", show_version),
        ("ics", partial(show_calendar, remembered)),
    ):
        blueprint.add_url_rule(
            f"{home}.{suffix}", f"newest_{suffix}", view, defaults={"slug": None}
        )
        blueprint.add_url_rule(f"{home}/<slug>.{suffix}", suffix, view)
    blueprint.add_url_rule(f"{home}/s/<session_id>.svg", "session_svg", show_card)
    blueprint.add_url_rule(
        f"{home}/s/<session_id>.ics",
        "session_ics",
        partial(show_session_calendar, remembered),
    )
    return blueprint


def show_picture(slug: str | None) -> Response:
    """Send the newest straight picture of a board.

    Of a board without a wall it is drawn.

    Raises
    ------
    NotFoundError
        If there is no such board, or no photo of it yet.
    """
    here, board, release = published(slug)
    if board.online:
        drawn = drawn_board(board, schedule_of(release, board, here.profile.event))
        return for_everyone(revalidated(drawn, "image/jpeg"))
    if release is None or release.picture is None:
        raise NotFoundError(f"photo of the board {board.title} yet")
    full = release.picture.full
    with here.database.read() as database:
        cover = cover_of(database, full.sha256, here.profile.boards)
    if cover is not None:
        return for_everyone(covered(here, full.sha256, full.content_type, cover))
    response = picture(here.blobs, full.sha256, full.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    return for_everyone(conditional(response))


def show_card(session_id: str) -> Response:
    """Send a card as it would hang on a wall, drawn: of a session that has none.

    Raises
    ------
    NotFoundError
        If no such session is published now, or its card hangs on a wall.
    """
    here = site()
    with here.database.read() as database:
        found = published_session(database, here, session_id)
    if found is None or found[1].id != session_id or not found[1].online:
        raise NotFoundError(f"session {session_id}")
    body = render_template("board/card.svg", card=drawn_card(found[1]))
    return for_everyone(revalidated(body, "image/svg+xml; charset=utf-8"))


def show_json(slug: str | None) -> Response:
    """Send the schedule of a board as JSON."""
    here, board, release = published(slug)
    with here.database.read() as database:
        ideas = shown_ideas(database, release.schedule) if release else ()
        share = here.profile.event.share_people
        people = people_on(database, board) if share else ()
    document = render_schedule_json(
        here.profile.event,
        board,
        release,
        root=here.settings.public_url,
        people=people,
        interested={one.idea.id: one.interested for one in ideas},
    )
    return for_everyone(revalidated(document, "application/json"))


def show_csv(slug: str | None) -> Response:
    """Send the schedule of a board, of a day or of the whole event, as CSV."""
    here = site()
    boards = here.profile.boards if slug is None else chosen_boards(here, slug)
    sessions = [
        (board, session)
        for board in boards
        if (release := published(board.slug)[2])
        for session in release.schedule.every
    ]
    root = here.settings.public_url
    data = render_csv(here.profile.event, sessions, root=root)
    return for_everyone(revalidated(data, CSV))


def show_version(slug: str | None) -> Response:
    """Send the word that changes when a page of boards has something new."""
    here = site()
    now, timezone = here.clock(), here.profile.event.timezone
    with here.database.read() as database:
        versions = [
            page_version(
                board,
                latest_number(database, board.slug),
                here.profile_version,
                now,
                timezone,
            )
            for board in chosen_boards(here, slug)
        ]
    word = pages_version(versions)
    return for_everyone(revalidated(word, "text/plain; charset=utf-8"))


def show_calendar(remembered: RememberedHistories, slug: str | None) -> Response:
    """Send the calendar of a board, of a day or of the whole event."""
    here = site()
    boards = here.profile.boards if slug is None else chosen_boards(here, slug)
    name = boards[0].date if len(boards) > 1 else boards[0].title
    title = "Open Spaces" if slug is None else f"Open Spaces, {name}"
    entries = [entry for board in boards for entry in remembered.of(here, board.slug)]
    return _calendar_response(here, title, entries)


def show_session_calendar(remembered: RememberedHistories, session_id: str) -> Response:
    """Send one session as a calendar, cancelled if it is gone.

    Raises
    ------
    NotFoundError
        If it never was published.
    """
    here = site()
    for board in here.profile.boards:
        for entry in remembered.of(here, board.slug):
            if entry.session.id == session_id:
                return _calendar_response(here, "Open Spaces", [entry])
    raise NotFoundError(f"session {session_id}")


def _calendar_response(
    here: Site, title: str, entries: list[SessionHistory]
) -> Response:
    event = here.profile.event
    data = render_calendar(
        event,
        title,
        entries,
        address=f"{here.settings.public_url}/{event.short_path}",
        root=here.settings.public_url,
        boards=here.profile.boards,
    )
    return for_everyone(revalidated(data, CALENDAR))
