"""Drawn cards: lines as a reader sees them, with their truth, without a pixel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from training.fields import words
from training.fields.readings import LETTER_WIDTH, Hand, Piece, read
from training.scenes.paint import Dice, between, chance, pick
from vision.cards import Line

LABELS: Final = (
    ("Session Subject", "Details"),
    ("Session Title", "Description"),
    ("Title", "Host"),
    ("Topic", "Name"),
    ("Open Space", "Details"),
    ("Thema", "Beschreibung"),
    ("Session", "Notes"),
    ("Title:", "Description:"),
)
"""What is printed on forms: above the title, and further down."""


@dataclass(frozen=True, slots=True)
class TrueFields:
    """What is true of a card."""

    title: str
    host: str


def drawn_card(seed: int) -> tuple[tuple[Line, ...], TrueFields]:
    """Return the lines of a card as they were read, and its true fields."""
    rng = np.random.default_rng([seed, 77])
    said = words.tongue(rng)
    kind = pick(rng, ("form", "sticky", "list", "question"), (38, 42, 8, 12))
    hand = _hand(kind, rng)
    title = words.title(said, rng)
    if kind == "question":
        title = _question(said, rng)
    body = _said_of_it(kind, said, hand, rng)
    if hand.capitals:
        title = title.upper()
    rows = wrapped(title, hand.room)
    if kind in {"form", "sticky"} and chance(rng, 0.12):
        more = _more(said, hand, rng)
        rows += wrapped(more, hand.room)
        title = f"{title} {more}"
    pieces = [Piece(text, "title", 1.0, hand.leading) for text in rows]
    if body:
        pieces += [replace(body[0], gap=body[0].gap + _pause(kind, rng)), *body[1:]]
    host = ""
    if chance(rng, 0.3 if kind == "form" else 0.5):
        host, signed = _signed(hand, rng)
        if chance(rng, 0.1) and len(pieces) > 1:
            pieces.insert(1 + int(rng.integers(len(pieces) - 1)), signed[0])
        else:
            pieces += signed
    if kind == "form" and chance(rng, 0.06):
        pieces = _labelled(pieces)
    elif kind == "form" and chance(rng, 0.35):
        pieces = _printed(pieces, rng)
    return read(pieces, hand, rng), TrueFields(title, host)


def _said_of_it(kind: str, said: words.Tongue, hand: Hand, rng: Dice) -> list[Piece]:
    """Return the lines of a description, perhaps none."""
    if kind == "question":
        return []
    if kind == "list":
        return _list(said, hand, rng)
    if chance(rng, 0.8 if kind == "form" else 0.25):
        return _body(words.description(said, rng), hand, rng)
    return _body(pick(rng, said.welcomes), hand, rng) if chance(rng, 0.15) else []


def _hand(kind: str, rng: Dice) -> Hand:
    large = kind in {"form", "list"}
    usual, spread = (-0.45, 0.1) if chance(rng, 0.3) else (-0.2, 0.25)
    small = float(np.exp(rng.normal(usual, spread)))
    return Hand(
        room=between(rng, 5, 14) * (1.1 if large else 0.8),
        small=min(1.1, max(0.35, small)),
        leading=between(rng, 0.0, 0.6),
        uneven=between(rng, 0.03, 0.2),
        capitals=pick(rng, ("", "title", "all"), (55, 20, 25)),
        centred=chance(rng, 0.4),
        ruled=chance(rng, 0.5 if kind == "form" else 0.04),
    )


def _question(said: words.Tongue, rng: Dice) -> str:
    """Return a thought that is all title."""
    text = words.filled(pick(rng, said.sentences), said, rng)
    if chance(rng, 0.3):
        text = f"{words.title(said, rng)} {pick(rng, ('-', '(', '+', '/'))} {text}"
        text += ")" if "(" in text and ")" not in text else ""
    return text


def _more(said: words.Tongue, hand: Hand, rng: Dice) -> str:
    """Return a second part of a title, on rows of its own."""
    first, last = pick(
        rng, (("- ", ""), ("-", ""), ("(", ")"), ("[", "]"), ("+ ", ""), ("& ", ""), ("/ ", ""))
    )  # fmt: skip
    text = pick(rng, (pick(rng, said.topics), words.title(said, rng)))
    text = f"{first}{text}{last}"
    return text.upper() if hand.capitals else text


def _body(text: str, hand: Hand, rng: Dice) -> list[Piece]:
    small = hand.small
    if hand.capitals == "all":
        text = text.upper()
    return [
        Piece(row, "description", small, hand.leading * small)
        for row in wrapped(text, hand.room / small * between(rng, 0.85, 1.1))
    ][:7]


def _list(said: words.Tongue, hand: Hand, rng: Dice) -> list[Piece]:
    bullet = pick(rng, ("- ", "-", "* ", "\u2022 ", "+ ", ""), (5, 4, 2, 2, 1, 2))
    entries = [
        bullet + pick(rng, (*said.topics, *said.welcomes))
        for _ in range(int(rng.integers(2, 6)))
    ]
    small = hand.small
    return [
        Piece(entry, "description", small, hand.leading * small) for entry in entries
    ]


def _pause(kind: str, rng: Dice) -> float:
    """Return what is free below a title, beyond the usual."""
    wide = 0.6 if kind == "form" else 0.35
    return pick(rng, (0.0, float(rng.exponential(wide))), (4, 6))


def _signed(hand: Hand, rng: Dice) -> tuple[str, list[Piece]]:
    """Return a host and the line or lines that name them."""
    style = pick(
        rng,
        ("bare", "dash", "brackets", "by", "label", "handle", "both"),
        (54, 6, 5, 8, 8, 9, 10),
    )
    host = words.handle(rng) if style == "handle" else words.host(rng)
    if style == "label" and chance(rng, 0.3):
        host = pick(
            rng, ("the whole team", "two of us", host.split()[0].lower() + "@mail.org")
        )
    written = {
        "dash": f"{pick(rng, ('-', '- ', '~ ', '– '))}{host}",  # noqa: RUF001
        "brackets": f"({host})",
        "by": f"{pick(rng, ('by', 'with', 'w/', 'hosted by', 'von', 'mit'))} {host}",
        "label": f"{pick(rng, ('Host', 'Facilitator', 'Who', 'Contact'))}: {host}",
        "both": f"{host} {words.handle(rng)}",
    }.get(style, host)
    small = min(1.1, hand.small * float(np.exp(rng.normal(0, 0.15))))
    shift = pick(rng, (0.0, between(rng, 0.2, 1.0), 1.0), (4, 3, 4))
    free = hand.leading * small + pick(rng, (0.0, float(rng.exponential(0.7))), (3, 7))
    rows = [written]
    if style == "bare" and len(host.split()) == 2 and chance(rng, 0.15):
        rows = host.split()
    room = hand.room
    return host, [
        Piece(
            row,
            "host",
            small,
            free if not index else hand.leading * small,
            shift * max(0.0, room - len(row) * small * LETTER_WIDTH),
        )
        for index, row in enumerate(rows)
    ]


def _printed(pieces: Sequence[Piece], rng: Dice) -> list[Piece]:
    """Return a card's lines with the labels of its form among them."""
    first, second = pick(rng, LABELS)
    above = Piece(first, "none", between(rng, 0.2, 0.6), 0.2)
    found = [above, *pieces]
    places = [index for index, piece in enumerate(found) if piece.role == "description"]
    if places and chance(rng, 0.6):
        label = Piece(second, "none", above.height, 0.3)
        found.insert(places[0], label)
    return found


def _labelled(pieces: Sequence[Piece]) -> list[Piece]:
    """Return a card's lines with labels that its writer put before them."""
    found = list(pieces)
    for role, label in (("title", "Title: "), ("description", "Details: ")):
        first = next((i for i, piece in enumerate(found) if piece.role == role), None)
        if first is not None:
            found[first] = replace(found[first], text=label + found[first].text)
    return found


def wrapped(text: str, room: float) -> list[str]:
    """Break a text into lines of about a width, in heights of its letters."""
    most = max(5, room / LETTER_WIDTH)
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
