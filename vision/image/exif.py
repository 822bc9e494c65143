"""What a photo's own metadata says: which way is up, and when it was taken.

It is often damaged: what cannot be read is taken as absent.
"""

import datetime as dt
import re
from dataclasses import dataclass

from PIL import ExifTags, Image

UPRIGHT = 1
"""EXIF's number for pixels that are stored as they are seen."""
ORIENTATIONS = range(1, 9)
TIME_PATTERN = re.compile(r"(\d{4}):(\d\d):(\d\d)[ T](\d\d:\d\d:\d\d)")
OFFSET_PATTERN = re.compile(r"[+-][01]\d:[0-5]\d|Z")
MICROSECOND_DIGITS = 6
EARLIEST_OFFSET, LATEST_OFFSET = dt.timedelta(hours=-12), dt.timedelta(hours=14)
"""No clock on earth is further from UTC."""
OFFSET_STEP = dt.timedelta(minutes=15)
"""Clocks on earth differ from UTC by whole quarters of an hour."""
FIX_AGE = dt.timedelta(minutes=5)
"""How far camera and satellites may differ beyond that: a fix is some minutes old."""
TURNED_BY_PROPERTY = frozenset({"AVIF"})
"""Formats, by Pillow's names, that a property turns, not EXIF."""


@dataclass(frozen=True, slots=True)
class PhotoMetadata:
    """A photo's orientation, 1 to 8, and when it was taken, aware if known."""

    orientation: int = UPRIGHT
    taken_at: dt.datetime | None = None


def read_metadata(image: Image.Image) -> PhotoMetadata:
    """Return what the EXIF block of an image says, as its plugin opened it."""
    if image.format in TURNED_BY_PROPERTY:
        # Pillow puts the property into the EXIF block; this would count without one.
        image.info.pop("xmp", None)
    try:
        exif = image.getexif()
        orientation = parse_orientation(exif.get(ExifTags.Base.Orientation))
    except Exception:  # noqa: BLE001  (Pillow raises of all kinds on damaged metadata)
        return PhotoMetadata()
    details, position = (
        _table(exif, table) for table in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)
    )
    taken = parse_time(
        details.get(ExifTags.Base.DateTimeOriginal),
        details.get(ExifTags.Base.SubsecTimeOriginal),
        details.get(ExifTags.Base.OffsetTimeOriginal)
        or details.get(ExifTags.Base.OffsetTime),
    )
    fixed = parse_fix(
        position.get(ExifTags.GPS.GPSDateStamp), position.get(ExifTags.GPS.GPSTimeStamp)
    )
    return PhotoMetadata(orientation, best_time(taken, fixed))


def _table(exif: Image.Exif, table: ExifTags.IFD) -> dict[int, object]:
    try:
        return dict(exif.get_ifd(table))
    except Exception:  # noqa: BLE001  (as above, and the rest still counts)
        return {}


def parse_orientation(value: object) -> int:
    """Return an orientation from its EXIF value, whatever this is.

    It should be a number from 1 to 8; programs also wrote bytes, texts and lists.
    """
    if isinstance(value, tuple) and value:
        value = value[0]
    if isinstance(value, bytes):
        value = value[0] if len(value) == 1 else value.decode("ascii", "replace")
    try:
        number = int(_text(value) if isinstance(value, str) else value)  # type: ignore[call-overload]  # what is no number is caught
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        return UPRIGHT
    return number if number in ORIENTATIONS else UPRIGHT


def parse_time(taken: object, fraction: object, offset: object) -> dt.datetime | None:
    """Return a time from its three EXIF values, whatever these are.

    Such as ``2024:05:17 10:42:00``, the digits after the second's point, and
    ``-04:00``. Naive without a usable offset; None without a usable time.
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
    try:
        return dt.datetime.fromisoformat(moment).replace(tzinfo=_zone(_text(offset)))
    except ValueError:  # an impossible time
        return None


def parse_fix(day: object, clock: object) -> dt.datetime | None:
    """Return when satellites were heard, from the two EXIF values, whatever these are.

    Such as ``2024:05:17`` and three numbers: hours, minutes, seconds, of UTC.
    """
    try:
        hours, minutes, seconds = (int(number) for number in clock)  # type: ignore[attr-defined]  # what is no triple is caught
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        return None
    return parse_time(f"{_text(day)} {hours:02}:{minutes:02}:{seconds:02}", None, "Z")


def best_time(
    taken: dt.datetime | None, fixed: dt.datetime | None
) -> dt.datetime | None:
    """Return when a photo was taken, by its camera's clock and by satellites.

    Where the camera tells no offset, it is the one by which it goes about with these.
    """
    if taken is None or taken.tzinfo is not None or fixed is None:
        return taken or fixed
    ahead = taken - fixed.replace(tzinfo=None)
    offset = round(ahead / OFFSET_STEP) * OFFSET_STEP
    known = (
        abs(ahead - offset) <= FIX_AGE and EARLIEST_OFFSET <= offset <= LATEST_OFFSET
    )
    return taken.replace(tzinfo=dt.timezone(offset)) if known else taken


def _zone(offset: str) -> dt.tzinfo | None:
    """Return a camera's offset; None if it is none that a clock on earth has."""
    if not OFFSET_PATTERN.fullmatch(offset):
        return None
    zoned = dt.datetime.fromisoformat(f"2000-01-01T00:00{offset}")
    away = zoned.utcoffset() or dt.timedelta()
    return zoned.tzinfo if EARLIEST_OFFSET <= away <= LATEST_OFFSET else None


def _text(value: object) -> str:
    return value.strip("\0 ") if isinstance(value, str) else ""
