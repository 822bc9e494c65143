"""Words that speak for or against a line of a card being a person's name."""

from importlib.resources import files


def _listed(name: str) -> frozenset[str]:
    """Return the words of a list beside this file, in lower case."""
    text = files("vision.fields").joinpath(name).read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return frozenset(word for line in lines for word in line.split())


GIVEN_NAMES = _listed("given_names.txt")
NOT_NAMES = _listed("not_names.txt")
"""What titles on Open Spaces boards are made of."""
