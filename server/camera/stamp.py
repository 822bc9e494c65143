"""When a picture was taken, written into its file: it may be sent hours later.

The clock of this computer is trusted more than that of a camera, which mostly nobody
has ever set. All else that the camera says of itself is left out, which way is up is not.
"""

import datetime as dt

from PIL import ExifTags, Image

from vision.errors import NotAnImageError
from vision.image.exif import UPRIGHT
from vision.image.photo_file import check_file

START = b"\xff\xd8"
MARKER, APP1 = 0xFF, 0xE1
APPLICATION = range(0xE0, 0xF0)
"""Markers of a JPEG's blocks that say things about it."""
EXIF_PREFIX = b"Exif\0\0"


def stamped(jpeg: bytes, taken_at: dt.datetime) -> bytes:
    """Return a JPEG that says when it was taken; its pixels stay as they are.

    Parameters
    ----------
    jpeg : bytes
    taken_at : datetime
        Aware.

    Raises
    ------
    PhotoError
        If it is no JPEG that can be decoded.
    """
    if not jpeg.startswith(START):
        raise NotAnImageError(
            "The camera gives no JPEG.", hint="Give the address of a JPEG snapshot."
        )
    orientation = check_file(jpeg).orientation
    exif = Image.Exif()
    if orientation != UPRIGHT:
        exif[ExifTags.Base.Orientation] = orientation
    offset = taken_at.strftime("%z")
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {
            ExifTags.Base.DateTimeOriginal: taken_at.strftime("%Y:%m:%d %H:%M:%S"),
            ExifTags.Base.OffsetTimeOriginal: f"{offset[:3]}:{offset[3:5]}",
        }
    )
    body = EXIF_PREFIX + exif.tobytes().removeprefix(EXIF_PREFIX)
    segment = bytes([MARKER, APP1]) + (len(body) + 2).to_bytes(2, "big") + body
    return START + segment + _without_exif(jpeg)


def _without_exif(jpeg: bytes) -> bytes:
    """Return what follows a JPEG's first marker, without EXIF blocks."""
    kept, at = [], len(START)
    while jpeg[at] == MARKER and jpeg[at + 1] in APPLICATION:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if not (jpeg[at + 1] == APP1 and jpeg.startswith(EXIF_PREFIX, at + 4)):
            kept.append(jpeg[at:end])
        at = end
    return b"".join([*kept, jpeg[at:]])
