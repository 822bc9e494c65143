"""The step that nobody waits for: the doubtful cards of a photo, read further.

Card by card, the most doubtful first. One that is still in doubt after that is read
further in the next photo that shows it with the same words, too, and what the photos
say is put together: the more a board is photographed, the better it is read. After
each card its further reading is
appended, and what to do next is found in the store alone: so a process that is
killed goes on where it was, and whatever happens meanwhile counts at once, be
it a new photo, a correction, or a card that somebody took down.
"""

import datetime as dt
import logging

from sqlalchemy.orm import Session

from server.errors import StorageError
from server.intake.claims import Worker, check_claim
from server.intake.composites import set_together
from server.intake.originals import original
from server.publish.releases import publish
from server.schedule.corrections.held import CardField, Held, HeldPhoto
from server.schedule.corrections.kinds import held_by
from server.store.cards import cards_of
from server.store.corrections import corrections_of, held_photos
from server.store.leases import end_claims
from server.store.photos import people_wait, set_state
from server.store.readings import add_further_reading
from server.store.releases import latest_release
from server.store.values import PhotoRecord
from server.store.words import OpenCard, open_cards, said_elsewhere
from vision.errors import EngineError
from vision.image.photo import Photo
from vision.reading import CardReading
from vision.rereading import after_rereading, doubtful, unread

PUBLISH_EVERY = dt.timedelta(seconds=2)
"""At the least between two releases for better readings: pages look for a new
one far less often, and every release is kept for ever."""

TURN = dt.timedelta(seconds=60)
"""After which a photo is given back and claimed anew: a fraction of what makes
the supervisor think that a step hangs, many times what decoding costs."""

log = logging.getLogger(__name__)


def settle_step(worker: Worker, record: PhotoRecord) -> None:
    """Read a photo's doubtful cards further, until that is done or people wait.

    Parameters
    ----------
    worker : Worker
    record : PhotoRecord
        Claimed, in the state ``read``. Afterwards it is settled, or given back
        to go on later.

    Raises
    ------
    ClaimLostError
        If another worker has taken it over.
    StorageError, EngineError
        If the site is at fault; the photo waits on.
    """
    site = worker.site
    began_at = site.clock()
    set_together(site, site.profile.board(_board_of(record)))
    with site.database.write() as session:
        card = _next_card(session, worker, record, began_at)
    if card is None:
        return
    photo = original(site.originals, record.sha256)
    while card is not None:
        alone = _read_further(worker, photo, card)
        with site.database.write() as session:
            check_claim(session, record, worker)
            _add(session, record, card, alone)
            card = _next_card(session, worker, record, began_at)


def doubtful_cards(session: Session, board: str, photo_id: str) -> list[OpenCard]:
    """Return a photo's cards that deserve a further look, the most doubtful first.

    Nobody looks again at what a newer photo has read meanwhile, at a card that
    is gone or hidden, or at one whose title a person has set or confirmed:
    what they saw is not to change behind their back.

    Parameters
    ----------
    session : Session
    board : str
        Slug.
    photo_id : str
        Of a photo of this board that was read.
    """
    held = held_by(corrections_of(session, board))
    here = {card.id for card in cards_of(session, board) if card.presence != "gone"}
    chosen = [
        card
        for card in open_cards(session, photo_id)
        if card.id in here and not _set_of(held, card.id) & {"title", "hidden"}
    ]
    order = doubtful([card.reading for card in chosen])
    return [card for reading in order for card in chosen if card.reading is reading]


def _set_of(held: Held, card_id: str) -> set[CardField]:
    """Return which fields people set of a card, or of the one that it belongs to."""
    return {*held.card(card_id), *held.card(held.first_of(card_id))}


def _next_card(
    session: Session, worker: Worker, record: PhotoRecord, began_at: dt.datetime
) -> OpenCard | None:
    """Return the card to read further now; None if this turn is over.

    Publishes what came so far, if it is time to.
    """
    board, now = _board_of(record), worker.site.clock()
    cards = doubtful_cards(session, board, record.id)
    # A clock that was set back has no bearing on how long a turn takes.
    in_time = began_at <= now < began_at + TURN
    over = not cards or not in_time or people_wait(session)
    if not cards:
        set_state(session, record.id, "settled")
    elif over:
        end_claims(session, worker.owner, "stop")
    if over or _is_due(session, board, now):
        profile = worker.site.profile
        publish(session, profile, board, cause="cards read further", at=now)
    return None if over else cards[0]


def _is_due(session: Session, board: str, now: dt.datetime) -> bool:
    latest = latest_release(session, board)
    # Either way: the clock may have been set back since.
    return latest is None or abs(now - latest.created_at) >= PUBLISH_EVERY


def _read_further(worker: Worker, photo: Photo, card: OpenCard) -> CardReading:
    """Return what a photo alone says of a card.

    Nothing better than before if it breaks down: what its first reading said, and no
    lines if that was of other photos.
    """
    before = unread(card.reading) if card.known_again else card.reading
    try:
        return worker.vision.read_further(photo, before)
    except (StorageError, EngineError):
        raise
    except Exception:
        log.exception("card %s broke down as it was read further", card.id)
        return before


def _add(
    session: Session, record: PhotoRecord, card: OpenCard, alone: CardReading
) -> None:
    """Add what a card says now that a photo was asked, with what the others say.

    Nothing if the photo was taken back meanwhile.
    """
    if held_photos(session).get(record.id, HeldPhoto()).taken_back:
        return
    views = said_elsewhere(session, card.id, record.id, _board_of(record))
    better = after_rereading(card.reading, alone, views)
    add_further_reading(session, card.id, record.id, better, alone if views else None)


def _board_of(record: PhotoRecord) -> str:
    if record.board is None:
        msg = f"expected a photo whose board is known, got {record.id}"
        raise ValueError(msg)
    return record.board
