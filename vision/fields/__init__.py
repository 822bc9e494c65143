"""What the lines of a card mean. Lists of words lie beside this file."""

from functools import cache
from importlib.resources import files


@cache
def listed(name: str) -> frozenset[str]:
    """Return the entries of a list: labels and phrases are a line each, else words."""
    text = files("vision.fields").joinpath(f"{name}.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("# ")]
    words = (word for line in lines for word in line.split())
    return frozenset(lines if name.startswith(("labels", "phrases")) else words)
