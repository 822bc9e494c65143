"""Photos of a part of the board: the rest of picture and schedule stays."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from calibration.layout import CellId
from server.publish.releases import current_schedule
from server.schedule.corrections.edit import Edit
from server.store.cards import cards_of
from server.store.corrections import append_correction
from server.store.releases import latest_release, releases
from vision.image.photo import Photo

WHOLE, LEFT, RIGHT = (0, 0, 1, 1), (0, 0, 0.5, 1), (0.375, 0, 1, 1)
SHADES = {WHOLE: "grey 90", LEFT: "grey 150", RIGHT: "grey 220"}


@pytest.fixture
def parts(scripted):
    """What photos of parts of the board show: nothing but their shade."""
    return {
        name: scripted.Shot(part=part)
        for part, name in [*SHADES.items(), (WHOLE, "grey 60")]
    }


def shades(journey, release):
    """Return the shades of the published picture: left, middle, right."""
    data = journey.site.blobs.get(release.picture.full.sha256)
    pixels = Photo.decode(data).pixels
    height, width = pixels.shape[:2]
    row = pixels[height // 2, :, 0].astype(int)
    return [int(row[int(x * width)]) for x in (0.2, 0.44, 0.8)]


def near(*expected):
    return [pytest.approx(shade, abs=3) for shade in expected]


def published(journey):
    return journey.ask(latest_release, "friday")


def test_a_close_up_is_set_into_the_last_whole_picture(journey, parts):
    journey.send("grey 90", "12:00")
    journey.work(parts, lanes=["straighten"])
    close = journey.send("grey 150", "12:10")

    journey.work(parts, lanes=["straighten"])

    release = published(journey)
    assert (release.number, release.photo_id) == (2, close.id)
    assert shades(journey, release) == near(150, 150, 90)
    assert [size.content_type for size in release.picture.sizes] == ["image/jpeg"]
    assert shades(journey, journey.ask(releases, "friday")[1]) == near(90, 90, 90)


def test_close_ups_in_turn_renew_the_picture_piece_by_piece(journey, parts):
    seen = []
    for at, name in (
        ("12:00", "grey 90"),
        ("12:10", "grey 150"),
        ("12:20", "grey 220"),
        ("12:30", "grey 60"),
    ):
        journey.send(name, at)
        journey.work(parts, lanes=["straighten"])
        seen.append(shades(journey, published(journey)))

    assert seen == [
        near(90, 90, 90),
        near(150, 150, 90),
        near(150, 220, 220),
        near(60, 60, 60),
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_the_picture_does_not_depend_on_the_order_of_arrival(journey, parts, order):
    taken = [("grey 90", "12:00"), ("grey 150", "12:10"), ("grey 220", "12:20")]

    for index in order:
        journey.send(*taken[index])
        journey.work(parts, lanes=["straighten"])

    release = published(journey)
    assert shades(journey, release) == near(150, 220, 220)
    assert f"{release.photo_taken_at:%H:%M}" == "12:20"


def test_a_close_up_older_than_the_last_whole_photo_changes_nothing(journey, parts):
    journey.send("grey 90", "12:00")
    journey.send("grey 60", "13:00")
    journey.work(parts, lanes=["straighten"])
    before = published(journey)
    late = journey.send("grey 150", "12:30")

    journey.work(parts, lanes=["straighten"])

    assert published(journey).picture == before.picture
    assert [finding.code for finding in journey.photo(late).findings] == ["late"]


def test_a_step_that_is_done_again_makes_the_same_picture(journey, parts):
    journey.send("grey 90", "12:00")
    journey.work(parts, lanes=["straighten"])
    journey.send("grey 150", "12:10")
    before = published(journey)
    broken = replace(journey.site, clock=breaking(journey.site.clock, 2))
    journeys = replace(journey, site=broken)

    journeys.work(parts, lanes=["straighten"])

    # The first try came to nothing; the second was the same step again.
    assert shades(journey, published(journey)) == near(150, 150, 90)
    assert published(journey).number == before.number + 1


def breaking(clock, fails_at):
    """A clock that fails once: amid the transaction that publishes."""
    asked = []

    def tell():
        asked.append(clock())
        if len(asked) == fails_at:
            msg = "the process broke down"
            raise RuntimeError(msg)
        return asked[-1]

    return tell


def test_a_close_up_is_read_where_it_was_placed(journey, parts, scripted):
    """Not placed anew, by photos that another process has seen."""
    journey.send("grey 150", "12:10")
    journey.work(parts, lanes=["straighten"])
    vision = scripted.vision_of(parts)
    seen = []

    def refuse(_photo, _boards):
        msg = "expected the placing that was kept"
        raise AssertionError(msg)

    def read_board(photo, straight, known, *rest):
        seen.append(straight)
        return vision.read_board(photo, straight, known, *rest)

    journey.work(
        replace(vision, straighten=refuse, read_board=read_board), lanes=["read"]
    )

    (straight,) = seen
    assert straight.registration.coverage == 0.5
    assert straight.registration.cell_area.width == 2 * 160
    assert np.unique(straight.pixels).tolist() == [0, 150]
    with journey.site.database.read() as session:
        schedule = current_schedule(session, journey.site.profile, "friday")
    assert schedule.board == "friday"


A, B = CellId("Room 301", "10:00-11:00"), CellId("Room 302", "10:00-11:00")
C, BLOCKED = CellId("Room 301", "11:00-12:00"), CellId("Room 302", "11:00-12:00")
QUARTER = (0, 0, 0.5, 0.5)


@pytest.fixture
def close_up(scripted):
    """A close-up of one cell: the cards on it."""

    def of(cell, *cards):
        hidden = {other: "unseen" for other in (A, B, C) if other != cell}
        return scripted.Shot(dict.fromkeys(cards, cell), hidden, part=QUARTER)

    return of


def sessions(journey):
    return {
        session.title: (session.cell, session.presence)
        for session in published(journey).schedule.sessions
    }


def walk(journey, shots, start, minutes):
    """Take these photos one after the other, and work on each."""
    for minute, name in enumerate(minutes, start=start):
        journey.send(name, f"12:{minute:02d}")
        journey.work(shots)


def test_a_close_up_leaves_its_neighbours_and_their_corrections(
    journey, scripted, close_up
):
    shots = {
        "whole": scripted.Shot({"Kniting": A, "Typing": B, "Tea": C}),
        "close": close_up(A, "Kniting"),
    }
    walk(journey, shots, 0, ["whole"])
    cards = {card.fields.title: card for card in journey.ask(cards_of, "friday")}
    for title, right in (("Kniting", "Knitting"), ("Tea", "High tea")):
        journey.change(
            append_correction,
            "friday",
            Edit(cards[title].id, title=right),
            author="Maya",
            made_at=journey.site.clock(),
        )

    walk(journey, shots, 30, ["close"])

    assert sessions(journey) == {
        "Knitting": (A, "present"),
        "Typing": (B, "unseen"),
        "High tea": (C, "unseen"),
    }


def test_a_card_moved_out_of_a_close_up_stays_until_it_is_found(
    journey, scripted, close_up
):
    shots = {
        "whole": scripted.Shot({"Knitting": A, "Typing": B}),
        "bare": close_up(A),
        "other": close_up(C, "Knitting"),
    }
    walk(journey, shots, 0, ["whole"])
    (card,) = (
        card
        for card in journey.ask(cards_of, "friday")
        if card.fields.title == "Knitting"
    )

    walk(journey, shots, 20, ["bare"])
    between = sessions(journey)
    walk(journey, shots, 21, ["other"])

    assert between == {"Knitting": (A, "unseen"), "Typing": (B, "unseen")}
    assert sessions(journey) == {"Knitting": (C, "present"), "Typing": (B, "unseen")}
    (session,) = (
        one for one in published(journey).schedule.sessions if one.title == "Knitting"
    )
    assert session.id == card.id


@pytest.mark.parametrize("order", list(permutations("abc")), ids="".join)
def test_close_ups_of_every_part_say_what_a_whole_photo_says(
    journey, scripted, close_up, order
):
    """Of a card that was taken down, one that moved, a new one, and one that stays."""
    shots = {
        "before": scripted.Shot({"Knitting": A, "Typing": B, "Tea": C}),
        "a": close_up(A, "Tea"),
        "b": close_up(B, "Typing", "News"),
        "c": close_up(C),
        "whole": scripted.Shot({"Tea": A, "Typing": B, "News": B}),
    }
    walk(journey, shots, 0, ["before"])

    walk(journey, shots, 20, order)

    by_parts = published(journey).schedule
    walk(journey, shots, 30, ["whole"])
    by_whole = published(journey).schedule
    assert [(one.title, one.cell) for one in by_parts.sessions] == [
        (one.title, one.cell) for one in by_whole.sessions
    ]
    assert by_parts.cells == by_whole.cells
    assert {one.title: one.cell for one in by_whole.sessions} == shots["whole"].cards
