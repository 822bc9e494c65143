"""What a photo's own metadata says: which way is up, and when it was taken.

Metadata is often damaged by the programs that a photo went through. It never
stops a photo: what cannot be read is taken as absent.
"""

import datetime as dt
import re
from dataclasses import dataclass

from PIL import ExifTags, Image

UPRIGHT = 1
"""EXIF's number for pixels that are stored as they are seen."""
ORIENTATIONS = range(1, 9)
TIME_PATTERN = re.compile(r"(\d{4}):(\d\d):(\d\d)[ T](\d\d:\d\d:\d\d)")
OFFSET_PATTERN = re.compile(r"[+-]\d\d:\d\d|Z")
MICROSECOND_DIGITS = 6


@dataclass(frozen=True, slots=True)
class PhotoMetadata:
    """What Boardcast wants to know from a photo's EXIF block.

    Parameters
    ----------
    orientation : int
        EXIF orientation, 1 to 8.
    taken_at : datetime or None
        Aware if the camera told its offset.
    """

    orientation: int = UPRIGHT
    taken_at: dt.datetime | None = None


def read_metadata(image: Image.Image) -> PhotoMetadata:
    """Return what the EXIF block of an opened image says.

    Parameters
    ----------
    image : PIL.Image.Image
        As its plugin opened it.
    """
    try:
        exif = image.getexif()
        orientation = exif.get(ExifTags.Base.Orientation)
    except Exception:  # noqa: BLE001  (Pillow raises of all kinds on damaged metadata)
        return PhotoMetadata()
    if not isinstance(orientation, int) or orientation not in ORIENTATIONS:
        orientation = UPRIGHT
    try:
        details = dict(exif.get_ifd(ExifTags.IFD.Exif))
    except Exception:  # noqa: BLE001  (as above, and the orientation still counts)
        details = {}
    return PhotoMetadata(
        orientation,
        parse_time(
            details.get(ExifTags.Base.DateTimeOriginal),
            details.get(ExifTags.Base.SubsecTimeOriginal),
            details.get(ExifTags.Base.OffsetTimeOriginal),
        ),
    )


def parse_time(taken: object, fraction: object, offset: object) -> dt.datetime | None:
    """Return a time from its three EXIF values, whatever these are.

    Parameters
    ----------
    taken : object
        ``DateTimeOriginal``, such as ``2024:05:17 10:42:00``.
    fraction : object
        ``SubsecTimeOriginal``: the digits after the second's point.
    offset : object
        ``OffsetTimeOriginal``, such as ``-04:00``.

    Returns
    -------
    datetime or None
        Naive without a usable offset; None without a usable time.
    """
    match = TIME_PATTERN.fullmatch(_text(taken))
    if match is None:
        return None
    year, month, day, clock = match.groups()
    digits = _text(fraction)
    if not (digits.isascii() and digits.isdigit()):
        digits = ""
    micro = digits[:MICROSECOND_DIGITS].ljust(MICROSECOND_DIGITS, "0")
    moment = f"{year}-{month}-{day}T{clock}.{micro}"
    zone = _text(offset)
    for suffix in (zone if OFFSET_PATTERN.fullmatch(zone) else "", ""):
        try:
            return dt.datetime.fromisoformat(moment + suffix)
        except ValueError:
            continue  # an impossible offset, or else an impossible time
    return None


def _text(value: object) -> str:
    return value.strip("\0 ") if isinstance(value, str) else ""
