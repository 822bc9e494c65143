import io
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from PIL import ExifTags, ImageFile, ImageOps

from sample_boards.light import Glare, Light, Sensor, lit, random_sensor, sensed
from sample_boards.people import Person, random_people, stand_in_front
from sample_boards.render import (
    RenderedPhoto,
    Standpoint,
    random_standpoint,
    render,
)
from sample_boards.surroundings import draw_room

TAKEN_AT = datetime(2026, 5, 15, 10, 42, tzinfo=timezone(timedelta(hours=-7)))


def decoded(data):
    parser = ImageFile.Parser()
    parser.feed(data)
    return parser.close()


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_turned_file_shows_the_same_photo(small_photo, orientation):
    photo = RenderedPhoto(small_photo.pixels, small_photo.truth, jpeg_quality=95)
    picture = decoded(photo.jpeg(orientation=orientation))
    assert picture.getexif()[ExifTags.Base.Orientation] == orientation
    upright = np.asarray(ImageOps.exif_transpose(picture))[..., ::-1]
    assert upright.shape == small_photo.pixels.shape
    assert np.abs(upright.astype(int) - small_photo.pixels).mean() < 4


def test_a_file_knows_when_it_was_taken(small_photo):
    photo = RenderedPhoto(small_photo.pixels, small_photo.truth, taken_at=TAKEN_AT)
    exif = decoded(photo.jpeg()).getexif().get_ifd(ExifTags.IFD.Exif)
    assert exif[ExifTags.Base.DateTimeOriginal] == "2026:05:15 10:42:00"
    assert exif[ExifTags.Base.OffsetTimeOriginal] == "-07:00"


def test_a_time_without_offset_is_refused(small_board):
    with pytest.raises(ValueError, match="expected a time with its offset"):
        render(small_board, Standpoint(), taken_at=TAKEN_AT.replace(tzinfo=None))


def test_jpeg_is_a_file_of_the_photo(small_photo):
    assert decoded(small_photo.jpeg()).size == small_photo.truth.photo_wh
    assert io.BytesIO(small_photo.jpeg()).read(2) == b"\xff\xd8"


@pytest.mark.parametrize("seed", range(30))
def test_nobody_stands_further_to_the_side_than_asked(seed):
    standpoint = random_standpoint(seed, max_angle_deg=35)
    assert np.hypot(standpoint.yaw_deg, standpoint.pitch_deg) <= 35 + 1e-9
    assert standpoint == random_standpoint(seed, max_angle_deg=35)


def test_plain_light_leaves_a_picture_alone():
    picture = np.full((60, 80, 3), 100, np.uint8)
    plain = Light(gradient=(0, 0), warmth=0, vignette=0)
    np.testing.assert_array_equal(lit(picture, plain), picture)


def test_glare_is_brightest_at_its_centre():
    picture = np.full((60, 80, 3), 60, np.uint8)
    light = Light(glare=(Glare(0.25, 0.5, 0.05, 1.0),))
    bright = lit(picture, light).sum(axis=2)
    y, x = np.unravel_index(bright.argmax(), bright.shape)
    assert (x, y) == (pytest.approx(20, abs=2), pytest.approx(30, abs=2))


def test_warm_light_is_redder():
    picture = np.full((60, 80, 3), 100, np.uint8)
    blue, _, red = lit(picture, Light(warmth=0.1)).reshape(-1, 3).mean(axis=0)
    assert red > blue


def test_noise_is_as_strong_as_asked_and_seeded():
    picture = np.full((300, 300, 3), 120, np.uint8)
    sensor = Sensor(defocus_px=0, noise=3.0)
    photos = [sensed(picture, sensor, np.random.default_rng(1)) for _ in range(2)]
    np.testing.assert_array_equal(*photos)
    assert 1.5 < photos[0].astype(float).std() < 4.5


def test_motion_blurs_along_its_direction():
    picture = np.zeros((200, 4000, 3), np.uint8)
    picture[:, 2000] = 255
    picture[100] = 255
    shaken = Sensor(defocus_px=0, motion_px=9, motion_deg=0, noise=0)
    blurred = sensed(picture, shaken, np.random.default_rng(1))[..., 0].astype(int)
    assert blurred[20, 2000] < 60
    assert blurred[100, 500] > 200


def test_people_hide_only_what_they_cover():
    picture = np.full((300, 400, 3), 90, np.uint8)
    person = Person(x=0.5, head_top=0.3, head_share=0.25, arm=1, seed=3)
    photo, hidden = stand_in_front(picture, (person,))
    assert set(np.unique(hidden)) == {0, 255}
    assert hidden[299, 200] == 255
    assert hidden[:60].max() == 0
    np.testing.assert_array_equal(photo[:40], picture[:40])
    assert (picture == 90).all()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_as_many_people_as_asked(count):
    people = random_people(4, count)
    assert len(people) == count
    assert all(0 <= person.x <= 1 for person in people)


def test_rooms_and_sensors_are_seeded():
    np.testing.assert_array_equal(draw_room((200, 150), 3), draw_room((200, 150), 3))
    assert random_sensor(3) == random_sensor(3)
