import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.keys import (
    PLACE,
    WORD,
    Texts,
    keys_for,
    keys_without_help,
    presses,
    typed,
    wrong_characters,
)

WORDS = st.lists(st.sampled_from(["ab", "aab", "b", "ba", "&", "b."]), max_size=4)
TEXTS = WORDS.map(" ".join)


def after(text, keys, places=()):
    """What stands in a field, all of which was selected, after these keys."""
    start, end = 0, len(text)
    for key in keys:
        ends = [m.end() for m in WORD.finditer(text) if m.end() > end]
        starts = [m.start() for m in WORD.finditer(text) if m.start() < start]
        moved = {
            "ArrowLeft": start - (start == end),
            "ArrowRight": end + (start == end),
            "Control+ArrowLeft": starts[-1] if starts else 0,
            "Control+ArrowRight": ends[0] if ends else len(text),
        }
        if key in moved:
            start = end = moved[key]
        elif key == "ArrowDown":
            whole = (start, end) == (0, len(text))
            marked = [m.span() for m in PLACE.finditer(text) if m.group() in places]
            start, end = next(span for span in marked if whole or span[0] >= end)
        else:
            text, start = edited(text, key, start, end, starts=starts, ends=ends)
            end = start
    return text


def edited(text, key, start, end, *, starts, ends):
    """The text after a key that changes it, and where the cursor is."""
    here = start == end
    start, end = {
        "Delete": (start, end + here),
        "Backspace": (start - here, end),
        "Control+Delete": (start, ends[0] if ends else end),
        "Control+Backspace": (starts[-1] if starts else start, end),
    }.get(key, (start, end))
    said = key if len(key) == 1 else ""
    return text[:start] + said + text[end:], start + len(said)


@given(TEXTS, TEXTS)
def test_keys_in_a_field_come_to_what_is_wanted_and_are_not_more_than_all_of_it(
    stands, wanted
):
    keys = typed(stands, wanted)

    assert after(stands, keys) == wanted
    assert presses(keys) <= max(1, len(wanted))


@pytest.mark.parametrize(
    ("stands", "wanted", "places", "keys"),
    [
        ("Tvping", "Typing", [], "ArrowLeft ArrowRight Delete y"),
        ("Claudia", "Claudius", [], "ArrowRight Backspace u s"),
        ("Hora at last", "Home at last", [(0, 4)], "ArrowDown H o m e"),
        ("all of it", "", [], "Delete"),
        ("", "Jo", [], "J o"),
    ],
)
def test_the_fewest_keys(stands, wanted, places, keys):
    found = typed(stands, wanted, places)

    assert " ".join(found) == keys
    words = [stands[slice(*span)] for span in places]
    assert after(stands, found, words) == wanted


SWALLOWED = Texts("Open source money who pays whom?", "", "Sein")
SPLIT = Texts("Open source money", "who pays whom?", "Sein")


@pytest.mark.parametrize(
    ("ways", "wanted", "unsure", "keys"),
    [
        ([SPLIT], SPLIT, [], "Enter"),
        ([SWALLOWED, SPLIT], SPLIT, [], "2 Enter"),
        ([Texts("Jo", "", "Typing")], Texts("Typing", "", "Jo"), [], "X Enter"),
        ([SWALLOWED, SPLIT], SPLIT._replace(host="Selma"), [], "2 W S e l m a Enter"),
        ([SPLIT], SPLIT._replace(host="Jo"), ["Sein"], "W J o Enter"),
        ([Texts("A Hora b", "", "")], Texts("A Home b", None, ""), ["Hora"],
         "G H o m e Enter"),
    ],
)  # fmt: skip
def test_keys_at_the_desk(ways, wanted, unsure, keys):
    assert " ".join(keys_for(ways, wanted, unsure)) == keys


def test_without_help_what_is_in_the_wrong_field_is_typed_anew():
    keys = keys_without_help(SWALLOWED, SPLIT)

    assert presses(keys) == 26
    assert re.search(r"Tab w h o .* \? Control\+Enter$", " ".join(keys))


def test_wrong_characters_are_those_of_the_fields_that_are_known():
    assert wrong_characters(SWALLOWED, SPLIT) == 15 + 14
    assert wrong_characters(SPLIT, SPLIT._replace(description=None, host="Selma")) == 3
