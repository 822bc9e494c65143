"""Sample events as plans: boards, photos and profile, before they are rendered."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sample_boards.board import DrawnBoard
from sample_boards.camera import Standpoint
from sample_boards.cards import Card
from sample_boards.render import FULL_PHOTO_WH, Conditions, RenderedPhoto, render
from sample_boards.truth import BoardTruth


@dataclass(frozen=True, slots=True)
class PlannedPhoto:
    """A photo to be rendered.

    Parameters
    ----------
    name : str
        Its file's name; photos are taken in the order of their names.
    board : DrawnBoard
        The board at that moment.
    standpoint : Standpoint
        Where from.
    conditions : Conditions
        Light, sensor and people.
    taken_at : datetime
        When, with its offset.
    photo_wh : tuple of int
        Its size.
    seed : int
        Noise.
    """

    name: str
    board: DrawnBoard
    standpoint: Standpoint
    conditions: Conditions
    taken_at: datetime
    photo_wh: tuple[int, int] = FULL_PHOTO_WH
    seed: int = 0

    def render(self) -> RenderedPhoto:
        """Take the photo."""
        return render(
            self.board,
            self.standpoint,
            self.conditions,
            photo_wh=self.photo_wh,
            seed=self.seed,
            taken_at=self.taken_at,
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """A sample event: its profile's words and its photos.

    Parameters
    ----------
    name, timezone, short_path, hashtag : str
        The ``[event]`` table of event.toml; an empty hashtag is left out.
    day : date
        The board's day.
    photos : tuple of PlannedPhoto
        In time order, all of one board.
    has_reference : bool
        Whether the first photo is the board's reference.
    """

    name: str
    timezone: str
    short_path: str
    hashtag: str
    day: date
    photos: tuple[PlannedPhoto, ...] = field(default=())
    has_reference: bool = True

    def profile(self, first: BoardTruth) -> str:
        """Return event.toml.

        Parameters
        ----------
        first : BoardTruth
            Truth of the first photo, for the reference's corners.
        """
        board = self.photos[0].board
        lines = [
            "version = 1",
            "",
            "[event]",
            f"name = {_quoted(self.name)}",
            f"timezone = {_quoted(self.timezone)}",
            f"short_path = {_quoted(self.short_path)}",
        ]
        if self.hashtag:
            lines.append(f"hashtag = {_quoted(self.hashtag)}")
        lines += [
            "",
            "[[boards]]",
            f"slug = {_quoted(board.slug)}",
            f"title = {_quoted(board.title)}",
            f"date = {self.day.isoformat()}",
            f"rooms = [{', '.join(_quoted(room) for room in board.rooms)}]",
            f"slots = [{', '.join(_quoted(slot) for slot in board.slots)}]",
            'rooms_along = "columns"',
        ]
        if board.tags:
            lines.append(f"tags = {list(board.tags)}")
        if board.blocked:
            lines.append("blocked = [")
            lines += [
                f"    {{ room = {_quoted(cell.room)}, slot = {_quoted(cell.slot)}, "
                f"reason = {_quoted(cell.reason)} }},"
                for cell in board.blocked
            ]
            lines.append("]")
        if self.has_reference:
            corners = [
                [round(x, 1), round(y, 1)]
                for x, y in first.corners_photo.to_array().tolist()
            ]
            lines += [
                "",
                "[boards.reference]",
                f"photo = {_quoted(self.photos[0].name)}",
                f"corners = {corners}",
            ]
        return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def without(board: DrawnBoard, *card_ids: str) -> DrawnBoard:
    """Return the board with some cards taken off."""
    return replace(
        board,
        cards=tuple(card for card in board.cards if card.card_id not in card_ids),
    )


def with_cards(board: DrawnBoard, *cards: Card) -> DrawnBoard:
    """Return the board with cards put on top; a card of the same id goes first."""
    return replace(
        without(board, *(card.card_id for card in cards)),
        cards=(*without(board, *(card.card_id for card in cards)).cards, *cards),
    )


def on(board: DrawnBoard, card_id: str) -> Card:
    """Return a card of a board.

    Raises
    ------
    ValueError
        If it is not on it.
    """
    for card in board.cards:
        if card.card_id == card_id:
            return card
    msg = f"expected a card on the board, got {card_id!r}"
    raise ValueError(msg)


def nudged(card: Card, dx_mm: float, dy_mm: float, turn_deg: float = 0.0) -> Card:
    """Return a card moved and turned a little where it hangs."""
    x, y = card.centre_mm
    return replace(
        card, centre_mm=(x + dx_mm, y + dy_mm), tilt_deg=card.tilt_deg + turn_deg
    )
