import datetime as dt
import math
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.event import Board, Event, Profile
from calibration.layout import Layout, Slot
from vision.recognition.lexicon import (
    END,
    Lexicon,
    common_lexicon,
    event_words,
    lexicon_of,
)

FREQUENCIES = {"data": 4.0, "date": 1.0, "Dask": 1.0}


@pytest.fixture(scope="module")
def small() -> Lexicon:
    return lexicon_of(FREQUENCIES, FREQUENCIES)


@pytest.mark.parametrize(
    ("word", "known"),
    [("data", True), ("DATE", True), ("dask", True), ("dat", False), ("", False)],
)
def test_words_are_known_in_any_case(small: Lexicon, word: str, *, known: bool) -> None:
    assert (word in small) is known


def test_a_known_word_goes_on_as_the_words_do(small: Lexicon) -> None:
    follows = sorted("ates", key=lambda letter: -small.log_probability("dat", letter))
    assert follows[:2] == ["a", "e"]
    assert small.log_probability("das", "k") > math.log(0.9)


def test_an_unknown_word_costs_at_its_first_letters_only(small: Lexicon) -> None:
    first = small.log_probability("da", "x")
    later = small.log_probability("dax", "a")
    assert first < later < 0


def test_lexicon_told_of_words_knows_them_and_all_others(small: Lexicon) -> None:
    told = small.with_words(["dex", "data"])

    assert [word in told for word in ("dex", "data", "date", "dask", "da")] == [
        *[True] * 4,
        False,
    ]
    assert told.log_probability("de", "x") > small.log_probability("de", "x")
    assert "dex" not in small


@given(begun=st.text("adekst", max_size=8))
def test_what_may_follow_is_never_more_than_certain(begun: str) -> None:
    lexicon = lexicon_of(FREQUENCIES, FREQUENCIES)
    letters = [*"adekstxyz", END]
    follows = [math.exp(lexicon.log_probability(begun, letter)) for letter in letters]
    assert sum(follows) <= 1 + 1e-9


def test_the_common_lexicon_knows_speech_and_the_field() -> None:
    common = common_lexicon()
    words = [
        "functional",
        "Kommunikation",
        "Sebastian",
        "pytest",
        "asyncio",
        "fundtional",
    ]
    assert [word in common for word in words] == [True] * 5 + [False]


def test_event_words_are_those_of_its_names_and_of_what_is_known_beforehand() -> None:
    layout = Layout(("Room 301-A", "Aula Größe"), (Slot.parse("10:00-11:00"),))
    profile = Profile(
        Event(
            "PyCon US 2024",
            ZoneInfo("UTC"),
            "os",
            "#PyConOS",
            ("Knitting for beginners", "PyLadies"),
        ),
        (Board("friday", "Friday's board", dt.date(2024, 5, 17), layout),),
    )

    assert event_words(profile) == (
        *("a", "aula", "beginners", "board", "for", "friday", "größe", "knitting"),
        *("pycon", "pyconos", "pyladies", "room", "s", "us"),
    )
