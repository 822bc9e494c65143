"""A picture that is much worse than the last one does not take its place; its words count."""

import cv2
import numpy as np
import pytest

from calibration.geometry import Rect
from calibration.layout import CellId
from server.intake.worse import STAYS_FOR, worse_picture
from server.schedule.corrections.photo_taken_back import PhotoTakenBack
from server.store.corrections import append_correction
from server.store.pictures import (
    StraightPicture,
    newest_picture,
    placed_last,
    straight_picture,
)
from server.store.releases import latest_release
from server.store.values import Picture
from server.views.moment import STALE_AFTER
from vision.image.photo import Photo, encode_png
from vision.quality.worse import quality_from

ROOM = CellId("Room 301", "10:00-11:00")
PART = (0, 0, 0.5, 1)


def written(blur=0.0, scale=1.0):
    """A wall of writing as PNG, in or out of focus, near or far."""
    pixels = np.full((480, 640, 3), 200, np.uint8)
    for y in range(20, 480, 24):
        cv2.putText(
            pixels,
            "Types at scale 10:00 Maya, room 301: Knitting",
            (10, y),
            0,
            0.8,
            (20,) * 3,
            2,
        )
    pixels = cv2.GaussianBlur(pixels, (0, 0), blur) if blur else pixels
    return encode_png(cv2.resize(pixels, None, fx=scale, fy=scale))


PHOTOS = {
    "sharp": written(),
    "soft": written(blur=5),
    "softer": written(blur=5.5),
    "far": written(scale=0.3),
}


@pytest.fixture
def shots(scripted, monkeypatch):
    """What these photos show; each one card of its own name."""
    drawn = scripted.photo_bytes
    monkeypatch.setattr(
        scripted, "photo_bytes", lambda name: PHOTOS.get(name) or drawn(name)
    )
    return {name: scripted.Shot(cards={name: ROOM}) for name in PHOTOS}


@pytest.fixture
def work(journey, shots):
    """Send photos and work on them; give the photos."""

    def work(*sent, lanes=("straighten", "read")):
        photos = []
        for name, at in sent:
            photos.append(journey.send(name, at))
            journey.work(shots, lanes)
        return [journey.photo(photo) for photo in photos]

    return work


def shown(journey):
    """The photo whose picture is published."""
    board = journey.site.profile.board("friday")
    picture = journey.ask(newest_picture, board)
    assert journey.ask(latest_release, "friday").picture == picture.picture
    return picture.photo_id


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("soft", "is much more blurred than"),
        ("far", "shows the board much smaller than"),
    ],
)
def test_worse_photo_adds_its_words_and_leaves_the_picture(journey, work, name, why):
    sharp, worse = work(("sharp", "12:00"), (name, "12:10"))

    assert shown(journey) == sharp.id
    (told,) = worse.findings
    assert told.message == (
        f"This photo {why} that of 08:00, whose picture stays. What it says is added. "
        "Take another one."
    )
    schedule = journey.ask(latest_release, "friday").schedule
    assert [session.title for session in schedule.sessions] == [name]
    # Its own picture is there for whoever took it; the next photo is placed by others.
    board = journey.site.profile.board("friday")
    assert journey.ask(straight_picture, worse.id, board).focus is not None
    assert [one.photo_id for one in journey.ask(placed_last, board)] == [sharp.id]


def test_photo_without_a_time_counts_as_of_when_it_came(journey, shots, work):
    journey.send("sharp", "12:00", source="file")
    journey.work(shots, ["straighten"])

    (soft,) = work(("soft", "12:30"), lanes=["straighten"])

    assert "that of 08:00, whose picture stays" in soft.findings[0].message


def test_better_photo_of_the_last_hour_that_is_taken_back_stays_no_longer(
    journey, work
):
    sharp, soft = work(("sharp", "12:00"), ("soft", "12:10"))

    journey.change(
        append_correction, "friday", PhotoTakenBack(sharp.id), author="Sam",
        made_at=journey.site.clock(),
    )  # fmt: skip

    assert shown(journey) == soft.id


def test_poor_photo_is_shown_beside_one_as_poor_and_after_an_hour(journey, work):
    _, second = work(("soft", "10:00"), ("softer", "10:10"))
    assert (shown(journey), second.findings) == (second.id, ())

    _, late = work(("sharp", "10:20"), ("far", "11:21"))
    assert (shown(journey), late.findings) == (late.id, ())
    assert STAYS_FOR == STALE_AFTER


@pytest.fixture
def picture(profile, scripted):
    """The straight picture of a photo that shows a part of the board."""

    def picture(minute, part=(0, 0, 1, 1), focus=1.4):
        photo = Photo.decode(PHOTOS["sharp"])
        placed = scripted._placed(profile.board("friday"), photo, Rect(*part))
        at = scripted.NOW.replace(minute=minute)
        return StraightPicture(f"{minute}", at, Picture(()), placed, focus)

    return picture


def test_close_up_is_shown_until_the_whole_board_is_seen_better(journey, work, picture):
    (sharp,) = work(("sharp", "16:10"), lanes=["straighten"])
    board = journey.site.profile.board("friday")
    whole = journey.ask(straight_picture, sharp.id, board)
    blurred = picture(30, PART, 1.0)
    quality = quality_from(blurred.registration, blurred.focus)

    def worse(*layers):
        found = journey.ask(worse_picture, blurred, quality, layers)
        return found and (found.than, found.why)

    assert worse() is None
    assert worse(picture(10, PART)) is None
    assert worse(whole, picture(20, PART, 1.0)) == (sharp.id, "blurred")
    assert worse(picture(40)) is None  # it is late, and shown behind that one
