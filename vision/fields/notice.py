"""Cards that are no session: they keep a place for one, or say that there is none.

A card is such a notice only if notices are made of each of its words: one other word,
and it has a title. "Blocked for room preparation" is a notice, "Blocked by review" is
none. Words may be misread, with or without accents, and in four languages.
"""

import re
import unicodedata
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from vision.fields.lists import listed
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

HEAD_END = re.compile(r"[:(,|\N{EN DASH}\N{EM DASH}]|\s-\s")
"""Where the first part of a title ends."""

TOKEN = re.compile(r"[^\W_]+(?:[:.]\d\d(?:[^\W\d_]{1,2})?)?")
HOUR, AN_HOUR = re.compile(r"\d{1,2}(?:[:.h]?\d\d)?[^\W\d_]{0,2}"), "0"
"""How hours are written ("10am", also misread), and what stands for one in a phrase."""

DIGITS = str.maketrans("015", "ols")
"""Letters that are read as digits within a word."""

LETTERS_A_SLIP = 4
"""Letters of a word for each one that may be misread, and of "see" there may be, too."""

SURE = 7
"""Letters from which a misread word carries a phrase, among others: "closer", "hooked"
and "taken" are a letter apart from other words, "reserved" is not."""

FEW = 3
"""Words below which one slip is all, and it has to have a letter more: "Blocker" and
"Blockers" are titles."""

NOT_KNOWN, MISREAD = "?", "~"
"""Stand for a word that no notice has, and for one that may be another word."""

KINDS: tuple[tuple[Notice, str, str], ...] = (
    ("continued", "phrases_that_continue", "words_beside_continued"),
    ("blocked", "phrases_that_block", "words_beside_blocked"),
)
"""Each notice's lists of phrases and of the words that may stand beside one."""


def notice_of(text: str) -> Notice:
    """Return what a card gives notice of by its text, also misread; "" if of nothing."""
    if MARKS.fullmatch(text):
        return "continued" if text.strip() else ""
    for notice, phrases, beside in KINDS:
        if _says(text, phrases, beside):
            return notice
    return ""


def is_for_all(title: str) -> bool:
    """Tell whether a title is of what all attend: lunch, a keynote, also misread.

    What stands behind a colon, a dash or in brackets may be anything.
    """
    return _says(HEAD_END.split(title)[0], "phrases_for_all", "words_beside_all")


def _says(text: str, phrases: str, beside: str) -> bool:
    """Tell whether a text has a phrase of a list, and only words of it and another."""
    tokens = [_plain(token) for token in TOKEN.findall(APOSTROPHES.sub("", text))]
    known = _words(phrases, beside)
    words = [word for token in tokens for word in _meant(token, known, len(tokens))]
    said = f" {' '.join(words)} "
    return NOT_KNOWN not in words and any(
        f" {phrase} " in said for phrase in listed(phrases)
    )


def _meant(read: str, known: frozenset[str], count: int) -> list[str]:
    """Return the known words that a word, read as one of so many, stands for."""
    if read in known or read in MARK_LETTERS:
        return [read]
    if HOUR.fullmatch(read):
        return [AN_HOUR]
    read = read.translate(DIGITS)
    for cut in range(1, len(read)):  # words that were read as one
        if read[:cut] in known and read[cut:] in known:
            return [read[:cut], read[cut:]]
    word, wrong, _ = process.extractOne(read, known, scorer=Levenshtein.distance)
    slips = (len(word) + (word == "see")) // LETTERS_A_SLIP
    if wrong <= (slips if count >= FEW else min(slips, 1)):
        sure = len(word) >= (SURE if count >= FEW else SURE + 1)
        return [word if sure or wrong == 0 else MISREAD]
    return [NOT_KNOWN]


def _plain(text: str) -> str:
    """Return a word in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@cache
def _words(phrases: str, beside: str) -> frozenset[str]:
    """Return all words that a kind of notice is made of."""
    in_phrases = (word for phrase in listed(phrases) for word in phrase.split())
    return listed(beside).union(in_phrases)
