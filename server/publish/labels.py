"""Labels: crops of cards with the texts that people gave them, to train with.

Only cards whose title a person set or confirmed, with the words that the card has now:
not those that are hidden or off the board, whoever took them down, nor those that were
joined or split: nobody said which of their crops shows which words. Of photos nothing
goes out but the crops.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from calibration.geometry import Rect
from calibration.homography import Homography
from calibration.profile import Board
from server.schedule.board_state import CardState
from server.schedule.cards_now import CardNow, cards_now
from server.schedule.corrected_text import corrected_text
from server.schedule.corrections.edit import TEXT_FIELDS
from server.schedule.corrections.held import (
    HeldCard,
    HeldField,
    TextField,
    is_hidden,
)
from server.schedule.corrections.kinds import held_by
from server.schedule.people import is_person
from server.store.board_states import state_of
from server.store.corrections import corrections_of
from server.store.words import last_words
from vision.image.photo import Photo
from vision.reading import CardReading

NAME_DIGITS = 12
"""Hex digits of a crop's hash in its file's name: another crop has another name."""


@dataclass(frozen=True, slots=True)
class Label:
    """A card and what a person says that is written on it.

    Parameters
    ----------
    board : str
        Slug.
    card : str
        Its id.
    crop : str
        SHA-256 of its public crop.
    text : str
        All that is written on it, line by line.
    fields : mapping of str to str
        Title, description and host.
    checked : tuple of str
        Which of them a person set; the others stand as they were read.
    reading : CardReading or None
        As an engine read it; None of a card that a person drew or cut off another.
    """

    board: str
    card: str
    crop: str
    text: str
    fields: Mapping[TextField, str]
    checked: tuple[TextField, ...]
    reading: CardReading | None

    @property
    def file(self) -> str:
        """Its crop's file, below the folder of the labels."""
        return f"cards/{self.card}-{self.crop[:NAME_DIGITS]}.jpg"


def labels_of(session: Session, board: Board) -> tuple[Label, ...]:
    """Return the labels that the desk of a board has made, by card id.

    Cards of people are none.

    Parameters
    ----------
    session : Session
    board : Board
    """
    held = held_by(corrections_of(session, board.slug))
    states = state_of(session, board.slug).cards
    cards = cards_now((card.card(board.slug) for card in states.values()), held)
    people = {
        one.id for now in cards if is_person(now, held, board) for one in now.cards
    }
    apart = {*held.joined, *held.joined.values(), *held.crops}
    chosen = {
        card_id: card
        for card_id, card in states.items()
        if card.absence.presence != "gone"
        and card_id not in apart
        and card_id not in people
        and _tells(held.card(card_id), card)
    }
    words = last_words(session, chosen.values())
    labels = [
        _label(board.slug, card, words[card_id], held.card(card_id))
        for card_id, card in chosen.items()
    ]
    labels += [
        _label_of_made(board.slug, now)
        for now in cards
        if now.card.id in held.made
        and now.card.id not in {*apart, *people}
        and _is_told(now)
    ]
    told = (label for label in labels if label.text)
    return tuple(sorted(told, key=lambda label: label.card))


def label_to_json(label: Label, crop: bytes) -> dict[str, Any]:
    """Return a label's line of ``labels.jsonl``; its README says what is in it.

    Parameters
    ----------
    label : Label
    crop : bytes
        Its crop, as it was published.
    """
    size_wh = Photo.decode(crop).size_wh
    return {
        "file": label.file,
        "size": list(size_wh),
        "text": label.text,
        **{name: label.fields[name] for name in TEXT_FIELDS},
        "checked": list(label.checked),
        "board": label.board,
        "card": label.card,
        "read": _reading_to_json(label.reading, size_wh) if label.reading else None,
    }


def _reading_to_json(reading: CardReading, size_wh: tuple[int, int]) -> dict[str, Any]:
    """Return what was read of a card, its lines in pixels of its crop."""
    crop_from_photo = Homography.from_quads(
        target=Rect(0, 0, *size_wh).to_quad(), source=reading.quad_photo
    )
    return {
        "text": reading.text,
        **{name: getattr(reading.fields, name) for name in TEXT_FIELDS},
        "engine": reading.engine,
        "confidence": round(reading.confidence, 3),
        "lines": [
            {
                "text": line.text,
                "confidence": round(line.confidence, 3),
                "quad": crop_from_photo.apply_quad(line.quad_photo)
                .to_array()
                .round(1)
                .tolist(),
            }
            for line in reading.lines
        ],
    }


def _tells(held: HeldCard, card: CardState) -> bool:
    """Say whether what a person set tells what is written on a card now."""
    if "title" not in held or is_hidden(held):
        return False
    written_at = card.showings[0].at
    return all(entry.made.at >= written_at for _, entry in _set_texts(held))


def _is_told(now: CardNow) -> bool:
    """Say whether a person told what is written on a card that they made."""
    hanging = now.card.presence != "gone" and not is_hidden(now.held)
    return hanging and bool(now.card.crop) and "title" in now.held


def _set_texts(held: HeldCard) -> Iterator[tuple[TextField, HeldField]]:
    return ((name, held[name]) for name in TEXT_FIELDS if name in held)


def _label(
    board: str,
    card: CardState,
    reading: CardReading,
    held: HeldCard,
) -> Label:
    read = {name: str(getattr(reading.fields, name)) for name in TEXT_FIELDS}
    set_by_people = {name: str(entry.value) for name, entry in _set_texts(held)}
    now = {**read, **set_by_people}
    return Label(
        board=board,
        card=card.newest.card,
        crop=card.crop,
        text=corrected_text(
            reading.text, [(read[name], now[name]) for name in TEXT_FIELDS]
        ),
        fields=now,
        checked=tuple(set_by_people),
        reading=reading,
    )


def _label_of_made(board: str, now: CardNow) -> Label:
    """Return the label of a card that no photo's reading has."""
    fields = {name: now.text(name) for name in TEXT_FIELDS}
    return Label(
        board=board,
        card=now.card.id,
        crop=now.card.crop,
        text="\n".join(filter(None, fields.values())),
        fields=fields,
        checked=tuple(name for name, _ in _set_texts(now.held)),
        reading=None,
    )
