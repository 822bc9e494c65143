"""The fewest keys that set a card right at the desk, for one who knows the truth. Pure.

An ideal facilitator: sees at a glance what is wrong, and knows every key of the desk and
of text fields. Every key that goes down counts, Ctrl and Shift too; a typed character is
one, whatever its keyboard needs for it.
"""

import heapq
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from benchmarks.fixing import Find, fix, wrong_places

Keys = tuple[str, ...]
"""Names of keys, ``Control+Delete`` for two at once, or characters."""

Place = tuple[int, int]
"""So many characters of what stands are behind the cursor, and of what is wanted."""

WORD = re.compile(r"\w+(?:['.\N{RIGHT SINGLE QUOTATION MARK}]\w+)*")
"""What Ctrl and an arrow go over."""

PLACE = re.compile(r"\w(?:\S*\w)?")
"""What the desk goes to as an unsure word."""

LEAST_WRONG = 3
"""Keys that no way through the field "Fix" is less than: into it, a letter, Enter."""

Span = tuple[int, int]
"""Where a word begins and ends."""

LETTERS = ("T", "D", "W")
"""Keys of the fields, in the order in which Tab goes through them."""


class Texts(NamedTuple):
    """What stands in a card's fields, or is wanted; None where anything will do."""

    title: str
    description: str | None
    host: str


class Step(NamedTuple):
    """Keys in a text field, and where its cursor is then."""

    keys: Keys
    place: Place


def presses(keys: Iterable[str]) -> int:
    """Return how many keys go down."""
    return sum(len(key.split("+")) if len(key) > 1 else 1 for key in keys)


def wrong_characters(stands: Texts, wanted: Texts) -> int:
    """Return how many characters have to go, to come or to change."""
    return sum(
        Levenshtein.distance(one or "", other)
        for one, other in zip(stands, wanted, strict=True)
        if other is not None
    )


def typed(stands: str, wanted: str, places: Sequence[Span] = ()) -> Keys:
    """Return the fewest keys in a field all of whose text is selected.

    Parameters
    ----------
    stands, wanted : str
    places : sequence of Span
        Words that an arrow goes down to and selects, in the order in which they stand.
    """
    anew = tuple(wanted) or ("Delete",)
    from_start = _cheapest((0, 0), lambda at: _forward(stands, wanted, places, at))
    end = (len(stands), len(wanted))
    from_end = _cheapest(end, lambda at: _backward(stands, wanted, at))
    plain = [("ArrowLeft", *from_start), ("ArrowRight", *from_end)]
    at_words = [
        ("ArrowDown",) * number + keys
        for number, place in enumerate(places if " " in stands else (), start=1)
        for keys in _at_place(stands, wanted, places, place)
    ]
    return min(anew, *plain, *at_words, key=presses)


def keys_for(
    ways: Sequence[Texts],
    wanted: Texts,
    unsure: Collection[str] = (),
    find: Find | None = None,
) -> Keys:
    """Return the fewest keys that make a card right, and go on.

    Parameters
    ----------
    ways : sequence of Texts
        That the desk offers, what stands first.
    wanted : Texts
    unsure : collection of str
        Words that are marked as such.
    find : Find, optional
        What the desk's field "Fix" makes of what is typed; without, it is left alone.
    """
    plans = list(_plans(ways, wanted, unsure))
    least = presses(min(plans, key=presses))
    if find and least > LEAST_WRONG:
        plans += _plans_with_fix(ways, wanted, find, least)
    return min(plans, key=presses)


def keys_without_help(stands: Texts, wanted: Texts) -> Keys:
    """Return the fewest keys where the title is selected and nothing is offered.

    So it was at the desk before: Enter saves from the title and the host, Ctrl and
    Enter from the description, where the cursor stands at its start.
    """
    keys: list[str] = []
    tabs = 0
    for number, (one, other) in enumerate(zip(stands, wanted, strict=True)):
        if other is not None and other != one:
            keys += ["Tab"] * (number - tabs) + list(typed(one or "", other))
            tabs = number
    return (*keys, "Control+Enter" if tabs == 1 else "Enter")


def _plans(
    ways: Sequence[Texts], wanted: Texts, unsure: Collection[str]
) -> Iterator[Keys]:
    for (number, way), swap in product(enumerate(ways, start=1), (False, True)):
        texts = Texts(way.host, way.description, way.title) if swap else way
        before = ((str(number),) if number > 1 else ()) + (("X",) if swap else ())
        yield (*before, *_fields(texts, wanted, unsure), "Enter")


def _plans_with_fix(
    ways: Sequence[Texts], wanted: Texts, find: Find, least: int
) -> Iterator[Keys]:
    """Yield ways that begin in the field "Fix", each of less keys than those before."""
    begun = sorted(_begun(ways, wanted), key=lambda one: one.least)
    for one in begun:
        if one.least >= least:
            return
        plan = fix(one.stands, one.goal, find)
        if plan is not None:
            letters = [(*typed.text, *["ArrowDown"] * typed.others) for typed in plan]
            inside = [key for keys in letters for key in ("ArrowRight", *keys)][1:]
            keys = (*one.before, "F", *inside, *one.then, "Enter")
            least = min(least, presses(keys))
            yield keys


class Begun(NamedTuple):
    """A way to set a card right: these fields in "Fix", the others by hand.

    `least` keys, if no letter has to be typed but those that are wrong.
    """

    stands: tuple[str, ...]
    goal: tuple[str, ...]
    before: Keys
    then: Keys
    least: int


def _begun(ways: Sequence[Texts], wanted: Texts) -> Iterator[Begun]:
    for number, way in enumerate(ways, start=1):
        stands = tuple(text or "" for text in way)
        both = zip(stands, wanted, strict=True)
        right = tuple(one if other is None else other for one, other in both)
        wrong = [at for at, one in enumerate(stands) if one != right[at]]
        before = (str(number),) if number > 1 else ()
        for chosen in product((True, False), repeat=len(wrong)):
            by_hand = [
                at for at, fix_it in zip(wrong, chosen, strict=True) if not fix_it
            ]
            goal = tuple(
                one if at in by_hand else right[at] for at, one in enumerate(stands)
            )
            if goal == stands:
                continue
            # The buttons beside what is typed are gone once that is taken.
            then = ["ArrowRight", "Tab"] if by_hand else []
            for at, last in zip(by_hand, [0, *by_hand], strict=False):
                then += ["Tab"] * (at - last) + list(typed(stands[at], right[at]))
            places = wrong_places(stands, goal)
            letters = sum(one.right_end - one.right_start for one in places)
            least = presses((*before, "F", *then, "Enter")) + max(letters, 1)
            yield Begun(stands, goal, before, tuple(then), least)


def _fields(texts: Texts, wanted: Texts, unsure: Collection[str]) -> Keys:
    """Return the keys that set the fields right, one after the other."""
    places = _places(texts, unsure)
    keys: list[str] = []
    at: int | None = None
    for number, (one, other) in enumerate(zip(texts, wanted, strict=True)):
        if other is None or other == one:
            continue
        stands = one or ""
        if at is not None:
            ways = [("Tab",) * (number - at) + typed(stands, other, places[number])]
        else:
            before = sum(map(len, places[:number]))
            ways = [(LETTERS[number], *typed(stands, other, places[number]))]
            ways += [
                ("G", *("ArrowDown",) * (before + index), *then)
                for index, place in enumerate(places[number])
                for then in _at_place(stands, other, places[number], place)
            ]
        keys += min(ways, key=presses)
        at = number
    return tuple(keys)


def _places(texts: Texts, unsure: Collection[str]) -> list[list[Span]]:
    """Return the words of each field that the desk goes to."""
    words = [[word.span() for word in PLACE.finditer(text or "")] for text in texts]
    marked = [
        [span for span in spans if (text or "")[slice(*span)] in unsure]
        for text, spans in zip(texts, words, strict=True)
    ]
    return marked if any(marked) else words


def _at_place(
    stands: str, wanted: str, places: Sequence[Span], place: Span
) -> Iterator[Keys]:
    """Yield what can be done where a word is selected and all before it is right."""
    start = place[0]
    if stands[:start] == wanted[:start]:
        for step in _selected(stands, wanted, place, start):
            then = _cheapest(
                step.place, lambda at: _forward(stands, wanted, places, at)
            )
            yield (*step.keys, *then)


def _selected(stands: str, wanted: str, place: Span, there: int) -> Iterator[Step]:
    """Yield what a key does where a word is selected: replace it, or leave it."""
    start, end = place
    yield Step(("ArrowLeft",), (start, there))
    if there < len(wanted):
        yield Step((wanted[there],), (end, there + 1))
    if stands[start:end] == wanted[there : there + end - start]:
        yield Step(("ArrowRight",), (end, there + end - start))
    then = wanted.find(" ", there) if " " in wanted[there:] else len(wanted)
    if stands[end:] == wanted[then:]:
        word, right = stands[start:end], wanted[there:then]
        keys = _cheapest((len(word), len(right)), lambda at: _backward(word, right, at))
        yield Step(("ArrowRight", *keys), DONE)


DONE = (-1, -1)
"""Where all that is left is right."""


def _cheapest(start: Place, steps: Callable[[Place], Iterable[Step]]) -> Keys:
    """Return the fewest keys from a place until all is right."""
    seen: set[Place] = set()
    ahead: list[tuple[int, Place, Keys]] = [(0, start, ())]
    while ahead[0][1] != DONE:
        cost, place, keys = heapq.heappop(ahead)
        if place not in seen:
            seen.add(place)
            for step in steps(place):
                further = (cost + presses(step.keys), step.place, (*keys, *step.keys))
                heapq.heappush(ahead, further)
    return ahead[0][2]


def _forward(
    stands: str, wanted: str, places: Sequence[Span], at: Place
) -> Iterator[Step]:
    """Yield what can be done from left to right."""
    here, there = at
    ahead = [place for place in places if place[0] >= here]
    for downs, place in enumerate(ahead, start=1):
        then = there + place[0] - here
        if stands[here : place[0]] != wanted[there:then]:
            break
        for step in _selected(stands, wanted, place, then):
            yield Step((*("ArrowDown",) * downs, *step.keys), step.place)
    if stands[here:] == wanted[there:]:
        yield Step((), DONE)
    if there < len(wanted):
        yield Step((wanted[there],), (here, there + 1))
    if here == len(stands):
        return
    yield Step(("Delete",), (here + 1, there))
    if stands[here] == wanted[there : there + 1]:
        yield Step(("ArrowRight",), (here + 1, there + 1))
    word = WORD.search(stands, here)
    # Signs between words are stops of their own, and not in all browsers.
    if word and not stands[here : word.start()].strip():
        length = word.end() - here
        yield Step(("Control+Delete",), (word.end(), there))
        if stands[here : word.end()] == wanted[there : there + length]:
            yield Step(("Control+ArrowRight",), (word.end(), there + length))


def _backward(stands: str, wanted: str, at: Place) -> Iterator[Step]:
    """Yield what can be done from right to left."""
    here, there = at
    if here <= there and stands[:here] == wanted[:here]:
        yield Step(tuple(wanted[here:there]), DONE)
    if there:
        yield Step((wanted[there - 1], "ArrowLeft"), (here, there - 1))
    if here == 0:
        return
    yield Step(("Backspace",), (here - 1, there))
    if there and stands[here - 1] == wanted[there - 1]:
        yield Step(("ArrowLeft",), (here - 1, there - 1))
    words = [word.span() for word in WORD.finditer(stands) if word.start() < here]
    if words and not stands[words[-1][1] : here].strip():
        start, length = words[-1][0], here - words[-1][0]
        yield Step(("Control+Backspace",), (start, there))
        if there >= length and stands[start:here] == wanted[there - length : there]:
            yield Step(("Control+ArrowLeft",), (start, there - length))
