"""How far two texts say the same."""

from rapidfuzz.distance import Levenshtein


def agreement(one: str, two: str) -> float:
    """Return the part of the letters and digits in which two texts are the same.

    Parameters
    ----------
    one, two : str
        Case, marks and line breaks do not count.

    Returns
    -------
    float
        0 to 1; 1 if neither has a letter.
    """
    return Levenshtein.normalized_similarity(_spelt(one), _spelt(two))


def _spelt(text: str) -> str:
    marks = "".join(
        character if character.isalnum() else " " for character in text.casefold()
    )
    return " ".join(marks.split())
