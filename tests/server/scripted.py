"""A vision that follows a script instead of looking, and workers that die.

Loaded by tests/server/conftest.py as the fixture `scripted`, and run as a
program by the tests that kill workers: `python scripted.py FOLDER LANE POINT MINUTES`.
"""

import datetime as dt
import hashlib
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from calibration.geometry import Rect
from calibration.homography import Homography
from calibration.layout import CellId
from calibration.lens import Projection, RadialLens
from calibration.profile import Board
from server.config import Settings
from server.intake.claims import Worker
from server.intake.loop import work_once
from server.intake.vision import Vision
from server.site import Site
from server.store.blobs import Blobs
from vision.cards import (
    BoardObservation,
    CardDescriptor,
    KnownCard,
    MissingCard,
    ReadCard,
)
from vision.image.photo import Photo, encode_png
from vision.reading import (
    BoardReading,
    CardFields,
    CardLine,
    CardReading,
    CellReading,
    Finding,
    PhotoFacts,
    RegistrationFacts,
)
from vision.registration.frame import Registration
from vision.registration.rectify import RectifiedBoard, rectify

NOW = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Shot:
    """What one photo is said to show: titles by cell, and cells by state.

    `further` says to which title a doubtful card is read further, `confidence`
    how sure the first reading is, `changed` which known cards are read again,
    `part` which part of the cell area the photo shows (left, top, right, bottom),
    `at_once`, `when_found` and `findings` what is remarked on with the picture, before
    the words are read, and after.
    `sharpness` how sharp a card is; without it something hides a part of it. `uncut`
    are cards that hang as they hung and are not cut out again, `votes` the dots on cards,
    `struck` those that are crossed out, `says` what cards say that say more than a title:
    title, description and host.
    """

    cards: dict[str, CellId] = field(default_factory=dict)
    hidden: dict[CellId, str] = field(default_factory=dict)
    board: str = "friday"
    further: dict[str, str] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    part: tuple[float, float, float, float] = (0, 0, 1, 1)
    at_once: tuple[Finding, ...] = ()
    when_found: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()
    sharpness: dict[str, float] = field(default_factory=dict)
    uncut: frozenset[str] = frozenset()
    votes: dict[str, int] = field(default_factory=dict)
    struck: frozenset[str] = frozenset()
    says: dict[str, tuple[str, str, str]] = field(default_factory=dict)


def photo_bytes(name: str) -> bytes:
    """A small photo, its own for each name; PNG, so that pixels survive.

    One named ``grey 90`` is larger, and of that shade.
    """
    if name.startswith("grey "):
        return encode_png(np.full((120, 160, 3), int(name[5:]), np.uint8))
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])
    return encode_png(
        np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    )


def vision_of(shots: dict[str, Shot]) -> Vision:
    """A vision that knows photos by the names they were made of."""
    by_sha256 = {
        hashlib.sha256(photo_bytes(name)).hexdigest(): shot
        for name, shot in shots.items()
    }

    shown: dict[bytes, Shot] = {}

    def straighten(photo: Photo, boards: Sequence[Board]) -> RectifiedBoard:
        shot = by_sha256[photo.sha256]
        board = next(entry for entry in boards if entry.slug == shot.board)
        straight = rectify(photo, _placed(board, photo, Rect(*shot.part)))
        shown[straight.pixels.tobytes()] = shot
        return straight

    def read_board(photo, straight, known, callbacks):
        shot = by_sha256[photo.sha256]
        if shot.when_found:
            callbacks.on_findings(shot.when_found)
        total = len(shot.cards)
        for number in range(total):
            callbacks.progress(number + 1, total)
        return observe(photo, straight.registration, shot, known)

    def read_further(photo, card):
        better = by_sha256[photo.sha256].further.get(
            card.fields.title or _title_at(by_sha256[photo.sha256], card.cell)
        )
        return further_reading(card, better) if better else card

    def judge(straight: RectifiedBoard) -> tuple[Finding, ...]:
        return shown[straight.pixels.tobytes()].at_once

    return Vision(straighten, judge, read_board, read_further)


def _placed(board: Board, photo: Photo, part: Rect) -> Registration:
    """Where the board is in a photo that shows a part of it, pixel by pixel."""
    width, height = photo.size_wh
    size_wh = round(width / part.width), round(height / part.height)
    board_from_photo = Homography.translation(
        part.left * size_wh[0], part.top * size_wh[1]
    )
    return Registration(
        board=board,
        method="tags",
        projection=Projection(board_from_photo, RadialLens(0.0, photo.size_wh)),
        size_wh=size_wh,
        cell_area=Rect(0, 0, *size_wh),
        residual_px=0.5,
        coverage=part.area,
    )


def _title_at(shot: Shot, cell: CellId) -> str:
    """What a card that nobody has read yet says."""
    return next(title for title, place in shot.cards.items() if place == cell)


def further_reading(card: CardReading, title: str) -> CardReading:
    """A card as it is read further: surer, and of another title."""
    return replace(
        card,
        lines=(CardLine(title, 0.95, card.quad_photo),),
        fields=replace(card.fields, title=title),
        confidence=0.95,
        engine="scripted 2",
    )


def observe(
    photo: Photo, registration: Registration, shot: Shot, known: Sequence[KnownCard]
) -> BoardObservation:
    """What a shot means for the cards known: looks tell who is who."""
    layout = registration.board.layout
    by_looks = {card.descriptor.to_bytes(): card for card in known}
    states = {
        cell: "taken"
        if cell in shot.cards.values()
        else shot.hidden.get(cell, "blocked" if cell in layout.blocked else "free")
        for cell in layout.cells
    }
    cards = tuple(
        _seen(registration, shot, title, by_looks.get(_looks(title).to_bytes()))
        for title in shot.cards
    )
    found = {card.known for card in cards}
    reading = BoardReading(
        board=registration.board.slug,
        photo=PhotoFacts(photo.sha256, *photo.size_wh, photo.taken_at),
        registration=RegistrationFacts(
            "tags", Homography.identity(), 0.0, 0.5, registration.coverage
        ),
        findings=shot.findings,
        cells=tuple(CellReading(cell, state) for cell, state in states.items()),
        cards=tuple(card.reading for card in cards),
    )
    missing = tuple(
        MissingCard(card.id, _fate(states.get(card.reading.cell, "unseen")))
        for card in known
        if card.id not in found
    )
    return BoardObservation(reading, cards, missing)


def _fate(state):
    return state if state in {"covered", "unseen"} else "gone"


def _crop(title):
    """A card's own pixels."""
    seed = int.from_bytes(hashlib.sha256(title.encode()).digest()[:4])
    return np.random.default_rng(seed).integers(0, 256, (6, 9, 3), dtype=np.uint8)


def _looks(title):
    return CardDescriptor(_crop(title)[:, :, 0].copy())


def _seen(registration, shot, title, known):
    cell = shot.cards[title]
    area = registration.board.layout.cell_rect(cell).to_quad()
    quad = Homography.scaling(16, 12).apply_quad(area)
    confidence = shot.confidence.get(title, 0.75)
    fields = CardFields(
        title=title, host="Maya", handles=("@maya",), cancelled=title in shot.struck
    )
    if title in shot.says:
        words, description, host = shot.says[title]
        fields = CardFields(title=words, description=description, host=host)
    said = shot.says.get(title, (title,))
    read = CardReading(
        quad_photo=quad,
        cell=cell,
        lines=tuple(CardLine(text, confidence, quad) for text in said if text),
        fields=fields,
        confidence=confidence,
        colour="#ffd54f",
        engine="scripted 1",
        votes=shot.votes.get(title),
    )
    read_again = known is None or title in shot.changed
    why = "new" if known is None else "edited"
    return ReadCard(
        reading=read
        if read_again
        else replace(known.reading, quad_photo=quad, cell=cell, votes=read.votes),
        crop=None if title in shot.uncut else _crop(" ".join(said)),
        descriptor=_looks(title),
        quad_area=area,
        known=known.id if known else None,
        change=why if read_again else "same",
        sharpness=shot.sharpness.get(title),
    )


@dataclass(frozen=True)
class DyingBlobs:
    """Blobs whose process is killed before or after the nth bytes are kept."""

    blobs: Blobs
    countdown: list[int]

    def put(self, data: bytes) -> str:
        _count_down(self.countdown)
        return self.blobs.put(data)

    def get(self, sha256: str) -> bytes:
        return self.blobs.get(sha256)

    def exists(self, sha256: str) -> bool:
        return self.blobs.exists(sha256)


def die() -> None:
    """What kill -9 does."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying(
    site: Site, vision: Vision, point: str, now: dt.datetime
) -> tuple[Site, Vision]:
    """A site and a vision in which the process dies at a point.

    Points: ``put-2`` (before the second blob), ``clock-3`` (the third time that
    the clock is asked: the claim is the first, publishing, amid the
    transaction, the last), ``straighten``, ``read``, ``progress`` and
    ``further-2`` (as the second card is read further).
    """
    what, _, count = point.partition("-")
    left = [int(count or 0)]

    def clock() -> dt.datetime:
        _count_down(left)
        return now

    match what:
        case "put":
            return replace(site, blobs=DyingBlobs(site.blobs, left)), vision
        case "clock":
            return replace(site, clock=clock), vision
        case _:
            return site, _dying_vision(vision, what, left)


def _count_down(left):
    left[0] -= 1
    if left[0] == 0:
        die()


def _dying_vision(vision, what, left):
    def straighten(_photo, _boards):
        die()

    def read_board(_photo, _straight, _known, callbacks):
        if what == "progress":
            callbacks.progress(1, 2)
        die()

    def read_further(photo, card):
        _count_down(left)
        return vision.read_further(photo, card)

    if what == "further":
        return replace(vision, read_further=read_further)
    if what == "straighten":
        return replace(vision, straighten=straighten)
    return replace(vision, read_board=read_board)


DATABASES = None
"""What gives a new database's address to each site, if not SQLite in its folder."""


def settings_in(folder: Path) -> Settings:
    """The settings of a site whose profile and data are in a folder."""
    return stored(Settings(folder / "event.toml", folder / "data", secret_key="secret"))


def stored(settings: Settings) -> Settings:
    """Settings with the database that a test's sites have."""
    return replace(settings, database_url=DATABASES()) if DATABASES else settings


SHOTS = {
    "morning": Shot({"Type checking": CellId("Room 301", "10:00-11:00")}),
    "noon": Shot(
        {
            "Type checking": CellId("Room 302", "10:00-11:00"),
            "Knitting": CellId("Room 301", "10:00-11:00"),
        }
    ),
    "evening": Shot(
        {
            "Tipe checking": CellId("Room 301", "10:00-11:00"),
            "Kniting": CellId("Room 302", "10:00-11:00"),
            "Tea": CellId("Room 301", "11:00-12:00"),
        },
        further={"Tipe checking": "Type checking", "Kniting": "Knitting"},
    ),
}
"""What the workers of this program know."""


def main(folder: Path, lane: str, point: str, minutes: str) -> None:
    """Work on one photo, so many minutes after noon, and die at a point."""
    now = NOW + dt.timedelta(minutes=int(minutes))
    opened = replace(Site.open(settings_in(folder)), clock=lambda: now)
    site, vision = dying(opened, vision_of(SHOTS), point, now)
    work_once(Worker(site, vision, f"dying/{os.getpid()}"), lane)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
