"""What the lines of a card mean: title, description, host and mentions.

Pure: texts and their places in, `CardFields` out. Nothing on a card is a
title, a host or a description for certain, so whatever is not surely something
else stays in the title or, if written smaller or later, in the description.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from vision.cards import Line
from vision.fields.mentions import ends_open, find_mentions, tidy
from vision.fields.speaker import Row, take_host, take_labelled_host
from vision.reading import CardFields

SMALLER = 0.72
"""Lines whose letters have on average this share of the height of those above
are a description. Single lines differ by a third without meaning anything, in
handwriting and in where detectors put their frames."""
LONG_TITLE = 90
"""Letters from which a title is looked at for a place where it may end."""
BULLET = re.compile(r"(?:[-*\u2022\u00b7\u25cf\u25e6]|\d[.)])\s*(?=\w)")
SENTENCE_END = (".", "?", "!", ":", "\u2026")
TITLE_LABEL = re.compile(
    r"(?i:title|titel|topic|thema|session|subject)\s?[:=]\s*|(?:主題|題目|主题)\s?:?\s*"
)
DESCRIPTION_LABEL = re.compile(
    r"(?i:description|beschreibung|about|abstract|details?|summary|worum)\s?[:=]\s*"
)
EDGES = " ,;|/\u2013\u2014-"
"""What is left at a text's ends when something beside it is taken away."""


def parse_fields(lines: Sequence[Line]) -> CardFields:
    """Return what the lines of a card, in reading order, mean.

    Their quads tell the size of the letters. There is a title if any line has a letter.
    """
    texts = [tidy(line.text) for line in lines]
    mentions = [find_mentions(text) for text in texts]
    time = max((mention.time for mention in mentions), key=len, default="")
    room = next((mention.room for mention in mentions if mention.room), "")
    told = frozenset({"", time, room})
    # Every line, also where nothing is left of it.
    befores = itertools.pairwise(["", *texts])
    all_rows = tuple(
        _row(line, before, text, told)
        for line, (before, text) in zip(lines, befores, strict=True)
    )
    host, rows = _labelled_host(all_rows, texts, told)
    if not host:
        host, rows = take_host(rows)
    title, description = _title_and_description(rows)
    if not any(letter.isalpha() for letter in title):
        title, description = _fallback(title, description, texts)
    return CardFields(
        title=title,
        description=description,
        host=host.strip(EDGES),
        handles=_merged(mention.handles for mention in mentions),
        hashtags=_merged(mention.hashtags for mention in mentions),
        urls=_merged(mention.urls for mention in mentions),
        time=time,
        room=room,
    )


def _row(line: Line, before: str, text: str, told: frozenset[str]) -> Row:
    mention = find_mentions(text)
    goes_on = mention.is_aside and ends_open(before)
    bounds = line.quad_crop.bounds
    return Row(
        text=text if goes_on else _left_of(text, told),
        height=line.quad_crop.size_wh[1],
        left=bounds.left,
        top=bounds.top,
        bottom=bounds.bottom,
        handle=next(iter(mention.handles), ""),
        is_aside=mention.is_aside and not goes_on,
    )


def _left_of(text: str, told: frozenset[str]) -> str:
    """Return what is to be read of a line whose mentions are listed elsewhere.

    Of several times or rooms only one is listed; the others must stay readable.
    """
    mention = find_mentions(text)
    return mention.text if told >= {mention.time, mention.room} else text


def _labelled_host(
    rows: tuple[Row, ...], texts: Sequence[str], told: frozenset[str]
) -> tuple[str, tuple[Row, ...]]:
    """Return the first host with a label, and the rows that still say something."""
    for index, text in enumerate(texts):
        found = take_labelled_host(text)
        if found is None:
            continue
        name, before = found
        taken = index
        if not name and index + 1 < len(texts):  # a label on a line of its own
            name, taken = texts[index + 1], index + 1
        left = replace(rows[index], text=_left_of(before, told))
        rows = (*rows[:index], left, *rows[taken + 1 :])
        return _name_of(name), _spoken(rows)
    return "", _spoken(rows)


def _name_of(text: str) -> str:
    """Return a host's name without the handle beside it, or else the handle."""
    mention = find_mentions(text)
    if mention.is_aside:
        return text
    return mention.text or next(iter(mention.handles), text)


def _spoken(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.text)


def _title_and_description(rows: Sequence[Row]) -> tuple[str, str]:
    asides = [row.text for row in rows if row.is_aside]
    spoken = [row for row in rows if not row.is_aside]
    if spoken:
        spoken[0] = replace(spoken[0], text=TITLE_LABEL.sub("", spoken[0].text, 1))
    end = _title_end(spoken)
    title = [row.text for row in spoken[:end]]
    others = [row.text for row in spoken[end:]]
    if others:
        others[0] = DESCRIPTION_LABEL.sub("", others[0], 1)
    return _joined(title).strip(EDGES), _joined([*others, *asides])


def _title_end(rows: Sequence[Row]) -> int:
    """Return how many rows make the title: up to a list, a label, smaller letters."""
    marked = (
        index
        for index, row in enumerate(rows)
        if index and (BULLET.match(row.text) or DESCRIPTION_LABEL.match(row.text))
    )
    end = next(marked, len(rows))
    return _natural_end(rows[: _contrast_end(rows[:end])])


def _contrast_end(rows: Sequence[Row]) -> int:
    """Return where letters become smaller, else the number of rows.

    The place is the one that parts large and small letters best (Otsu 1979, with
    heights on a logarithmic scale); it counts if they differ enough there.
    """
    heights = np.log([row.height for row in rows])
    letters = np.array([len(row.text) for row in rows])
    best, end = 0.0, len(rows)
    for place in range(1, len(rows)):
        above, below = letters[:place].sum(), letters[place:].sum()
        drop = np.average(heights[:place], weights=letters[:place]) - np.average(
            heights[place:], weights=letters[place:]
        )
        if drop >= -np.log(SMALLER) and above * below * drop**2 > best:
            best, end = above * below * drop**2, place
    # A single smaller word is the title's last far more often than a description.
    return (
        end if len(" ".join(row.text for row in rows[end:]).split()) > 1 else len(rows)
    )


def _natural_end(rows: Sequence[Row]) -> int:
    """Return where a long title of equal letters may stop, else all of it."""
    titles = list(itertools.accumulate((row.text for row in rows), "{} {}".format))
    if not titles or len(titles[-1]) <= LONG_TITLE:
        return len(rows)
    for index, title in enumerate(titles, start=1):
        in_brackets = title.count("(") > title.count(")")
        if (
            len(title) <= LONG_TITLE
            and title.endswith(SENTENCE_END)
            and not in_brackets
        ):
            return index
    return len(rows)


def _joined(texts: Sequence[str]) -> str:
    """Join lines; a word divided at a line's end stays in one piece."""
    joined = ""
    for text in texts:
        divided = re.search(r"[^\W\d_]-$", joined) and text[:1].islower()
        joined += text if divided or not joined else f" {text}"
    return joined


def _fallback(title: str, description: str, texts: Sequence[str]) -> tuple[str, str]:
    """Return a title for a card whose lines all were something else."""
    if any(letter.isalpha() for letter in description):
        return _joined([part for part in (title, description) if part]), ""
    return " ".join(texts), ""


def _merged(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(itertools.chain.from_iterable(groups)))
