"""The fewest letters that the desk's field "Fix" needs to set texts right. Pure.

Who types there sees where the letters go: where those that are wrong are not enough, some
beside them that are right already, or a key for another place.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

Fields = tuple[str, ...]
"""What stands in the fields of a card, or is wanted."""

Find = Callable[[Fields, Sequence[str]], Sequence[Sequence[Fields]]]
"""What the desk makes of fields for each of several typed texts, the likeliest first."""

MOST_BESIDE = 2
"""Letters beside the wrong ones that are tried, of all places at once: more are not
fewer keys than the other ways."""

MOST_PLACES = 4
"""Places that are typed at once."""

MOST_TRIED = 12
"""Texts tried of as many letters."""


class Place(NamedTuple):
    """Where a text is wrong: from and until where in it, and in the right one."""

    start: int
    end: int
    right_start: int
    right_end: int


class Typed(NamedTuple):
    """What is typed at once, and how often another place is asked for."""

    text: str
    others: int

    @property
    def cost(self) -> int:
        """How many keys that are."""
        return len(self.text) + self.others


def fix(stands: Fields, wanted: Fields, find: Find) -> tuple[Typed, ...] | None:
    """Return what to type, one after the other; None if that does not do it.

    A key between two of them takes what is shown.
    """
    places = wrong_places(stands, wanted)
    text, right = "\n".join(stands), "\n".join(wanted)
    known: list[tuple[Typed, ...] | None] = [()] + [None] * len(places)
    for start, before in enumerate(known):
        if before is None:
            continue
        now = _with_fixed(text, right, places[:start])
        shift = len(now) - len(text) if start else 0
        rest = [
            one._replace(start=one.start + shift, end=one.end + shift)
            for one in places[start:]
        ]
        for count in range(1, min(len(rest), MOST_PLACES) + 1):
            typed = _at_once(now, right, rest[:count], find)
            end = start + count
            if typed and _is_less((*before, typed), known[end]):
                known[end] = (*before, typed)
    return known[-1]


def cost_of(plan: Sequence[Typed]) -> int:
    """Return how many keys a plan is, in the field itself."""
    return sum(one.cost for one in plan) + max(len(plan) - 1, 0)


def wrong_places(stands: Fields, wanted: Fields) -> list[Place]:
    """Return where texts are wrong, set one after the other with a sign between."""
    places: list[Place] = []
    at = right_at = 0
    for one, other in zip(stands, wanted, strict=True):
        for edit in Levenshtein.opcodes(one, other):
            if edit.tag == "equal":
                continue
            place = Place(
                at + edit.src_start,
                at + edit.src_end,
                right_at + edit.dest_start,
                right_at + edit.dest_end,
            )
            last = places[-1] if places else None
            if last and (last.end, last.right_end) == (place.start, place.right_start):
                place = Place(last.start, place.end, last.right_start, place.right_end)
                places.pop()
            places.append(place)
        at, right_at = at + len(one) + 1, right_at + len(other) + 1
    return places


def _at_once(
    text: str, right: str, places: Sequence[Place], find: Find
) -> Typed | None:
    """Return the least that sets these places right, typed at once."""
    target = tuple(_with_fixed(text, right, places).split("\n"))
    best: Typed | None = None
    for beside in range(MOST_BESIDE + 1):
        texts = list(dict.fromkeys(islice(_texts(right, places, beside), MOST_TRIED)))
        if best and all(len(one) >= best.cost for one in texts):
            break
        for typed, found in zip(
            texts, find(tuple(text.split("\n")), texts), strict=True
        ):
            if target in found:
                one = Typed(typed, list(found).index(target))
                best = one if best is None or one.cost < best.cost else best
    return best


def _texts(right: str, places: Sequence[Place], beside: int) -> Iterator[str]:
    """Yield what can be typed: the right letters of all places, and some beside them."""
    for shares in product(range(beside + 1), repeat=len(places)):
        if sum(shares) == beside:
            choices = map(_with_beside, [right] * len(places), places, shares)
            yield from map("".join, product(*choices))


def _with_beside(right: str, place: Place, beside: int) -> list[str]:
    """Return a place's right letters with so many of those around them."""
    pieces = []
    for before in range(beside + 1):
        start, end = place.right_start - before, place.right_end + beside - before
        piece = right[max(start, 0) : end]
        if start >= 0 and len(piece) == end - start and piece and "\n" not in piece:
            pieces.append(piece)
    return pieces


def _with_fixed(text: str, right: str, places: Sequence[Place]) -> str:
    """Return a text with these places set right."""
    pieces, at = [], 0
    for place in places:
        pieces += [text[at : place.start], right[place.right_start : place.right_end]]
        at = place.end
    return "".join(pieces) + text[at:]


def _is_less(plan: Sequence[Typed], other: Sequence[Typed] | None) -> bool:
    return other is None or cost_of(plan) < cost_of(other)
