"""How like a name a text looks: what a person would say speaks for it or against it."""

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extractOne

from vision.fields import listed
from vision.fields.mentions import DASHES
from vision.fields.rows import KEPT

PARTICLES = frozenset(
    ["al", "bin", "da", "de", "den", "der", "di", "du", "el", "la", "van", "von"]
)
NAME_WORD = re.compile(r"[^\W\d_](?:[\w'\u2019]|-(?=\w))*\.?")
ADDRESS = re.compile(r"\S*@\S+")
SEPARATORS = re.compile(rf"\s*(?:[,&+/|]|\s[{DASHES}]\s|\b(?:and|und|y|et)\b)\s*")
MIN_MISREAD = 5
"""Letters from which a name is known again with one of them misread."""

Looks = dict[str, float]
"""Features by what they are called in weights.toml."""


@lru_cache(KEPT)
def is_given_name(word: str, slips: int = 0) -> bool:
    """Return whether a word in lower case is a first name, but for letters misread."""
    if is_ordinary(word):
        return False
    if not slips:
        return any(part in listed("given_names") for part in word.split("-"))
    return len(word) >= MIN_MISREAD and bool(
        extractOne(
            word,
            listed("given_names"),
            scorer=Levenshtein.distance,
            score_cutoff=slips,
        )
    )


def is_ordinary(word: str) -> bool:
    """Return whether titles or sentences are made of a word in lower case."""
    return word in listed("not_names") or word in listed("sentence_words")


@lru_cache(KEPT)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, without signs around them."""
    return tuple(re.findall(r"[\w'\u2019-]+", text.casefold()))


@lru_cache(KEPT)
def sentence_share(text: str) -> float:
    """Return which part of the words are such as only sentences need, 0 to 1."""
    words = words_of(text)
    return sum(word in listed("sentence_words") for word in words) / max(1, len(words))


@lru_cache(KEPT)
def name_looks(text: str) -> Looks:
    """Return what speaks for a text being one or several names, and against it."""
    if ADDRESS.fullmatch(text):
        return {}
    people = [part.split() for part in SEPARATORS.split(text) if part.strip()]
    words = [word for person in people for word in person]
    cores = [word.strip(".,;:!?()[]'\"").casefold() for word in words]
    lengths = sorted(map(len, cores)) or [0]
    given = any(map(is_given_name, cores))
    return {
        "a given name": given,
        "a given name but for a letter": not given
        and any(is_given_name(core, slips=1) for core in cores),
        "an initial beside a longer word": lengths[0] == 1 < lengths[-1],
        "a word without a capital": any(
            word[0].islower() and word not in PARTICLES for word in words
        ),
        "all in capitals": text.isupper() and len(text) > 2,  # noqa: PLR2004  (initials)
        "an ordinary word": any(map(is_ordinary, cores)),
        "what is no word": not all(map(NAME_WORD.fullmatch, words)),
        "words over two": max(0, max(map(len, people), default=0) - 2),
    }
