"""Three days on one wall: undated photos go to the day that stands on the wall."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.scenarios import board_of
from calibration.layout import Layout, Slot
from calibration.profile import Event, Profile, ReferencePhoto, save_profile
from sample_boards.render import Standpoint, random_board, random_conditions, render
from server.decoding import check_file
from server.intake.claims import Worker
from server.intake.days import BY_ARRIVAL, BY_HEADING
from server.intake.loop import work_once
from server.intake.receive import receive
from server.intake.sight import vision_of
from server.site import Site
from server.store.photos import photo as photo_record
from server.store.photos import photo_for_board
from vision.image.photo import encode_jpeg

DAYS = ("Friday", "Saturday", "Sunday")
FRIDAY = dt.date(2024, 5, 17)
FONT = cv2.FONT_HERSHEY_DUPLEX


@pytest.fixture(scope="module")
def drawn():
    """A drawn wall with tags, and place for a heading above the rooms."""
    board = random_board(3, rooms=4, slots=4, cards=3, tags=True)
    board = replace(board, margins_mm=(80.0, 190.0, 80.0, 80.0))
    standpoint, light = Standpoint(yaw_deg=12, fill=0.94), random_conditions(5)
    return board, render(board, standpoint, light, photo_wh=(1600, 1200), seed=5)


def photographed(drawn, heading="", card=""):
    """The wall's photo with words above the rooms, and on a card in the first cell."""
    board, rendered = drawn
    pixels = rendered.pixels.copy()
    corners = rendered.truth.corners_photo.to_array().astype(np.float32)
    area = board.cell_area_mm
    mm = np.array(
        [
            [area.left, area.top],
            [area.right, area.top],
            [area.right, area.bottom],
            [area.left, area.bottom],
        ],
        np.float32,
    )
    for text, centre, height in (
        (heading, (area.centre.x, 75.0), 60.0),
        (card, (area.left + 75, area.top + 49), 24.0),
    ):
        if not text:
            continue
        (width, _), _ = cv2.getTextSize(text, FONT, 2.0, 4)
        paper = np.full((80, width + 40, 3), 255, np.uint8)
        cv2.putText(paper, text, (20, 60), FONT, 2.0, (0, 0, 0), 4, cv2.LINE_AA)
        scale = height / 80
        left, top = centre[0] - scale * (width + 40) / 2, centre[1] - height / 2
        place = np.array([[scale, 0, left], [0, scale, top], [0, 0, 1]], np.float64)
        photo_from_mm = cv2.getPerspectiveTransform(mm, corners) @ place
        size = pixels.shape[1], pixels.shape[0]
        there = cv2.warpPerspective(np.ones_like(paper), photo_from_mm, size)
        warped = cv2.warpPerspective(paper, photo_from_mm, size, flags=cv2.INTER_AREA)
        pixels[there > 0] = warped[there > 0]
    return encode_jpeg(pixels, 90)


@pytest.fixture(params=["tags", "reference"])
def wall(request, drawn, profile, tmp_path, scripted):
    """A site whose three boards hang on one wall, found by its tags or by one photo."""
    board = board_of(drawn[0])
    if request.param == "reference":
        (tmp_path / "wall.jpg").write_bytes(photographed(drawn, "Open Space"))
        reference = ReferencePhoto(Path("wall.jpg"), drawn[1].truth.corners_photo)
        board = replace(board, tags=None, reference=reference)
    boards = tuple(
        replace(board, slug=day.lower(), title=day, date=FRIDAY + dt.timedelta(number))
        for number, day in enumerate(DAYS)
    )
    yield from opened(boards, profile, tmp_path, scripted)


def opened(boards, profile, tmp_path, scripted):
    event = Event("PyCon US 2024", profile.event.timezone, "os")
    save_profile(Profile(event, boards), tmp_path / "event.toml")
    site = Site.open(scripted.settings_in(tmp_path))
    yield replace(site, check_photo=check_file)
    site.database.close()


def published(site, data, received_at):
    """Send a photo, straighten it, and return what is known of it."""
    receipt = receive(
        data,
        database=site.database,
        originals=site.originals,
        profile=site.profile,
        check_photo=site.check_photo,
        sender="Ada",
        board=None,
        received_at=dt.datetime.fromisoformat(received_at),
    )
    worker = Worker(site, vision_of(site), "test")
    while work_once(worker, "straighten"):
        pass
    with site.database.read() as session:
        return photo_record(session, receipt.photo.id)


def test_the_heading_on_the_wall_says_which_day(wall, drawn):
    # Without tags it takes longer, and is the same.
    for day in DAYS if wall.profile.boards[0].tags else DAYS[:1]:
        # They all arrive on Sunday, without a date.
        record = published(wall, photographed(drawn, day), "2024-05-19T16:00:00Z")

        assert (record.state, record.board) == ("straightened", day.lower())
        assert BY_HEADING in record.findings
        # Before all others of its own day.
        number = DAYS.index(day)
        assert record.at.astimezone(wall.profile.event.timezone).date() == (
            FRIDAY + dt.timedelta(number)
        )


@pytest.mark.parametrize("wall", ["tags"], indirect=True)
def test_a_day_on_a_card_is_no_heading(wall, drawn):
    data = photographed(drawn, card="Sunday")

    record = published(wall, data, "2024-05-18T16:00:00Z")

    assert record.board == "saturday"
    assert BY_ARRIVAL in record.findings
    # A person gives it to Sunday's board, where it is straightened from the same bytes.
    with wall.database.write() as session:
        there = photo_for_board(session, record.id, "sunday")
    worker = Worker(wall, vision_of(wall), "test")
    while work_once(worker, "straighten"):
        pass
    with wall.database.read() as session:
        given = photo_record(session, there.id)
    assert (given.state, given.board) == ("straightened", "sunday")


@pytest.mark.parametrize("wall", ["tags"], indirect=True)
def test_a_heading_that_names_two_days_decides_nothing(wall, drawn):
    data = photographed(drawn, "Friday Sunday")

    record = published(wall, data, "2024-05-18T16:00:00Z")

    assert record.board == "saturday"
    assert BY_ARRIVAL in record.findings


def test_the_day_is_the_one_whose_rooms_and_hours_are_on_the_wall(
    drawn, profile, tmp_path, scripted
):
    board = board_of(drawn[0])
    other = Layout(
        (*board.layout.rooms, "Attic"),
        (Slot.parse("8:00-9:00"), *board.layout.slots),
    )
    boards = (
        replace(board, slug="friday", title="A", date=FRIDAY, layout=other),
        replace(board, slug="saturday", title="B", date=FRIDAY + dt.timedelta(1)),
    )
    (site,) = opened(boards, profile, tmp_path, scripted)

    record = published(site, photographed(drawn), "2024-05-17T16:00:00Z")

    assert (record.state, record.board) == ("straightened", "saturday")
    assert not {BY_ARRIVAL, BY_HEADING} & set(record.findings)


@pytest.mark.parametrize(
    ("heading", "day", "finding"),
    [("Day 2", "saturday", BY_HEADING), ("Day 1", "sunday", BY_ARRIVAL)],
)
def test_days_are_counted_from_the_first_one_though_its_rooms_are_others(
    drawn, profile, tmp_path, scripted, *, heading, day, finding
):
    board = board_of(drawn[0])
    others = Layout(
        (*board.layout.rooms, "Attic"),
        (Slot.parse("8:00-9:00"), *board.layout.slots),
    )
    layouts = (others, board.layout, board.layout)
    boards = tuple(
        replace(
            board,
            slug=name.lower(),
            title=name,
            date=FRIDAY + dt.timedelta(number),
            layout=layouts[number],
        )
        for number, name in enumerate(DAYS)
    )
    (site,) = opened(boards, profile, tmp_path, scripted)

    record = published(site, photographed(drawn, heading), "2024-05-19T16:00:00Z")

    assert (record.board, finding in record.findings) == (day, True)


@pytest.mark.parametrize("wall", ["tags"], indirect=True)
def test_a_photo_given_to_the_day_on_which_it_came_counts_as_if_it_was_of_that_day(
    wall, drawn
):
    came = "2024-05-18T16:00:00Z"
    friday = published(wall, photographed(drawn, "Friday"), came)
    saturday = published(wall, photographed(drawn, "Saturday"), came)

    with wall.database.write() as session:
        there = photo_for_board(session, friday.id, "saturday")
    worker = Worker(wall, vision_of(wall), "test")
    while work_once(worker, "straighten"):
        pass

    with wall.database.read() as session:
        given = photo_record(session, there.id)
    assert (friday.board, given.board, given.at) == ("friday", "saturday", saturday.at)
