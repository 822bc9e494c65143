from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from server.errors import SetupError
from server.setup.saving import place_for, save_board
from server.setup.zone import local_timezone


def test_photo_beside_event_toml_keeps_its_name(tmp_path):
    assert place_for(tmp_path / "IMG_1.jpg", tmp_path, "friday") == Path("IMG_1.jpg")


def test_photo_elsewhere_is_kept_under_the_slug(tmp_path):
    there = tmp_path / "camera" / "IMG_1.JPG"

    assert place_for(there, tmp_path, "friday") == Path("friday.jpg")


def test_photo_that_cannot_be_kept_is_told(tmp_path):
    with pytest.raises(SetupError, match="cannot be kept as"):
        save_board(
            None, tmp_path / "event.toml", tmp_path / "gone.jpg", Path("friday.jpg")
        )


@pytest.mark.parametrize(
    ("target", "zone"),
    [
        ("usr/share/zoneinfo/Europe/Vienna", "Europe/Vienna"),
        ("usr/share/zoneinfo/Nowhere/Else", "UTC"),
        ("etc/localtime-file", "UTC"),
    ],
)
def test_timezone_of_this_computer(target, zone, tmp_path):
    link = tmp_path / "localtime"
    link.symlink_to(tmp_path / target)

    assert local_timezone(link) == ZoneInfo(zone)
