"""The text of an event.toml: read into its shapes, and written."""

import re
import tomllib
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

import tomlkit
from pydantic import (
    BaseModel,
    ValidationError,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process
from tomlkit.items import Array, InlineTable, Table

from calibration.errors import FieldError, Key
from calibration.event_shapes import (
    TABLES,
    AnnounceShape,
    BoardShape,
    EventShape,
    ProfileShape,
    Shape,
    TableShape,
)

UNKNOWN = "extra_forbidden"
"""pydantic's name for a key that a table does not have."""
SIMILAR = 60
"""Likeness in percent from which another spelling is worth proposing."""
LONG_LINE = 72
"""Characters from which an array is written one element a line."""
SHOWN = 60
"""Characters of a wrong value that a message repeats."""
SYNTAX_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

SECTIONS = frozenset({"event", "margins", "reference", "announce", "templates"})
"""Tables with a header of their own; others are written in one line."""


class TomlSyntaxError(ValueError):
    """The text is no TOML.

    Parameters
    ----------
    message : str
    line : int or None
        Counted from 1.
    """

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Tables:
    """What can be used of an event.toml, and what cannot.

    Parameters
    ----------
    event : EventShape or None
        None if its table is at fault.
    announce : AnnounceShape or None
        None if there is no such table, or it is at fault.
    boards : mapping of int to BoardShape
        Those without a fault, by their places.
    faults : tuple of FieldError
        Keys that are unknown or missing, and values of another type.
    """

    event: EventShape | None = None
    boards: Mapping[int, BoardShape] = field(default_factory=dict)
    faults: tuple[FieldError, ...] = ()
    announce: AnnounceShape | None = None


def read_tables(text: str) -> Tables:
    """Read the text of an event.toml.

    Raises
    ------
    TomlSyntaxError
        If the text is no TOML.
    """
    document = _parsed(text)
    version = document.get("version", 1)
    if version != 1 or isinstance(version, bool):
        # Of another format: nothing else that it says means what it does here.
        fault = FieldError(f"expected 1, got {_shown(version)}", "version")
        return Tables(faults=(fault,))
    try:
        shape = ProfileShape.model_validate(document)
    except ValidationError as error:
        given = document.get("boards")
        tables = enumerate(given if isinstance(given, list) else [])
        sound = ((place, _sound(BoardShape, table)) for place, table in tables)
        return Tables(
            _sound(EventShape, document.get("event")),
            {place: board for place, board in sound if board is not None},
            tuple(_field_errors(error.errors())),
            _sound(AnnounceShape, document.get("announce")),
        )
    boards = dict(enumerate(shape.boards))
    return Tables(shape.event, boards, announce=shape.announce)


def _sound(shape: type[Shape], table: object) -> Shape | None:
    try:
        return shape.model_validate(table)
    except ValidationError:
        return None


def write_shape(shape: ProfileShape) -> str:
    """Return the text of an event.toml; what is default is left out."""
    values = shape.model_dump(exclude_defaults=True)
    document = tomlkit.document()
    document.add("version", tomlkit.item(shape.version))
    document.add(tomlkit.nl())
    document.add("event", _table(values["event"]))
    boards = tomlkit.aot()
    for board in values["boards"]:
        boards.append(_table(board))
    document.add(tomlkit.nl())
    document.add("boards", boards)
    if "announce" in values:
        document.add(tomlkit.nl())
        document.add("announce", _table(values["announce"]))
    return tomlkit.dumps(document)


def update_text(text: str, said: ProfileShape, shape: ProfileShape) -> str:
    """Return a text that says something else in what differs only.

    Comments and the way of writing stay wherever the meaning stays.

    Parameters
    ----------
    text : str
        An event.toml.
    said : ProfileShape
        What it says.
    shape : ProfileShape
        What it is to say: the same boards, by slug.
    """
    document = tomlkit.parse(text)
    _update(document, said.model_dump(), shape.model_dump())
    return tomlkit.dumps(document)


def _update(
    table: MutableMapping[str, Any], said: Mapping[str, Any], wanted: Mapping[str, Any]
) -> None:
    for key, value in wanted.items():
        before = said[key]
        if value == before:
            continue
        if key in SECTIONS and value and before:
            _update(table[key], before, value)
        elif key == "boards":
            for board, old, new in zip(table[key], before, value, strict=True):
                _update(board, old, new)
        elif value:
            table[key] = _item(key, value)
        else:
            table.pop(key, None)


def _item(key: str, value: Any) -> Any:
    """Return a value as it is written: what is default in it is left out."""
    if isinstance(value, dict):
        return _table(value) if key in SECTIONS else _inline(value)
    return _array(value) if isinstance(value, list) else value


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise TomlSyntaxError("arrays are nested too deeply", None) from error
    except ValueError as error:
        place = SYNTAX_PLACE.search(str(error))
        last = max(1, len(text.rstrip().splitlines()))
        line = int(place[1]) if place and place[1] else last
        raise TomlSyntaxError(SYNTAX_PLACE.sub("", str(error)), line) from error


def _table(values: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in values.items():
        if value in (None, {}):
            continue
        if key in SECTIONS:
            table.add(tomlkit.nl())
        table.add(key, _item(key, value))
    return table


def _array(values: Sequence[Any]) -> Array:
    array = tomlkit.array()
    for value in values:
        array.append(_inline(value) if isinstance(value, dict) else value)
    long = len(array.as_string()) > LONG_LINE
    return array.multiline(multiline=long)


def _inline(values: Mapping[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    for key, value in values.items():
        if value or value == 0:
            table[key] = _inline(value) if isinstance(value, dict) else value
    return table


def _field_errors(faults: Sequence[ErrorDetails]) -> Iterator[FieldError]:
    """Yield a fault each; a key that is there misspelt is not missing as well."""
    unknown = [fault["loc"] for fault in faults if fault["type"] == UNKNOWN]
    meant = {(*key[:-1], _similar(key)) for key in unknown}
    for fault in faults:
        if fault["type"] != "missing" or fault["loc"] not in meant:
            yield _field_error(fault)


def _field_error(fault: ErrorDetails) -> FieldError:
    key = fault["loc"]
    if fault["type"] == UNKNOWN:
        return FieldError(_unknown(key), *key)
    expected = _described(key)
    if fault["type"] == "missing":
        return FieldError(f"the key is missing; expected {expected}", *key)
    return FieldError(f"expected {expected}, got {_shown(fault['input'])}", *key)


def _unknown(key: Key) -> str:
    name = str(key[-1])
    similar = _similar(key)
    if similar:
        return f"unknown key `{name}`; did you mean `{similar}`?"
    for header, shape in TABLES.items():
        if name in shape.model_fields:
            return f"unknown key `{name}` in this table; it belongs in {header}"
    return f"unknown key `{name}`; expected one of {', '.join(_fields_at(key[:-1]))}"


def _similar(key: Key) -> str:
    """Return the key that was probably meant by an unknown one; empty if none was."""
    match = process.extractOne(
        str(key[-1]),
        list(_fields_at(key[:-1])),
        scorer=fuzz.ratio,
        score_cutoff=SIMILAR,
    )
    return match[0] if match else ""


def _described(key: Key) -> str:
    """Return what the nearest key that has a description expects."""
    place = max(index for index, part in enumerate(key) if isinstance(part, str))
    return str(_fields_at(key[:place])[str(key[place])].description)


def _fields_at(key: Key) -> dict[str, FieldInfo]:
    """Return the fields of the table at a key."""
    fields = ProfileShape.model_fields
    for part in key:
        if isinstance(part, str):
            fields = _inner(fields[part].annotation).model_fields
    return fields


def _inner(annotation: Any) -> type[BaseModel]:
    """Return the shape within ``list[Shape]`` or ``Shape | None``, annotated or not."""
    candidates = [annotation]
    for candidate in candidates:
        if isinstance(candidate, type) and issubclass(candidate, TableShape):
            return candidate
        candidates += get_args(candidate)
    raise ValueError(f"expected a shape within, got {annotation}")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "an array"
    if isinstance(value, str):
        return f'the text "{value[:SHOWN]}"'
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)[:SHOWN]
