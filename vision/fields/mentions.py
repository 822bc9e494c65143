"""What a line of a card mentions: handles, hashtags, addresses, a time, a room.

Mentions are listed wherever they stand. They are taken out of the line only
where it still reads well without them: alone, or as its last or first words.
"""

import re
from dataclasses import dataclass

from vision.fields import listed

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Full-width forms, as on Chinese and Japanese cards, to their plain letters."""
INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))

TOP_LEVEL = "|".join(sorted(listed("top_level_domains")))
"""Ends of addresses that are written without ``https://``; not ``js``, ``md``,
``py``: those are files."""
DASHES = "-\u2013\u2014"
LETTER_RUN = r"[A-Za-z0-9][\w-]*"

SPACED_SCHEME = re.compile(r"\b(https?)\s?:\s?/\s?/\s?", re.IGNORECASE)
SPACED_MAIL = re.compile(rf"([\w.+-]+)\s?@\s?({LETTER_RUN}\.(?:{TOP_LEVEL}))\b")
SPACED_HANDLE = re.compile(r"(^|[(\[:,-]\s?|[A-Z]\w+ )@ (?=[a-z_][\w.]{2,}\W*$)")
SPACED_HASHTAG = re.compile(r"(?<![\w#])# (?=[^\W\d]\w*$)")

TOKEN = re.compile(
    rf"""
    (?P<url> https?://[^\s<>"]+
           | \b(?i:www\.)[^\s<>"]+\.[^\s<>"]+
           | (?<![\w.@/-])(?i:(?:{LETTER_RUN}\.)+(?:{TOP_LEVEL})/)[^\s<>"]* )
  | (?P<site> (?<![\w.@/-])(?:[a-z0-9][a-z0-9-]*\.)+(?:{TOP_LEVEL})(?![\w@-]|\.\w) )
  | (?P<email> (?<![\w@.+-])[\w.+-]+@{LETTER_RUN}(?:\.[\w-]+)+ )
  | (?P<handle> (?<![\w@])@(?!\d+(?::\d+)?\s?[apAP][mM]\b)(?=\w*[^\W\d])\w{{2,30}}(?:@{LETTER_RUN}(?:\.[\w-]+)+
              | (?:\.[\w-]+)*\.(?:social|{TOP_LEVEL})\b)? )
  | (?P<hashtag> (?<![\w&/#])\#(?=\w*[^\W\d_])\w+ )
    """,
    re.VERBOSE,
)
NOT_HANDLES = frozenset(
    ["@home", "@work", "@noon", "@lunch", "@dinner", "@the", "@all"]
)

HOUR = r"(?:[01]?\d|2[0-4])"
MERIDIEM = r"(?:\s?(?i:[ap]\.?m\b)\.?(?!(?<=\sam)\s[A-ZÄÖÜ]))"
SINGLE_TIME = (
    rf"(?:{HOUR}(?:[:.][0-5]\d)?{MERIDIEM}|{HOUR}[:h][0-5]\d(?:\s?Uhr)?"
    rf"|{HOUR}(?:[.][0-5]\d)?\s?Uhr)"
)
TIME = re.compile(
    rf"(?<![\w:.,/])(?:{HOUR}(?:[:.h][0-5]\d)?{MERIDIEM}?(?:\s?Uhr)?"
    rf"\s?(?:[{DASHES}~]|\b(?:to|bis|until|till)\b)\s?)?{SINGLE_TIME}(?![\w:])"
)
ROOM = re.compile(
    r"\b(?i:room|rm|raum|saal|hall|hörsaal|zimmer|salon|table|tisch|ballroom)\b"
    r"[.:]?\s?(?:\#\s?)?(?:[A-Z]{0,2}-?\d+[\w./-]*\b|[A-Z](?=\W*$))"
)
ONLY_ROOM = re.compile(r"(?i:room|raum|saal)\s?:?\s(?!(?i:for|with|für|of)\b)[A-Z]\w+")
FILLERS = listed("filling_words")
"""Words that say nothing on a line of time and room."""
DATES = re.compile(
    r"(?i:(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zä]*"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?:mon|diens|donners|frei|sams|sonn)tag"
    r"|mittwoch|\d{1,2}(?:st|nd|rd|th)?|20\d\d)"
)
LEAD_INS = frozenset(
    ["see", "siehe", "link", "url", "web", "info", "more", "mehr", "notes"]
)
"""What a line may say before an address without saying anything more."""
CONNECTIVES = listed("words_of_open_ends")
"""A line that ends with one of these goes on."""


@dataclass(frozen=True, slots=True)
class LineMentions:
    """What a line mentions, as in `CardFields`, and what is left of it to read.

    An aside says when, where or whom to write to and nothing else.
    """

    text: str
    handles: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    time: str = ""
    room: str = ""
    is_aside: bool = False


def tidy(text: str) -> str:
    """Undo what engines slip about: full-width signs, a blank after ``@``."""
    text = " ".join(text.translate(FULL_WIDTH).translate(INVISIBLE).split())
    text = SPACED_SCHEME.sub(r"\1://", text)
    text = SPACED_MAIL.sub(r"\1@\2", text)
    text = SPACED_HANDLE.sub(r"\1@", text)
    return SPACED_HASHTAG.sub("#", text)


def find_mentions(text: str) -> LineMentions:
    """Return what a line, from `tidy`, mentions and what is left of it."""
    found = TOKEN.finditer(text)
    tokens = [match for match in found if match.group().casefold() not in NOT_HANDLES]
    blank = _blanked(text, tokens)
    time = _longest(TIME, blank)
    only_room = ONLY_ROOM.fullmatch(blank.strip())
    room = _longest(ROOM, blank) or (only_room.group() if only_room else "")
    left = _without_ends(text, tokens)
    bare = blank.replace(time, " ", 1).replace(room, " ", 1)
    rest = [word for word in _words(bare) if word not in FILLERS]
    has_place = bool(time or room)
    is_aside = has_place and all(DATES.fullmatch(word) for word in rest)
    has_mail = any(match["email"] for match in tokens)
    return LineMentions(
        text="" if is_aside and not (rest or has_mail) else left,
        handles=_all(tokens, "handle"),
        hashtags=_all(tokens, "hashtag"),
        urls=_all(tokens, "url", "site"),
        time=time,
        room=room,
        is_aside=is_aside or (has_mail and not _words(blank)),
    )


def ends_open(text: str) -> bool:
    """Return whether a text ends as if it went on: ``Talk with``, ``C +``."""
    words = text.casefold().split()
    return bool(words) and (
        words[-1] in CONNECTIVES or words[-1][-1] in "&+/,:=" + DASHES
    )


def _all(tokens: list[re.Match[str]], *kinds: str) -> tuple[str, ...]:
    found = [token.group() for token in tokens if token.lastgroup in kinds]
    return tuple(dict.fromkeys(value.rstrip(".,;:!?)]}'\"") for value in found))


def _blanked(text: str, tokens: list[re.Match[str]]) -> str:
    for token in reversed(tokens):
        text = f"{text[: token.start()]} {text[token.end() :]}"
    return text


def _longest(pattern: re.Pattern[str], text: str) -> str:
    """Return the longest match: a span says more than a time."""
    return max((match.group() for match in pattern.finditer(text)), key=len, default="")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _without_ends(text: str, tokens: list[re.Match[str]]) -> str:
    """Take out mentions at the end and start, where the rest still reads well."""
    others = [token for token in tokens if token.lastgroup not in {"email", "site"}]
    if others and LEAD_INS.issuperset(_words(_blanked(text, others))):
        return ""
    start, end = 0, len(text)
    for token in reversed(tokens):
        before = text[start : token.start()].rstrip(" (,|:>" + DASHES)
        trailing = not text[token.end() : end].strip(" .,;:!?)|")
        if not (trailing and _is_loose(token)) or ends_open(before) or not before:
            break
        end = start + len(before)
    for token in tokens:
        after = text[token.end() : end]
        leading = not text[start : token.start()].strip(" (")
        if not (leading and _is_loose(token) and _starts_apart(token, after)):
            break
        start = end - len(after.lstrip(" ),|:" + DASHES))
    return text[start:end].strip()


def _is_loose(token: re.Match[str]) -> bool:
    """Return whether a token is put beside a text rather than part of it."""
    if token.lastgroup == "hashtag":
        return bool(re.search(r"[a-z][A-Z]|\d", token.group()))
    return token.lastgroup in {"url", "handle"}


def _starts_apart(token: re.Match[str], after: str) -> bool:
    return token.lastgroup != "handle" or after.lstrip()[:1] in {*",|:", *DASHES}
