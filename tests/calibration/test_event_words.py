"""What event.toml says to people: in several languages, whom to ask, what rooms are."""

import pytest

from calibration.errors import ProfileError
from calibration.event import Contact, LinkedPage, RoomFacts
from calibration.profile import dump_profile, load_profile, parse_profile, save_profile

TEXT = """\
[event]
name = { zh-Hant = "台灣", en = "Taiwan" }
timezone = "Asia/Taipei"
short_path = "os"
language = "en"
contact = { name = "Ada", email = "ada@example.org", handle = "@ada" }
how_to_host = { en = \"\"\"
Take a card.
Pin it.\"\"\", de = "Karte nehmen." }
privacy = "Sessions are not recorded."
links = [{ title = { de = "Regeln", en = "Rules" }, address = "https://example.org" }]

[[boards]]
slug = "friday"
title = { de = "Freitag", en = "Friday" }
date = 2024-05-17
rooms = [
  "R0",
  { name = { en = "Lounge", de = "Foyer" }, kind = "table", capacity = 6 },
  { name = "R1", capacity = 48 },
]
slots = ["10:00-11:00"]
blocked = [{ slot = "10:00-11:00", reason = { en = "Lunch", de = "Mittag" } }]
"""


@pytest.fixture
def profile():
    return parse_profile(TEXT)


def test_texts_are_those_of_the_events_language_and_others_are_known(profile):
    event, (friday,) = profile.event, profile.boards

    assert (event.name, friday.title, friday.layout.rooms) == (
        "Taiwan",
        "Friday",
        ("R0", "Lounge", "R1"),
    )
    assert event.texts == {
        "Taiwan": {"zh-Hant": "台灣", "en": "Taiwan"},
        "Take a card.\nPin it.": {
            "en": "Take a card.\nPin it.",
            "de": "Karte nehmen.",
        },
        "Rules": {"de": "Regeln", "en": "Rules"},
        "Friday": {"de": "Freitag", "en": "Friday"},
        "Lounge": {"en": "Lounge", "de": "Foyer"},
        "Lunch": {"en": "Lunch", "de": "Mittag"},
    }


def test_text_without_the_events_language_is_the_one_that_is_written_first():
    changed = TEXT.replace('title = { de = "Freitag", en = "Friday" }',
                           'title = { zh-Hant = "週五", de = "Freitag" }')  # fmt: skip

    assert parse_profile(changed).boards[0].title == "週五"


def test_whom_to_ask_and_what_else_there_is_to_know(profile):
    event = profile.event

    assert event.contact == Contact("Ada", "ada@example.org", "", "@ada")
    assert event.privacy == "Sessions are not recorded."
    assert event.links == (LinkedPage("Rules", "https://example.org"),)


def test_rooms_are_of_a_kind_and_for_so_many(profile):
    (friday,) = profile.boards

    assert [friday.facts_of(room) for room in friday.layout.rooms] == [
        RoomFacts(),
        RoomFacts("table", 6),
        RoomFacts("room", 48),
    ]


def test_dump_says_the_same_in_lines_that_a_person_would_write(profile):
    text = dump_profile(profile)

    assert parse_profile(text) == profile
    assert [line for line in text.splitlines() if "R0" in line or "name =" in line] == [
        'name = {zh-Hant = "台灣", en = "Taiwan"}',
        'contact = {name = "Ada", email = "ada@example.org", handle = "@ada"}',
        '    "R0",',
        '    {name = {en = "Lounge", de = "Foyer"}, kind = "table", capacity = 6},',
        '    {name = "R1", capacity = 48},',
    ]


def test_saving_another_board_keeps_how_the_rest_is_written(tmp_path, profile):
    path = tmp_path / "event.toml"
    path.write_text(TEXT, "utf-8")

    save_profile(profile, path)
    assert path.read_text("utf-8") == TEXT

    more = TEXT.replace('"R0"', '{ name = "R0", kind = "hall" }')
    save_profile(parse_profile(more), path)
    assert load_profile(path) == parse_profile(more)
    assert path.read_text("utf-8").startswith(TEXT.split("rooms", maxsplit=1)[0])


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ('{ zh-Hant = "台灣", en = "Taiwan" }', '{ zh-TW = "台灣", en = "Taiwan" }',
         "event.name.zh-TW", 'expected one of en, de, zh-Hant, got "zh-TW"'),
        ('{ zh-Hant = "台灣", en = "Taiwan" }', "{}",
         "event.name", "expected a text in one language at least"),
        ('{ zh-Hant = "台灣", en = "Taiwan" }', "{ en = 1 }",
         "event.name", "expected a text, for example"),
        ('language = "en"', 'language = "fr"',
         "event.language", 'expected one of en, de, zh-Hant, got "fr"'),
        ('email = "ada@example.org"', 'email = "ada"',
         "event.contact.email", 'expected an e-mail address, got "ada"'),
        ('address = "https://example.org"', 'address = "javascript:alert(1)"',
         "event.links[0].address", "expected an address such as"),
        ('kind = "table"', 'kind = "tabel"',
         "boards[0].rooms[1].kind", 'expected "room", "table", "hall" or "online"'),
        ("capacity = 6", "capacity = 0",
         "boards[0].rooms[1].capacity", "expected a number of people from 1"),
        ("capacity = 6", 'capacity = "6"',
         "boards[0].rooms[1].capacity", "expected a number, such as 42"),
        ("kind =", "knid =",
         "boards[0].rooms[1].knid", "unknown key `knid`; did you mean `kind`?"),
        ('"R0"', "7", "boards[0].rooms[0]", "expected names, such as"),
        ('de = "Mittag" }', 'de = "Mittag" } }, { room = "R9", slot = "x", reason = { en = "Lunch", de = "Essen" }',
         "boards[0].blocked[1].reason", '"Lunch" is said otherwise elsewhere'),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_with_its_place(old, new, place, message):
    with pytest.raises(ProfileError) as refusal:
        parse_profile(TEXT.replace(old, new, 1))

    assert (refusal.value.key, message in refusal.value.message) == (place, True)
