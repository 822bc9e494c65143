import numpy as np
import pytest

from server.publish.pictures import (
    MAX_CROP_PX,
    MAX_WIDTH_PX,
    encode_board,
    encode_crop,
    scaled_to_width,
    store_board,
)
from server.store.blobs import BlobStore
from vision.image.photo import Photo


def pixels(width, height):
    ramp = np.linspace(0, 255, width, dtype=np.uint8)
    return np.ascontiguousarray(
        np.broadcast_to(ramp[None, :, None], (height, width, 3))
    )


@pytest.mark.parametrize(
    ("size_wh", "sizes"),
    [
        (
            (3000, 1500),
            [
                (3000, 1500, "jpeg"),
                (1280, 640, "jpeg"),
                (640, 320, "jpeg"),
                (1280, 640, "webp"),
                (640, 320, "webp"),
            ],
        ),
        ((1280, 10), [(1280, 10, "jpeg"), (640, 5, "jpeg"), (640, 5, "webp")]),
        ((640, 480), [(640, 480, "jpeg")]),
        ((1, 1), [(1, 1, "jpeg")]),
        (
            (MAX_WIDTH_PX * 2, 4),
            [
                (MAX_WIDTH_PX, 2, "jpeg"),
                (1280, 1, "jpeg"),
                (640, 1, "jpeg"),
                (1280, 1, "webp"),
                (640, 1, "webp"),
            ],
        ),
    ],
    ids=["photo", "just-desktop", "just-phone", "pixel", "too-wide"],
)
def test_board_is_published_in_sizes_that_are_not_larger(size_wh, sizes):
    encoded = encode_board(pixels(*size_wh))

    assert [
        (entry.width, entry.height, entry.content_type.removeprefix("image/"))
        for entry in encoded
    ] == sizes
    assert [Photo.decode(entry.data).size_wh for entry in encoded] == [
        (entry.width, entry.height) for entry in encoded
    ]


def test_board_looks_as_it_did():
    picture = pixels(800, 100)

    (full, *_) = encode_board(picture)

    difference = np.abs(Photo.decode(full.data).pixels.astype(int) - picture)
    assert difference.max() <= 8


def test_kept_board_has_the_full_jpeg_first():
    blobs = BlobStore.open("memory:///", "public")
    encoded = encode_board(pixels(1300, 100))

    picture = store_board(blobs, encoded)

    assert (picture.full.width, picture.full.content_type) == (1300, "image/jpeg")
    assert [size.width for size in picture.of_type("image/webp")] == [1280, 640]
    assert [blobs.get(size.sha256) for size in picture.sizes] == [
        entry.data for entry in encoded
    ]


@pytest.mark.parametrize(
    ("size_wh", "expected"),
    [
        ((300, 200), (300, 200)),
        ((MAX_CROP_PX, 10), (MAX_CROP_PX, 10)),
        ((MAX_CROP_PX * 2, 100), (MAX_CROP_PX, 50)),
        ((100, MAX_CROP_PX * 2), (50, MAX_CROP_PX)),
        ((1, 5000), (1, 5000)),
        ((1, 1), (1, 1)),
    ],
    ids=["small", "just", "wide", "tall", "thread", "pixel"],
)
def test_crop_is_made_small_and_never_large(size_wh, expected):
    crop = encode_crop(pixels(*size_wh))

    assert (crop.width, crop.height) == expected


def test_scaling_to_its_own_width_changes_nothing():
    picture = pixels(10, 5)

    assert scaled_to_width(picture, 10) is picture
