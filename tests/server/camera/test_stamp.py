import datetime as dt
import io

import numpy as np
import pytest
from PIL import ExifTags, Image

from server.camera.stamp import stamped
from vision.errors import PhotoError
from vision.image.exif import PhotoMetadata
from vision.image.photo import Photo, encode_png
from vision.image.photo_file import check_file

AT = dt.datetime(2024, 5, 17, 10, 42, 7, tzinfo=dt.timezone(dt.timedelta(hours=-4)))


def jpeg(**tags):
    exif = Image.Exif()
    for name, value in tags.items():
        exif[ExifTags.Base[name]] = value
    file = io.BytesIO()
    Image.effect_noise((64, 48), 90).save(file, "JPEG", exif=exif if tags else b"")
    return file.getvalue()


@pytest.mark.parametrize(
    ("before", "orientation"),
    [
        ({}, 1),
        ({"Orientation": 6}, 6),
        ({"Make": "Cam", "DateTimeOriginal": "1970:01:01 00:00:00"}, 1),
    ],
    ids=["bare", "turned", "clock-never-set"],
)
def test_picture_says_when_it_was_taken(before, orientation):
    data = jpeg(**before)

    done = stamped(data, AT)

    assert check_file(done) == PhotoMetadata(orientation, AT)
    np.testing.assert_array_equal(Photo.decode(done).pixels, Photo.decode(data).pixels)
    assert b"Cam" not in done
    assert done.count(b"Exif") == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", jpeg()[:400], encode_png(np.zeros((9, 9, 3), np.uint8))],
    ids=["empty", "page", "half", "png"],
)
def test_what_is_no_whole_jpeg_is_refused(data):
    with pytest.raises(PhotoError):
        stamped(data, AT)
