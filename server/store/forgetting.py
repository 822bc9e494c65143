"""Forgetting people: the one place that changes what is written once.

What a person's card said goes from every row, its picture from the public blobs, and
what devices said is deleted. That there was a card stays, and where: so that its place
stays covered in pictures.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from calibration.profile import Board
from server.schedule.cards_now import cards_now
from server.schedule.corrections.kinds import held_by
from server.schedule.people import is_person
from server.store.board_states import renew_state
from server.store.cards import cards_of
from server.store.codec import fields_to_json
from server.store.corrections import corrections_of
from server.store.tables import (
    BallotRow,
    BlobRow,
    CorrectionRow,
    FurtherReadingRow,
    ReadingRow,
    SightingRow,
)
from vision.reading import CardFields

CHANGED = ("sightings", "readings", "corrections")
"""Tables of which rows are changed."""

SAID = frozenset(
    {"title", "description", "host", "text", "written_time", "written_room"}
)
"""Keys of texts in what is stored of a card."""

LISTED = frozenset({"lines", "handles", "hashtags", "urls"})
"""Keys of lists of them."""


CROPS = frozenset({"crop", "part_crop"})
"""Keys of crops."""


def people_to_forget(session: Session, board: Board) -> frozenset[str]:
    """Return the ids of the cards that are people's, removed before or not."""
    held = held_by(corrections_of(session, board.slug))
    return frozenset(
        one.id
        for now in cards_now(cards_of(session, board.slug), held)
        if is_person(now, held, board)
        for one in now.cards
    )


def forget(
    session: Session, board: Board, cards: Collection[str], blank: str
) -> frozenset[str]:
    """Forget what people's cards of a board said; return the crops to be deleted.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    board : Board
    cards : collection of str
        As of `people_to_forget`.
    blank : str
        SHA-256 of a public blob that shows nothing: their crops from now on.
    """
    if not cards:
        return frozenset()
    with _changeable(session):
        crops = _forget_sightings(session, cards, blank)
        crops |= _forget_corrections(session, board, cards, blank)
    session.execute(
        delete(FurtherReadingRow).where(FurtherReadingRow.card_id.in_(cards))
    )
    named = select(SightingRow.crop).where(SightingRow.crop.in_(crops))
    crops -= {blank, *session.scalars(named)}
    session.execute(delete(BlobRow).where(BlobRow.sha256.in_(crops)))
    session.expire_all()
    renew_state(session, board.slug)
    return frozenset(crops)


def forget_ballots(session: Session) -> int:
    """Delete what devices said; return how much that was. Results stay."""
    number = session.scalar(select(func.count()).select_from(BallotRow)) or 0
    session.execute(delete(BallotRow))
    return number


def _forget_sightings(session: Session, cards: Collection[str], blank: str) -> set[str]:
    """Empty the sightings of cards and what readings say of them."""
    query = select(SightingRow.photo_id, SightingRow.position, SightingRow.crop).where(
        SightingRow.card_id.in_(cards)
    )
    seen = session.execute(query).all()
    for photo_id in {row.photo_id for row in seen}:
        of_photo = ReadingRow.photo_id == photo_id
        document = session.scalar(select(ReadingRow.document).where(of_photo))
        if document is None:
            continue
        positions = {row.position for row in seen if row.photo_id == photo_id}
        emptied = [
            _emptied(card) if position in positions else card
            for position, card in enumerate(document["cards"])
        ]
        new = {**document, "cards": emptied}
        session.execute(update(ReadingRow).where(of_photo).values(document=new))
    session.execute(
        update(SightingRow)
        .where(SightingRow.card_id.in_(cards))
        .values(text="", fields=fields_to_json(CardFields(title="")), crop=blank)
    )
    return {row.crop for row in seen}


def _forget_corrections(
    session: Session, board: Board, cards: Collection[str], blank: str
) -> set[str]:
    """Empty what people typed of cards; return the crops that they cut of them."""
    query = select(CorrectionRow.id, CorrectionRow.change).where(
        CorrectionRow.board == board.slug
    )
    crops: set[str] = set()
    for number, change in session.execute(query).all():
        new = _without(change, cards, blank)
        if new != change:
            one = update(CorrectionRow).where(CorrectionRow.id == number)
            session.execute(one.values(change=new))
            crops |= {change[key] for key in CROPS if key in change}
    return crops


def _without(
    change: dict[str, Any], cards: Collection[str], blank: str
) -> dict[str, Any]:
    """Return a change without what it says of cards."""
    if change.get("card") in cards or change.get("part") in cards:
        return dict(_emptied(change, blank))
    if change["kind"] == "seen":
        said = {
            card: _emptied(one, blank) if card in cards else one
            for card, one in change["as_seen"].items()
        }
        return {**change, "as_seen": said}
    return change


def _emptied(value: Any, blank: str = "") -> Any:
    """Return JSON with its texts emptied and its crops blank, whatever it is."""
    if not isinstance(value, dict):
        return value
    new = {key: _emptied(one, blank) for key, one in value.items()}
    new |= {key: [] for key in LISTED & new.keys()}
    new |= {key: "" for key in SAID & new.keys() if isinstance(new[key], str)}
    return new | {key: blank for key in CROPS & new.keys() if new[key]}


@contextmanager
def _changeable(session: Session) -> Iterator[None]:
    """Let rows that are written once be changed, until the end of this; SQLite guards them."""
    guards: list[tuple[str, str]] = []
    if session.get_bind().dialect.name == "sqlite":
        query = "SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        rows = session.execute(text(query)).all()
        guards = [(name, sql) for name, sql, table in rows if table in CHANGED]
    for name, _ in guards:
        session.execute(text(f'DROP TRIGGER "{name}"'))
    yield
    for _, sql in guards:
        session.execute(text(sql))
