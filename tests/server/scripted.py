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
from server.intake.loop import work_once
from server.intake.vision import Vision
from server.intake.work import Worker
from server.site import Site
from server.store.blobs import Blobs
from vision.identity import (
    BoardObservation,
    CardDescriptor,
    KnownCard,
    MissingCard,
    SeenCard,
)
from vision.photo import Photo, encode_png
from vision.reading import (
    BoardReading,
    CardFields,
    CardLine,
    CardReading,
    CellReading,
    PhotoFacts,
    RegistrationFacts,
)
from vision.rectify import RectifiedBoard, Registration

NOW = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Shot:
    """What one photo is said to show: titles by cell, and cells by state."""

    cards: dict[str, CellId] = field(default_factory=dict)
    hidden: dict[CellId, str] = field(default_factory=dict)
    board: str = "friday"


def photo_bytes(name: str) -> bytes:
    """A small photo, its own for each name; PNG, so that pixels survive."""
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

    def straighten(photo: Photo, boards: Sequence[Board]) -> RectifiedBoard:
        shot = by_sha256[photo.sha256]
        board = next(entry for entry in boards if entry.slug == shot.board)
        projection = Projection(Homography.identity(), RadialLens(0.0, photo.size_wh))
        registration = Registration(
            board=board,
            method="tags",
            projection=projection,
            size_wh=photo.size_wh,
            cell_area=Rect(0, 0, *photo.size_wh),
            residual_px=0.5,
            coverage=1.0,
        )
        return RectifiedBoard(registration, photo.pixels)

    def read_board(photo, straight, known, progress):
        shot = by_sha256[photo.sha256]
        total = len(shot.cards)
        for number in range(total):
            progress(number + 1, total)
        return observe(photo, straight.registration, shot, known)

    return Vision(straighten, read_board)


def observe(
    photo: Photo, registration: Registration, shot: Shot, known: Sequence[KnownCard]
) -> BoardObservation:
    """What a shot means for the cards known: titles tell who is who."""
    layout = registration.board.layout
    ids = {card.reading.fields.title: card.id for card in known}
    states = {
        cell: "taken"
        if cell in shot.cards.values()
        else shot.hidden.get(cell, "blocked" if cell in layout.blocked else "free")
        for cell in layout.cells
    }
    cards = tuple(
        _seen(registration, title, cell, ids.get(title))
        for title, cell in shot.cards.items()
    )
    reading = BoardReading(
        board=registration.board.slug,
        photo=PhotoFacts(photo.sha256, *photo.size_wh, photo.taken_at),
        registration=RegistrationFacts("tags", Homography.identity(), 0.0, 0.5, 1.0),
        findings=(),
        cells=tuple(CellReading(cell, state) for cell, state in states.items()),
        cards=tuple(card.reading for card in cards),
    )
    missing = tuple(
        MissingCard(card.id, _fate(states.get(card.reading.cell, "unseen")))
        for card in known
        if card.reading.fields.title not in shot.cards
    )
    return BoardObservation(reading, cards, missing)


def _fate(state):
    return state if state in {"covered", "unseen"} else "gone"


def _seen(registration, title, cell, known):
    area = registration.board.layout.cell_rect(cell).to_quad()
    quad = Homography.scaling(16, 12).apply_quad(area)
    seed = int.from_bytes(hashlib.sha256(title.encode()).digest()[:4])
    crop = np.random.default_rng(seed).integers(0, 256, (6, 9, 3), dtype=np.uint8)
    return SeenCard(
        reading=CardReading(
            quad_photo=quad,
            cell=cell,
            lines=(CardLine(title, 0.75, quad),),
            fields=CardFields(title=title, host="Maya", handles=("@maya",)),
            confidence=0.75,
            colour="#ffd54f",
            engine="scripted 1",
        ),
        crop=crop,
        descriptor=CardDescriptor(crop[:, :, 0].copy()),
        quad_area=area,
        known=known,
        read_again=known is None,
    )


@dataclass(frozen=True)
class DyingBlobs:
    """Blobs whose process is killed before or after the nth bytes are kept."""

    blobs: Blobs
    countdown: list[int]

    def put(self, data: bytes) -> str:
        self.countdown[0] -= 1
        if self.countdown[0] == 0:
            die()
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
    transaction, the last), ``straighten``, ``read`` and ``progress``.
    """
    what, _, count = point.partition("-")
    left = [int(count or 0)]

    def clock() -> dt.datetime:
        left[0] -= 1
        if left[0] == 0:
            die()
        return now

    def straighten(_photo, _boards):
        die()

    def read_board(_photo, _straight, _known, progress):
        if what == "progress":
            progress(1, 2)
        die()

    match what:
        case "put":
            return replace(site, blobs=DyingBlobs(site.blobs, left)), vision
        case "clock":
            return replace(site, clock=clock), vision
        case "straighten":
            return site, replace(vision, straighten=straighten)
        case _:
            return site, replace(vision, read_board=read_board)


def settings_in(folder: Path) -> Settings:
    """The settings of a site whose profile and data are in a folder."""
    return Settings(folder / "event.toml", folder / "data", secret_key="secret")


SHOTS = {
    "morning": Shot({"Type checking": CellId("Room 301", "10:00-11:00")}),
    "noon": Shot(
        {
            "Type checking": CellId("Room 302", "10:00-11:00"),
            "Knitting": CellId("Room 301", "10:00-11:00"),
        }
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
