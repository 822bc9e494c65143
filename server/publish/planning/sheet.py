"""A sheet of planned sessions as it was saved: bytes to rows of named columns. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.errors import SheetError
from server.publish.plain_text import plain

MOST_ROWS = 10_000
"""A plan has a few hundred; each release holds all of them."""

MOST_BYTES = 4 * 2**20
"""Ten thousand rows of four hundred letters."""

DELIMITERS = ",;\t|"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "key", "code"),
    "title": ("title", "session", "topic", "subject", "talk", "open space", "summary"),
    "host": ("host", "speaker", "presenter", "facilitator", "organizer", "organiser"),
    "room": ("room", "place", "location", "where", "venue", "table"),
    "time": ("time", "when", "hour", "hours", "slot", "start", "starts", "begin"),
    "ends": ("end", "ends", "until"),
    "day": ("day", "date", "board"),
    "description": ("description", "details", "abstract", "about", "notes"),
    "handle": ("handle", "handles", "twitter", "mastodon", "social", "contact"),
}
"""What a column is, by the words that people write over it."""

SUFFIX = re.compile(r"\s*(?:\(.*\)|\b(?:time|name|names|s))$|s$")
"""What a heading may have beside its word: "Start time", "Speakers", "Room (floor)"."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Parameters
    ----------
    number : int
        As a spreadsheet counts it: 1 is the headings.
    cells : mapping of str to str
        By the column's name, in `COLUMNS`.
    """

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet.

    Parameters
    ----------
    headings : mapping of str to str
        Over the columns that are known, by their names in `COLUMNS`.
    unknown : tuple of str
        Headings of columns that are left out.
    rows : tuple of Row
        Those that are not empty, at most `MOST_ROWS`.
    left_out : int
        How many rows there are beyond these.
    """

    headings: Mapping[str, str]
    unknown: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: int = 0


def read_sheet(data: bytes, most_bytes: int = MOST_BYTES) -> Sheet:
    """Return the rows of a CSV file, whoever saved it.

    In UTF-8 (with a mark or without), UTF-16 with a mark, or Windows' Latin letters;
    with commas, semicolons, tabs or bars between the columns, which may stand in any
    order.

    Parameters
    ----------
    data : bytes
    most_bytes : int

    Raises
    ------
    SheetError
        If it is no sheet, is too large, or has no column for the title.
    """
    if len(data) > most_bytes:
        raise SheetError(
            f"The sheet is larger than {most_bytes // 2**20} MiB.",
            hint="Take the rows of your Open Spaces only.",
        )
    text = _text(data)
    first, _, rest = text.lstrip("\ufeff\r\n ").partition("\n")
    if first.lower().startswith("sep="):  # Excel's own word for it
        delimiter, text = first.strip()[4:5] or ",", rest
    else:
        delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = [[plain(cell).strip() for cell in line] for line in reader]
    except csv.Error as error:
        raise SheetError(
            f"Line {reader.line_num} of the sheet cannot be read: {error}.",
            hint="Save it as CSV again, or paste its cells.",
        ) from error
    numbered = [(number, line) for number, line in enumerate(lines, 1) if any(line)]
    if not numbered:
        raise SheetError("The sheet is empty.", hint="Its first row names the columns.")
    (_, heading), *body = numbered
    columns = _columns(heading)
    if "title" not in columns.values():
        raise SheetError(
            f"No column of the sheet is called title; row {numbered[0][0]} has "
            f"{', '.join(filter(None, heading[:9]))}.",
            hint="Write title over the column with what the sessions are called.",
        )
    rows = [
        Row(
            number,
            {name: line[at] for at, name in columns.items() if at < len(line)},
        )
        for number, line in body
    ]
    return Sheet(
        {name: heading[at] for at, name in columns.items()},
        tuple(text for at, text in enumerate(heading) if text and at not in columns),
        tuple(rows[:MOST_ROWS]),
        max(0, len(rows) - MOST_ROWS),
    )


def as_csv(sheet: Sheet) -> str:
    """Return a sheet as text that reads the same; a form sends it again."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*sheet.headings.values(), *sheet.unknown])
    number = 1
    for row in sheet.rows:
        while number + 1 < row.number:
            number += 1
            out.write("\n")
        writer.writerow([row.cells.get(name, "") for name in sheet.headings])
        number = row.number
    return out.getvalue()


def _text(data: bytes) -> str:
    """Return the text of a file, in the encoding that it can only be."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _columns(headings: Iterable[str]) -> dict[int, str]:
    """Return what columns are, by their places; of two that are the same the first.

    "Name" is who hosts where another column has the title, else it is the title.
    """
    columns: dict[int, str] = {}
    names = {}
    for at, heading in enumerate(headings):
        words = " ".join(re.split(r"[\W_]+", heading.casefold())).strip()
        name = _column(words) or _column(SUFFIX.sub("", words))
        if name and name not in columns.values():
            columns[at] = name
        elif words in {"name", "who"}:
            names[at] = words
    for at in names:
        for name in ("title", "host"):
            if name not in columns.values():
                columns[at] = name
                break
    return dict(sorted(columns.items()))


def _column(words: str) -> str | None:
    return next((name for name, known in COLUMNS.items() if words in known), None)
