"""Boards, changes and standpoints by seed, for benchmarks and samples."""

from dataclasses import replace
from typing import Final

import numpy as np

from sample_boards.board import BlockedCell, DrawnBoard, Look
from sample_boards.cards import Card, Sticker
from sample_boards.hands import HANDS
from sample_boards.paper import INDEX_CARD_COLOURS, NOTE_COLOURS
from sample_boards.pens import PENS, Colour
from sample_boards.topics import HANDLES, HOST_STYLES, HOSTS, TOPICS

HANDLE_SHARE: Final = 0.2
"""Share of hosts who give a handle for a name."""

CHANGES: Final = ("move", "remove", "replace", "edit")
"""What may happen to a card between two photos."""

DOT_COLOURS: Final[tuple[Colour, ...]] = ((40, 120, 20), (40, 40, 220), (220, 90, 30))
"""Colours of vote dots."""


def room_names(count: int) -> tuple[str, ...]:
    """Return names of rooms: Room 301, Room 302 and so on."""
    return tuple(f"Room {301 + number}" for number in range(count))


def slot_names(count: int, *, first_hour: int = 10) -> tuple[str, ...]:
    """Return slots of an hour each from a first hour on."""
    return tuple(
        f"{first_hour + number:02}:00-{first_hour + number + 1:02}:00"
        for number in range(count)
    )


def random_board(
    seed: int,
    *,
    rooms: int = 8,
    slots: int = 8,
    cards: int = 32,
    tags: bool = False,
    lines: bool = True,
    look: Look = "printed",
    turned: float = 0.0,
    slug: str = "board",
) -> DrawnBoard:
    """Make a board up.

    Parameters
    ----------
    seed : int
        Equal seeds make equal boards.
    rooms, slots, cards : int
        How many; there may be no more cards than cells.
    tags : bool
        Whether it has corner tags, ids 0 to 3.
    lines : bool
        Whether its grid is drawn.
    look : {"printed", "taped", "whiteboard"}
        What it is made of.
    turned : float
        Share of the cards that hang on their side or upside down, 0 to 1.
    slug : str
        Its name.

    Raises
    ------
    ValueError
        If there are more cards than cells.
    """
    if cards > rooms * slots:
        msg = f"expected at most {rooms * slots} cards, got {cards}"
        raise ValueError(msg)
    rng = np.random.default_rng([seed, 11])
    tag_room = 72.0 if tags else 14.0
    board = DrawnBoard(
        slug=slug,
        title="Open Spaces",
        look=look,
        rooms=room_names(rooms),
        slots=slot_names(slots),
        margins_mm=(14.0, 14.0, tag_room, tag_room),
        lines=lines,
        tags=(0, 1, 2, 3) if tags else (),
        seed=seed,
    )
    cells = [(room, slot) for room in board.rooms for slot in board.slots]
    chosen = [cells[i] for i in rng.permutation(len(cells))[:cards]]
    for number, cell in enumerate(chosen):
        card = random_card(board, f"card-{seed}-{number}", cell, rng)
        if turned and rng.random() < turned:
            quarter_deg = float(rng.choice([90, 180, 270]))
            card = replace(card, tilt_deg=card.tilt_deg + quarter_deg)
        board = replace(board, cards=(*board.cards, card))
    return board


def random_card(
    board: DrawnBoard,
    card_id: str,
    cell: tuple[str, str],
    rng: np.random.Generator,
) -> Card:
    """Make one card up, written by somebody, and hang it into a cell.

    Parameters
    ----------
    board : DrawnBoard
        Where it hangs; texts already on it are avoided.
    card_id : str
        Its identity.
    cell : tuple of str
        Room and slot.
    rng : numpy.random.Generator
        Where everything else comes from.
    """
    taken = {card.title.casefold() for card in board.cards}
    free = tuple(topic for topic in TOPICS if topic[0].casefold() not in taken)
    offered = free or TOPICS
    title, description = offered[rng.integers(len(offered))]
    hosts = HANDLES if rng.random() < HANDLE_SHARE else HOSTS
    host = hosts[rng.integers(len(hosts))] if rng.random() < 0.8 else ""
    return made_card(board, card_id, (title, description, host), cell, rng)


def made_card(
    board: DrawnBoard,
    card_id: str,
    texts: tuple[str, str, str],
    cell: tuple[str, str],
    rng: np.random.Generator,
) -> Card:
    """Return a card with given texts in a random hand, pen, colour and place.

    Parameters
    ----------
    board : DrawnBoard
        Where it hangs.
    card_id : str
        Its identity.
    texts : tuple of str
        Title, description and host, the last two perhaps empty.
    cell : tuple of str
        Room and slot.
    rng : numpy.random.Generator
        Where everything else comes from.
    """
    hand = HANDS[rng.integers(len(HANDS))]
    pen = PENS[rng.choice(len(PENS), p=(0.24, 0.24, 0.24, 0.18, 0.1))]
    ink = str(rng.choice(["black", "blue", "green", "red"], p=(0.68, 0.2, 0.07, 0.05)))
    title, description, host = texts
    styles = HOST_STYLES if not host.startswith("@") else ("{}",)
    card = Card(
        card_id=card_id,
        title=title,
        description=description,
        host=host,
        host_style=styles[rng.integers(len(styles))],
        room=cell[0],
        slot=cell[1],
        centre_mm=(0.0, 0.0),
        hand=hand.name,
        pen=pen.name,
        ink=ink,
        centred=bool(rng.random() < 0.35),
        underlined=bool(rng.random() < 0.15),
        writer=int(rng.integers(2**31)),
        seed=int(rng.integers(2**31)),
    )
    return hung(board, _on_paper(board, card, rng), cell, rng)


def _on_paper(board: DrawnBoard, card: Card, rng: np.random.Generator) -> Card:
    """Give a card the paper, pins and stickers that its board's cards have."""
    if board.look == "whiteboard":
        size = (board.cell_mm[0] * 0.88, board.cell_mm[1] * 0.8)
        return replace(card, colour=None, size_mm=size, pen="bullet marker", ink="blue")
    if board.look == "printed":
        colours = list(INDEX_CARD_COLOURS.values())
        return replace(
            card,
            colour=colours[rng.integers(len(colours))],
            size_mm=(127.0, 76.0),
            ruled=True,
            pins_mm=_pins((127.0, 76.0), rng),
            lift_mm=_lift(rng, 5.0),
        )
    colours = [
        NOTE_COLOURS[name] for name in ("yellow", "pink", "blue", "green", "orange")
    ]
    wide = bool(rng.random() < 0.6)
    return replace(
        card,
        colour=colours[rng.integers(len(colours))],
        size_mm=(118.0, 72.0) if wide else (84.0, 84.0),
        stickers=_dots((118.0, 72.0) if wide else (84.0, 84.0), rng),
        lift_mm=(0.0, 0.0, float(rng.uniform(1, 7)), float(rng.uniform(1, 7))),
    )


def _lift(
    rng: np.random.Generator, most_mm: float
) -> tuple[float, float, float, float]:
    lifted = rng.uniform(0, most_mm, 4) * (rng.random(4) < 0.6)
    return (float(lifted[0]), float(lifted[1]), float(lifted[2]), float(lifted[3]))


def _pins(
    size_mm: tuple[float, float], rng: np.random.Generator
) -> tuple[tuple[float, float], ...]:
    """Return one to four pins near the edges of a card."""
    width, height = size_mm
    places = {
        1: [(0.5, 0.1)],
        2: [(0.5, 0.1), (0.5, 0.9)],
        3: [(0.07, 0.1), (0.93, 0.1), (0.5, 0.9)],
        4: [(0.06, 0.1), (0.94, 0.1), (0.06, 0.9), (0.94, 0.9)],
    }[int(rng.choice([1, 2, 3, 4], p=(0.3, 0.35, 0.1, 0.25)))]
    return tuple(
        (
            float(np.clip(x * width + rng.normal(0, 4), 5, width - 5)),
            float(np.clip(y * height + rng.normal(0, 2), 5, height - 5)),
        )
        for x, y in places
    )


def _dots(
    size_mm: tuple[float, float], rng: np.random.Generator
) -> tuple[Sticker, ...]:
    """Return vote dots along the lower edge of some cards."""
    if rng.random() < 0.7:
        return ()
    width, height = size_mm
    colour = DOT_COLOURS[rng.integers(len(DOT_COLOURS))]
    return tuple(
        Sticker(
            float(rng.uniform(8, width - 8)),
            height - float(rng.uniform(6, 9)),
            5.5,
            colour,
        )
        for _ in range(rng.integers(1, 4))
    )


def hung(
    board: DrawnBoard, card: Card, cell: tuple[str, str], rng: np.random.Generator
) -> Card:
    """Return the card hung into a cell, as neatly as people do.

    Most of a card always lies in its own cell; its edge may cross a line.
    """
    x, y = board.cell_centre_mm(*cell)
    neat = 0.3 if card.colour is None else 1.0
    shift_x = float(np.clip(rng.normal(0, 9), -24, 24)) * neat
    shift_y = float(np.clip(rng.normal(0, 7), -17, 17)) * neat
    tilt = float(np.clip(rng.normal(0, 3.2), -14, 14)) * neat
    return replace(
        card,
        room=cell[0],
        slot=cell[1],
        centre_mm=(x + shift_x, y + shift_y),
        tilt_deg=tilt,
    )


def change_cards(board: DrawnBoard, seed: int, fraction: float) -> DrawnBoard:
    """Let time pass: move, remove, replace and edit some cards.

    Parameters
    ----------
    board : DrawnBoard
        The board before.
    seed : int
        Equal seeds make equal changes.
    fraction : float
        Share of the cards that change, 0 to 1; all others stay untouched.

    Returns
    -------
    DrawnBoard
        The board after. Moved and edited cards keep their id.
    """
    rng = np.random.default_rng([seed, 12])
    count = round(fraction * len(board.cards))
    changing = set(rng.permutation(len(board.cards))[:count].tolist())
    after: list[Card] = []
    taken = {(card.room, card.slot) for card in board.cards}
    free = [
        (room, slot)
        for room in board.rooms
        for slot in board.slots
        if (room, slot) not in taken
    ]
    for number, card in enumerate(board.cards):
        if number not in changing:
            after.append(card)
            continue
        change = str(rng.choice(CHANGES, p=(0.3, 0.2, 0.3, 0.2)))
        if change == "remove":
            free.append((card.room, card.slot))
        elif change == "replace":
            name = f"{card.card_id}-{seed}"
            known = replace(board, cards=(*board.cards, *after))
            after.append(random_card(known, name, (card.room, card.slot), rng))
        elif change == "move" and free:
            cell = free.pop(int(rng.integers(len(free))))
            after.append(hung(board, card, cell, rng))
        else:
            after.append(with_host(card, HOSTS[rng.integers(len(HOSTS))]))
    return replace(board, cards=tuple(after))


def with_host(card: Card, host: str) -> Card:
    """Return a card whose host has changed; title and hand stay."""
    return replace(card, host=host)


def blocked_cells(
    cells: tuple[tuple[str, str], ...], reason: str
) -> tuple[BlockedCell, ...]:
    """Return cells as blocked for one reason."""
    return tuple(BlockedCell(room, slot, reason) for room, slot in cells)
