"""On which line of a TOML text each key stands.

tomllib tells the line of a syntax error only; this tells the line of every
value in a text that tomllib has already accepted, so that it need not check
anything again. Grammar: https://toml.io/en/v1.0.0
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from calibration.errors import Key

TOKEN = re.compile(
    r"""
    (?P<newline> \n )
  | (?P<blank>   [ \t\r]+ | \#[^\n]* )
  | (?P<string>  \"\"\"(?:\\.|[^\\])*?\"{3,5} | '''.*?'{3,5}
                 | "(?:\\.|[^"\\])*" | '[^']*' )
  | (?P<sign>    [\[\]{}=,.] )
  | (?P<word>    [^\s\[\]{}=,.\#"']+ )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of TOML and its line, counted from 1."""

    kind: str
    text: str
    line: int


def line_of(key: Key, lines: Mapping[Key, int]) -> int | None:
    """Return the line of a key, or of the nearest table or array around it.

    Parameters
    ----------
    key : Key
        What is looked for; it need not be in the text.
    lines : mapping of Key to int
        From `find_lines`.
    """
    around = (key[:length] for length in range(len(key), 0, -1))
    return next((lines[part] for part in around if part in lines), None)


def find_lines(text: str) -> dict[Key, int]:
    """Return the line of every key, table and array element.

    Parameters
    ----------
    text : str
        TOML that tomllib accepts.

    Returns
    -------
    dict of Key to int
        Lines counted from 1; of a table, the line of its header.
    """
    scanner = _Scanner(list(_tokens(text)))
    scanner.scan()
    return scanner.lines


def _tokens(text: str) -> Iterator[Token]:
    line = 1
    for match in TOKEN.finditer(text):
        if match.lastgroup != "blank":
            yield Token(str(match.lastgroup), match.group(), line)
        line += match.group().count("\n")


class _Scanner:
    """Walks over tokens once and notes lines; private to `find_lines`."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.lines: dict[Key, int] = {}
        self.arrays: dict[Key, int] = {}

    def scan(self) -> None:
        table: Key = ()
        while not self._at_end():
            if self._skip("\n"):
                continue
            if self._skip("["):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Key:
        is_array = self._skip("[")
        line = self._line()
        names = self._names()
        while self._skip("]"):
            pass
        *parents, last = names
        key: Key = ()
        for name in parents:
            key = self._element((*key, name))
            self.lines.setdefault(key, line)
        key = (*key, last)
        self.lines.setdefault(key, line)
        if is_array:
            self.arrays[key] = self.arrays.get(key, -1) + 1
            key = self._element(key)
        self.lines[key] = line
        return key

    def _element(self, key: Key) -> Key:
        """Return the newest element of an array of tables, else the key itself."""
        return (*key, self.arrays[key]) if key in self.arrays else key

    def _pair(self, table: Key) -> None:
        line = self._line()
        key = table
        for name in self._names():
            key = (*key, name)
            self.lines.setdefault(key, line)
        self._skip("=")
        self._value(key)

    def _names(self) -> list[str]:
        names = [_unquoted(self._take())]
        while self._skip("."):
            names.append(_unquoted(self._take()))
        return names

    def _value(self, key: Key) -> None:
        if self._skip("["):
            self._array(key)
        elif self._skip("{"):
            self._inline_table(key)
        else:
            while not self._at_end() and self._text() not in {"\n", ",", "]", "}"}:
                self.position += 1

    def _array(self, key: Key) -> None:
        index = 0
        while not self._skip("]"):
            if self._skip("\n") or self._skip(","):
                continue
            self.lines[*key, index] = self._line()
            self._value((*key, index))
            index += 1

    def _inline_table(self, key: Key) -> None:
        while not self._skip("}"):
            if not (self._skip("\n") or self._skip(",")):
                self._pair(key)

    def _at_end(self) -> bool:
        return self.position >= len(self.tokens)

    def _line(self) -> int:
        return self.tokens[self.position].line

    def _text(self) -> str:
        return self.tokens[self.position].text

    def _take(self) -> str:
        self.position += 1
        return self.tokens[self.position - 1].text

    def _skip(self, text: str) -> bool:
        found = not self._at_end() and self._text() == text
        self.position += found
        return found


def _unquoted(name: str) -> str:
    if name.startswith("'"):
        return name[1:-1]
    if name.startswith('"'):
        # A key with escapes other than these is not one of ours; its exact
        # spelling does not matter, only that the scan goes on.
        return name[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return name
