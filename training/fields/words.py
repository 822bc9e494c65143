"""Invented titles, descriptions and names, in four languages."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from training.scenes.paint import Dice, chance, pick
from vision.fields import listed


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language's own ways to say what a session is about.

    Parameters
    ----------
    topics : tuple of str
        What sessions are about.
    titles, asides, sentences : tuple of str
        Titles, what is written in brackets behind them, and descriptions, with
        ``{}`` for a topic.
    welcomes : tuple of str
        Short last lines that are no names.
    """

    topics: tuple[str, ...]
    titles: tuple[str, ...]
    asides: tuple[str, ...]
    sentences: tuple[str, ...]
    welcomes: tuple[str, ...]


_KNOWN: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
TONGUES: Final = tuple(
    Tongue(**{name: tuple(rows) for name, rows in _KNOWN[tongue].items()})
    for tongue in ("english", "german", "french", "spanish")
)
SURNAMES: Final[tuple[str, ...]] = tuple(_KNOWN["surnames"])
FIRMS: Final[tuple[str, ...]] = tuple(_KNOWN["firms"])
HANDLE_ENDS: Final[tuple[str, ...]] = tuple(_KNOWN["ends_of_handles"])
PLACES_OF_NAMES: Final[tuple[str, ...]] = tuple(_KNOWN["titles_with_names"])
_GIVEN: Final = tuple(sorted(listed("given_names")))


def tongue(rng: Dice) -> Tongue:
    """Return a language; most cards are English."""
    return pick(rng, TONGUES, (12, 5, 2, 2))


def filled(template: str, said: Tongue, rng: Dice) -> str:
    """Return a template with topics in its gaps, and a capital before all."""
    text = template
    while "{}" in text:
        text = text.replace("{}", pick(rng, said.topics), 1)
    return text[:1].upper() + text[1:]


def title(said: Tongue, rng: Dice) -> str:
    """Return a title."""
    if chance(rng, 0.04):
        gaps = pick(rng, PLACES_OF_NAMES).replace("{}", given_name(rng), 1)
        return filled(gaps, said, rng)
    text = filled(pick(rng, said.titles), said, rng)
    if chance(rng, 0.12):
        text += " " + pick(rng, said.asides)
    return text.title() if chance(rng, 0.25) else text


def description(said: Tongue, rng: Dice) -> str:
    """Return one to three sentences."""
    count = pick(rng, (1, 2, 3), (6, 3, 1))
    ends = pick(rng, ((". ", "."), (". ", ""), ("! ", "!"), (" ", "")))
    sentences = [filled(pick(rng, said.sentences), said, rng) for _ in range(count)]
    text = ends[0].join(sentences) + ends[1]
    text = text.replace("?.", "?").replace("?!", "?").replace("!.", "!")
    return text[0].lower() + text[1:] if chance(rng, 0.3) else text


def given_name(rng: Dice) -> str:
    """Return a first name; one in seven that is in no list."""
    name = pick(rng, _GIVEN).title()
    if chance(rng, 0.15):
        name = pick(rng, SURNAMES)[:3] + pick(
            rng, ("a", "o", "ek", "in", "ush", "ette")
        )
    return name


def handle(rng: Dice) -> str:
    """Return a handle."""
    return "@" + pick(rng, _GIVEN).replace("'", "") + pick(rng, HANDLE_ENDS)


def host(rng: Dice) -> str:
    """Return who hosts a session, as people write it."""
    first, last = given_name(rng), pick(rng, SURNAMES)
    name = pick(
        rng,
        (
            first,
            f"{first} {last[0]}.",
            f"{first} {last[0]}",
            f"{first} {last}",
            f"{first[0]} {last}",
            f"{first[0]}. {last}",
            f"{first} & {given_name(rng)}",
            f"{first} + {given_name(rng)}",
            f"{first} - {given_name(rng)}",
            f"{first}, {given_name(rng)}",
            f"{first} and {given_name(rng)}",
            f"{first} {last} - {pick(rng, FIRMS)} - {pick(rng, FIRMS)}",
            f"{first} ({pick(rng, FIRMS)})",
        ),
        (52, 6, 3, 17, 3, 3, 3, 1, 1, 1, 1, 4, 1),
    )
    return pick(rng, (name, name.lower(), name.upper()), (8, 0.6, 1.4))
