"""Cards that are no session: they keep a place for one, or say that there is none.

Each of its words is one that notices are made of: "Blocked for room preparation" is a
notice, "Blocked by review" is none. Words may be misread, in four languages.
"""

import re
import unicodedata
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from vision.fields import listed
from vision.reading import Notice

STROKES = (
    r"[-\s_~=|/\\<>^*.,:;'\"`()\[\]\N{EN DASH}\N{EM DASH}\N{DOUBLE PRIME}"
    r"\N{LEFTWARDS ARROW}-\N{DOWNWARDS ARROW}]*"
)
MARKS = re.compile(rf"{STROKES}[Il1]{{0,2}}{STROKES}|[Ss5]\.\s?[Oo0]\.")
"""What engines read into bars and arrows, and "s. o.": nobody calls a session so."""
APOSTROPHES = re.compile(r"['\N{RIGHT SINGLE QUOTATION MARK}]")

MARK_LETTERS = frozenset("ilv")
"""Letters that are read into an arrow before the words."""

NUMBER = r"\b(?:[01]?\d|2[0-4])"
HOUR = re.compile(
    rf"{NUMBER}(?:[:.h][0-5]\d\b|(?:[:.h][0-5]\d)?\s?(?:h|uhr|[apg]m)\b)"
    rf"|(?:(?<=\bsee )|(?<=\bsiehe )|(?<=\bvoir )|(?<=\bver )){NUMBER}\b(?![:.]?\d)"
)
"""How hours are written, "10am" also misread; bare numbers are none but after "see"."""

AN_HOUR, EDGE = "HOUR", "="
"""Stand in a phrase for an hour, and for an edge of the card; all else is in small
letters."""

WORD = re.compile(r"[^\W_]+")

MANY_LETTERS, SURE, FEW_LETTERS = 6, 8, 4
"""Letters of a word from which one may be misread, from which a misread word carries a
phrase, and from which one may beside a word that is sure: "roam preparation"."""

NOT_KNOWN, MISREAD = "?", "~"
"""Stand for a word that no notice has, and for one that may be another word."""

KINDS: tuple[tuple[Notice, str, str], ...] = (
    ("continued", "phrases_that_continue", "words_beside_continued"),
    ("blocked", "phrases_that_block", "words_beside_blocked"),
)
"""Each notice's lists of phrases and of the words that may stand beside one."""


def notice_of(text: str, *, misread: bool = True) -> Notice:
    """Return what a card gives notice of by its text; "" if of nothing.

    A letter of a long word may be wrong, unless it is said that none is misread.
    """
    if MARKS.fullmatch(text):
        return "continued" if text.strip() else ""
    for notice, phrases, beside in KINDS:
        if _says(text, phrases, beside, misread=misread):
            return notice
    return ""


def is_for_all(title: str) -> bool:
    """Tell whether a title is of what all attend: lunch, a keynote, also misread."""
    return _says(title, "phrases_for_all", "words_beside_all", misread=True)


def _says(text: str, phrases: str, beside: str, *, misread: bool) -> bool:
    """Tell whether a text has a phrase of a list, and only words of it and another."""
    plain = " ".join(_plain(APOSTROPHES.sub("", text)).split())
    tokens = WORD.findall(HOUR.sub(f" {AN_HOUR} ", plain))
    known = _words(phrases, beside)
    sure = any(len(token) >= SURE and token in known for token in tokens)
    least = FEW_LETTERS if sure else MANY_LETTERS
    words = [word for token in tokens for word in _meant(token, known, least)]
    if not misread and words != tokens:
        return False
    said = f" {EDGE} {' '.join(words)} {EDGE} "
    return NOT_KNOWN not in words and any(
        f" {phrase} " in said for phrase in listed(phrases)
    )


def _meant(read: str, known: frozenset[str], least: int) -> list[str]:
    """Return the known words that a word stands for, misread from so many letters on."""
    if read in known or read in MARK_LETTERS | {AN_HOUR}:
        return [read]
    for cut in range(1, len(read)):  # words that were read as one
        if read[:cut] in known and read[cut:] in known:
            return [read[:cut], read[cut:]]
    word, wrong, _ = process.extractOne(
        read, sorted(known), scorer=Levenshtein.distance
    )
    if wrong > 1 or min(len(read), len(word)) < least:
        return [NOT_KNOWN]
    return [word if len(word) >= SURE else MISREAD]


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@cache
def _words(phrases: str, beside: str) -> frozenset[str]:
    in_phrases = (word for phrase in listed(phrases) for word in phrase.split())
    return listed(beside).union(in_phrases)
