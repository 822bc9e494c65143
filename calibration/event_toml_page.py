"""The page that tells every key of event.toml: docs/event-toml.md, made from its shape.

``python -m calibration.event_toml_page > docs/event-toml.md`` writes it anew.
"""

from collections.abc import Iterator

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from calibration.event_shapes import (
    TABLES,
    BlockedShape,
    ContactShape,
    LinkedPageShape,
    LinkShape,
    MarginsShape,
    RoomShape,
    TemplatesShape,
)

INTRODUCTION = """\
# event.toml

One file says what the conference is and how its boards look. `boardcast init` writes it by
asking, `boardcast calibrate PHOTO` from a photo of a board
([how](setting-up-a-board.md)), and any editor changes it. `boardcast doctor` tells all that is
wrong with it at once, with the line of each; `boardcast reload` makes a running site take it up
([what becomes of sessions](deploy.md#when-eventtoml-changes)).

```toml
version = 1

[event]
name = "PyCon US 2024"
timezone = "America/New_York"
short_path = "os"                     # the board is at /os
hashtag = "#PyConOpenSpace"

[[boards]]
slug = "friday"                       # and this one at /os/friday
title = "Friday"
date = 2024-05-17
rooms = ["Room 301", "Room 302", "Room 303"]
slots = ["10:00-11:00", "11:00-12:00", "13:00-14:00"]
tags = [0, 1, 2, 3]
blocked = [{ room = "Room 301", slot = "13:00-14:00", reason = "Keynote overflow" }]
```

The next day on the same wall is another `[[boards]]` with another `slug` and `date` and the same
`tags` or reference: a photo goes to the board of the day on which it was taken.

Rooms may say more than their names, and names and notes may be given in the languages that
pages are in ([how one is chosen](languages.md)). Where no language matters, as in addresses and
formats that programs read, the text in the event's `language` holds:

```toml
[event]
name = { en = "PyCon Taiwan", zh-Hant = "PyCon 台灣" }
language = "zh-Hant"
contact = { name = "Ada", email = "openspace@example.org" }
how_to_host = { en = "Take a card and pin it to a free place.", zh-Hant = "拿一張卡片貼到空位上。" }
privacy = { en = "Sessions are not recorded.", zh-Hant = "場次不會錄影。" }
links = [{ title = "Code of conduct", address = "https://example.org/coc" }]

[[boards]]
rooms = ["R0", { name = "Table 4", kind = "table", capacity = 6 }]
```

A key that is not listed here is an error, so that a misspelt one is not overlooked. A key
without a value in "left out" must be there.
"""


def page() -> str:
    """Return the page as Markdown."""
    return "\n".join([INTRODUCTION, *_tables()])


def _tables() -> Iterator[str]:
    shapes: dict[str, type[BaseModel]] = {
        **TABLES,
        "An entry of `rooms`": RoomShape,
        "An entry of `blocked`": BlockedShape,
        "An entry of a board's `links`": LinkShape,
        "`margins`": MarginsShape,
        "`contact`": ContactShape,
        "An entry of `links`": LinkedPageShape,
    }
    for header, shape in shapes.items():
        yield f"## {header}\n"
        yield "| key | what it is for | what is expected | left out |"
        yield "|---|---|---|---|"
        yield from _rows(shape)
        yield ""


def _rows(shape: type[BaseModel]) -> Iterator[str]:
    for key, field in shape.model_fields.items():
        cells = (f"`{key}`", field.title, field.description, _left_out(shape, key))
        yield f"| {' | '.join(str(cell).replace('|', ' ') for cell in cells)} |"


def _left_out(shape: type[BaseModel], key: str) -> str:
    """Return what holds where a key is left out; empty if it must be there."""
    default = shape.model_fields[key].get_default(call_default_factory=True)
    if default is PydanticUndefined:
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, list):
        return ", ".join(f"`{value}`" for value in default) or "none"
    if isinstance(default, TemplatesShape):
        return "Boardcast's own"
    return f"`{default}`" if default else "none"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201  (it is for this)
