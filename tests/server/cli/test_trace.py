"""Pictures of every stage."""

import numpy as np

from server.cli.read import trace_into
from vision.image.photo import Photo

PICTURE = np.full((30, 40, 3), (10, 120, 230), np.uint8)


def test_each_picture_becomes_a_file_named_after_its_stage(tmp_path):
    folder = tmp_path / "new" / "trace"
    trace = trace_into(folder)

    trace("1-photo", PICTURE)
    trace("3-cards", PICTURE[:10])

    sizes = {
        path.name: Photo.decode(path.read_bytes()).size_wh for path in folder.iterdir()
    }
    assert sizes == {"1-photo.jpg": (40, 30), "3-cards.jpg": (40, 10)}
    decoded = Photo.decode((folder / "1-photo.jpg").read_bytes()).pixels
    assert np.abs(decoded.astype(int) - PICTURE).max() <= 4


def test_a_later_picture_of_a_stage_replaces_the_earlier_one(tmp_path):
    trace = trace_into(tmp_path)

    trace("2-rectified", PICTURE)
    trace("2-rectified", PICTURE[:, :20])

    (path,) = tmp_path.iterdir()
    assert Photo.decode(path.read_bytes()).size_wh == (20, 30)
