import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from calibration.announcing import Announcing
from calibration.errors import ProfileError
from calibration.event import Margins
from calibration.geometry import Quad
from calibration.layout import CellId, Layout, Slot
from calibration.profile import (
    Board,
    Event,
    Profile,
    ReferencePhoto,
    dump_profile,
    load_profile,
    parse_profile,
)


@pytest.fixture
def profile(event_toml):
    return parse_profile(event_toml)


def test_profile_says_what_the_file_says(profile):
    friday = Board(
        slug="friday",
        title="Friday",
        date=dt.date(2024, 5, 17),
        layout=Layout(
            rooms=("Room 301", "Room 302", "Room 303"),
            slots=tuple(map(Slot.parse, ["10:00-11:00", "11:00-12:00", "13:00-14:00"])),
            rooms_along="columns",
            column_edges=(0.0, 0.34, 0.67, 1.0),
            row_edges=(0.0, 0.33, 0.66, 1.0),
            blocked={CellId("Room 301", "13:00-14:00"): "Keynote overflow"},
        ),
        tags=(0, 1, 2, 3),
        reference=ReferencePhoto(
            Path("friday.jpg"),
            Quad.from_array([[412, 380], [3620, 402], [3590, 2804], [430, 2790]]),
        ),
    )
    saturday = Board(
        slug="saturday",
        title="Saturday",
        date=dt.date(2024, 5, 18),
        layout=Layout(
            rooms=("Room 301", "Lobby"),
            slots=tuple(map(Slot.parse, ["22:00-23:30", "23:30-00:30", "00:30-02:00"])),
        ),
    )
    event = Event(
        "PyCon US 2024", ZoneInfo("America/New_York"), "os", "#PyConOpenSpace"
    )

    assert profile == Profile(event, (friday, saturday))


def test_margins_that_are_left_out_are_as_usual(event_toml):
    text = event_toml.replace("blocked = [", "margins = { top = 2.5 }\nblocked = [")
    profile = parse_profile(text)

    assert profile.boards[0].margins == Margins(left=1.0, top=2.5)
    assert parse_profile(dump_profile(profile)) == profile


def test_what_is_blocked_without_a_room_is_so_in_all(event_toml):
    text = event_toml.replace(
        "blocked = [", 'blocked = [{ slot = "11:00-12:00", reason = "Lunch" }, '
    )

    assert parse_profile(text).boards[0].layout.blocked == {
        CellId("Room 301", "11:00-12:00"): "Lunch",
        CellId("Room 302", "11:00-12:00"): "Lunch",
        CellId("Room 303", "11:00-12:00"): "Lunch",
        CellId("Room 301", "13:00-14:00"): "Keynote overflow",
    }


def with_words(event_toml, words):
    return event_toml.replace("\n\n[[boards]]", f"\nwords = {words}\n\n[[boards]]", 1)


def test_several_hashtags_are_one_after_the_other(event_toml):
    for several in (
        '["#PyConIndia2024", "#OpenSpaces"]',
        '"#PyConIndia2024 #OpenSpaces"',
    ):
        profile = parse_profile(event_toml.replace('"#PyConOpenSpace"', several))

        assert profile.event.hashtag == "#PyConIndia2024 #OpenSpaces"
        assert parse_profile(dump_profile(profile)) == profile


def test_words_that_cards_are_likely_to_hold_are_read(event_toml):
    profile = parse_profile(with_words(event_toml, '["PyLadies", "Board game night"]'))

    assert profile.event.words == ("PyLadies", "Board game night")


def test_labels_are_shared_only_where_the_file_says_so(event_toml):
    agreed = event_toml.replace("[event]", "[event]\nshare_labels = true", 1)

    assert parse_profile(agreed).event.share_labels is True
    assert parse_profile(event_toml).event.share_labels is False


ONLINE = """
[[boards]]
slug = "day-1"
title = "Day 1"
date = 2021-10-02
rooms = ["Desk 1", "Desk 2"]
slots = ["08:55-09:45", "14:30-15:20"]
online = true
hosting = "open"
links = [{ link = "https://meet.example/tw#1" }]
no_talks = ["14:30-15:20"]
"""


def test_board_without_a_wall_says_where_its_places_are(event_toml):
    profile = parse_profile(event_toml + ONLINE)

    board = profile.board("day-1")
    link = "https://meet.example/tw#1"
    assert (board.online, board.hosting) == (True, "open")
    assert board.links == {"Desk 1": link, "Desk 2": link}
    assert board.no_talks == ("14:30-15:20",)
    assert parse_profile(dump_profile(profile)) == profile
    assert 'links = [{link = "https' in dump_profile(profile)


def test_what_does_not_fit_an_online_board_is_told_all_at_once(event_toml):
    wrong = ONLINE.replace(
        "online = true", 'online = true\nvotes = "dots"\ntags = [9, 8, 7, 6]'
    )
    wrong = wrong.replace('{ link = "https:', '{ room = "Desk 3", link = "javascript:')
    wrong = wrong.replace('no_talks = ["14:30', 'no_talks = ["14:00')
    wrong += event_toml[event_toml.rindex("[[boards]]") :].replace(
        'slug = "saturday"', 'slug = "sunday"\nhosting = "open"'
    )

    with pytest.raises(ProfileError) as error:
        parse_profile(event_toml + wrong)

    told = str(error.value)
    keys = ("tags", "votes", "links[0].room", "no_talks[0]")
    assert [key for key in keys if f"boards[2].{key}:" not in told] == []
    assert "boards[3].hosting: expected it only with online = true" in told


@pytest.mark.parametrize("link", ["ftp://a.example", "https://", "https://a@b.example"])
def test_link_of_a_place_is_one_that_a_browser_opens(event_toml, link):
    wrong = ONLINE.replace("https://meet.example/tw#1", link)

    with pytest.raises(ProfileError, match=r"links\[0\].link: expected an address"):
        parse_profile(event_toml + wrong)


def test_planned_sessions_and_cards_beside_the_cells_are_what_the_file_says(event_toml):
    said = event_toml.replace("[event]", '[event]\nplanned = "scheduled"', 1)
    said = said.replace("tags = [", 'beside = "elsewhere"\ntags = [', 1)

    profile, left_out = parse_profile(said), parse_profile(event_toml)

    assert (profile.event.planned, left_out.event.planned) == ("scheduled", "listed")
    assert [board.beside for board in profile.boards] == ["elsewhere", ""]
    assert [board.beside for board in left_out.boards] == ["", ""]


def test_votes_are_counted_only_where_the_file_says_so(event_toml):
    asked = event_toml.replace("tags = [", 'votes = "dots"\ntags = [', 1)

    friday, saturday = parse_profile(asked).boards
    assert (friday.votes, saturday.votes) == ("dots", "")


@pytest.mark.parametrize(
    ("words", "key", "message"),
    [
        ('["PyLadies", ""]', "event.words[1]", "expected a name, got an empty text"),
        ('"PyLadies"', "event.words", "expected words or titles, such as"),
    ],
)
def test_words_that_are_none_are_refused(event_toml, words, key, message):
    with pytest.raises(ProfileError) as refusal:
        parse_profile(with_words(event_toml, words))

    assert (refusal.value.key, refusal.value.line) == (key, 8)
    assert message in refusal.value.message


def test_board_is_found_by_its_slug(profile):
    assert profile.board("saturday") is profile.boards[1]


def test_board_that_does_not_exist_is_refused(profile):
    with pytest.raises(ProfileError) as refusal:
        profile.board("sunday")

    assert refusal.value.message == 'boards: There is no board "sunday".'
    assert refusal.value.hint == "Choose from: friday, saturday."


REFUSALS = [
    # (what is replaced, by what, key, line, message)
    ("rooms = [\n", "romos = [\n", "boards[1].romos", 29, "did you mean `rooms`?"),
    (
        "hashtag =",
        'share_labels = "yes"\nhashtag =',
        "event.share_labels",
        7,
        "true or",
    ),
    ("tags = [", 'votes = "stars"\ntags = [', "boards[0].votes", 18, 'expected "dots"'),
    ("hashtag =", "hash_tag =", "event.hash_tag", 7, "did you mean `hashtag`?"),
    ("tags = [", "zzz = [", "boards[0].zzz", 18, "expected one of slug, title, date"),
    (
        'photo = "friday.jpg"',
        'photo = "friday.jpg"\nrow_edges = [0, 1]',
        "boards[0].reference.row_edges",
        23,
        "it belongs in [[boards]]",
    ),
    ('name = "PyCon US 2024"\n', "", "event.name", 3, "the key is missing"),
    ('slug = "friday"', "", "boards[0].slug", 9, "the key is missing"),
    ("version = 1", "version = 2", "version", 1, "expected 1, got 2"),
    ("version = 1", "version = true", "version", 1, "expected 1, got true"),
    ("version = 1", 'version = "1"', "version", 1, 'got the text "1"'),
    ("[event]", "[[event]]", "event", 3, "expected a table [event], got an array"),
    ('"PyCon US 2024"', "2024", "event.name", 4, "expected a text, for example"),
    ('"PyCon US 2024"', '" PyCon"', "event.name", 4, "no blanks around the name"),
    ('"PyCon US 2024"', '""', "event.name", 4, "expected a name, got an empty text"),
    ("New_York", "New_Yrok", "event.timezone", 5, 'did you mean "America/New_York"?'),
    ('"America/New_York"', '"America"', "event.timezone", 5, "no timezone is called"),
    ('"America/New_York"', '"../etc"', "event.timezone", 5, "no timezone is called"),
    ('"America/New_York"', '""', "event.timezone", 5, "no timezone is called"),
    ('short_path = "os"', 'short_path = "o s"', "event.short_path", 6, "expected a-z"),
    ('short_path = "os"', 'short_path = "desk"', "event.short_path", 6, "of Boardcast"),
    ('short_path = "os"', 'short_path = "Os"', "event.short_path", 6, "expected a-z"),
    ('"#PyConOpenSpace"', '"PyCon"', "event.hashtag", 7, 'expected "#" and a word'),
    ('"#PyConOpenSpace"', '"#Py Con"', "event.hashtag", 7, "without blanks"),
    ('"#PyConOpenSpace"', '["#Py", "Con"]', "event.hashtag", 7, "a list of such"),
    ('"#PyConOpenSpace"', '["#Py", ""]', "event.hashtag", 7, "a list of such"),
    ('"#PyConOpenSpace"', '["#Py", 1]', "event.hashtag", 7, "or a list of them"),
    ('slug = "friday"', 'slug = "fri/day"', "boards[0].slug", 10, "expected a-z"),
    ('slug = "friday"', 'slug = "s"', "boards[0].slug", 10, "of Boardcast itself"),
    ('slug = "saturday"', 'slug = "friday"', "boards[1].slug", 26, '"friday" twice'),
    ("2024-05-17", '"2024-05-17"', "boards[0].date", 12, "a date without quotes"),
    ("2024-05-17", "2024-05-17T10:00:00", "boards[0].date", 12, "a date without"),
    ("2024-05-17", "0001-01-01", "boards[0].date", 12, "a year from 1970 to 2199"),
    ("2024-05-17", "9999-12-31", "boards[0].date", 12, "a year from 1970 to 2199"),
    ('"Room 302"', '"Room 301"', "boards[0].rooms[1]", 13, '"Room 301" twice'),
    ('"Room 302"', f'"{"R" * 201}"', "boards[0].rooms[1]", 13, "200 characters at"),
    (
        'slug = "friday"',
        f'slug = "{"f" * 101}"',
        "boards[0].slug",
        10,
        "100 characters",
    ),
    ('slug = "friday"', 'slug = "\U0001f389"', "boards[0].slug", 10, "expected a-z"),
    ('"Room 302"', "302", "boards[0].rooms[1]", 13, "expected names, such as"),
    ('"Room 302"', '"Room\\n302"', "boards[0].rooms[1]", 13, "a name on one line"),
    ('"Lobby"', '"Room 301"', "boards[1].rooms[1]", 31, '"Room 301" twice'),
    ('"11:00-12:00"', '"10:00-11:00"', "boards[0].slots[1]", 14, '"10:00-11:00" twice'),
    ('"11:00-12:00"', '"10:30-12:00"', "boards[0].slots[1]", 14, "share no time"),
    ('"00:30-02:00"', '"00:15-02:00"', "boards[1].slots[2]", 33, "share no time"),
    ('"11:00-12:00"', '"11-12"', "boards[0].slots[1]", 14, 'expected "HH:MM-HH:MM"'),
    ('"11:00-12:00"', '"11:00-25:00"', "boards[0].slots[1]", 14, "HH:MM-HH:MM"),
    ('"11:00-12:00"', '"11:00-11:00"', "boards[0].slots[1]", 14, "with a length"),
    ('"columns" ', '"colums" ', "boards[0].rooms_along", 15, '"columns" or "rows"'),
    ("0.67, 1.0]", "0.34, 1.0]", "boards[0].column_edges[2]", 16, "that ascend"),
    ("0.67, 1.0]", "nan, 1.0]", "boards[0].column_edges[2]", 16, "that ascend"),
    ("0.67, 1.0]", "0.67, 0.9]", "boards[0].column_edges[3]", 16, "from 0 to 1"),
    ("0.67, 1.0]", "1.0]", "boards[0].column_edges", 16, "expected 4 edges for 3"),
    ("0.67, 1.0]", "true, 1.0]", "boards[0].column_edges[2]", 16, "got true"),
    (
        'rooms_along = "columns"',
        "margins = { left = 6 }",
        "boards[0].margins.left",
        15,
        "cells from 0 to 5, got 6",
    ),
    ("[0, 1, 2, 3]", "[0, 1, 2]", "boards[0].tags", 18, "four tag ids, got 3"),
    ("[0, 1, 2, 3]", "[0, 1, 2, 2]", "boards[0].tags[3]", 18, "got 2 twice"),
    ("[0, 1, 2, 3]", "[0, 1, 2, 50]", "boards[0].tags[3]", 18, "from 0 to 49, got 50"),
    ("[0, 1, 2, 3]", "[0, 1, 2, -1]", "boards[0].tags[3]", 18, "from 0 to 49, got -1"),
    (
        "date = 2024-05-18",
        "date = 2024-05-18\ntags = [9, 8, 7, 3]",
        "boards[1].tags[3]",
        29,
        'tag 3 already belongs to the board "friday"; on another day the same wall',
    ),
    (
        "date = 2024-05-18",
        "date = 2024-05-17\ntags = [0, 1, 2, 3]",
        "boards[1].tags[0]",
        29,
        'tag 0 already belongs to the board "friday" of that day',
    ),
    (
        'room = "Room 301"',
        'room = "Room 31"',
        "boards[0].blocked[0].room",
        19,
        'expected a room of this board, got "Room 31"',
    ),
    (
        'slot = "13:00-14:00"',
        'slot = "12:00-13:00"',
        "boards[0].blocked[0].slot",
        19,
        'expected a slot of this board, got "12:00-13:00"',
    ),
    (
        "blocked = [",
        'blocked = [{ room = "Room 301", slot = "13:00-14:00" }, ',
        "boards[0].blocked[1]",
        19,
        "expected each cell once",
    ),
    ("reason =", "because =", "boards[0].blocked[0].because", 19, "unknown key"),
    (
        'room = "Room 301", slot = "13:00-14:00"',
        'slot = "12:00-13:00"',
        "boards[0].blocked[0].slot",
        19,
        'expected a slot of this board, got "12:00-13:00"',
    ),
    (
        "blocked = [{ ",
        'blocked = [{ slot = "10:00-11:00" }, { room = "Room 9", slot = "11:00-12:00" }, { ',
        "boards[0].blocked[1].room",
        19,
        'expected a room of this board, got "Room 9"',
    ),
    (
        "blocked = [{ ",
        'blocked = [{ slot = "13:00-14:00" }, { ',
        "boards[0].blocked[1]",
        19,
        'expected each cell once, got "Room 301", "13:00-14:00" twice',
    ),
    (
        'room = "Room 301", slot',
        'room = "", slot',
        "boards[0].blocked[0].room",
        19,
        "of this board",
    ),
    ('photo = "friday.jpg"', 'photo = ""', "boards[0].reference.photo", 22, "got none"),
    (
        "[[412, 380], [3620, 402], [3590, 2804], [430, 2790]]",
        "[[412, 380], [430, 2790], [3590, 2804], [3620, 402]]",
        "boards[0].reference.corners",
        23,
        "top left, top right, bottom right, bottom left",
    ),
    ("[412, 380]", "[412]", "boards[0].reference.corners[0]", 23, "expected [x, y]"),
    ("[412, 380], ", "", "boards[0].reference.corners", 23, "expected four corners"),
    ("[412, 380]", "[inf, 380]", "boards[0].reference.corners", 23, "four corners"),
    ("[412, 380]", '["a", 380]', "boards[0].reference.corners[0][0]", 23, "points"),
]


@pytest.mark.parametrize(
    ("change", "key", "line", "part"),
    [
        pytest.param((old, new), *error, id=f"{number}-{error[0]}")
        for number, (old, new, *error) in enumerate(REFUSALS)
    ],
)
def test_profile_with_a_mistake_is_refused_with_key_line_and_expectation(
    event_toml, change, key, line, part
):
    assert change[0] in event_toml
    text = event_toml.replace(*change, 1)

    with pytest.raises(ProfileError) as refusal:
        parse_profile(text, path=Path("event.toml"))

    error = refusal.value
    assert (error.key, error.line, error.path) == (key, line, Path("event.toml"))
    assert error.message.startswith(f"event.toml, line {line}, {key}: ")
    assert part in error.message
    assert error.hint


def with_mistakes(text, *changes):
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(event_toml):
    text = with_mistakes(
        event_toml,
        ("America/New_York", "America/Bosten"),
        ('short_path = "os" ', 'short_path = "api"'),
        ('title = "Friday"', 'title = ""'),
        ("date = 2024-05-17", 'date = "2024-05-17"'),
        ("rooms = [\n", "romos = [\n"),
        ('"23:30-00:30"', '"23:30"'),
    )

    with pytest.raises(ProfileError) as refusal:
        parse_profile(text, path=Path("event.toml"))

    error = refusal.value
    assert (error.key, error.line) == ("event.timezone", 5)
    # Without its rooms and date nothing more can be told of a board.
    assert error.message.splitlines() == [
        (
            'event.toml, line 5, event.timezone: no timezone is called "America/Bosten"; '
            'did you mean "America/Boise"?'
        ),
        (
            'event.toml, line 6, event.short_path: expected another word, "api" is an '
            "address of Boardcast itself."
        ),
        (
            "event.toml, line 12, boards[0].date: expected a date without quotes, such as "
            '2024-05-17, got the text "2024-05-17".'
        ),
        (
            "event.toml, line 29, boards[1].romos: unknown key `romos`; did you mean "
            "`rooms`?"
        ),
    ]


def test_mistakes_of_values_are_told_of_every_board(event_toml):
    text = with_mistakes(
        event_toml,
        ('hashtag = "#PyConOpenSpace"', 'hashtag = "PyCon"'),
        ('title = "Friday"', 'title = ""'),
        ("0.34, 0.67", "0.67, 0.34"),
        ("tags = [0, 1, 2, 3]", "tags = [0, 0, 2, 77]"),
        ('room = "Room 301", slot', 'room = "Room 309", slot'),
        ("[430, 2790]]", "[430, 2790], [0, 0]]"),
        ('"23:30-00:30"', '"23:30"'),
        ('"Lobby",', '"Room 301",'),
    )

    with pytest.raises(ProfileError) as refusal:
        parse_profile(text)

    places = [line.split(": ")[0] for line in refusal.value.message.splitlines()]
    assert places == [
        "line 7, event.hashtag",
        "line 11, boards[0].title",
        "line 16, boards[0].column_edges[2]",
        "line 18, boards[0].tags[1]",
        "line 18, boards[0].tags[3]",
        "line 19, boards[0].blocked[0].room",
        "line 23, boards[0].reference.corners",
        "line 31, boards[1].rooms[1]",
        "line 33, boards[1].slots[1]",
    ]


def test_boards_that_clash_are_told_beside_another_mistake(event_toml):
    text = with_mistakes(
        event_toml,
        ("os", "o s"),
        ('slug = "saturday"', 'slug = "friday"'),
    )

    with pytest.raises(ProfileError) as refusal:
        parse_profile(text)

    assert [line.split(": ")[1] for line in refusal.value.message.splitlines()] == [
        'expected a-z and 0-9, joined by "-" or "_", got "o s".',
        'expected each slug once, got "friday" twice.',
    ]


def test_mistake_in_a_slot_of_all_rooms_is_told_once(event_toml):
    text = event_toml.replace('blocked = [{ room = "Room 301", ', "blocked = [{ ")

    with pytest.raises(ProfileError) as refusal:
        parse_profile(text.replace('slot = "13:00-14:00"', 'slot = "13:00"'))

    assert refusal.value.message == (
        'line 19, boards[0].blocked[0].slot: expected a slot of this board, got "13:00".'
    )


@pytest.mark.parametrize("name", ["rooms", "slots"])
def test_board_without_rooms_or_slots_is_told_so_only(event_toml, name):
    text = re.sub(rf"{name} = \[.*\]", f"{name} = []", event_toml)
    text = re.sub(r"(column_edges|row_edges|blocked) = .*\n", "", text)

    with pytest.raises(ProfileError) as refusal:
        parse_profile(text)

    assert f"expected at least one of {name}, got none." in refusal.value.message
    assert "edges" not in refusal.value.message


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        pytest.param(
            "", None, "the key is missing; expected a table [event]", id="empty"
        ),
        pytest.param("version = 1\nx", 2, "expected TOML", id="no-value"),
        pytest.param("a = 1\na = 2\n", 2, "expected TOML", id="key-twice"),
        pytest.param("a = 'x\nb = 1\n", 2, "expected TOML", id="open-quote"),
        pytest.param("a = " + "[" * 20_000, None, "nested too deeply", id="deep"),
        pytest.param("<html></html>", 1, "expected TOML", id="html"),
    ],
)
def test_text_that_is_no_profile_is_refused(text, line, part):
    with pytest.raises(ProfileError, match=re.escape(part)) as refusal:
        parse_profile(text)

    assert refusal.value.line == line


def test_profile_without_boards_is_refused(event_toml):
    text = event_toml[: event_toml.index("[[boards]]")] + "boards = []\n"
    text = text.replace("[event]\n", "boards = []\n[event]\n").removesuffix(
        "boards = []\n"
    )

    with pytest.raises(
        ProfileError, match=r"at least one table \[\[boards\]\]"
    ) as refusal:
        parse_profile(text)

    assert (refusal.value.key, refusal.value.line) == ("boards", 3)


def test_profile_with_one_table_boards_is_refused(event_toml):
    text = event_toml[: event_toml.rindex("[[boards]]")]
    text = text.replace("[[boards]]", "[boards]")

    with pytest.raises(
        ProfileError, match=r"expected tables \[\[boards\]\], got a table"
    ):
        parse_profile(text)


def test_profile_without_version_is_version_1(event_toml, profile):
    assert parse_profile(event_toml.replace("version = 1\n", "")) == profile


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: b"\xef\xbb\xbf" + data, id="byte-order-mark"),
        pytest.param(lambda data: data.replace(b"\n", b"\r\n"), id="windows-lines"),
    ],
)
def test_file_of_a_windows_editor_is_read(tmp_path, event_toml, profile, change):
    path = tmp_path / "event.toml"
    path.write_bytes(change(event_toml.encode()))

    assert load_profile(path) == profile


def test_mistake_after_windows_lines_has_the_right_line(tmp_path, event_toml):
    path = tmp_path / "event.toml"
    text = event_toml.replace('"Lobby"', '"Room 301"').replace("\n", "\r\n")
    path.write_bytes(text.encode())

    with pytest.raises(ProfileError) as refusal:
        load_profile(path)

    assert refusal.value.line == 31


@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(lambda text: text.encode("utf-8-sig"), id="byte-order-mark"),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="crlf"),
    ],
)
def test_file_as_windows_editors_save_it_is_read(event_toml, tmp_path, encode):
    path = tmp_path / "event.toml"
    path.write_bytes(encode(event_toml))

    assert load_profile(path) == parse_profile(event_toml)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_file_in_wide_characters_is_refused(event_toml, tmp_path, encoding):
    path = tmp_path / "event.toml"
    path.write_text(event_toml, encoding)

    with pytest.raises(ProfileError) as refusal:
        load_profile(path)

    assert refusal.value.line == 1


def test_machine_without_timezones_says_what_it_lacks(event_toml, monkeypatch):
    monkeypatch.setattr("calibration.event_values.available_timezones", set)

    with pytest.raises(ProfileError, match="install the package tzdata"):
        parse_profile(event_toml.replace("America/New_York", "Nowhere/York"))


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(ProfileError, match="No such file") as refusal:
        load_profile(tmp_path / "event.toml")

    assert refusal.value.path == tmp_path / "event.toml"
    assert "README.md" in refusal.value.hint


def test_folder_is_refused(tmp_path):
    with pytest.raises(ProfileError, match="Is a directory"):
        load_profile(tmp_path)


def test_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "event.toml"
    path.write_bytes('version = 1\n[event]\nname = "Café"'.encode("latin-1"))

    with pytest.raises(
        ProfileError, match="expected text in UTF-8, got byte 0xe9"
    ) as refusal:
        load_profile(path)

    assert refusal.value.line == 3


def announcing(event_toml, table):
    return f"{event_toml}\n{table}\n"


def test_announcements_are_made_only_where_the_file_says_so(event_toml):
    assert parse_profile(event_toml).announce is None
    said = announcing(event_toml, "[announce]")
    assert parse_profile(said).announce == Announcing()

    said = announcing(
        event_toml,
        '[announce]\nwhen = "automatic"\nabout = ["soon", "soon"]\nat_most = 2\n'
        'quiet = "22:00-08:00"\n[announce.templates]\nsoon = "{title}: {link}"',
    )
    profile = parse_profile(said)

    assert profile.announce == Announcing(
        when="automatic",
        about=("soon",),
        at_most=2,
        quiet=Slot.parse("22:00-08:00"),
        templates={"soon": "{title}: {link}"},
    )
    assert parse_profile(dump_profile(profile)) == profile


@pytest.mark.parametrize(
    ("line", "key", "message"),
    [
        ('when = "always"', "announce.when", 'expected "approved" or "automatic"'),
        ('about = ["late"]', "announce.about[0]", 'expected words of "new"'),
        ("at_most = 0", "announce.at_most", "expected a number from 1 to 60, got 0"),
        ("soon_minutes = 999", "announce.soon_minutes", "from 1 to 120, got 999"),
        ('quiet = "at night"', "announce.quiet", 'expected "HH:MM-HH:MM"'),
        ('templates.new = "{titel}"', "announce.templates.new", 'got "{titel}"'),
        ('templates.new = "{title:9}"', "announce.templates.new", 'got "{title:9}"'),
        ('templates.new = "{title"', "announce.templates.new", "names in braces"),
        ('templates.new = " "', "announce.templates.new", "got an empty one"),
        ("at_mots = 3", "announce.at_mots", "did you mean `at_most`?"),
    ],
)
def test_announcements_that_make_no_sense_are_refused(event_toml, line, key, message):
    said = announcing(event_toml, f"[announce]\n{line}")
    with pytest.raises(ProfileError) as refusal:
        parse_profile(said)

    assert (refusal.value.key, refusal.value.line) == (key, len(said.splitlines()))
    assert message in refusal.value.message
