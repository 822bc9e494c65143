"""Straight pictures as they are stored: which of them make the board's picture."""

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pytest

from calibration.geometry import Rect
from calibration.homography import Homography
from calibration.lens import Projection, RadialLens
from server.store.codec import registration_from_json, registration_to_json
from server.store.photos import add_photo, set_state
from server.store.pictures import (
    BoardPicture,
    add_composite,
    add_picture,
    layers_of,
    newest_picture,
    photos_of_picture,
    placed_last,
)
from server.store.values import Picture, PictureSize
from vision.registration.frame import Registration

WHOLE, LEFT, RIGHT = Rect(0, 0, 1, 1), Rect(0, 0, 0.5, 1), Rect(0.4, 0, 1, 1)


def registration(board, part, steps=0):
    at = Homography.translation(part.left * 160, part.top * 120)
    wh = round(part.width * 160), round(part.height * 120)
    return Registration(
        board=board,
        method="reference",
        projection=Projection(at, RadialLens(-0.0123, wh)),
        size_wh=(160, 120),
        cell_area=Rect(0, 0, 160, 120),
        residual_px=0.123456789,
        coverage=part.overlap(WHOLE),
        steps=steps,
    )


def picture(name):
    return Picture((PictureSize(name * 64, 160, 120, "image/jpeg"),))


@dataclass
class Pictures:
    """Adds pictures named by a hex digit, taken in the order of the digits."""

    site: object
    board: object

    def add(self, name, part):
        at = dt.datetime(2024, 5, 17, 12, int(name, 16), tzinfo=dt.UTC)
        with self.site.database.write() as session:
            record, _ = add_photo(
                session,
                sha256=name * 64,
                size_bytes=1,
                given_board="friday",
                sender="Sam",
                received_at=at,
                taken_at=at,
            )
            set_state(session, record.id, "straightened", "friday")
            add_picture(
                session,
                record.id,
                "friday",
                at,
                picture(name),
                registration=registration(self.board, part) if part else None,
            )

    def ask(self, query):
        with self.site.database.read() as session:
            return query(session, self.board)

    def names(self, query):
        return "".join(entry.photo_id[0] for entry in self.ask(query))


@pytest.fixture
def pictures(site, profile):
    return Pictures(site, profile.board("friday"))


@pytest.mark.parametrize("steps", [0, 3])
def test_registration_survives_being_stored(profile, steps):
    board = profile.board("friday")
    kept = replace(
        registration(board, LEFT, steps), checked=steps == 0, moved_tags=(2,) * steps
    )

    read = registration_from_json(registration_to_json(kept), board)

    np.testing.assert_array_equal(
        read.projection.homography.matrix, kept.projection.homography.matrix
    )
    assert read.projection.lens == kept.projection.lens
    names = ("board", "method", "size_wh", "cell_area", "residual_px")
    names += ("coverage", "steps", "whole", "checked", "moved_tags")
    assert [getattr(read, name) for name in names] == [
        getattr(kept, name) for name in names
    ]


def test_a_registration_stored_before_it_was_checked_is_as_good_as_it_was(profile):
    board = profile.board("friday")
    document = registration_to_json(registration(board, LEFT))
    del document["checked"], document["moved_tags"]

    read = registration_from_json(document, board)

    assert (read.checked, read.moved_tags) == (True, ())


@pytest.mark.parametrize(
    ("added", "layers", "placing"),
    [
        ({}, "", ""),
        ({"1": WHOLE}, "1", "1"),
        ({"1": WHOLE, "2": LEFT}, "12", "21"),
        ({"2": LEFT, "1": WHOLE}, "12", "21"),
        ({"1": WHOLE, "2": LEFT, "3": RIGHT}, "123", "31"),
        ({"1": WHOLE, "2": LEFT, "3": LEFT}, "13", "31"),
        ({"1": WHOLE, "2": LEFT, "3": WHOLE}, "3", "3"),
        ({"1": LEFT}, "1", "1"),
        ({"1": None}, "1", ""),
        ({"1": None, "2": LEFT}, "2", "2"),
        ({"1": WHOLE, "2": None, "3": LEFT, "4": RIGHT}, "34", "4"),
        ({"1": WHOLE, "2": LEFT, "3": None}, "3", ""),
    ],
    ids=[
        "none",
        "whole",
        "close-up",
        "that came first",
        "two close-ups",
        "the same part again",
        "whole again",
        "close-up alone",
        "from before registrations were kept",
        "nothing is set into such a one",
        "nor anything before it",
        "such a one as the newest",
    ],
)
def test_what_shows_and_what_places_the_next_photo(pictures, added, layers, placing):
    for name, part in added.items():
        pictures.add(name, part)

    assert pictures.names(layers_of) == layers
    assert pictures.names(placed_last) == placing


def test_the_newest_picture_is_the_composite_of_what_shows(pictures):
    """As soon as there is one; until then what there was before."""
    pictures.add("1", WHOLE)
    pictures.add("2", LEFT)
    alone = pictures.ask(newest_picture)
    layers = pictures.ask(layers_of)
    for _ in range(2):
        with pictures.site.database.write() as session:
            add_composite(session, "friday", layers, picture("c"))

    at = dt.datetime(2024, 5, 17, 12, 2, tzinfo=dt.UTC)
    before = at - dt.timedelta(minutes=1)
    whole = registration(pictures.board, WHOLE).frame
    assert alone == BoardPicture("1" * 16, before, picture("1"), whole)
    assert pictures.ask(newest_picture) == BoardPicture(
        "2" * 16, at, picture("c"), whole
    )
    pictures.add("3", WHOLE)
    later = at + dt.timedelta(minutes=1)
    assert pictures.ask(newest_picture) == BoardPicture(
        "3" * 16, later, picture("3"), whole
    )


@pytest.mark.parametrize(
    ("rect", "photos"),
    [(Rect(0, 0, 0.2, 0.2), "12"), (Rect(0.8, 0, 0.9, 0.2), "1"), (None, "12")],
    ids=["in both", "in one", "nobody knows where"],
)
def test_photos_that_may_show_a_place(pictures, rect, photos):
    pictures.add("1", WHOLE)
    pictures.add("2", LEFT)
    with pictures.site.database.write() as session:
        layers = layers_of(session, pictures.board)
        add_composite(session, "friday", layers, picture("c"))

    shown = pictures.ask(newest_picture).photos_at(rect)

    assert shown == tuple(name * 16 for name in photos)


def test_photos_that_a_picture_shown_before_is_made_of(pictures):
    """Of one of several photos, which nobody kept, all of the board."""
    pictures.add("1", WHOLE)
    pictures.add("2", LEFT)
    own, composite = (picture(name).full.sha256 for name in ("2", "c"))

    with pictures.site.database.read() as session:
        assert photos_of_picture(session, own, "friday") == ("2" * 16,)
        assert photos_of_picture(session, composite, "friday") == ("1" * 16, "2" * 16)
