"""A drawn board, photographed whole and in halves, through the whole server."""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from calibration.layout import CellId, Layout, Slot
from calibration.profile import Board, Event, Profile, ReferencePhoto, save_profile
from sample_boards.board import DrawnBoard
from sample_boards.render import (
    RenderedPhoto,
    Standpoint,
    random_board,
    random_conditions,
    render,
)
from sample_boards.scenes import nudged
from server.config import Settings
from server.intake.claims import Worker
from server.intake.loop import work_once
from server.intake.receive import receive
from server.intake.sight import vision_of
from server.site import Site
from server.store.photos import photo as photo_record
from server.store.releases import latest_release
from vision.image.photo import Photo, encode_jpeg

PHOTO_WH = (800, 600)
CLOSE_FILL = 1.35
"""Width of the whole board in a close-up's: neighbours share what is between them."""

LANES = ("straighten", "read")


TAKEN_DOWN, MOVED = 0, 1
"""Cards, by their numbers in `board_before`."""


@dataclass(frozen=True)
class Shots:
    """The board's photos: whole before the change, and its halves after it."""

    drawn: DrawnBoard
    before: RenderedPhoto
    halves: tuple[RenderedPhoto, ...]


def board_before():
    """Draw a board whose first two cards hang on its left half."""
    board = random_board(6, rooms=4, slots=3, cards=7, look="taped")
    return replace(board, cards=tuple(sorted(board.cards, key=lambda c: c.room)))


def board_after(before):
    """Take one card of the left half down, and move one to the right half."""
    cards = [card for n, card in enumerate(before.cards) if n != TAKEN_DOWN]
    moved = before.cards[MOVED]
    taken = {(card.room, card.slot) for card in before.cards}
    room, slot = next(
        (room, slot)
        for room in before.rooms[:1:-1]
        for slot in before.slots
        if (room, slot) not in taken
    )
    old, new = (
        before.cell_centre_mm(*place)
        for place in ((moved.room, moved.slot), (room, slot))
    )
    cards[cards.index(moved)] = replace(
        nudged(moved, new[0] - old[0], new[1] - old[1]), room=room, slot=slot
    )
    return replace(before, cards=tuple(cards))


def half(drawn, right):
    reach = CLOSE_FILL - 0.9
    standpoint = Standpoint(
        yaw_deg=4 - 8 * right, fill=CLOSE_FILL, shift=((0.5 - right) * reach, 0)
    )
    return render(drawn, standpoint, random_conditions(40 + right), photo_wh=PHOTO_WH)


@pytest.fixture(scope="module")
def shots():
    first = board_before()
    changed = board_after(first)
    whole = Standpoint(yaw_deg=6, pitch_deg=-3, fill=0.85)
    return Shots(
        changed,
        render(first, whole, random_conditions(39), photo_wh=PHOTO_WH),
        tuple(half(changed, right) for right in (0, 1)),
    )


def profile_of(shots, folder):
    drawn, corners = shots.drawn, shots.before.truth.corners_photo
    (folder / "first.jpg").write_bytes(shots.before.jpeg())
    board = Board(
        "friday",
        "Friday",
        dt.date(2024, 5, 17),
        Layout(drawn.rooms, tuple(Slot.parse(slot) for slot in drawn.slots)),
        reference=ReferencePhoto(Path("first.jpg"), corners),
    )
    return Profile(Event("PyCon", ZoneInfo("UTC"), "os"), (board,))


@dataclass(frozen=True)
class Wall:
    """A site that photos of the board are sent to."""

    site: Site

    def send(self, pixels, minute):
        """Send a photo, and work on it until its cards are published."""
        record = receive(
            encode_jpeg(np.ascontiguousarray(pixels), 90),
            database=self.site.database,
            originals=self.site.originals,
            profile=self.site.profile,
            check_photo=self.site.check_photo,
            sender="Sam",
            board=None,
            received_at=dt.datetime(2024, 5, 17, 12, minute, tzinfo=dt.UTC),
            source="camera",
        ).photo
        # A process of its own for each photo: nothing is left in memory.
        worker = Worker(self.site, vision_of(self.site), "test")
        for lane in LANES:
            while work_once(worker, lane):
                pass
        with self.site.database.read() as session:
            return photo_record(session, record.id).state

    @property
    def release(self):
        with self.site.database.read() as session:
            return latest_release(session, "friday")

    @property
    def picture(self):
        data = self.site.blobs.get(self.release.picture.full.sha256)
        return Photo.decode(data).pixels


@pytest.fixture
def wall(shots, tmp_path):
    save_profile(profile_of(shots, tmp_path), tmp_path / "event.toml")
    settings = Settings(tmp_path / "event.toml", tmp_path / "data", "secret")
    site = Site.open(replace(settings, engine="none"))
    yield Wall(site)
    site.database.close()


def places(release):
    return sorted(session.cell for session in release.schedule.sessions)


def test_turned_close_ups_of_both_halves_are_the_whole_board(shots, wall):
    assert wall.send(shots.before.pixels, 0) == "read"
    before = places(wall.release)
    left, right = (half.pixels for half in shots.halves)

    # Held on one side and on the other, and no EXIF to tell.
    assert wall.send(np.rot90(left, 1), 20) == "read"
    between = places(wall.release)
    assert wall.send(np.rot90(right, 3), 21) == "read"

    truth = sorted(CellId(card.room, card.slot) for card in shots.drawn.cards)
    # One card is not where it was: it may hang where the close-up does not reach.
    assert between == before
    assert places(wall.release) == truth
    free = {
        entry.cell for entry in wall.release.schedule.cells if entry.state == "free"
    }
    assert not free & set(truth)
    # The picture shows all of the board: nothing is black but what is beside it.
    height, width = wall.picture.shape[:2]
    inner = wall.picture[height // 5 : -height // 5, width // 5 : -width // 5]
    assert (inner.max(axis=2) > 0).all()


def test_a_whole_photo_upside_down_is_read_as_if_it_were_not(shots, wall):
    assert wall.send(np.rot90(shots.before.pixels, 2), 0) == "read"

    truth = sorted(CellId(card.room, card.slot) for card in board_before().cards)
    assert places(wall.release) == truth
