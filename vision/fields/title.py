"""What the lines of a card mean: title, description, host and mentions.

Pure: texts and their places in, `CardFields` out.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from vision.cards import Line
from vision.fields.hosts import EDGES
from vision.fields.mentions import find_mentions, tidy
from vision.fields.notice import notice_of
from vision.fields.rows import rows_of
from vision.fields.split import Split, likely_splits
from vision.reading import CardFields


def parse_fields(
    lines: Sequence[Line], known: Mapping[str, float] | None = None
) -> CardFields:
    """Return what the lines of a card, in reading order, mean.

    Their quads tell the size and place of the letters. There is a title if any line has a
    letter. They are split by these weights, or by the shipped ones. What is struck
    through is left out. If nothing but a host, handles, links or times stands, the
    session is cancelled, and the fields say which one.
    """
    standing = [line for line in lines if not line.struck]
    fields, split = next(_parsed(lines, known))
    if len(standing) == len(lines):
        return fields
    if not standing:
        return replace(fields, cancelled=True, notice="")
    spoken = (*split.title, *split.after) if split else ()
    if spoken and all(row.struck for row in spoken):
        return replace(fields, cancelled=True)
    return next(_parsed(standing, known))[0]


def ways_to_split(lines: Sequence[Line]) -> tuple[CardFields, ...]:
    """Return all that the lines of a card, in order, may mean, likeliest first.

    Struck or not; at least one. Each has its own probability as `split_confidence`.
    """
    return tuple(fields for fields, _ in _parsed(lines, None))


def _parsed(
    lines: Sequence[Line], known: Mapping[str, float] | None
) -> Iterator[tuple[CardFields, Split | None]]:
    """Yield what lines may mean, struck or not, and how they were split."""
    if not lines:
        yield CardFields(), None
        return
    texts = [tidy(line.text) for line in lines]
    if notice := notice_of(" ".join(texts)):
        yield CardFields(joined(texts), notice=notice), None
        return
    mentions = [find_mentions(text) for text in texts]
    time = max((mention.time for mention in mentions), key=len)
    room = next((mention.room for mention in mentions if mention.room), "")
    rows = rows_of(lines, texts, mentions, frozenset({"", time, room}))
    asides = [row.text for row in rows if row.is_aside]
    told = CardFields(
        handles=_merged(mention.handles for mention in mentions),
        hashtags=_merged(mention.hashtags for mention in mentions),
        urls=_merged(mention.urls for mention in mentions),
        time=time,
        room=room,
    )
    found = likely_splits(rows, known)
    for split, chance in found:
        yield _fields_of(split, chance, told, asides, texts), split
    if not found:
        yield _fields_of(None, 1.0, told, asides, texts), None


def _fields_of(
    split: Split | None,
    chance: float,
    told: CardFields,
    asides: Sequence[str],
    texts: Sequence[str],
) -> CardFields:
    """Return the fields of one way to split a card; `told` is what all have in common."""
    title, description, host = "", "", ""
    if split:
        title = joined(row.text for row in split.title).strip(EDGES)
        description = joined([*(row.text for row in split.after), *asides])
        host = split.host
    if not _has_letter(title):
        said = [part for part in (title, description) if part]
        title = joined(said) if _has_letter(description) else " ".join(texts)
        description = ""
    return replace(
        told, title=title, description=description, host=host, split_confidence=chance
    )


def _has_letter(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def joined(texts: Iterable[str]) -> str:
    """Join lines; a word divided at a line's end stays in one piece."""
    joined = ""
    for text in texts:
        divided = re.search(r"[^\W\d_]-$", joined) and text[:1].islower()
        joined += text if divided or not joined else f" {text}"
    return joined


def _merged(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(itertools.chain.from_iterable(groups)))
