"""A card in a photo, and which known one it is."""

from vision.cards import KnownCard


def colour_of(card: KnownCard) -> tuple[int, int, int]:
    """Return a known card's colour, (blue, green, red)."""
    colour = card.reading.colour.lstrip("#")
    red, green, blue = (int(colour[index : index + 2], 16) for index in (0, 2, 4))
    return (blue, green, red)
