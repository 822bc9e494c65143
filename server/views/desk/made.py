"""What people make at the desk: joined, split, drawn and written cards; cells."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as DatabaseSession

from calibration.geometry import Rect
from calibration.layout import CellId
from calibration.profile import Board
from server.auth import check_csrf, require
from server.errors import CorrectionError, NotFoundError
from server.publish.pictures import EncodedPicture, cut_crops, declare, store_crops
from server.roles import Identity
from server.schedule.cards_now import CardNow, cards_now
from server.schedule.corrections.change import Change, place_in_words
from server.schedule.corrections.drawn_card import Draw
from server.schedule.corrections.held import Held, is_hidden
from server.schedule.corrections.join import Join
from server.schedule.corrections.kinds import held_by
from server.schedule.corrections.split import Split
from server.schedule.corrections.still_there import StillThere
from server.schedule.corrections.written_session import WriteSession
from server.site import Site, site
from server.store.cards import cards_of
from server.store.corrections import corrections_of
from server.store.pictures import (
    content_type_of,
    newest_picture,
    photos_of_picture,
)
from server.store.sightings import photo_of_crop
from server.views.choice import chosen_board
from server.views.desk.acts import act, back_to
from server.views.desk.history import quoted
from server.views.desk.made_forms import (
    cell_from,
    halves_from,
    marked_cells_from,
    rect_from,
    texts_from,
    until_from,
)


def add_made(blueprint: Blueprint) -> None:
    """Add the addresses at which people make something to the desk's."""
    for rule, name, view in (
        ("join", "join", join),
        ("split", "split", split),
        ("cards", "draw", draw),
        ("cells", "mark_cells", mark_cells),
        ("sessions", "write_session", write_session),
        ("cards/<card_id>/back", "back", bring_back),
    ):
        blueprint.add_url_rule(f"/desk/<slug>/{rule}", name, view, methods=["POST"])


def join(slug: str) -> ResponseReturnValue:
    """Join the cards ``other`` to the card ``first``: they are one.

    Raises
    ------
    NotFoundError
        If the board has no such card.
    CorrectionError
        If they are one already.
    """
    identity, here, board = _asked(slug)
    with here.database.write() as database:
        held, cards = _cards(database, board)
        wanted = [request.form.get("first", ""), *request.form.getlist("other")]
        ids = dict.fromkeys(_card(cards, held, one).card.id for one in wanted)
        change = Join.of(ids, held)
        act(database, here, board, identity, change)
    return _back_to(slug, change.first)


def split(slug: str) -> ResponseReturnValue:
    """Make a part of the card ``card`` a card of its own.

    Raises
    ------
    NotFoundError
        If the board has no such card.
    CorrectionError
        If the form does not say which part.
    """
    identity, here, board = _asked(slug)
    rects = halves_from(request.form)
    with here.database.read() as database:
        held, cards = _cards(database, board)
        now = _card(cards, held, request.form.get("card", ""))
        # As it was shown: who presses twice does not split it twice.
        crop = request.form.get("crop") or now.card.crop
        if content_type_of(database, crop) is None:
            raise CorrectionError(
                "There is no card yet that could be split.",
                hint="Put the other session in by hand, too.",
            )
        of_crop = {one.crop: one.id for one in cards_of(database, board.slug)}
        photos = held.cut_from.get(crop) or (photo_of_crop(database, crop),)
    of_crop |= {one.crop: one.id for one in now.cards}
    whole = of_crop.get(crop, now.card.id)
    cut = cut_crops(here.blobs, crop, rects)
    kept, part = store_crops(here.blobs, cut)
    cell = _cell_of_part(now, board)
    change = Split.of(whole, (kept, part), rects, cell, photos=photos, whole_crop=crop)
    _make(here, board, identity, change, cut)
    return _back_to(slug, change.part)


def draw(slug: str) -> ResponseReturnValue:
    """Make a card of the rect ``rect`` of the board's picture ``picture``.

    Raises
    ------
    CorrectionError
        If there is no such picture, or the form does not say where.
    """
    identity, here, board = _asked(slug)
    cell = cell_from(request.form, board.layout)
    until = until_from(request.form, cell, board.layout)
    rect = rect_from(request.form)
    picture, rect_area, photos = _picture(here, board, rect)
    cut = cut_crops(here.blobs, picture, [rect])
    (crop,) = store_crops(here.blobs, cut)
    change = Draw.of(
        slug,
        picture,
        rect,
        crop,
        cell=cell,
        until=until,
        texts=texts_from(request.form),
        rect_area=rect_area,
        photos=photos,
    )
    _make(here, board, identity, change, cut)
    return _back_to(slug, change.card)


def mark_cells(slug: str) -> ResponseReturnValue:
    """Keep what a person says of cells: free, taken, blocked, or as photographed.

    Raises
    ------
    CorrectionError
        If they are no cells of the board, or that cannot be said of them.
    """
    identity, here, board = _asked(slug)
    rooms, slots = (request.form.getlist(name) for name in ("room", "slot"))
    change = marked_cells_from(request.form, rooms, slots, board.layout)
    _make(here, board, identity, change)
    return _back_to(slug)


def write_session(slug: str) -> ResponseReturnValue:
    """Put a session that no card shows into a cell.

    Raises
    ------
    CorrectionError
        If it has no title or no place.
    """
    identity, here, board = _asked(slug)
    cell = cell_from(request.form, board.layout)
    until = until_from(request.form, cell, board.layout)
    change = WriteSession.of(slug, cell, texts_from(request.form), until)
    _make(here, board, identity, change)
    return _back_to(slug, change.card)


def bring_back(slug: str, card_id: str) -> ResponseReturnValue:
    """Bring a card back that photos say has left the board.

    Raises
    ------
    NotFoundError
        If the board has no such card.
    """
    identity, here, board = _asked(slug)
    with here.database.write() as database:
        held, cards = _cards(database, board)
        now = _card(cards, held, card_id)
        if now.card.presence == "gone":
            gone = StillThere(tuple(one.id for one in now.cards))
            act(database, here, board, identity, gone)
    return _back_to(slug, now.card.id)


def _asked(slug: str) -> tuple[Identity, Site, Board]:
    """Return who asks, and for which board; only a facilitator may."""
    identity = require("facilitator")
    check_csrf()
    here = site()
    return identity, here, chosen_board(here, slug)


def _make(
    here: Site,
    board: Board,
    identity: Identity,
    change: Change,
    cut: tuple[EncodedPicture, ...] = (),
) -> None:
    """Append a change with the crops that were cut for it; the same twice is once."""
    with here.database.write() as database:
        corrections = corrections_of(database, board.slug)
        newest = [one.change for one in corrections[-1:] if not one.undone]
        if newest == [change]:
            return
        held = held_by(corrections)
        if not _is_there(change, held):
            declare(database, cut)
            act(database, here, board, identity, change)
        elif isinstance(change, WriteSession):
            cards = cards_now(cards_of(database, board.slug), held)
            _check_as_typed(change, _card(cards, held, change.card))


def _check_as_typed(change: WriteSession, now: CardNow) -> None:
    """Check that a session that was put in before is yet what is put in again.

    Raises
    ------
    CorrectionError
        If it became another one, or left the board.
    """
    title, gone = now.text("title"), now.card.presence == "gone"
    if gone or (title, now.cell) != (change.texts.title, change.cell):
        place = place_in_words(now.cell) if now.cell else "beside the cells"
        where = f"its card has left {place}" if gone else f"it is in {place}"
        raise CorrectionError(
            f"This session was put in before: {where}, as {quoted(title)}.",
            hint="Change that one or bring it back; or give this one another title.",
        )


def _is_there(change: Change, held: Held) -> bool:
    """Say whether what a change makes was made before, and nobody hid it."""
    made = change.cards[-1:] if isinstance(change, Draw | Split | WriteSession) else ()
    return any(one in held.made and not is_hidden(held.card(one)) for one in made)


def _cards(database: DatabaseSession, board: Board) -> tuple[Held, tuple[CardNow, ...]]:
    """Return what people set on a board, and its cards as they stand with it."""
    held = held_by(corrections_of(database, board.slug))
    return held, cards_now(cards_of(database, board.slug), held)


def _cell_of_part(now: CardNow, board: Board) -> CellId | None:
    """Return where a part is put: as the form says, else where a person put the card."""
    if "room" in request.form:
        return cell_from(request.form, board.layout)
    place = now.held["cell"].value if "cell" in now.held else None
    return place if isinstance(place, CellId) else None


def _card(cards: tuple[CardNow, ...], held: Held, card_id: str) -> CardNow:
    """Return a card as it stands, also by the id of one that belongs to it."""
    first = held.first_of(card_id)
    for now in cards:
        if now.card.id == first:
            return now
    raise NotFoundError(f"card {card_id} on this board")


def _picture(
    here: Site, board: Board, rect: Rect
) -> tuple[str, Rect | None, tuple[str, ...]]:
    """Return the SHA-256 of the largest size of a board's picture that was shown.

    The newest if the form does not say which. If it is that, where the rect is in units
    of the cell area; and the ids of the photos that it may show.

    Raises
    ------
    CorrectionError
        If there is no such picture.
    """
    shown = request.form.get("picture", "")
    with here.database.read() as database:
        newest = newest_picture(database, board)
        sizes = {size.sha256 for size in newest.picture.sizes} if newest else set()
        if newest and (not shown or shown in sizes):
            area = rect.within(newest.frame) if newest.frame else None
            return newest.picture.full.sha256, area, newest.photos_at(area)
        if not shown or content_type_of(database, shown) is None:
            raise CorrectionError(
                "There is no such picture of this board.",
                hint="Load the page again and draw on the newest one.",
            )
        return shown, None, photos_of_picture(database, shown, board.slug)


def _back_to(slug: str, card_id: str | None = None) -> ResponseReturnValue:
    drawn = f"drawn-{card_id}" if card_id else request.form.get("drawn")
    return back_to(slug, card_id, drawn=drawn)
