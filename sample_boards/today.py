"""A sample event as if it were held today: its last photo was taken within the hour."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from calibration.profile import load_profile, save_profile
from sample_boards.events import SampleEvent

ZONES = (
    *("Pacific/Pago_Pago", "Pacific/Honolulu", "Pacific/Gambier", "Pacific/Pitcairn"),
    *("America/Phoenix", "America/Costa_Rica", "America/Bogota", "America/Puerto_Rico"),
    *("America/Sao_Paulo", "America/Noronha", "Atlantic/Cape_Verde", "Africa/Abidjan"),
    *("Africa/Lagos", "Africa/Johannesburg", "Africa/Nairobi", "Asia/Dubai"),
    *("Asia/Karachi", "Asia/Dhaka", "Asia/Bangkok", "Asia/Singapore", "Asia/Tokyo"),
    *("Australia/Brisbane", "Pacific/Guadalcanal", "Pacific/Fiji"),
)
"""A place for each hour of the day, without summer time: somewhere it is the hour of the
sample's last photo."""

HOUR = dt.timedelta(hours=1)

EXIF_TIME = re.compile(rb"(\d{4}:\d\d:\d\d \d\d:\d\d:\d\d)\0")
EXIF_OFFSET = re.compile(rb"(?<=\0)[+-]\d\d:\d\d(?=\0)")
"""As they stand in the file, each ended by a zero byte (Exif 2.32, section 4.6.5)."""

EXIF_BYTES = 4096
"""Of a sample photo's beginning, in which its times are."""


def held_today(event: SampleEvent, now: dt.datetime, folder: Path) -> SampleEvent:
    """Write a sample event to a folder, as if it were held today.

    Its day is today's, its clock that of a place where its last photo was taken within the
    last hour: printed hours and the photos' times of day stay as they are.

    Parameters
    ----------
    event : SampleEvent
    now : datetime
        Aware.
    folder : Path
        Made if it is not there.

    Returns
    -------
    SampleEvent
        The one in the folder.
    """
    profile = load_profile(event.profile_path)
    taken = {photo: moment for photo in event.photos if (moment := _taken(photo))}
    first = profile.boards[0]
    opens = dt.datetime.combine(first.date, first.layout.slots[0].start)
    last = max(taken.values(), default=opens)
    zone, ago = next(
        (zone, ago)
        for zone in map(ZoneInfo, ZONES)
        if (ago := _since(last.time(), now.astimezone(zone))) < HOUR
    )
    here = now.astimezone(zone)
    later = (here - ago).date() - last.date()
    folder.mkdir(parents=True, exist_ok=True)
    offset = here.isoformat()[-6:]
    for photo in event.photos:
        data = photo.read_bytes()
        if moment := taken.get(photo):
            data = _retaken(data, moment, moment.date() + later, offset)
        (folder / photo.name).write_bytes(data)
    today = replace(
        profile,
        event=replace(profile.event, timezone=zone),
        boards=tuple(replace(one, date=one.date + later) for one in profile.boards),
    )
    save_profile(today, folder / event.profile_path.name)
    return SampleEvent(event.name, folder)


def _taken(photo: Path) -> dt.datetime | None:
    """Return when a sample photo was taken, in its own zone."""
    said = EXIF_TIME.search(photo.read_bytes()[:EXIF_BYTES])
    return (
        dt.datetime.fromisoformat(said[1].decode().replace(":", "-", 2))
        if said
        else None
    )


def _retaken(data: bytes, was: dt.datetime, day: dt.date, offset: str) -> bytes:
    """Return a photo's bytes with another day and offset; its pixels stay as they are."""
    head, pixels = data[:EXIF_BYTES], data[EXIF_BYTES:]
    head = head.replace(f"{was:%Y:%m:%d} ".encode(), f"{day:%Y:%m:%d} ".encode())
    return EXIF_OFFSET.sub(offset.encode(), head) + pixels


def _since(clock: dt.time, now: dt.datetime) -> dt.timedelta:
    """Return how long ago it was that clocks showed a time, less than a day."""
    then = dt.datetime.combine(now.date(), clock, now.tzinfo)
    return (now - then) % dt.timedelta(days=1)
