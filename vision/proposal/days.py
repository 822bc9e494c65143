"""Which day words name: days of the week in several languages, a board's title. Pure."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from rapidfuzz.distance import Levenshtein

from calibration.event import Board
from vision.proposal.words import Word

DAYS = (
    ("Monday", "Montag", "lundi", "lunes", "lunedì", "maandag"),
    ("Tuesday", "Dienstag", "mardi", "martes", "martedì", "dinsdag"),
    ("Wednesday", "Mittwoch", "mercredi", "miércoles", "mercoledì", "woensdag"),
    ("Thursday", "Donnerstag", "jeudi", "jueves", "giovedì", "donderdag"),
    ("Friday", "Freitag", "vendredi", "viernes", "venerdì", "vrijdag"),
    ("Saturday", "Samstag", "samedi", "sábado", "sabato", "zaterdag", "Sonnabend"),
    ("Sunday", "Sonntag", "dimanche", "domingo", "domenica", "zondag"),
)
"""The days of the week, from Monday, in the languages of Boardcast's conferences."""

SHORT_DAYS = (
    ("Mon", "Mo"),
    ("Tue", "Tues", "Di"),
    ("Wed", "Mi"),
    ("Thu", "Thur", "Thurs"),
    ("Fri", "Fr"),
    ("Sat", "Sa"),
    ("Sun", "So"),
)
"""Their short forms in English and German, which are not misread for another one.

Not "Do": it stands on every sheet of rules.
"""

ALONE = frozenset({"mo", "di", "mi", "fr", "sa", "so", "sat", "sun"})
"""Short forms that are words, too: they count where nothing else is on their line."""

CHINESE_DAY = re.compile(r"(?:星期|週|周|禮拜)([一二三四五六日天])")
CHINESE_DAYS = "一二三四五六日"
"""The days of the week in Chinese, from Monday; 天 is 日, too."""

MONTHS = (
    ("january", "januar", "janvier", "enero", "gennaio", "januari"),
    ("february", "februar", "fevrier", "febrero", "febbraio", "februari"),
    ("march", "marz", "mars", "marzo", "maart"),
    ("april", "avril", "abril", "aprile"),
    ("may", "mai", "mayo", "maggio", "mei"),
    ("june", "juni", "juin", "junio", "giugno"),
    ("july", "juli", "juillet", "julio", "luglio"),
    ("august", "aout", "agosto", "augustus"),
    ("september", "septembre", "septiembre", "settembre"),
    ("october", "oktober", "octobre", "octubre", "ottobre"),
    ("november", "novembre", "noviembre"),
    ("december", "dezember", "decembre", "diciembre", "dicembre"),
)
"""The months, without accents; three letters will do."""

DATE = re.compile(
    r"(?P<y1>\d{4})-(?P<m1>\d\d)-(?P<d1>\d\d)"
    r"|(?P<d2>\d{1,2})\. ?(?P<m2>\d{1,2})\. ?(?:\d{4}|\d\d)?"
    r"|(?P<d3>\d{1,2})(?:\.|st|nd|rd|th)? (?:de )?(?P<m3>[a-z]{3,})\.?(?:,? \d{4})?"
    r"|(?P<m4>[a-z]{3,})\.? (?P<d4>\d{1,2})(?:\.|st|nd|rd|th)?(?:,? \d{4})?"
    r"|(?P<m5>\d{1,2})月(?P<d5>\d{1,2})日?"
)
"""A day of a year, written as people do. "5/6" is left alone: it is two days."""

NUMBERED = re.compile(r"(?:day|tag|jour|dia|giorno|dag|第)(\d{1,2})(?:天|日)?")
"""The first, second ... day of an event, without blanks and accents."""

WRONG = ((7, 2), (5, 1), (0, 0))
"""Letters from which a name has so many wrong ones at most: "Satunday" is Saturday."""

LONGEST_RUN = 4
"""Words of a title that are put together: more nobody calls a day."""

NEXT = 1.5
"""Heights of a word within which the next one of its line follows."""

LARGER = 1.5
"""Times as high as other days' names that a heading is: a small print that names another
day beside it does not count."""

Named = TypeVar("Named")

_KNOWN = {name.casefold(): name for names in DAYS for name in names}


def day_named(words: Sequence[Word], boards: Sequence[Board]) -> dt.date | None:
    """Return the day of some boards that headings name; None if none or several do.

    Takes the words of the headings, level; the names of rooms are among them. A day's
    name may be misread by a letter or two, unless that makes it another day's.
    """
    dates = sorted({board.date for board in boards})
    rooms = {_plain(room) for board in boards for room in board.layout.rooms}
    return largest(
        (_date_of(text, boards, dates), height)
        for text, height in runs_of(words)
        if _plain(text) not in rooms
    )


def title_among(words: Iterable[Word]) -> Word | None:
    """Return the largest word that is a day of the week, as it is spelt; None without one."""
    days = [
        replace(word, text=_KNOWN[plain])
        for word in words
        if (plain := word.text.strip(".:,").casefold()) in _KNOWN
    ]
    return max(days, key=lambda one: one.quad_photo.size_wh[1], default=None)


def largest(found: Iterable[tuple[Named | None, float]]) -> Named | None:
    """Return what is named in the largest letters; None if others are nearly as large."""
    heights: dict[Named, float] = {}
    for named, height in found:
        if named is not None:
            heights[named] = max(height, heights.get(named, 0.0))
    ranked = sorted(heights, key=lambda named: -heights[named])
    if len(ranked) > 1 and heights[ranked[0]] < LARGER * heights[ranked[1]]:
        return None
    return ranked[0] if ranked else None


def runs_of(words: Sequence[Word]) -> Iterator[tuple[str, float]]:
    """Yield words, and each with those that follow on its line, and how high they are."""
    following = {id(word): _next(word, words) for word in words}
    behind = {id(word) for word in following.values()}
    for word in words:
        text, last = word.text, word
        height = word.quad_photo.size_wh[1]
        is_alone = following[id(word)] is None and id(word) not in behind
        if is_alone or _plain(text) not in ALONE:
            yield text, height
        for _ in range(LONGEST_RUN - 1):
            after = following[id(last)]
            if after is None:
                break
            text, last = f"{text} {after.text}", after
            yield text, height


def _next(word: Word, words: Sequence[Word]) -> Word | None:
    bounds, height = word.quad_photo.bounds, word.quad_photo.size_wh[1]
    after = [
        other
        for other in words
        if other.quad_photo.bounds.left - bounds.left > 0
        and other.quad_photo.bounds.left - bounds.right < NEXT * height
        and abs(other.quad_photo.centre.y - bounds.centre.y) < height / 2
    ]
    return min(after, key=lambda one: one.quad_photo.bounds.left, default=None)


def _date_of(
    text: str, boards: Sequence[Board], dates: Sequence[dt.date]
) -> dt.date | None:
    """Return the day that a text names."""
    plain = _plain(text)
    titles: dict[str, set[dt.date]] = {}
    for board in boards:
        titles.setdefault(_plain(board.title), set()).add(board.date)
    # What boards of several days are called names none.
    own = {title: min(days) for title, days in titles.items() if len(days) == 1}
    if plain in own:
        return own[plain]
    if month_day := month_day_of(text):
        of_day = [date for date in dates if (date.month, date.day) == month_day]
        return of_day[0] if len(of_day) == 1 else None
    if match := NUMBERED.fullmatch(plain):
        number = int(match[1])
        return dates[number - 1] if 0 < number <= len(dates) else None
    weekday = weekday_of(text)
    of_day = [date for date in dates if date.weekday() == weekday]
    if len(of_day) == 1:
        return of_day[0]
    if weekday is not None:
        return None
    near = {own[title] for title in own if _may_be(plain, title)}
    return min(near) if len(near) == 1 else None


def month_day_of(text: str) -> tuple[int, int] | None:
    """Return the month and day that a text is; None for another one."""
    match = DATE.fullmatch(_without_accents(text).strip(",: "))
    if match is None:
        return None
    said = {key[0]: value for key, value in match.groupdict().items() if value}
    if said["m"].isdigit():
        return int(said["m"]), int(said["d"])
    for number, names in enumerate(MONTHS, start=1):
        if said["m"] in names or said["m"] in {name[:3] for name in names}:
            return number, int(said["d"])
    return None


def weekday_of(text: str) -> int | None:
    """Return the day of the week that a text is, 0 for Monday."""
    if match := CHINESE_DAY.fullmatch("".join(text.split())):
        return CHINESE_DAYS.index(match[1].replace("天", "日"))
    plain = _plain(text)
    for number, names in enumerate(SHORT_DAYS):
        if plain in map(_plain, names):
            return number
    away = [
        (Levenshtein.distance(plain, _plain(name)), number)
        for number, names in enumerate(DAYS)
        for name in names
        if _may_be(plain, _plain(name))
    ]
    nearest = min(away, default=None)
    if nearest is None or any(
        number != nearest[1] for distance, number in away if distance == nearest[0]
    ):
        return None
    return nearest[1]


def _may_be(text: str, name: str) -> bool:
    """Tell whether a text is a name with few wrong letters and the same digits."""
    wrong = next(wrong for length, wrong in WRONG if len(name) >= length)
    if re.findall(r"\d", text) != re.findall(r"\d", name):
        return False
    return Levenshtein.distance(text, name) <= wrong


def _plain(text: str) -> str:
    """Return a text's letters and digits, small and without accents."""
    return "".join(letter for letter in _without_accents(text) if letter.isalnum())


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
