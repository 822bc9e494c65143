"""Days and hours as a language writes them. Pure."""

import datetime as dt

from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    get_datetime_format,
    get_timezone_gmt,
    get_timezone_name,
)

from server.languages.choice import Language

NARROW = dict.fromkeys(map(ord, "\u2009\u202f"), "\N{NO-BREAK SPACE}")
"""Narrow blanks, which few fonts of phones have and searches do not find."""


def clock_in(language: Language, moment: dt.datetime) -> str:
    """Return the time of day: ``13:05``, ``1:05 PM``."""
    return format_time(moment, "short", locale=language.locale).translate(NARROW)


def day_in(language: Language, day: dt.date) -> str:
    """Return a day of this year in few signs: ``Fri 17 May``."""
    return format_skeleton("MMMEd", day, locale=language.locale).translate(NARROW)


def month_day_in(language: Language, day: dt.date) -> str:
    """Return a day without weekday and year: ``17 May``."""
    return format_skeleton("MMMMd", day, locale=language.locale)


def moment_in(language: Language, moment: dt.datetime) -> str:
    """Return day and time of day: ``Fri 17 May, 13:05``."""
    return _together(language, day_in(language, moment), clock_in(language, moment))


def whole_moment_in(language: Language, moment: dt.datetime) -> str:
    """Return day and time of day with everything: ``Friday, 17 May 2024, 13:05``."""
    day = whole_day_in(language, moment)
    return _together(language, day, clock_in(language, moment))


def whole_day_in(language: Language, day: dt.date) -> str:
    """Return a day with everything: ``Friday, 17 May 2024``."""
    return format_date(day, "full", locale=language.locale).translate(NARROW)


def zone_in(language: Language, moment: dt.datetime) -> str:
    """Return the name of the timezone of an aware time, and how far it is from UTC."""
    name = get_timezone_name(moment, locale=language.locale)
    offset = get_timezone_gmt(moment, locale=language.locale)
    return name if name == offset else f"{name} ({offset})"


def _together(language: Language, day: str, clock: str) -> str:
    pattern = str(get_datetime_format("medium", locale=language.locale))
    return pattern.format(clock, day)
