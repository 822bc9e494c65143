"""The timezone of this computer, as a first guess of the event's."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCALTIME = Path("/etc/localtime")
"""A link to the file of the zone, on Linux and macOS."""

FOLDER = "zoneinfo/"


def local_timezone(localtime: Path = LOCALTIME) -> ZoneInfo:
    """Return the timezone of this computer; UTC if it does not say."""
    _, found, name = str(localtime.resolve()).rpartition(FOLDER)
    try:
        return ZoneInfo(name if found else "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
