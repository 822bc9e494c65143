"""Photos placed by those placed last."""

import datetime as dt

import numpy as np
import pytest

from calibration.geometry import Rect
from calibration.homography import Homography
from calibration.layout import Layout, Slot
from calibration.lens import Projection, RadialLens
from calibration.profile import Board
from server.intake.recent import (
    MAX_KEPT,
    MAX_STEPS,
    PlacedPhoto,
    PlacedPhotos,
    RecentPhotos,
)
from vision.errors import (
    AmbiguousBoardError,
    BoardMismatchError,
    BoardNotFoundError,
)
from vision.image.photo import Photo
from vision.registration.frame import Registration
from vision.registration.rectify import RectifiedBoard

LAYOUT = Layout(rooms=("A",), slots=(Slot.parse("10:00-11:00"),))
FRIDAY = Board("friday", "Friday", dt.date(2026, 1, 2), LAYOUT)
MONDAY = Board("monday", "Monday", dt.date(2026, 1, 5), LAYOUT)
REFUSAL = BoardNotFoundError("not found", hint="again")


def photo(shade):
    """Return a photo; its shade is its name."""
    return Photo.from_pixels(np.full((30, 40, 3), shade, np.uint8))


def placed(shown, board, coverage=1.0, steps=0, *, checked=True):
    lens = RadialLens(0.0, shown.size_wh)
    registration = Registration(
        board=board,
        method="reference",
        projection=Projection(Homography.identity(), lens),
        size_wh=shown.size_wh,
        cell_area=Rect(5, 5, 35, 25),
        residual_px=0.5,
        coverage=coverage,
        steps=steps,
        checked=checked,
    )
    return RectifiedBoard(registration, shown.pixels)


class Scripted:
    """Places photos as told: {shade: (board, coverage)}, by the profile or not."""

    def __init__(self, by_profile, by_recent, unchecked=()):
        self.by_profile = by_profile
        self.by_recent = by_recent
        self.unchecked = unchecked
        self.asked = []

    def __call__(self, shown, _boards, references):
        shade = int(shown.pixels[0, 0, 0])
        recent = [entry.sha256 for entry in references]
        self.asked.append((shade, recent))
        told = (self.by_recent if recent else self.by_profile).get(shade)
        if told is None:
            raise REFUSAL
        if isinstance(told, Exception):
            raise told
        steps = max((entry.steps for entry in references), default=0)
        checked = bool(recent) or shade not in self.unchecked
        return placed(shown, *told, steps=steps, checked=checked)


class Store:
    """Keeps what was placed, as the straighten step does."""

    def __init__(self):
        self.straight = []
        self.decoded = []

    @property
    def placed(self):
        return PlacedPhotos(self.last, self.original)

    def last(self, board):
        mine = [
            PlacedPhoto(Photo.from_pixels(entry.pixels).sha256, entry.registration)
            for entry in reversed(self.straight)
            if entry.registration.board == board
        ]
        whole = [entry for entry in mine[1:] if entry.registration.whole]
        return mine[:1] if mine and mine[0].registration.whole else mine[:1] + whole[:1]

    def original(self, sha256):
        self.decoded.append(sha256)
        photos = (Photo.from_pixels(entry.pixels) for entry in self.straight)
        return next(one for one in photos if one.sha256 == sha256)


def straighten_all(script, shades, boards=(FRIDAY,), store=None):
    """Place photos one after the other, and keep how they were placed."""
    store = store or Store()
    recent = RecentPhotos(script, tuple, store.placed)
    for shade in shades:
        store.straight.append(recent.straighten(photo(shade), boards))
    return store.straight


def names(*shades):
    return [photo(shade).sha256 for shade in shades]


def test_a_photo_that_tags_or_the_reference_place_needs_no_other():
    script = Scripted({10: (FRIDAY,), 20: (FRIDAY,)}, {})

    straight = straighten_all(script, [10, 20])

    assert [entry.registration.board for entry in straight] == [FRIDAY, FRIDAY]
    assert script.asked == [(10, []), (20, [])]


def test_a_photo_that_only_tags_place_is_checked_by_the_last_one():
    script = Scripted({10: (FRIDAY,), 20: (FRIDAY,)}, {20: (FRIDAY,)}, unchecked={20})

    straight = straighten_all(script, [10, 20])

    assert [entry.registration.checked for entry in straight] == [True, True]
    assert script.asked == [(10, []), (20, []), (20, names(10))]


def test_a_photo_that_only_tags_placed_checks_no_other():
    by_profile = {10: (FRIDAY,), 20: (FRIDAY,)}
    script = Scripted(by_profile, {}, unchecked={10, 20})

    straight = straighten_all(script, [10, 20])

    assert [entry.registration.checked for entry in straight] == [False, False]
    assert script.asked == [(10, []), (20, [])]


def test_a_photo_whose_tags_the_last_one_contradicts_is_refused():
    mismatch = BoardMismatchError("not where its tags say", hint="stick them again")
    by_profile = {10: (FRIDAY,), 20: (FRIDAY,)}
    script = Scripted(by_profile, {20: mismatch}, unchecked={20})

    with pytest.raises(BoardMismatchError) as refusal:
        straighten_all(script, [10, 20])

    assert refusal.value is mismatch


def test_the_first_photo_that_is_refused_is_refused():
    script = Scripted({}, {10: (FRIDAY,)})

    with pytest.raises(BoardNotFoundError) as refusal:
        straighten_all(script, [10])

    assert refusal.value is REFUSAL
    assert script.asked == [(10, [])]


def test_a_photo_that_is_refused_is_tried_with_the_last_one():
    script = Scripted({10: (FRIDAY,)}, {20: (FRIDAY,)})

    straight = straighten_all(script, [10, 20])

    assert straight[1].registration.board == FRIDAY
    assert script.asked == [(10, []), (20, []), (20, names(10))]


def test_a_close_up_does_not_displace_the_last_whole_photo():
    by_profile = {10: (FRIDAY,), 20: (FRIDAY, 0.3), 30: (FRIDAY, 0.2)}
    script = Scripted(by_profile, {40: (FRIDAY,), 50: (FRIDAY,)})

    straighten_all(script, [10, 20, 30, 40, 50])

    assert script.asked[4] == (40, names(30, 10))
    # The whole photo 40 displaces all.
    assert script.asked[6] == (50, names(40))


def test_only_photos_of_the_boards_in_question_are_tried():
    by_profile = {10: (FRIDAY,), 20: (MONDAY,)}
    script, store = Scripted(by_profile, {30: (MONDAY,)}), Store()
    straighten_all(script, [10, 20], [FRIDAY, MONDAY], store)

    straighten_all(script, [30], [MONDAY], store)
    with pytest.raises(BoardNotFoundError):
        straighten_all(script, [40], [FRIDAY], store)

    assert script.asked[3] == (30, names(20))
    assert script.asked[5] == (40, names(10))


def test_after_a_start_photos_placed_before_it_are_decoded_when_needed():
    script, store = (
        Scripted({10: (FRIDAY,)}, {20: (FRIDAY, 0.3), 30: (FRIDAY,)}),
        Store(),
    )
    straighten_all(script, [10], store=store)
    assert store.decoded == []

    straighten_all(script, [20, 30], store=store)

    # Each once, and only what another process has placed.
    assert store.decoded == names(10)
    assert script.asked[2] == (20, names(10))
    assert script.asked[4] == (30, names(20, 10))


def test_a_chain_of_photos_placed_by_each_other_ends():
    chain = list(range(20, 20 + MAX_STEPS))
    by_recent = dict.fromkeys(range(20, 200), (FRIDAY,))
    script, store = Scripted({10: (FRIDAY,)}, by_recent), Store()
    straighten_all(script, [10, *chain], store=store)

    with pytest.raises(BoardNotFoundError) as refusal:
        straighten_all(script, [100], store=store)

    assert refusal.value is REFUSAL
    assert [entry.registration.steps for entry in store.straight] == list(
        range(MAX_STEPS + 1)
    )


def test_photos_kept_small_in_memory_are_the_last_few():
    shades = range(20, 20 + 2 * MAX_KEPT)
    recent = RecentPhotos(
        Scripted(dict.fromkeys(shades, (FRIDAY,)), {}), tuple, Store().placed
    )

    for shade in shades:
        recent.straighten(photo(shade), [FRIDAY])

    assert list(recent._kept) == names(*shades[-MAX_KEPT:])


def test_boards_that_fit_equally_are_told_as_such():
    script = Scripted({10: AmbiguousBoardError("both", hint="Say which.")}, {})

    with pytest.raises(AmbiguousBoardError):
        straighten_all(script, [10])
