"""What a person does at the desk: appended as a correction, and published with it."""

from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.publish.releases import publish
from server.roles import Identity
from server.schedule.corrections.change import Change
from server.schedule.corrections.correction import Correction
from server.site import Site
from server.store.corrections import append_correction
from server.views.desk.receipts import next_act


def act(
    database: DatabaseSession,
    here: Site,
    board: Board,
    identity: Identity,
    change: Change,
    *,
    arrives: bool = True,
) -> Correction:
    """Append what a person changed on a board, and publish what holds with it.

    What their browser sends again was done already, and is not done twice.

    Parameters
    ----------
    database : Session
        Of `Database.write`, in which what the change is about was read.
    here : Site
    board : Board
    identity : Identity
        Who did it.
    change : Change
    arrives : bool
        Whether it is all that was sent; else it may be sent again as it is.

    Raises
    ------
    CorrectionError
        If what was typed cannot be kept.
    """
    now = here.clock()
    made = append_correction(
        database,
        board.slug,
        change,
        author=identity.name,
        made_at=now,
        act=next_act() if arrives else None,
    )
    publish(database, here.profile, board.slug, cause="correction", at=now)
    return made
