"""When a post may go out: not in quiet hours, and not too many in an hour."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from calibration.announcing import Announcing
from calibration.layout import Slot

HOUR = dt.timedelta(hours=1)


def next_post_at(
    now: dt.datetime, begun: Iterable[dt.datetime], rules: Announcing, zone: ZoneInfo
) -> dt.datetime:
    """Return the first moment from now on at which a post may go out.

    Parameters
    ----------
    now : datetime
        Aware.
    begun : iterable of datetime
        When posts of the last hour began to go out; aware.
    rules : Announcing
    zone : ZoneInfo
        The event's.
    """
    # What lies ahead is from before the clock was set back: it counts as of now.
    times = sorted(min(at, now) for at in begun)[-rules.at_most :]
    moment = now
    if len(times) == rules.at_most:
        moment = max(now, times[0] + HOUR)
    return quiet_until(moment, rules.quiet, zone) or moment


def quiet_until(
    moment: dt.datetime, quiet: Slot | None, zone: ZoneInfo
) -> dt.datetime | None:
    """Return when the quiet hours end that a moment lies in; None if in none."""
    if quiet is None:
        return None
    today = moment.astimezone(zone).date()
    for days in (-1, 0):
        start, end = quiet.span(today + dt.timedelta(days=days), zone)
        if start <= moment < end:
            return end
    return None
