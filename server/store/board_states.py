"""What the photos of each board so far come to, kept so that nobody folds it anew.

Written in the transaction of what changes it: who reads it sees all that is
committed, in whichever process. It is a cache: a row that other rules made, or none,
is folded anew from everything that is stored.
"""

import hashlib
import inspect
from collections.abc import Sequence
from functools import lru_cache

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.schedule import board_state, evidence, showings
from server.schedule.board_state import BoardState, CardInPhoto, CardState
from server.schedule.evidence import (
    ROUND,
    PhotoEvidence,
    Words,
    absence_of,
    cells_from,
    order_of,
)
from server.schedule.showings import Showing, source_of, telling
from server.store.evidence import evidence_of
from server.store.sightings import (
    CardAndPhoto,
    cards_in_photos,
    first_seen,
    further_of,
    showing_in,
    showings_of,
)
from server.store.tables import BoardStateRow, ReadingRow
from server.store.values import VERSION
from vision.reading import CardReading
from vision.registration.frame import WHOLE_COVERAGE

PARSED_AT_ONCE = 8
"""States kept parsed, half a megabyte each: the newest of each of several boards."""

_STATE = TypeAdapter(BoardState)


def _rules() -> str:
    """Return what a state depends on besides what is stored: how it is folded."""
    parts = [VERSION, str(WHOLE_COVERAGE)]
    parts += map(inspect.getsource, (board_state, evidence, showings))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


RULES = _rules()


def state_of(session: Session, board: str) -> BoardState:
    """Return what the photos of a board so far come to.

    Parameters
    ----------
    session : Session
    board : str
        Slug.
    """
    row = session.get(BoardStateRow, board)
    return _current(row) or folded_anew(session, board)


def hold_board(session: Session, board: str) -> None:
    """Let nobody else publish a board before this transaction ends.

    SQLite has one writer at a time anyway. On PostgreSQL two that publish at the
    same moment would not see each other's changes.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    board : str
        Slug.
    """
    session.execute(
        select(BoardStateRow.rules)
        .where(BoardStateRow.board == board)
        .with_for_update()
    )


def take_in_photo(
    session: Session, board: str, entry: PhotoEvidence, seen: Sequence[CardInPhoto]
) -> None:
    """Take a photo that was just added into its board's state.

    Parameters
    ----------
    session : Session
        Of `Database.write`; what the photo says is flushed.
    board : str
        Slug.
    entry : PhotoEvidence
    seen : sequence of CardInPhoto
        The cards that it shows.
    """
    row = _row_to_change(session, board)
    state = _current(row)
    if state is None or not state.takes(entry):
        # It came late: what it says holds only as far as no newer one says more.
        _keep(row, folded_anew(session, board))
        return
    whole = entry.coverage >= WHOLE_COVERAGE
    before = () if whole else _round_before(session, board, entry)
    _keep(row, state.after(entry, seen, before))


def take_in_look(
    session: Session, board: str, card_and_photo: CardAndPhoto, reading: CardReading
) -> None:
    """Take a further reading that was just added into its board's state.

    Parameters
    ----------
    session : Session
        Of `Database.write`; the further reading is flushed.
    board : str
        Slug.
    card_and_photo : CardAndPhoto
        What was looked at.
    reading : CardReading
    """
    row = _row_to_change(session, board)
    state = _current(row)
    if state is None:
        _keep(row, folded_anew(session, board))
        return
    card_id, photo_id = card_and_photo
    showing = showing_in(session, card_id, photo_id)
    card = state.cards[card_id].read_further(showing, Words.of(reading))
    _keep(row, state.with_card(card))


def outdated_boards(session: Session) -> tuple[str, ...]:
    """Return the slugs of the boards whose states other rules made, or nobody yet."""
    query = (
        select(ReadingRow.board)
        .outerjoin(BoardStateRow, BoardStateRow.board == ReadingRow.board)
        .where(BoardStateRow.rules.is_distinct_from(RULES))
        .distinct()
        .order_by(ReadingRow.board)
    )
    return tuple(session.scalars(query))


def renew_state(session: Session, board: str) -> None:
    """Fold a board's state anew, from everything that is stored.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    board : str
        Slug.
    """
    _keep(_row_to_change(session, board), folded_anew(session, board))


def folded_anew(session: Session, board: str) -> BoardState:
    """Return what the photos of a board so far come to, from all that they said."""
    photos = evidence_of(session, board)
    shown = {
        card_id: telling(entries)
        for card_id, entries in showings_of(session, board).items()
    }
    newest = {card_id: entries[-1] for card_id, entries in shown.items()}
    sources = {card_id: source_of(entries) for card_id, entries in shown.items()}
    rows = cards_in_photos(session, {*_pairs(newest), *_pairs(sources)})
    better = further_of(session, _pairs(sources))
    first_seen_at = first_seen(session, board)
    cards = {}
    for (card_id, newest_photo), (_, source_photo) in zip(
        _pairs(newest), _pairs(sources), strict=True
    ):
        sighting = rows[card_id, newest_photo].sighting
        further = better.get((card_id, source_photo))
        cards[card_id] = CardState(
            newest=sighting,
            showings=shown[card_id],
            words=Words.of(further) if further else rows[card_id, source_photo].words,
            first_seen_at=first_seen_at[card_id],
            absence=absence_of(sighting, photos),
        )
    return BoardState(
        newest=max(map(order_of, photos), default=None),
        cells=cells_from(photos),
        cards=cards,
    )


def _pairs(showings_by_card: dict[str, Showing]) -> list[CardAndPhoto]:
    return [(card_id, entry.photo) for card_id, entry in showings_by_card.items()]


def _round_before(
    session: Session, board: str, entry: PhotoEvidence
) -> tuple[PhotoEvidence, ...]:
    """Return the evidence of the photos taken shortly before another one."""
    recent = evidence_of(session, board, since=entry.at - ROUND)
    return tuple(one for one in recent if order_of(one) < order_of(entry))


def _row_to_change(session: Session, board: str) -> BoardStateRow:
    """Return a board's row, locked; a new one if there is none."""
    row = session.get(
        BoardStateRow, board, with_for_update=True, populate_existing=True
    )
    if row is None:
        row = BoardStateRow(board=board, rules="", document="")
        session.add(row)
    return row


def _current(row: BoardStateRow | None) -> BoardState | None:
    """Return the state in a row; None if these rules did not make it."""
    if row is None or row.rules != RULES:
        return None
    return _parsed(row.document)


@lru_cache(maxsize=PARSED_AT_ONCE)
def _parsed(document: str) -> BoardState:
    """Return the state of a document: always the same, so it is parsed once."""
    return _STATE.validate_json(document)


def _keep(row: BoardStateRow, state: BoardState) -> None:
    row.rules, row.document = RULES, _STATE.dump_json(state).decode()
