"""Every way to read a host off a card's rows, with what speaks for it.

Nothing is decided here: `vision.fields.split` weighs the options.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from vision.fields import listed
from vision.fields.mentions import DASHES, ends_open, find_mentions
from vision.fields.names import Looks, is_given_name, name_looks
from vision.fields.rows import Row

MAX_WORDS, MAX_TAIL_WORDS, MOST_SIGNED = 5, 2, 3
"""Words of a row that may be names, of its end that may be one without a sign, and of one
after a sign in the last row."""
EDGES = " ,;|/\u2013\u2014-"
"""What is left at a text's ends when something beside it is taken away."""

LETTERS = str.maketrans("01235689", "olzesbbg")
"""Of digits that letters of a name are taken for."""
LABEL = "|".join(
    re.escape(label.rstrip(":")) for label in sorted(listed("labels_of_hosts"))
)
BEFORE = rf"(?:^|(?P<before>.+?)[{DASHES}\s,;(]+)"
SIGNS = {
    "after a label": re.compile(
        rf"{BEFORE}(?i:(?:{LABEL})\s?[:=])\s*(?P<name>.+?)[)\]]?"
    ),
    "after by or with": re.compile(
        rf"(?:^|(?P<before>.+)[{DASHES}\s,;(]+)"
        # Of "w/" the first letter may not be read.
        rf"(?:(?i:{LABEL}|by|with|von|mit|par|avec|por|con)\s|[wW]\s?/\s?|(?<!.)/\s)"
        r"(?P<name>[^)\]]+)[)\]]?"
    ),
    "in brackets": re.compile(r"(?P<before>.*?)\s*[(\[](?P<name>[^()\[\]]+)[)\]]?"),
    "after a dash": re.compile(
        rf"(?:^|(?P<before>.*?\S)\s+)[{DASHES}~]\s*(?P<name>[^{DASHES}]+)"
    ),
}


@dataclass(frozen=True, slots=True)
class HostOption:
    """One reading of who hosts a session: nobody, if it is empty.

    The spoken rows without it; what speaks for it, and against it.
    """

    name: str
    rows: tuple[Row, ...]
    looks: Mapping[str, float]


def host_options(rows: Sequence[Row]) -> Iterator[HostOption]:
    """Return every way to find a host, that there is none first.

    None of them leaves a card without a letter.
    """
    yield HostOption("", _without(rows, len(rows)), {})
    for index in range(len(rows)):
        for name, left, looks in _hosts_at(rows, index):
            if any(letter.isalpha() for row in left for letter in row.text):
                said = {"somebody": 1.0} | looks
                # Where all is in capitals, those of a name say nothing.
                if all(row.text.isupper() for row in left):
                    said["all in capitals"] = 0.0
                yield HostOption(name.strip(EDGES), left, said)


_Found = tuple[str, tuple[Row, ...], Looks]
"""A host, the spoken rows without it, and its looks."""


def _hosts_at(rows: Sequence[Row], index: int) -> Iterator[_Found]:
    row = rows[index]
    if row.handle and row.handle not in row.text:
        later = any(other.handle for other in rows[:index])
        looks = {"a handle": 1.0, "not the first handle": later}
        words = len(row.text.split())
        looks |= {"a handle after words": words > MAX_TAIL_WORDS}
        looks["a handle after a word or two"] = 0 < words <= MAX_TAIL_WORDS
        looks["after a label"] = row.label == "host"
        yield row.handle, _without(rows, len(rows)), looks
    if not row.text:
        return
    if row.label == "host":
        name = _spelt(_name_of(row.text))
        looks = {"after a label": 1.0} | ({} if row.is_aside else name_looks(name))
        looks["a label in the last row"] = _may_sign(rows, index, name)
        yield name, _without(rows, index), looks
    signed = False
    for sign, pattern in SIGNS.items():
        if match := pattern.fullmatch(row.text):
            name = _spelt(_name_of(match["name"].strip()))
            before = match["before"] or ""
            looks = {sign: 1.0, "words before the sign": bool(before)}
            looks |= name_looks(name) | ({} if before else _layout(rows, index))
            looks["a sign in the last row"] = _may_sign(rows, index, name)
            yield name, _without(rows, index, before.strip()), looks
            signed = True
    if row.is_spoken:
        yield from _rows_at(rows, index)
        if not (signed or any(other.text for other in rows[index + 1 :])):
            yield from _ends_of(rows, index)


def _rows_at(rows: Sequence[Row], index: int) -> Iterator[_Found]:
    """Find a host that is a row, or two with a word or name each."""
    row, after = rows[index], rows[index + 1 : index + 2]
    words = len(row.text.split())
    if not index or words > MAX_WORDS:
        return
    looks = _layout(rows, index) | {"a handle beside it": bool(row.handle)}
    name = row.text.strip("()[] ")
    looks |= {"a row of its own": 1.0} | name_looks(name)
    yield name, _without(rows, index), looks
    if after and after[0].is_spoken and len(after[0].text.split()) <= words:
        name = f"{name} {after[0].text.strip('()[] ')}"
        looks = {"two rows": 1.0} | name_looks(name) | _layout(rows, index, 2)
        yield name, _without(rows, index, taken=2), looks


def _ends_of(rows: Sequence[Row], index: int) -> Iterator[_Found]:
    """Find a host in the last words of a row, if there is a first name among them."""
    words = rows[index].text.split()
    for count in range(1, min(MAX_TAIL_WORDS + 1, len(words))):
        name, before = " ".join(words[-count:]), " ".join(words[:-count])
        core = words[-count].strip("()[],.").casefold()
        if is_given_name(core) or is_given_name(core, slips=1):
            looks = {"the end of a row": 1.0} | name_looks(name)
            looks["the row above ends open"] = ends_open(before)
            yield name, _without(rows, index, before), looks


def _spelt(name: str) -> str:
    """Return a name with letters for the digits among its letters: ``20e`` is Zoe."""
    return " ".join(map(_spelt_word, name.split()))


def _spelt_word(word: str) -> str:
    letters = sum(letter.isalpha() for letter in word)
    text = word.translate(LETTERS)
    if text == word or not letters or set("@_./").intersection(word):
        return word
    if letters < 2 and not is_given_name(text.casefold()):  # noqa: PLR2004  (5K)
        return word
    return text if word[0].isalpha() else text[0].upper() + text[1:]


def _may_sign(rows: Sequence[Row], index: int, name: str) -> bool:
    """Tell whether a name of up to three words, with capitals, stands in the last row.

    A row that begins as the one above it is the last of a list.
    """
    text, words = rows[index].text, name.split()
    above = next((row.text[0] for row in reversed(rows[:index]) if row.text), "")
    is_list = not text[0].isalnum() and text[0] == above
    last = not any(row.is_spoken for row in rows[index + 1 :])
    short = 0 < len(words) <= MOST_SIGNED
    return last and short and not is_list and all(word[0].isupper() for word in words)


def _name_of(text: str) -> str:
    """Return a host's name without the handle beside it, or else the handle."""
    mention = find_mentions(text)
    if mention.is_aside:
        return text
    return mention.text or next(iter(mention.handles), text)


def _layout(rows: Sequence[Row], index: int, taken: int = 1) -> Looks:
    row = rows[index]
    above = [other for other in rows[:index] if other.is_spoken]
    below = [other for other in rows[index + taken :] if other.is_spoken]
    looks: Looks = {"rows below": min(2, len(below))}
    if above:
        left = min(other.left for other in above)
        width = max(other.right for other in (*above, row)) - left
        pitch = (row.middle - above[-1].middle) * 2 / (above[-1].height + row.height)
        looks |= {
            "begins further right": clip((row.left - left) / width, -0.5, 1),
            "space above": clip(pitch - 1, -1, 1.5),
            "smaller than the row above": ratio(above[-1].size, row.size),
            "smaller than any row above": ratio(min(r.size for r in above), row.size),
            "the row above ends open": ends_open(above[-1].text),
        }
    return looks


def ratio(one: float, two: float) -> float:
    """Return the logarithm of a ratio of sizes, at most 1 either way."""
    return clip(math.log(max(one, 1e-3) / max(two, 1e-3)), -1, 1)


def clip(value: float, low: float, high: float) -> float:
    """Return the value, or the bound that it passes."""
    return max(low, min(high, value))


def _without(
    rows: Sequence[Row], index: int, rest: str = "", taken: int = 1
) -> tuple[Row, ...]:
    """Return the spoken rows but one or more; of the first of them a rest may stay."""
    kept = (replace(rows[index], text=rest),) if rest else ()
    left = (*rows[:index], *kept, *rows[index + taken :])
    return tuple(row for row in left if row.is_spoken)
