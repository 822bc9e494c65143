"""What the lines of a card mean: title, description, host and mentions.

Pure: texts and their places in, `CardFields` out.
"""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence

from vision.cards import Line
from vision.fields.hosts import EDGES
from vision.fields.mentions import find_mentions, tidy
from vision.fields.notice import notice_of
from vision.fields.rows import rows_of
from vision.fields.split import best_split
from vision.reading import CardFields


def parse_fields(
    lines: Sequence[Line], known: Mapping[str, float] | None = None
) -> CardFields:
    """Return what the lines of a card, in reading order, mean.

    Their quads tell the size and place of the letters. There is a title if any line
    has a letter. They are split by these weights, or by the shipped ones.
    """
    if not lines:
        return CardFields()
    texts = [tidy(line.text) for line in lines]
    if notice := notice_of(" ".join(texts)):
        return CardFields(joined(texts), notice=notice)
    mentions = [find_mentions(text) for text in texts]
    time = max((mention.time for mention in mentions), key=len)
    room = next((mention.room for mention in mentions if mention.room), "")
    rows = rows_of(lines, texts, mentions, frozenset({"", time, room}))
    found = best_split(rows, known)
    title, description, host, confidence = "", "", "", 1.0
    if found:
        split, confidence = found
        title = joined(row.text for row in split.title).strip(EDGES)
        asides = [row.text for row in rows if row.is_aside]
        description = joined([*(row.text for row in split.after), *asides])
        host = split.host
    if not _has_letter(title):
        said = [part for part in (title, description) if part]
        title = joined(said) if _has_letter(description) else " ".join(texts)
        description = ""
    return CardFields(
        title=title,
        description=description,
        host=host,
        handles=_merged(mention.handles for mention in mentions),
        hashtags=_merged(mention.hashtags for mention in mentions),
        urls=_merged(mention.urls for mention in mentions),
        time=time,
        room=room,
        split_confidence=confidence,
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
