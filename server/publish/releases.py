"""Publishing: what holds now becomes the next release of a board."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from calibration.profile import Profile
from server.schedule.cards import Card
from server.schedule.corrections.correction import Correction
from server.schedule.sessions import Outcome, Schedule, outcome_of
from server.store.board_states import hold_board, renew_if_outdated
from server.store.cards import cards_of, cells_of
from server.store.corrections import corrections_of
from server.store.photos import look_again
from server.store.pictures import newest_picture
from server.store.profiles import check_newest
from server.store.releases import append_end, append_release, latest_release
from server.store.values import Cause, Release


def publish(
    session: Session, profile: Profile, slug: str, *, cause: Cause, at: dt.datetime
) -> Release | None:
    """Publish what holds now for a board, if that is anything new.

    The picture is that of the photo taken last, set into the ones before it if
    it shows a part only; the schedule is folded from everything that is stored.
    Both become public with the transaction's commit, or neither does.

    Parameters
    ----------
    session : Session
        Of `Database.write`, with the change that is the cause.
    profile : Profile
    slug : str
        Of a board of the profile.
    cause : Cause
    at : datetime
        Aware time that it is now.

    Returns
    -------
    Release or None
        The newest release: this one, or the one before if nothing changed.
        None as long as there is neither a straightened photo of the board nor a
        session or an idea that somebody typed: then nothing is published of it any
        more. A board that is online needs neither.

    Raises
    ------
    ProfileChangedError
        If the profile is not the one that holds: nothing shows other rooms than
        it, so the caller's transaction is not to be committed.
    ValueError
        If the profile has no such board.
    """
    hold_board(session, slug)
    check_newest(session, profile)
    changed = renew_if_outdated(session, slug)
    schedule = current_schedule(session, profile, slug)
    board = profile.board(slug)
    picture = newest_picture(session, board)
    typed = schedule.ideas or any(one.by_hand for one in schedule.every)
    if picture is None and not (board.online or typed):
        append_end(session, slug, created_at=at, cause=cause)
        return None
    if changed and picture:
        # Its picture is set together anew, its cards are looked at again.
        look_again(session, picture.photo_id)
    latest = latest_release(session, slug)
    if (
        latest
        and (latest.photo_id, latest.picture)
        == (picture and picture.photo_id, picture and picture.picture)
        and latest.schedule == schedule
    ):
        return latest
    return append_release(
        session,
        board=slug,
        created_at=at,
        cause=cause,
        picture=picture,
        schedule=schedule,
    )


def current_schedule(session: Session, profile: Profile, slug: str) -> Schedule:
    """Return what the store says about a board now, published or not.

    Raises
    ------
    ValueError
        If the profile has no such board.
    """
    cards, corrections = cards_of(session, slug), corrections_of(session, slug)
    return current_outcome(session, profile, slug, cards, corrections).schedule


def current_outcome(
    session: Session,
    profile: Profile,
    slug: str,
    cards: Sequence[Card],
    corrections: Sequence[Correction],
) -> Outcome:
    """Return what all cards and corrections of a board come to now.

    Raises
    ------
    ValueError
        If the profile has no such board.
    """
    board, timezone = profile.board(slug), profile.event.timezone
    return outcome_of(
        cards,
        corrections,
        board,
        timezone,
        cells_of(session, slug),
        planned=profile.event.planned,
    )
