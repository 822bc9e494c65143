"""What each photo of a board said about cells and missing cards."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from calibration.layout import CellId
from server.schedule.evidence import PhotoEvidence
from server.store.tables import ReadingRow
from vision.cards import BoardObservation


def evidence_of(
    session: Session, board: str, since: dt.datetime | None = None
) -> tuple[PhotoEvidence, ...]:
    """Return what each photo of a board said about cells and missing cards.

    Parameters
    ----------
    session : Session
    board : str
        Slug.
    since : datetime, optional
        Aware: only of photos taken then or later.
    """
    query = select(
        ReadingRow.photo_id,
        ReadingRow.at,
        ReadingRow.cells,
        ReadingRow.fates,
        # Of the document, which is large, no more than this.
        ReadingRow.document["registration"]["coverage"].as_float(),
    ).where(ReadingRow.board == board)
    if since is not None:
        query = query.where(ReadingRow.at >= since)
    return tuple(
        PhotoEvidence(
            photo_id,
            at,
            {CellId(room, slot): state for room, slot, state in cells},
            fates,
            coverage,
        )
        for photo_id, at, cells, fates, coverage in session.execute(query)
    )


def evidence_in(
    photo_id: str, at: dt.datetime, observation: BoardObservation
) -> PhotoEvidence:
    """Return what one observation says about cells and missing cards."""
    reading = observation.reading
    return PhotoEvidence(
        photo_id,
        at,
        {entry.cell: entry.state for entry in reading.cells},
        {missing.id: missing.fate for missing in observation.missing},
        reading.registration.coverage,
    )
