"""From a photo to a reading, stage after stage."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import pytest

from calibration.geometry import Point, Quad, Rect
from calibration.layout import CellId
from sample_boards.camera import Standpoint
from sample_boards.random_boards import change_cards
from sample_boards.render import random_conditions
from vision.cards import CardDescriptor, KnownCard, Line, Reading
from vision.errors import BoardNotFoundError
from vision.image.arrays import Image
from vision.image.photo import Photo
from vision.pipeline import read_board, straighten
from vision.reading import CardFields, CardReading, from_json, to_json
from vision.recognition.card_text import MARGIN
from vision.recognition.engine import NullEngine
from vision.registration import Reference
from vision.trace import Callbacks


@dataclass(frozen=True)
class CountingEngine:
    """Reads a number into every crop, and remembers the crops' sizes."""

    calls: list[tuple[int, ...]] = field(default_factory=list)
    name: str = "counting 1"

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        return tuple(self._read_crop(crop) for crop in crops)

    def _read_crop(self, crop: Image) -> Reading:
        self.calls.append(crop.shape)
        height, width = crop.shape[:2]
        # On the card, around which there is a margin.
        quad = Rect(width / 4, height / 4, width * 3 / 4, height / 2).to_quad()
        return Reading((Line(f"Talk {len(self.calls)}", 0.75, quad),))


@pytest.fixture(scope="module")
def reference(printed_scene):
    return Reference.from_photo(
        printed_scene.board, printed_scene.photo, printed_scene.truth.corners_photo
    )


@pytest.fixture(scope="module")
def first(printed_scene):
    """The observation of a first photo, and everything that was told meanwhile."""
    engine = CountingEngine()
    progress: list[tuple[int, int]] = []
    pictures: dict[str, tuple[int, ...]] = {}

    def trace(stage: str, picture: Image) -> None:
        assert stage not in pictures
        pictures[stage] = picture.shape

    observation = read_board(
        printed_scene.photo,
        printed_scene.straight,
        engine,
        callbacks=Callbacks(trace, lambda done, total: progress.append((done, total))),
    )
    return observation, engine, progress, pictures


@pytest.fixture(scope="module")
def known(first, as_known):
    return as_known(first[0].cards)


def test_every_card_is_read_once_and_placed(printed_scene, first):
    observation, engine, _, _ = first

    cards = observation.reading.cards
    truth = Counter(CellId(card.room, card.slot) for card in printed_scene.truth.cards)
    assert Counter(card.cell for card in cards) == truth
    assert len(engine.calls) == len(cards)
    assert [card.text for card in cards] == [
        f"Talk {number + 1}" for number in range(len(cards))
    ]
    assert {(card.engine, card.confidence) for card in cards} == {("counting 1", 0.75)}
    assert tuple(seen.reading for seen in observation.cards) == cards
    assert {(seen.known, seen.read_again) for seen in observation.cards} == {
        (None, True)
    }
    assert observation.missing == ()


def test_lines_lie_in_the_upper_half_of_their_cards(first):
    for card in first[0].reading.cards:
        (line,) = card.lines
        assert line.quad_photo.overlap(card.quad_photo) > 0.9 * line.quad_photo.area
        assert line.quad_photo.centre.y < card.quad_photo.centre.y


def test_progress_begins_at_nothing_and_ends_with_every_card(first):
    observation, _, progress, _ = first
    total = len(observation.cards)

    assert progress == [(done, total) for done in range(total + 1)]


def test_the_trace_has_a_picture_of_every_stage(printed_scene, first):
    observation, _, _, pictures = first
    crops = [f"5-card-{n + 1:02d}" for n in range(len(observation.cards))]
    read = [f"6-read-{n + 1:02d}" for n in range(len(observation.cards))]
    assert list(pictures) == ["3-network", "4-cards", *crops, *read]
    assert pictures["4-cards"] == printed_scene.straight.pixels.shape
    shown = [
        (*(side + 2 * round(MARGIN * side) for side in pictures[name][:2]), 3)
        for name in crops
    ]
    assert shown == first[1].calls == [pictures[name] for name in read]


def test_straighten_finds_the_board_and_shows_it(printed_scene, reference):
    pictures: dict[str, Image] = {}

    straight = straighten(
        printed_scene.photo,
        [printed_scene.board],
        [reference],
        trace=pictures.__setitem__,
    )

    assert list(pictures) == ["1-photo", "2-rectified"]
    np.testing.assert_array_equal(pictures["1-photo"], printed_scene.photo.pixels)
    np.testing.assert_array_equal(pictures["2-rectified"], straight.pixels)
    assert straight.registration.method == "reference"


def test_straighten_refuses_a_wall(printed_scene, reference, odd_pictures):
    wall = Photo.from_pixels(odd_pictures["plain wall"])

    with pytest.raises(BoardNotFoundError):
        straighten(wall, [printed_scene.board], [reference])


def test_the_reading_says_which_photo_and_how_it_was_found(printed_scene, first):
    reading = first[0].reading

    assert reading.board == printed_scene.board.slug
    assert reading.photo.sha256 == printed_scene.photo.sha256
    assert (reading.photo.width, reading.photo.height) == printed_scene.photo.size_wh
    assert reading.registration.method == printed_scene.registration.method
    assert tuple(entry.cell for entry in reading.cells) == (
        printed_scene.board.layout.cells
    )
    assert reading.findings == ()


def test_the_reading_comes_back_from_json(first):
    document = to_json(first[0].reading)

    text = json.dumps(document, allow_nan=False)

    assert to_json(from_json(json.loads(text))) == document


def test_a_board_that_only_tags_place_is_half_as_sure(printed_scene, first):
    registration = replace(printed_scene.straight.registration, checked=False)

    reading = read_board(
        printed_scene.photo,
        replace(printed_scene.straight, registration=registration),
        CountingEngine(),
    ).reading

    assert [finding.code for finding in reading.findings] == ["unchecked"]
    assert [card.confidence for card in reading.cards] == [
        card.confidence / 2 for card in first[0].reading.cards
    ]


def test_the_same_photo_gives_the_same_reading(printed_scene, first):
    again = read_board(printed_scene.photo, printed_scene.straight, CountingEngine())

    assert to_json(again.reading) == to_json(first[0].reading)


def test_known_cards_are_not_read_again(printed_scene, first, known):
    engine = CountingEngine()
    progress: list[tuple[int, int]] = []

    again = read_board(
        printed_scene.photo,
        printed_scene.straight,
        engine,
        known=known,
        callbacks=Callbacks(
            progress=lambda done, total: progress.append((done, total))
        ),
    )

    assert engine.calls == []
    assert set(progress) == {(0, 0)}
    assert {seen.known for seen in again.cards} == {card.id for card in known}
    assert not any(seen.read_again for seen in again.cards)
    assert again.missing == ()
    texts = {card.cell: card.text for card in first[0].reading.cards}
    assert {card.cell: card.text for card in again.reading.cards} == texts


def test_after_changes_only_what_is_new_is_read(photographed, printed_scene, known):
    drawn = change_cards(printed_scene.drawn, 4, 0.5)
    later = photographed(
        drawn, Standpoint(yaw_deg=-14, pitch_deg=4), random_conditions(8)
    )
    engine = CountingEngine()

    after = read_board(later.photo, later.straight, engine, known=known)

    was = {card.card_id: card for card in printed_scene.truth.cards}
    now = {card.card_id: card for card in later.truth.cards}
    id_at = {
        CellId(card.room, card.slot): card.card_id for card in printed_scene.truth.cards
    }
    truth_of = {card.id: id_at[card.reading.cell] for card in known}
    # No wrong pair: a known card is where the truth says that it is now.
    for seen in after.cards:
        if seen.known is not None:
            card = now[truth_of[seen.known]]
            assert seen.reading.cell == (card.room, card.slot)
    untouched = {
        name
        for name in was.keys() & now.keys()
        if (was[name].text, was[name].room, was[name].slot)
        == (now[name].text, now[name].room, now[name].slot)
    }
    kept = {truth_of[seen.known] for seen in after.cards if seen.known is not None}
    assert untouched
    assert untouched <= kept
    assert len(engine.calls) == sum(seen.read_again for seen in after.cards)
    fates = {truth_of[card.id]: card.fate for card in after.missing}
    assert set(fates) == set(was) - kept
    # Positive evidence: what is said to be gone hangs at its old place no more.
    gone = {name for name, fate in fates.items() if fate == "gone"}
    assert gone
    assert not gone & untouched


def at_cell(scene, cell, identity="old"):
    """Return a known card that was in a cell and looks like nothing there now."""
    rect = scene.registration.cell_rects[cell]
    area = scene.registration.cell_area
    rng = np.random.default_rng(7)
    patch = rng.integers(0, 256, (64, 96), dtype=np.uint8)
    quad_area = Rect(
        (rect.left + rect.width * 0.1 - area.left) / area.width,
        (rect.top + rect.height * 0.15 - area.top) / area.height,
        (rect.right - rect.width * 0.1 - area.left) / area.width,
        (rect.bottom - rect.height * 0.15 - area.top) / area.height,
    ).to_quad()
    reading = CardReading(
        quad_photo=Quad(Point(0, 0), Point(9, 0), Point(9, 9), Point(0, 9)),
        cell=cell,
        lines=(),
        fields=CardFields(title="Old"),
        confidence=0.5,
        colour="#ffffff",
        engine="counting 1",
    )
    return KnownCard(identity, CardDescriptor(patch), quad_area, reading)


def free_cells(first):
    return [entry.cell for entry in first[0].reading.cells if entry.state == "free"]


def test_a_missing_card_is_gone_covered_or_unseen(printed_scene, first):
    gone, covered, unseen = free_cells(first)[:3]
    registration = printed_scene.registration
    rects = registration.cell_rects
    pixels = printed_scene.photo.pixels.copy()
    for cell, colour in ((covered, (150, 60, 40)), (unseen, (0, 0, 0))):
        corners = registration.projection.quad_photo(rects[cell].to_quad()).to_array()
        cv2.fillConvexPoly(pixels, np.rint(corners).astype(np.int32), colour)
    scene = printed_scene.with_pixels(pixels)
    old = [at_cell(scene, cell, str(cell)) for cell in (gone, covered, unseen)]

    observation = read_board(scene.photo, scene.straight, NullEngine(), known=old)

    # What the photo does not reach is black on the straight picture.
    fates = {card.id: card.fate for card in observation.missing}
    assert fates == {
        str(gone): "gone",
        str(covered): "covered",
        str(unseen): "unseen",
    }
    states = {entry.cell: entry.state for entry in observation.reading.cells}
    assert states[gone] == "free"
    assert states[covered] in {"covered", "taken"}
    assert states[unseen] == "unseen"


def test_an_old_place_outside_of_the_photo_is_unseen(printed_scene, known):
    width = printed_scene.photo.size_wh[0]
    left_half = np.ascontiguousarray(printed_scene.photo.pixels[:, : width // 2])
    scene = printed_scene.with_pixels(left_half)
    engine = CountingEngine()

    observation = read_board(scene.photo, scene.straight, engine, known=known)

    outside = {
        card.id for card in known if card.reading.quad_photo.bounds.left > width / 2
    }
    fates = {card.id: card.fate for card in observation.missing}
    assert outside
    assert {fates[identity] for identity in outside} == {"unseen"}
    assert "gone" not in fates.values()


def test_a_board_that_nothing_is_seen_of_is_read_as_such(printed_scene, known):
    black = printed_scene.with_pixels(np.zeros_like(printed_scene.photo.pixels))

    observation = read_board(black.photo, black.straight, CountingEngine(), known=known)

    assert observation.reading.cards == ()
    assert {entry.state for entry in observation.reading.cells} == {"unseen"}
    assert {card.fate for card in observation.missing} == {"unseen"}
    assert len(observation.missing) == len(known)


@pytest.mark.parametrize("shown", [0.3, 0.7])
def test_a_known_card_that_the_edge_cuts_off_is_no_new_card(
    printed_scene, known, shown
):
    card = max(known, key=lambda card: card.reading.quad_photo.bounds.left)
    bounds = card.reading.quad_photo.bounds
    right = round(bounds.left + shown * bounds.width)
    # In other light: by its colour it is not known again.
    part = cv2.convertScaleAbs(printed_scene.photo.pixels[:, :right], alpha=0.5)
    scene = printed_scene.with_pixels(part)

    observation = read_board(scene.photo, scene.straight, NullEngine(), known=known)

    assert [seen for seen in observation.cards if seen.known is None] == []
    fates = {missing.id: missing.fate for missing in observation.missing}
    assert fates.get(card.id, "unseen") == "unseen"


@pytest.mark.parametrize("name", ["one white pixel", "one row", "plain wall"])
def test_odd_photos_that_are_their_own_reference_are_read_without_complaint(
    printed_scene, odd_pictures, name
):
    photo = Photo.from_pixels(odd_pictures[name])
    width, height = photo.size_wh
    corners = Rect(-width, -height / 2, 2 * width, 2 * height).to_quad()
    reference = Reference.from_photo(printed_scene.board, photo, corners)

    straight = straighten(photo, [printed_scene.board], [reference])
    reading = read_board(photo, straight, NullEngine()).reading

    json.dumps(to_json(reading), allow_nan=False)
    assert "cut_off" in {finding.code for finding in reading.findings}
    assert reading.registration.coverage < 0.5
