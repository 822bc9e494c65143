import tomllib
from datetime import datetime
from itertools import pairwise

import pytest
from PIL import ImageFile

from calibration.profile import load_profile
from sample_boards.events import PHOTOGRAPHED, PYCON_US, SAMPLE_EVENTS
from sample_boards.regenerate import main, scenes

MAX_PHOTO_BYTES = 1_500_000
SMALL_BYTES = 500_000
"""Of a photo of the events that are there for their shape, not for reading."""

events = pytest.mark.parametrize("event", PHOTOGRAPHED, ids=lambda event: event.name)


@events
def test_a_profile_says_what_the_truth_says(event):
    profile = load_profile(event.profile_path)
    for photo in event.photos:
        truth = event.truth(photo)
        board = profile.board(truth.board)
        assert board.layout.rooms == truth.rooms
        assert tuple(slot.label for slot in board.layout.slots) == truth.slots
        assert list(board.tags or ()) == [tag for tag, _ in truth.tag_quads_photo]
        assert board.date == datetime.fromisoformat(truth.taken_at).date()


@events
def test_a_reference_has_the_corners_of_the_truth(event):
    board = tomllib.loads(event.profile_path.read_text())["boards"][0]
    if "reference" not in board:
        assert board["tags"]
        return
    reference = board["reference"]
    truth = event.truth(reference["photo"])
    assert (event.folder / reference["photo"]).is_file()
    for given, true in zip(
        reference["corners"], truth.corners_photo.to_array().tolist(), strict=True
    ):
        assert given == pytest.approx(true, abs=0.06)


@events
def test_photos_are_small_and_as_large_as_the_truth_says(event):
    assert event.photos
    for photo in event.photos:
        data = photo.read_bytes()
        small = event not in SAMPLE_EVENTS
        assert len(data) <= (SMALL_BYTES if small else MAX_PHOTO_BYTES)
        parser = ImageFile.Parser()
        parser.feed(data)
        assert parser.close().size == event.truth(photo).photo_wh


@events
def test_photos_are_in_the_order_of_their_times(event):
    times = [
        datetime.fromisoformat(event.truth(photo).taken_at) for photo in event.photos
    ]
    assert all(before < after for before, after in pairwise(times))


@events
def test_a_card_belongs_to_the_cell_that_most_of_it_covers(event):
    for photo in event.photos:
        truth = event.truth(photo)
        rects = {(cell.room, cell.slot): cell.rect_board for cell in truth.cells}
        for card in (one for one in truth.cards if one.room):
            shares = {
                key: rect.to_quad().overlap(card.quad_board)
                for key, rect in rects.items()
            }
            assert max(shares, key=shares.__getitem__) == (card.room, card.slot)


@events
def test_cards_have_ids_of_their_own(event):
    for photo in event.photos:
        ids = [card.card_id for card in event.truth(photo).cards]
        assert len(ids) == len(set(ids))


def test_the_day_of_pycon_us_has_all_kinds_of_change():
    morning, noon, afternoon = (PYCON_US.truth(photo) for photo in PYCON_US.photos)
    assert [len(truth.cards) for truth in (morning, noon, afternoon)] == [26, 33, 37]
    for before, after in ((morning, noon), (noon, afternoon)):
        was = {card.card_id: card for card in before.cards}
        now = {card.card_id: card for card in after.cards}
        both = was.keys() & now.keys()
        assert now.keys() - was.keys()
        assert was.keys() - now.keys()
        assert any(
            (was[name].room, was[name].slot) != (now[name].room, now[name].slot)
            for name in both
        )
    hosts = [truth.card("testing-legacy-systems").host for truth in (morning, noon)]
    assert hosts[0] != hosts[1]
    assert afternoon.card("remote-teams").struck
    assert {card.state for card in afternoon.cards} >= {"visible", "partial"}


def test_every_scene_has_its_folder():
    assert set(scenes()) == {event.name for event in PHOTOGRAPHED}
    for event in PHOTOGRAPHED:
        planned = [photo.name for photo in scenes()[event.name].photos]
        assert planned == [photo.name for photo in event.photos]


def test_an_unknown_event_is_wrong_usage():
    assert main(["pycon_moon"]) == 2
