"""Whether what people hid would be seen in a crop. Pure."""

from collections.abc import Collection

from server.schedule.corrections.held import Held, is_hidden


def hides_crop(held: Held, card_id: str, crop: str) -> bool:
    """Say whether a crop of a card is not for attendees.

    It is not if the card is hidden, or the one that it belongs to, or a part of it:
    but for what was left of it when that was cut off.

    Parameters
    ----------
    held : Held
        What people set on the board.
    card_id : str
        Of the card that the crop was made of.
    crop : str
        SHA-256.
    """
    shown = {card_id}
    if held.crops.get(card_id) != crop:
        # Made after what they were cut from: one pass finds the parts of parts.
        for part in held.made.values():
            if part.whole in shown:
                shown.add(part.id)
    firsts = {held.first_of(one) for one in shown}
    return any(is_hidden(held.card(one)) for one in shown | firsts)


def hides_cut_crop(held: Held, card_id: str, crop: str, seen: Collection[str]) -> bool:
    """Say the same of a crop that a person cut: not either if that was undone.

    Nor if the photo that it was cut from was taken back, or all photos that showed
    the card.

    Parameters
    ----------
    held : Held
    card_id : str
    crop : str
        As for `hides_crop`.
    seen : collection of str
        Ids of the cards that photos show.
    """
    made = held.made.get(card_id)
    holds = crop in {held.crops.get(card_id), made.crop if made else None}
    whole = card_id
    while whole in held.made and (further := held.made[whole].whole):
        whole = further
    known = whole in held.made or whole in seen
    counts = holds and known and held.counts(crop)
    return not counts or hides_crop(held, card_id, crop)
