"""The steps that a photo goes through, each whole or not at all.

Straightened, then read: these are here. What follows, that its doubtful cards
are read further, is in `server.intake.settle`.

A step first does everything that takes time and can be done again, keeping
blobs under their hashes; then it writes everything that it found out, moves
the photo on and publishes, in one transaction. Killed at any moment, it is
simply done again.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from calibration.errors import BoardcastError
from calibration.event import likeliest_first
from calibration.profile import Board, Profile
from server.errors import (
    ClaimLostError,
    OriginalLostError,
    ProfileChangedError,
    StorageError,
)
from server.intake.claims import Worker, check_claim, give_up
from server.intake.composites import composite_of
from server.intake.days import moment_on, straightened_on_its_day
from server.intake.originals import original
from server.intake.receive import check_year
from server.intake.settle import settle_step
from server.intake.worse import worse_picture
from server.publish.pictures import (
    EncodedPicture,
    declare,
    encode_board,
    encode_crop,
    store_board,
    store_crops,
)
from server.publish.releases import publish
from server.store.cards import add_observation, known_cards
from server.store.leases import claim
from server.store.photos import (
    add_findings,
    people_wait,
    set_outcome,
    set_progress,
    set_state,
)
from server.store.pictures import (
    StraightPicture,
    add_picture,
    layers_of,
    newest_picture,
    straight_picture,
)
from server.store.values import PhotoRecord, PhotoState
from vision.errors import (
    BoardNotFoundError,
    EngineError,
    PhotoError,
    RegistrationError,
)
from vision.image.photo import Photo
from vision.quality.worse import PictureQuality, quality_of
from vision.reading import Finding
from vision.registration.rectify import RectifiedBoard, rectify
from vision.trace import Callbacks, OnFindings, Progress

Lane = Literal["straighten", "read", "settle"]
"""The queues. The first has a process of its own: a new picture never waits for
an older photo's words."""

WAITING: dict[Lane, PhotoState] = {
    "straighten": "received",
    "read": "straightened",
    "settle": "read",
}
"""In which state a photo waits for a lane."""

CARD_ID_LENGTH = 12
"""Hex digits of a card's id."""

LATE = Finding(
    "late",
    "A photo taken after this one is already published, so its picture stays. "
    "What only this photo shows is added.",
)

UNDATED = Finding(
    "undated",
    "This photo does not tell when it was taken, so the pictures of those that do "
    "stay, and no session is taken down by it. What only it shows is added. "
    "A facilitator can say at the desk when it was taken.",
)

log = logging.getLogger(__name__)


def claim_next(worker: Worker, lane: Lane) -> PhotoRecord | None:
    """Claim the next photo that waits for a lane; None if none does.

    As long as people wait for any photo's picture or words, in whichever lane,
    no other one is settled.
    """
    now = worker.site.clock()
    with worker.site.database.write() as session:
        if lane == "settle" and people_wait(session):
            return None
        return claim(session, WAITING[lane], worker.owner, now)


def work_on(worker: Worker, lane: Lane, record: PhotoRecord) -> None:
    """Do a claimed photo's step.

    A photo that cannot be used is refused with what to do about it. One whose
    bytes are lost has failed at once. A step that breaks down is counted against the photo, and left for another try.

    Raises
    ------
    StorageError, EngineError
        If the site, not the photo, is at fault; the photo waits on.
    """
    try:
        _do_or_refuse(worker, lane, record)
    except ClaimLostError:
        log.warning("photo %s was taken over by another worker", record.id)
    except ProfileChangedError:
        # What was made of it belongs to another layout: nothing of it is kept.
        log.info("photo %s is done again: the event changed", record.id)
        give_up(worker, "stop")
    except (StorageError, EngineError):
        give_up(worker, "stop")
        raise
    except Exception:
        log.exception("photo %s broke the %s step", record.id, lane)
        give_up(worker, "crash")
    except BaseException:
        give_up(worker, "stop")
        raise


def straighten_step(worker: Worker, record: PhotoRecord) -> None:
    """Find the board in a photo and publish its straight picture.

    One that shows a part of the board is set into what was last seen of the rest.
    What can be told of the photo's quality without reading is told with it, while
    whoever took it still stands in front of the board.

    Raises
    ------
    PhotoError, RegistrationError
        If the photo cannot be used.
    ClaimLostError
        If another worker has taken it over.
    """
    site = worker.site
    photo = original(site.originals, record.sha256)
    check_year(photo.taken_at, site.profile, record.received_at)
    boards = boards_for(site.profile, record)
    of_day: tuple[Finding, ...] = ()
    if record.dated or record.board is not None:
        straight = worker.vision.straighten(photo, boards)
    else:
        straight, of_day = straightened_on_its_day(worker.vision, photo, boards)
    findings = (*of_day, *worker.vision.judge(straight))
    encoded = encode_board(straight.pixels)
    board = straight.registration.board
    own = StraightPicture(
        record.id,
        moment_on(board, record, site.profile.event.timezone),
        store_board(site.blobs, encoded),
        straight.registration,
    )
    quality = quality_of(straight)
    while not _publish_picture(
        worker, record, board, own, encoded, findings=findings, quality=quality
    ):
        # Meanwhile another worker added a picture that belongs among them.
        log.info("photo %s is set into the board's picture again", record.id)


def _publish_picture(
    worker: Worker,
    record: PhotoRecord,
    board: Board,
    own: StraightPicture,
    encoded: Sequence[EncodedPicture],
    *,
    findings: Sequence[Finding],
    quality: PictureQuality,
) -> bool:
    """Publish a board with a photo's picture; False if others' changed meanwhile."""
    site = worker.site
    with site.database.read() as session:
        worse = worse_picture(session, own, quality, layers_of(session, board))
    shown = None if worse else own
    composite = composite_of(site, board, shown)
    with site.database.write() as session:
        check_claim(session, record, worker)
        if worse != worse_picture(session, own, quality, layers_of(session, board)):
            return False
        if not composite.is_of(layers_of(session, board, shown)):
            return False
        declare(session, encoded)
        add_picture(
            session,
            own.photo_id,
            board.slug,
            own.at,
            own.picture,
            registration=own.registration,
            focus=quality.focus,
            worse_than=worse.than if worse else None,
        )
        composite.add(session, board)
        set_state(session, record.id, "straightened", board.slug, own.at)
        add_findings(session, record.id, findings)
        newest = newest_picture(session, board)
        if worse:
            told = worse.finding(site.profile.event.timezone)
            add_findings(session, record.id, [told])
        elif newest is not None and newest.photo_id != record.id:
            add_findings(session, record.id, [LATE if record.dated else UNDATED])
        publish(
            session,
            site.profile,
            board.slug,
            cause="photo straightened",
            at=site.clock(),
        )
    return True


def read_step(worker: Worker, record: PhotoRecord) -> None:
    """Read a straightened photo's cards and publish the schedule.

    The photo is warped again, as it was placed: that takes a moment and keeps
    nothing between the steps that a crash could leave behind half done.

    Raises
    ------
    PhotoError, RegistrationError
        If the photo cannot be used.
    ClaimLostError
        If another worker has taken it over.
    """
    site = worker.site
    photo = original(site.originals, record.sha256)
    straight = _straight_again(worker, record, photo)
    slug = straight.registration.board.slug
    with site.database.read() as session:
        known = known_cards(session, slug)
    early: set[str] = set()
    callbacks = Callbacks(
        progress=_progress(worker, record),
        on_findings=_on_findings(worker, record, early),
    )
    observation = worker.vision.read_board(photo, straight, known, callbacks)
    encoded = {
        position: encode_crop(card.crop)
        for position, card in enumerate(observation.cards)
        if card.crop is not None
    }
    stored = store_crops(site.blobs, encoded.values())
    crops = dict(zip(encoded, stored, strict=True))
    with site.database.write() as session:
        check_claim(session, record, worker)
        declare(session, encoded.values())
        add_observation(
            session,
            photo_id=record.id,
            at=record.at,
            observation=observation,
            crops=crops,
            new_ids=new_card_ids(record.id),
        )
        add_findings(session, record.id, observation.reading.findings, early)
        done = len(observation.cards)
        set_progress(session, record.id, done, done)
        set_state(session, record.id, "read", slug)
        publish(session, site.profile, slug, cause="photo read", at=site.clock())


STEPS: dict[Lane, Callable[[Worker, PhotoRecord], None]] = {
    "straighten": straighten_step,
    "read": read_step,
    "settle": settle_step,
}


def boards_for(profile: Profile, record: PhotoRecord) -> tuple[Board, ...]:
    """Return the boards that a photo may show, those of its own day first.

    Of a photo that does not tell its day, it is that on which it came.

    Raises
    ------
    BoardNotFoundError
        If its board is no longer in the profile.
    """
    if record.board is None:
        moment = record.at if record.dated else record.received_at
        return likeliest_first(profile.walls, moment, profile.event.timezone)
    boards = tuple(board for board in profile.walls if board.slug == record.board)
    if not boards:
        raise BoardNotFoundError(
            f"The board {record.board} is no longer in event.toml.",
            hint="Put it back, or send the photo for another board.",
            board=record.board,
        )
    return boards


def new_card_ids(photo_id: str) -> Iterator[str]:
    """Yield ids for the cards that a photo shows first.

    The same photo always gives the same ids: done again after a crash, a step
    makes the same cards.
    """
    number = 0
    while True:
        digest = hashlib.sha256(f"{photo_id}/{number}".encode()).hexdigest()
        yield digest[:CARD_ID_LENGTH]
        number += 1


def _straight_again(
    worker: Worker, record: PhotoRecord, photo: Photo
) -> RectifiedBoard:
    """Return a straightened photo's board as its picture was published."""
    boards = boards_for(worker.site.profile, record)
    if record.board is not None:
        with worker.site.database.read() as session:
            picture = straight_picture(session, record.id, boards[0])
        if picture is not None and picture.registration is not None:
            return rectify(photo, picture.registration)
    return worker.vision.straighten(photo, boards)


def _do_or_refuse(worker: Worker, lane: Lane, record: PhotoRecord) -> None:
    try:
        STEPS[lane](worker, record)
    except (PhotoError, RegistrationError) as refusal:
        if lane == "settle":
            raise  # it is published: too late to refuse it
        log.info("photo %s refused: %s", record.id, refusal)
        _end(worker, record, "refused", refusal)
    except OriginalLostError as loss:
        log.error("photo %s: %s", record.id, loss)  # noqa: TRY400  (an operator's fault: no traceback)
        # What was read of it is published, and good as it is.
        _end(worker, record, "settled" if lane == "settle" else "failed", loss)


def _end(
    worker: Worker, record: PhotoRecord, state: PhotoState, reason: BoardcastError
) -> None:
    """Note that nothing more comes of a photo, and why."""
    with worker.site.database.write() as session:
        check_claim(session, record, worker)
        if state == "settled":
            set_state(session, record.id, state)
        else:
            set_outcome(session, record.id, state, reason.message, reason.hint)


def _progress(worker: Worker, record: PhotoRecord) -> Progress:
    def note(read: int, total: int) -> None:
        with worker.site.database.write() as session:
            set_progress(session, record.id, read, total)

    return note


def _on_findings(worker: Worker, record: PhotoRecord, early: set[str]) -> OnFindings:
    """Return what tells staff at once, and notes the codes of what it told."""

    def note(findings: tuple[Finding, ...]) -> None:
        with worker.site.database.write() as session:
            check_claim(session, record, worker)
            add_findings(session, record.id, findings)
        early.update(finding.code for finding in findings)

    return note
