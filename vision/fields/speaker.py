"""Who hosts a session: a label, a handle, or a signature among a card's lines.

A wrong host takes words out of the title, a missed one leaves its name in the
text below. So a line is a host only on evidence, and never the whole card.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

from vision.fields.mentions import DASHES, ends_open


def _listed(name: str) -> frozenset[str]:
    """Return the words of a list beside this file, in lower case."""
    text = files("vision.fields").joinpath(name).read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return frozenset(word for line in lines for word in line.split())


GIVEN_NAMES = _listed("given_names.txt")
NOT_NAMES = _listed("not_names.txt")
"""What titles on Open Spaces boards are made of."""

SURE = 2
"""Evidence that makes a line of name-like words a name: a given name counts 2,
an initial 1, smaller letters 1, standing apart 1, a dash before it 1."""
SMALLER = 0.75
"""Letters below this share of the lines above are written as a signature."""
APART_HEIGHTS = 0.6
"""Space above, in heights of the line, that sets a signature apart."""
INDENT = 0.35
"""Indent, as a share of the text's width, that sets a signature apart."""
MAX_NAME_WORDS = 4
MAX_LABELLED_WORDS = 7
MIN_SMALL_NAME = 4
"""Letters from which a given name in lower case counts: people sign so, engines
misread so, and short ones are words as well (``max``, ``art``)."""

LABEL = (
    r"(?i:co-?hosts?|hosts?|hosted by|facilitators?|facilitated by|speakers?"
    r"|presenters?|presented by|led by|organi[sz](?:er|ed by)|run by|proposed by"
    r"|moderators?|moderation|moderiert von|gastgeber(?:in)?|leitung|geleitet von"
    r"|referent(?:in)?|ansprechpartner(?:in)?|contact|kontakt|who|wer)"
)
CJK_LABEL = r"(?:主持人|主持|講者|分享者|主講)"
LABELLED = re.compile(
    rf"(?:^|(?P<before>.+?)[{DASHES}\s,;(]+)"
    rf"(?:{LABEL}\s?[:=]|{CJK_LABEL}\s?:?)\s*(?P<name>[^/]*?)[)\]]?$"
)
"""With a colon: whatever follows is the host."""
SAID = (
    re.compile(
        rf"(?:^|(?P<before>.+?)[{DASHES}\s,;(]+){LABEL}\s(?P<name>[^)\]]+)[)\]]?$"
    ),
    re.compile(
        rf"(?:^|(?P<before>.+)[{DASHES}\s,;(]+)"
        r"(?:(?i:by|with|von|mit)\s|w/\s?)(?P<name>[^)\]]+)[)\]]?$"
    ),
)
"""Without a colon: a host only if what follows is surely a name."""
BRACKETED = re.compile(r"(?P<before>.*?)\s*[(\[](?P<name>[^()\[\]]+)[)\]]?$")
DASHED = re.compile(rf"(?P<before>.*?\S)\s+[{DASHES}~]\s*(?P<name>[^{DASHES}]+)$")
NAME_WORD = re.compile(r"[^\W\d_](?:[\w'\u2019]|-(?=\w))*\.?")
FULL_NAME = re.compile(r"(?:[^\W\d_]\.? )+[^\W\d_][a-z\u00df-\u00ff]{3,}")
"""Initials and a surname: ``J. Seitz``."""
PARTICLES = frozenset(
    {"al", "bin", "da", "de", "den", "der", "di", "do", "dos", "du", "el", "la", "le"}
    | {"van", "von"}
)
SEPARATORS = re.compile(rf"\s*(?:[,&+/|]|\s[{DASHES}]\s|\b(?:and|und|y|et)\b)\s*")


@dataclass(frozen=True, slots=True)
class Row:
    """What is left of a line on its way to become title, description or host.

    Its letters' place is in pixels of the crop. An aside says when, where or whom to
    write to and nothing else.
    """

    text: str
    height: float
    left: float
    top: float
    bottom: float
    handle: str = ""
    is_aside: bool = False


Found = tuple[str, tuple[Row, ...]]
"""A host, and the rows without it."""


def take_labelled_host(text: str) -> tuple[str, str] | None:
    """Find a host that is named as one in a line: ``Host: Maya``, ``… hosted by Maya``.

    Gives the name (empty after a label alone) and what stands before the label.
    """
    match = LABELLED.fullmatch(text)
    if match and len(match["name"].split()) <= MAX_LABELLED_WORDS:
        return match["name"].strip(), (match["before"] or "").strip()
    for pattern in SAID:
        match = pattern.fullmatch(text)
        if match and _is_sure(match["name"].strip()):
            return match["name"].strip(), (match["before"] or "").strip()
    return None


def take_host(rows: Sequence[Row]) -> Found:
    """Find a host that signed the card, perhaps none, and the rows without it."""
    for find in FINDERS:
        for host, left in find(tuple(rows)):
            spoken = "".join(row.text for row in left if not row.is_aside)
            if any(letter.isalpha() for letter in spoken):
                return host, left
    return "", tuple(rows)


def evidence(text: str) -> int:
    """Return how much speaks for a text being one or several names.

    -1 if it cannot be one, 0 if it might, `SURE` with a given name in it.
    """
    people = [part for part in SEPARATORS.split(text) if part.strip()]
    if not people or not all(_may_be_name(person) for person in people):
        return -1
    return max(map(_name_evidence, people))


def _may_be_name(text: str) -> bool:
    words = text.split()
    if len(words) == 1 and len(text) >= MIN_SMALL_NAME and text in GIVEN_NAMES:
        return True
    return len(words) <= MAX_NAME_WORDS and all(
        NAME_WORD.fullmatch(word)
        and (word[0].isupper() or (index and word in PARTICLES))
        and word.casefold().strip(".") not in NOT_NAMES
        for index, word in enumerate(words)
    )


def _name_evidence(text: str) -> int:
    cores = [word.strip(".").casefold() for word in text.split()]
    if any(part in GIVEN_NAMES for core in cores for part in core.split("-")):
        return SURE
    if FULL_NAME.fullmatch(text):
        return SURE
    lengths = sorted(map(len, cores))
    return 1 if lengths[0] == 1 and lengths[-1] > 1 else 0


def _beside_handle(rows: tuple[Row, ...]) -> Iterator[Found]:
    for index, row in enumerate(rows):
        if index and row.handle and row.text and evidence(row.text) >= 0:
            yield row.text, _without(rows, index)


def _signature(rows: tuple[Row, ...]) -> Iterator[Found]:
    for index in range(len(rows) - 1, 0, -1):
        row, before = rows[index], rows[index - 1]
        name = row.text.lstrip(f" {DASHES}~").strip("()[] ")
        if ends_open(before.text) or not name:
            continue
        worth = evidence(name)
        if worth == SURE and not _goes_on(rows, index):
            yield name, _without(rows, index)
        if index == len(rows) - 1:
            worth += (name != row.text) + _set_apart(rows, index)
            if evidence(name) >= 0 and worth >= SURE:
                yield name, _without(rows, index)


def _in_brackets(rows: tuple[Row, ...]) -> Iterator[Found]:
    for index in reversed(range(len(rows))):
        match = BRACKETED.fullmatch(rows[index].text)
        if match and _is_sure(match["name"], least_words=2):
            yield match["name"], _without(rows, index, match["before"])


def _after_dash(rows: tuple[Row, ...]) -> Iterator[Found]:
    match = DASHED.fullmatch(rows[-1].text) if rows else None
    if match and _is_sure(match["name"]):
        yield match["name"], _without(rows, len(rows) - 1, match["before"])


FINDERS: tuple[Callable[[tuple[Row, ...]], Iterator[Found]], ...] = (
    _beside_handle,
    _signature,
    _in_brackets,
    _after_dash,
)
"""The surest first."""


def _is_sure(name: str, least_words: int = MAX_NAME_WORDS + 1) -> bool:
    """Return whether this is a name: by a given name, a handle or enough words."""
    if name.startswith("@"):
        return True
    worth = evidence(name.split(" @", maxsplit=1)[0])
    return worth >= SURE or (worth >= 0 and len(name.split()) >= least_words)


def _set_apart(rows: tuple[Row, ...], index: int) -> int:
    """Return how many signs of a signature a row shows: 0, 1 or 2."""
    row, others = rows[index], rows[:index]
    left = min(other.left for other in others)
    smaller = row.height < SMALLER * max(other.height for other in others)
    below = row.top - others[-1].bottom > APART_HEIGHTS * row.height
    width = max(other.height * len(other.text) / 2 for other in others)
    indented = row.left - left > INDENT * width
    return smaller + (below or indented)


def _goes_on(rows: tuple[Row, ...], index: int) -> bool:
    return index + 1 < len(rows) and rows[index + 1].text[:1].islower()


def _without(rows: tuple[Row, ...], index: int, rest: str = "") -> tuple[Row, ...]:
    kept = (replace(rows[index], text=rest),) if rest else ()
    return rows[:index] + kept + rows[index + 1 :]
