"""Which crops of cards are not for attendees."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.schedule.corrections.drawn_card import Draw
from server.schedule.corrections.held import HeldPhoto
from server.schedule.corrections.kinds import held_by
from server.schedule.corrections.split import Split
from server.schedule.hidden_crops import hides_crop, hides_cut_crop
from server.store.board_states import state_of
from server.store.corrections import (
    changes_that_cut,
    corrections_that_hide,
    held_photos,
)
from server.store.tables import CardRow, SightingRow


def is_hidden_crop(session: Session, sha256: str) -> bool:
    """Say whether a public blob shows hidden cards only, or what nobody made any more.

    Or only in photos that were taken back. False for board pictures, and for a crop of
    any card that is not hidden.

    Parameters
    ----------
    session : Session
    sha256 : str
        Of the blob.
    """
    query = (
        select(CardRow.board, SightingRow.card_id, SightingRow.photo_id)
        .join(CardRow, CardRow.id == SightingRow.card_id)
        .where(SightingRow.crop == sha256)
        .distinct()
    )
    seen = session.execute(query).all()
    cut = [
        (board, card_id)
        for board, change in changes_that_cut(session, sha256)
        if isinstance(change, Split | Draw)
        for card_id, crop in change.crops.items()
        if crop == sha256
    ]
    held = {
        board: held_by(corrections_that_hide(session, board))
        for board in {board for board, *_ in (*seen, *cut)}
    }
    photos = held_photos(session)
    hidden = [
        hides_crop(held[board], card_id, sha256)
        or photos.get(photo_id, HeldPhoto()).taken_back is not None
        for board, card_id, photo_id in seen
    ]
    hidden += [
        hides_cut_crop(held[board], card_id, sha256, state_of(session, board).cards)
        for board, card_id in cut
    ]
    return bool(hidden) and all(hidden)
