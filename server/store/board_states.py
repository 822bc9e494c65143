"""What the photos of each board so far come to, kept so that nobody folds it anew.

Written in the transaction of what changes it: who reads it sees all that is
committed, in whichever process. It is a cache: a row that other rules made, or none,
is folded anew from everything that is stored.
"""

import hashlib
import inspect
from collections.abc import Sequence
from dataclasses import replace
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
from server.schedule.renamings import Renaming
from server.schedule.showings import Showing, same_words, source_of, telling
from server.store.corrections import held_photos
from server.store.evidence import evidence_of
from server.store.profiles import names_of
from server.store.sightings import (
    CardAndPhoto,
    cards_in_photos,
    further_of,
    renamings_of,
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


def rules_of(session: Session, board: str) -> str:
    """Return what a board's state depends on besides what its photos say.

    `RULES`, what people said of its photos, and what was renamed: of most boards
    nothing.
    """
    held = held_photos(session, board)
    said = [
        f"{photo_id} {entry.taken_back is not None} {entry.time and entry.time.at}"
        for photo_id, entry in sorted(held.items())
    ]
    said += map(repr, names_of(session, board).renamings)
    if not said:
        return RULES
    return hashlib.sha256("\0".join([RULES, *said]).encode()).hexdigest()


def state_of(session: Session, board: str) -> BoardState:
    """Return what the photos of a board so far come to.

    Parameters
    ----------
    session : Session
    board : str
        Slug.
    """
    row = session.get(BoardStateRow, board)
    return _current(session, row) or folded_anew(session, board)


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
    state = _current(session, row)
    said = entry.photo in held_photos(session, board)
    if state is None or said or not state.takes(entry):
        # It came late: what it says holds only as far as no newer one says more.
        # Or a person has said something of it meanwhile.
        _keep(session, row, folded_anew(session, board))
        return
    whole = entry.coverage >= WHOLE_COVERAGE
    before = () if whole else _round_before(session, board, entry)
    shown = [
        replace(card, sighting=replace(card.sighting, came_at=entry.came_at))
        for card in seen
    ]
    _keep(session, row, state.after(entry, shown, before))


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
    state = _current(session, row)
    card_id, photo_id = card_and_photo
    if state is None or photo_id in held_photos(session, board):
        _keep(session, row, folded_anew(session, board))
        return
    showing = showing_in(session, card_id, photo_id)
    card = state.cards[card_id].read_further(showing, Words.of(reading))
    _keep(session, row, state.with_card(card))


def outdated_boards(session: Session) -> tuple[str, ...]:
    """Return the slugs of the boards whose states other rules made, or nobody yet."""
    query = (
        select(ReadingRow.board, BoardStateRow.rules)
        .outerjoin(BoardStateRow, BoardStateRow.board == ReadingRow.board)
        .distinct()
        .order_by(ReadingRow.board)
    )
    return tuple(
        board
        for board, rules in session.execute(query)
        if rules != rules_of(session, board)
    )


def renew_state(session: Session, board: str) -> None:
    """Fold a board's state anew, from everything that is stored.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    board : str
        Slug.
    """
    row = _row_to_change(session, board)
    _keep(session, row, folded_anew(session, board))


def renew_if_outdated(session: Session, board: str) -> bool:
    """Fold a board's state anew if people said something of its photos since.

    Says whether they have.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    board : str
        Slug.
    """
    row = session.get(BoardStateRow, board)
    outdated = row is not None and _current(session, row) is None
    if outdated:
        renew_state(session, board)
    return outdated


def folded_anew(session: Session, board: str) -> BoardState:
    """Return what the photos of a board so far come to, from all that they said.

    Those that were taken back said nothing.
    """
    photos = evidence_of(session, board)
    by_id = {entry.photo: entry for entry in photos}
    moments = {entry.photo: entry.at for entry in photos}
    showings = showings_of(session, board, moments)
    shown = {
        card_id: telling(same_words(entries)) for card_id, entries in showings.items()
    }
    newest = {card_id: entries[-1] for card_id, entries in shown.items()}
    sources = {card_id: source_of(entries) for card_id, entries in shown.items()}
    rows = cards_in_photos(session, {*_pairs(newest), *_pairs(sources)})
    better = further_of(session, _pairs(sources))
    renamings = renamings_of(session, board)
    cards = {}
    for (card_id, newest_photo), (_, source_photo) in zip(
        _pairs(newest), _pairs(sources), strict=True
    ):
        entry = by_id[newest_photo]
        as_read = rows[card_id, newest_photo].sighting
        now = renamings.get(newest_photo, Renaming())
        sighting = replace(
            as_read,
            at=entry.at,
            came_at=entry.came_at,
            cell=now.cell(as_read.cell) if as_read.cell else None,
            rooms=tuple(map(now.room, as_read.rooms)),
        )
        further = better.get((card_id, source_photo))
        cards[card_id] = CardState(
            newest=sighting,
            showings=shown[card_id],
            words=Words.of(further) if further else rows[card_id, source_photo].words,
            first_seen_at=showings[card_id][0].at,
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


def _current(session: Session, row: BoardStateRow | None) -> BoardState | None:
    """Return the state in a row; None if these rules did not make it."""
    if row is None or row.rules != rules_of(session, row.board):
        return None
    return _parsed(row.document)


@lru_cache(maxsize=PARSED_AT_ONCE)
def _parsed(document: str) -> BoardState:
    """Return the state of a document: always the same, so it is parsed once."""
    return _STATE.validate_json(document)


def _keep(session: Session, row: BoardStateRow, state: BoardState) -> None:
    row.rules = rules_of(session, row.board)
    row.document = _STATE.dump_json(state).decode()
