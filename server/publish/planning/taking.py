"""A sheet's planned sessions are taken up: one act for each board that it changes."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from calibration.profile import Board, Profile
from server.publish.planning.preview import Preview, preview_of, written_before
from server.publish.planning.sheet import Sheet
from server.schedule.corrections.plan import Plan
from server.store.corrections import corrections_of
from server.store.profiles import names_of


def preview_in(
    session: Session, profile: Profile, sheet: Sheet, default: Board | None
) -> Preview:
    """Return what a sheet would change of what is stored.

    Parameters
    ----------
    session : Session
    profile : Profile
    sheet : Sheet
    default : Board or None
        Of rows that say no day.
    """
    known = {
        card: one
        for board in profile.boards
        for card, one in written_before(corrections_of(session, board.slug)).items()
    }
    formerly = {
        board.slug: names_of(session, board.slug).formerly for board in profile.boards
    }
    return preview_of(sheet, profile.boards, known, default, formerly)


def take(
    preview: Preview, profile: Profile, act: Callable[[Board, Plan], object]
) -> None:
    """Have each board's part of a sheet done by `act`, in the order of the boards."""
    plans = preview.plans
    for board in profile.boards:
        if board.slug in plans:
            act(board, plans[board.slug])
