"""What each photo of a board said about cells and missing cards."""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from calibration.layout import CellId
from server.schedule.corrections.held import HeldPhoto
from server.schedule.evidence import PhotoEvidence
from server.store.corrections import held_photos
from server.store.photos import CAME_AT, photo
from server.store.profiles import names_of
from server.store.tables import PhotoRow, ReadingRow
from vision.cards import BoardObservation


def evidence_of(
    session: Session, board: str, since: dt.datetime | None = None
) -> tuple[PhotoEvidence, ...]:
    """Return what each photo of a board said about cells and missing cards.

    As of the moments that people gave them, without those that were taken back; in
    the names that rooms and slots have now.

    Parameters
    ----------
    session : Session
    board : str
        Slug.
    since : datetime, optional
        Aware: only of photos taken then or later.
    """
    held = held_photos(session, board)
    query = (
        select(
            ReadingRow.photo_id,
            ReadingRow.at,
            CAME_AT,
            ReadingRow.cells,
            ReadingRow.fates,
            # Of the document, which is large, no more than this.
            ReadingRow.document["registration"]["coverage"].as_float(),
            ReadingRow.profile_version,
        )
        .join(PhotoRow, PhotoRow.id == ReadingRow.photo_id)
        .where(ReadingRow.board == board)
    )
    if since is not None:
        query = query.where(or_(ReadingRow.at >= since, ReadingRow.photo_id.in_(held)))
    evidence = []
    names = names_of(session, board)
    for photo_id, at, came_at, cells, fates, coverage, version in session.execute(
        query
    ):
        now = names.since(version or 0)
        said = held.get(photo_id, HeldPhoto())
        moment = said.moment(at)
        if said.taken_back is None and (since is None or moment >= since):
            evidence.append(
                PhotoEvidence(
                    photo_id,
                    moment,
                    {now.cell(CellId(*cell)): state for *cell, state in cells},
                    fates,
                    coverage,
                    None if said.time else came_at,
                )
            )
    return tuple(evidence)


def evidence_in(
    session: Session, photo_id: str, at: dt.datetime, observation: BoardObservation
) -> PhotoEvidence:
    """Return what one observation says about cells and missing cards."""
    reading = observation.reading
    record = photo(session, photo_id)
    return PhotoEvidence(
        photo_id,
        at,
        {entry.cell: entry.state for entry in reading.cells},
        {missing.id: missing.fate for missing in observation.missing},
        reading.registration.coverage,
        None if record.dated else record.received_at,
    )
