"""How likely letters are to be written one after the other.

Where a recogniser is torn between ``fundtional`` and ``functional``, this model knows
which of them people write. It mixes two models of a word: the lexicon (after ``func``
come the letters that known words go on with, weighted by how often these are used:
`wordfreq`, R. Speer, and the words of the field), and letters in the context of the
last three, smoothed after Witten and Bell (1991), "The zero-frequency problem".

The more of a word the lexicon explains, the more it is believed (a Bayesian mixture):
an unknown name costs a little at its first letters, not at every one.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import accumulate, islice

import wordfreq

from calibration.profile import Profile

LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pt")
"""Whose common words are known, all at once: nobody is asked, and cards mix them."""

ENGLISH_GAIN = 10.0
"""How much likelier an English word is: conferences write in it everywhere. From 5 to
50 real cards are read alike."""

FIELD_FREQUENCY, EVENT_SHARE = 2e-4, 1e-4
"""Frequency of the field's own words and of first names (a tenth or the double of it
reads alike); part of all writing that a word makes up which an event names, as
"workshop" does."""

NEW_WORD_SHARE, FLATTENING = 0.02, 0.7
"""Part of the words that no lexicon knows; power of a word's frequency that counts:
from 0.5 to 1 real cards are read alike."""

CONTEXT, CONTEXT_WORDS = 3, 6000
"""Letters before the one that is guessed, in words that the lexicon lacks, and
commonest words of each language from which that is learnt."""

LETTERS, MIN_PROBABILITY, REMEMBERED = 40, 1e-9, 200_000
"""Letters that a word may hold, roughly; nothing that can be written is impossible;
answers kept, for lines of one board ask the same things again."""

FIELD_LISTS = ("field_words.txt", "given_names.txt")

COMMON_ENGLISH, COMMON_OTHERS = 15000, 3000
"""Words of English, and of each other language, of `common_words`: some 200 kB."""

START, END = "^", "$"
"""Of a word; END may be asked for as if it were a letter."""

LAST_LETTER = "\U0010ffff"
"""Sorts after every letter: the end of all words that begin alike."""


@dataclass(frozen=True, slots=True, eq=False)
class Contexts:
    """Weights of contexts of up to `CONTEXT` letters, and with a letter after them.

    How many kinds of letters follow each, and the mean weight of a word as unit.
    """

    counts: Mapping[str, float]
    totals: Mapping[str, float]
    kinds: Mapping[str, int]
    unit: float

    def probability(self, word: str, letter: str) -> float:
        """Return how often a letter follows the end of a begun word."""
        begun = START + word
        probability = 1 / LETTERS
        for length in range(min(CONTEXT, len(begun)) + 1):
            context = begun[len(begun) - length :]
            total = self.totals.get(context)
            if total is None:
                break
            unseen = self.kinds[context] * self.unit
            seen = self.counts.get(context + letter, 0.0)
            probability = (seen + unseen * probability) / (total + unseen)
        return probability


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Known words and what they teach about unknown ones. Threads may share it.

    Words ascend, in lower case; `cumulative` is the part of all writing that the words
    before each make up, and 1 at the end.
    """

    words: tuple[str, ...]
    cumulative: tuple[float, ...]
    contexts: Contexts
    _remembered: dict[tuple[str, str], float] = field(default_factory=dict, repr=False)
    _spelt: dict[str, float] = field(default_factory=dict, repr=False)

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self._whole(word.lower()) > 0

    def log_probability(self, begun: str, letter: str) -> float:
        """Return the logarithm of how likely a letter, or `END`, goes on a begun word.

        Both are in lower case.
        """
        asked = begun, letter
        known = self._remembered.get(asked)
        if known is None:
            known = math.log(max(MIN_PROBABILITY, self._mixed(begun, letter)))
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
                self._spelt.clear()
            self._remembered[asked] = known
        return known

    def with_words(self, words: Iterable[str]) -> "Lexicon":
        """Return a lexicon that knows these words, too, of letters in lower case.

        Each becomes as likely as `EVENT_SHARE`, if it is not likelier already.
        """
        shares = {
            word: after - before
            for word, before, after in zip(
                self.words, self.cumulative, self.cumulative[1:], strict=False
            )
        }
        for word in words:
            shares[word] = max(EVENT_SHARE, shares.get(word, 0.0))
        return _lexicon(shares, self.contexts)

    def _mixed(self, begun: str, letter: str) -> float:
        """Mix both models by how well each explains the word so far."""
        share = self._begun(begun)
        known = (1 - NEW_WORD_SHARE) * share
        new = NEW_WORD_SHARE * self._spelling(begun)
        follows = self._whole(begun) if letter == END else self._begun(begun + letter)
        expected = known * follows / share if share > 0 else 0.0
        return (expected + new * self.contexts.probability(begun, letter)) / (
            known + new
        )

    def _begun(self, start: str) -> float:
        """Return the part of all writing in words that begin so."""
        first = bisect_left(self.words, start)
        after = bisect_left(self.words, start + LAST_LETTER, first)
        return self.cumulative[after] - self.cumulative[first]

    def _whole(self, word: str) -> float:
        """Return the part of all writing that a word makes up."""
        place = bisect_left(self.words, word)
        if place == len(self.words) or self.words[place] != word:
            return 0.0
        return self.cumulative[place + 1] - self.cumulative[place]

    def _spelling(self, begun: str) -> float:
        """Return how likely a new word is to begin so."""
        if not begun:
            return 1.0
        known = self._spelt.get(begun)
        if known is None:
            before, letter = begun[:-1], begun[-1]
            known = self._spelling(before) * self.contexts.probability(before, letter)
            self._spelt[begun] = known
        return known


def lexicon_of(frequencies: Mapping[str, float], learnt_from: Iterable[str]) -> Lexicon:
    """Make a lexicon of words, how often each is used, and which teach of new ones."""
    known = {word.lower(): used**FLATTENING for word, used in frequencies.items()}
    return _lexicon(
        known, _learn({word: frequencies[word] ** 0.5 for word in learnt_from})
    )


def _lexicon(weights: Mapping[str, float], contexts: Contexts) -> Lexicon:
    words, total = tuple(sorted(weights)), math.fsum(weights.values())
    shares = (weights[word] / total for word in words)
    return Lexicon(words, tuple(accumulate(shares, initial=0.0)), contexts)


def _learn(weights: Mapping[str, float]) -> Contexts:
    """Count the letters after each context, words weighted."""
    counts: defaultdict[str, float] = defaultdict(float)
    for word, weight in weights.items():
        spelt = START + word + END
        for end in range(2, len(spelt) + 1):
            for first in range(max(0, end - 1 - CONTEXT), end):
                counts[spelt[first:end]] += weight
    totals: defaultdict[str, float] = defaultdict(float)
    kinds: defaultdict[str, int] = defaultdict(int)
    for seen, weight in counts.items():
        totals[seen[:-1]] += weight
        kinds[seen[:-1]] += 1
    unit = math.fsum(weights.values()) / max(1, len(weights))
    return Contexts(counts, totals, kinds, unit)


@cache
def common_lexicon() -> Lexicon:
    """Return the words of `LANGUAGES` and of the field; loads in a second or two."""
    used: dict[str, float] = {}
    taught: set[str] = set()
    for language in LANGUAGES:
        gain = ENGLISH_GAIN if language == "en" else 1.0
        common = wordfreq.get_frequency_dict(language, wordlist="small")
        words = [word for word in common if word.isalpha()]
        used |= {word: max(gain * common[word], used.get(word, 0.0)) for word in words}
        taught.update(words[:CONTEXT_WORDS])
    used |= {
        word: max(FIELD_FREQUENCY, used.get(word, 0.0))
        for name in FIELD_LISTS
        for word in _listed(name)
    }
    _forget_frequencies()
    return lexicon_of(used, sorted(taught))


@cache
def common_words() -> tuple[str, ...]:
    """Return the commonest words of `LANGUAGES`, the field's and first names, ascending."""
    words = {one for name in FIELD_LISTS for one in _listed(name)}
    for language in LANGUAGES:
        most = COMMON_ENGLISH if language == "en" else COMMON_OTHERS
        common = wordfreq.get_frequency_dict(language, wordlist="small")
        words.update(islice(filter(str.isalpha, common), most))
    _forget_frequencies()
    return tuple(sorted(words))


def _forget_frequencies() -> None:
    """Let go of what wordfreq has read: 20 MB that nobody asks for again."""
    wordfreq.get_frequency_dict.cache_clear()
    wordfreq.get_frequency_list.cache_clear()


def _listed(name: str) -> list[str]:
    text = files("vision.recognition").joinpath(name).read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [word.lower() for line in lines for word in line.split() if word.isalpha()]


def event_words(profile: Profile) -> tuple[str, ...]:
    """Return the words that an event's cards are likelier to hold than others.

    Of `Event.words`, names and the hashtag: letters only, lower case, ascending, once.
    """
    event = profile.event
    texts = [event.name, event.hashtag, *event.words]
    for board in profile.boards:
        texts += [board.title, *board.layout.rooms]
    letters = (
        "".join(one if one.isalpha() else " " for one in text.lower()) for text in texts
    )
    return tuple(sorted({word for text in letters for word in text.split()}))
