import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calibration.geometry import Rect
from vision.cards import Line
from vision.fields.mentions import find_mentions, tidy
from vision.fields.title import parse_fields
from vision.reading import CardFields

LARGE_PX, SMALL_PX = 40, 22


def card(*rows):
    """Lines one below the other; one that begins with ``_`` in small letters."""
    lines, top = [], 0
    for row in rows:
        text = row.removeprefix("_")
        height = LARGE_PX if text == row else SMALL_PX
        place = Rect(10, top, 10 + max(1, len(text)) * height / 2, top + height)
        lines.append(Line(text, 0.9, place.to_quad()))
        top += height * 1.3
    return lines


def meant(lines):
    """What lines mean, however sure that is."""
    return replace(parse_fields(lines), split_confidence=1.0)


def said(title, description="", host="", **mentions):
    return CardFields(title, description, host, **mentions)


ENGLISH = {
    "title-only": (["Intro to Monads"], said("Intro to Monads")),
    "title-of-lines": (
        ["How to build", "a local", "user group"],
        said("How to build a local user group"),
    ),
    "brackets": (
        ["PYPARSING BOF", "(Paul McGuire)"],
        said("PYPARSING BOF", host="Paul McGuire"),
    ),
    "brackets-same-line": (
        ["Pytest plugins (Priya Raman)"],
        said("Pytest plugins", host="Priya Raman"),
    ),
    "brackets-lost-end": (
        ["Pytest plugins", "(Priya Raman"],
        said("Pytest plugins", host="Priya Raman"),
    ),
    "brackets-misread": (
        ["Parents in tech", "(0ona)"],
        said("Parents in tech", host="Oona"),
    ),
    "brackets-digits": (
        ["Language exchange", "(20e)"],
        said("Language exchange", host="Zoe"),
    ),
    "with-capital": (
        ["Robots for beginners", "W/ Theo"],
        said("Robots for beginners", host="Theo"),
    ),
    "with-lost-letter": (
        ["Home automation", "/ Jonas"],
        said("Home automation", host="Jonas"),
    ),
    "dash-in-capitals": (
        ["REGEX PUZZLES", "- QUENTIN"],
        said("REGEX PUZZLES", host="QUENTIN"),
    ),
    "a-version-after-with": (
        ["Sprint with py3", "all day"],
        said("Sprint with py3 all day"),
    ),
    "brackets-of-title": (
        ["Async patterns (actors, rx, csp)"],
        said("Async patterns (actors, rx, csp)"),
    ),
    "brackets-level": (["Rust (for Beginners)"], said("Rust (for Beginners)")),
    "name-and-handle": (
        ["Type checking at scale", "_Maya @mayacodes"],
        said("Type checking at scale", host="Maya", handles=("@mayacodes",)),
    ),
    "handle-only-line": (
        ["PLANNING", "@evalica"],
        said("PLANNING", host="@evalica", handles=("@evalica",)),
    ),
    "handle-same-line": (
        ["Standard talks @evalica"],
        said("Standard talks", host="@evalica", handles=("@evalica",)),
    ),
    "handle-in-sentence": (
        ["Ask @maya about typing"],
        said("Ask @maya about typing", handles=("@maya",)),
    ),
    "signature": (
        ["Functional Programming", "for Beginners", "Nicole"],
        said("Functional Programming for Beginners", host="Nicole"),
    ),
    "signature-small-letters": (
        ["Organizing Docs", "at Scale", "kevin"],
        said("Organizing Docs at Scale", host="kevin"),
    ),
    "signature-capitals": (
        ["FAILURE DRIVEN", "DEVELOPMENT", "ROB"],
        said("FAILURE DRIVEN DEVELOPMENT", host="ROB"),
    ),
    "signature-initial": (
        ["Elixir", "My new love potion?", "Jan E."],
        said("Elixir My new love potion?", host="Jan E."),
    ),
    "signature-initials-first": (
        ["The Curse of", "Perfectionism", "J. Seitz"],
        said("The Curse of Perfectionism", host="J. Seitz"),
    ),
    "signature-two": (
        ["Wake-up Kata", "David - Richard"],
        said("Wake-up Kata", host="David - Richard"),
    ),
    "signature-and": (
        ["Django at scale", "Aisha & Tom"],
        said("Django at scale", host="Aisha & Tom"),
    ),
    "signature-firm": (
        ["PANDAS (+ FRIENDS)", "Hannah Miller - Acme Ltd"],
        said("PANDAS (+ FRIENDS)", host="Hannah Miller - Acme Ltd"),
    ),
    "signature-dash": (
        ["Lightning demos", "- Leila"],
        said("Lightning demos", host="Leila"),
    ),
    "signature-unknown-among-small": (
        ["Board games night", "_bring your own", "_Xochitl"],
        said("Board games night", "bring your own Xochitl"),
    ),
    "not-a-signature": (["Cantonese", "Speakers"], said("Cantonese Speakers")),
    "not-a-signature-either": (
        ["Python Learning", "PYTHON MORSELS"],
        said("Python Learning PYTHON MORSELS"),
    ),
    "with-a-topic": (["Let's talk Math w/Python"], said("Let's talk Math w/Python")),
    "with-a-name": (
        ["Typing, with Maya Chen"],
        said("Typing", host="Maya Chen"),
    ),
    "by-doing": (["Learning by Doing"], said("Learning by Doing")),
    "by-name": (["Learning by Doing by Tom"], said("Learning by Doing", host="Tom")),
    "hosted-by": (
        ["Yoga for coders", "hosted by Ines"],
        said("Yoga for coders", host="Ines"),
    ),
    "host-label": (
        ["HTMX in anger", "Host: Tomek W."],
        said("HTMX in anger", host="Tomek W."),
    ),
    "host-label-handle": (
        ["HTMX in anger", "Host: @tomek"],
        said("HTMX in anger", host="@tomek", handles=("@tomek",)),
    ),
    "host-label-above": (
        ["HTMX in anger", "Host:", "Xochitl"],
        said("HTMX in anger", host="Xochitl"),
    ),
    "facilitator-mail": (
        ["'Boring' UX changes", "facilitator: sim@hci.social"],
        said("'Boring' UX changes", host="sim@hci.social"),
    ),
    "dash-name": (
        ["Property-based testing — Zoe"],
        said("Property-based testing", host="Zoe"),
    ),
    "dash-title": (["VIM - Show & Tell"], said("VIM - Show & Tell")),
    "description-small": (
        ["Packaging BoF", "_wheels, locks, and why", "_uv is so fast"],
        said("Packaging BoF", "wheels, locks, and why uv is so fast"),
    ),
    "description-and-signature": (
        ["Mock tests", "_when they hurt", "_Robert"],
        said("Mock tests", "when they hurt", "Robert"),
    ),
    "label-of-a-form": (
        ["_Open Space:", "TYPE CHECKING"],
        said("TYPE CHECKING"),
    ),
    "bullets": (
        ["Website content", "- Resources", "- Icons", "- Fonts"],
        said("Website content", "- Resources - Icons - Fonts"),
    ),
    "long-of-one-size": (
        [
            "New design-driven projects!",
            "How do we get designers and",
            "developers together and how",
            "do we build trust early on?",
        ],
        said(
            "New design-driven projects!",
            "How do we get designers and developers together and how "
            "do we build trust early on?",
        ),
    ),
    "title-label": (
        ["TITLE: Scaling Celery", "HOST: Ana", "TIME: 4pm", "ROOM: 250DE"],
        said("Scaling Celery", host="Ana", time="4pm", room="ROOM: 250DE"),
    ),
    "address": (
        ["PyZombis MOOC", "bit.ly/PyZombisHandsOn"],
        said("PyZombis MOOC", urls=("bit.ly/PyZombisHandsOn",)),
    ),
    "address-https": (
        ["Docs sprint", "see https://example.org/docs?x=1."],
        said("Docs sprint", urls=("https://example.org/docs?x=1",)),
    ),
    "address-in-title": (
        ["Intro to socket.io"],
        said("Intro to socket.io", urls=("socket.io",)),
    ),
    "mail-is-no-handle": (
        ["Job board", "maya@example.org"],
        said("Job board", "maya@example.org"),
    ),
    "fediverse": (
        ["Fediverse for devs", "@maya@fosstodon.org"],
        said(
            "Fediverse for devs",
            host="@maya@fosstodon.org",
            handles=("@maya@fosstodon.org",),
        ),
    ),
    "hashtag": (
        ["Cython", "#PyConOpenSpace"],
        said("Cython", hashtags=("#PyConOpenSpace",)),
    ),
    "hashtag-in-title": (
        ["We love #Python"],
        said("We love #Python", hashtags=("#Python",)),
    ),
    "sharp-is-no-hashtag": (["C# and F# meet"], said("C# and F# meet")),
    "time-and-room": (
        ["Board games", "7pm\u20138pm", "Room 250DE"],
        said("Board games", time="7pm\u20138pm", room="Room 250DE"),
    ),
    "time-and-room-with-date": (
        ["Board games", "April 29, Room 250DE, 7pm-8pm"],
        said(
            "Board games",
            "April 29, Room 250DE, 7pm-8pm",
            time="7pm-8pm",
            room="Room 250DE",
        ),
    ),
    "time-in-title": (["Run at 14:30"], said("Run at 14:30", time="14:30")),
    "time-after-open-end": (
        ["Slot preference: before", "3 PM"],
        said("Slot preference: before 3 PM", time="3 PM"),
    ),
    "two-times": (
        ["Juggling", "3pm-5pm", "6pm"],
        said("Juggling", "6pm", time="3pm-5pm"),
    ),
    "version-is-no-time": (["Python 3.11 at scale"], said("Python 3.11 at scale")),
    "ratio-is-no-time": (["1:1 coaching 24/7"], said("1:1 coaching 24/7")),
    "room-for": (["Room for improvement"], said("Room for improvement")),
    "table-game": (["Table tennis"], said("Table tennis")),
    "person-card": (
        ["Maya Chen", "_asyncio, hiking, trains"],
        said("Maya Chen", "asyncio, hiking, trains"),
    ),
}
GERMAN = {
    "lines": (
        ["Was ist eine", "Entwicklung?"],
        said("Was ist eine Entwicklung?"),
    ),
    "divided-word": (
        ["Deputats-", "ermäßigung für OER"],
        said("Deputats-ermäßigung für OER"),
    ),
    "composed": (["OER-Videos"], said("OER-Videos")),
    "von": (["Freifunk für alle", "von Jörg"], said("Freifunk für alle", host="Jörg")),
    "mit": (
        ["Metadaten mit Moodle", "_mit Anja Krüger"],
        said("Metadaten mit Moodle", host="Anja Krüger"),
    ),
    "leitung": (
        ["Löten lernen", "Leitung: Ute"],
        said("Löten lernen", host="Ute"),
    ),
    "uhr-und-raum": (
        ["KI im Unterricht", "um 14.30 Uhr in Raum B"],
        said("KI im Unterricht", time="14.30 Uhr", room="Raum B"),
    ),
    "von-bis": (
        ["Kaffee", "10-11 Uhr", "Tisch 4"],
        said("Kaffee", time="10-11 Uhr", room="Tisch 4"),
    ),
    "mittagspause": (["Mittagspause"], said("Mittagspause")),
    "thema": (
        ["Thema: Barrierefreiheit", "Sören"],
        said("Barrierefreiheit", host="Sören"),
    ),
}
NOISY = {
    "blank-after-at": (
        ["Typing", "Maya @ mayacodes"],
        said("Typing", host="Maya", handles=("@mayacodes",)),
    ),
    "at-a-place": (["lunch @ Chipotle"], said("lunch @ Chipotle")),
    "blank-after-hash": (
        ["Cython", "# PyConOpenSpace"],
        said("Cython", hashtags=("#PyConOpenSpace",)),
    ),
    "full-width": (
        ["Ｐｙｃｏｎ ＴＷ", "主持人：小明", "＃PyConTW"],  # noqa: RUF001  (the point)
        said("Pycon TW", host="小明", hashtags=("#PyConTW",)),
    ),
    "spaced-address": (
        ["MOOC", "https: //example.org"],
        said("MOOC", urls=("https://example.org",)),
    ),
    "spaced-mail": (
        ["Job board", "maya @ example.org"],
        said("Job board", "maya@example.org"),
    ),
    "mentions-only": (
        ["@maya", "#PyConOpenSpace"],
        said(
            "@maya #PyConOpenSpace", handles=("@maya",), hashtags=("#PyConOpenSpace",)
        ),
    ),
    "place-only": (["Room 5"], said("Room 5", room="Room 5")),
    "name-only": (["(Paul McGuire)"], said("(Paul McGuire)")),
    "date-only": (
        ["April 29, 7pm"],
        said("April 29, 7pm", time="7pm"),
    ),
    "no-lines": ([], said("")),
    "signs-only": (["???"], said("???")),
}


def table(cards):
    return [pytest.param(*entry, id=name) for name, entry in cards.items()]


@pytest.mark.parametrize(("rows", "expected"), table(ENGLISH))
def test_english_card(rows, expected):
    assert meant(card(*rows)) == expected


@pytest.mark.parametrize(("rows", "expected"), table(GERMAN))
def test_german_card(rows, expected):
    assert meant(card(*rows)) == expected


@pytest.mark.parametrize(("rows", "expected"), table(NOISY))
def test_card_with_slips_of_the_engine(rows, expected):
    assert meant(card(*rows)) == expected


def test_signature_without_a_known_name_is_found_by_size_and_place():
    place = Rect(400, 120, 480, 140).to_quad()
    lines = [*card("Board games", "night"), Line("Xochitl", 0.9, place)]

    assert meant(lines) == said("Board games night", host="Xochitl")


def test_title_ends_where_letters_become_smaller_and_not_within_a_sentence():
    rows = [
        ("NEW DESIGN-DRIVEN", 68),
        ("PROJECTS", 70),
        ("How do we get designers & devs", 52),
        ("together and build trust?", 46),
    ]

    assert meant(lines_of(rows)) == said(
        "NEW DESIGN-DRIVEN PROJECTS",
        "How do we get designers & devs together and build trust?",
    )


WORDS = st.sampled_from(
    [
        *"@#:/-.()",
        *("Maya", "@maya", "#tag", "by", "with", "Host:", "7pm", "14:30", "Python"),
        *("bit.ly/x", "https://x.org", "a@b.org", "Room 5", "Jan E.", "- x", "\u00e4"),
    ]
)
PRINTABLE = st.text(
    st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=30
)
TEXTS = (PRINTABLE | st.lists(WORDS, min_size=1, max_size=6).map(" ".join)).filter(
    lambda text: text.strip() and text.isprintable()
)
CARDS = st.lists(st.tuples(TEXTS, st.floats(2, 90)), max_size=7)


def lines_of(rows):
    lines, top = [], 0.0
    for text, height in rows:
        lines.append(Line(text, 0.5, Rect(0, top, 200, top + height).to_quad()))
        top += height
    return lines


@given(CARDS)
@example([("Host:", 20)])
@example([("Host: @maya", 20), ("@maya", 20)])
@example([("(", 20), ("x", 20)])
def test_fields_of_any_card_are_well_formed(rows):
    fields = parse_fields(lines_of(rows))

    text = "".join(text for text, _ in rows)
    if any(letter.isalpha() for letter in text):
        assert any(letter.isalpha() for letter in fields.title)
    assert all(len(handle) > 2 and handle[0] == "@" for handle in fields.handles)
    assert all(len(hashtag) > 1 and hashtag[0] == "#" for hashtag in fields.hashtags)
    assert all("." in url and not url.isspace() for url in fields.urls)
    assert fields == parse_fields(lines_of(rows))


@given(CARDS)
@example([("A", 20), ("0PM HOST:;0:00", 20)])
@example([("A", 20), ("0PM;0@0.1 HOST:", 20)])
@example([("( )", 20)])
def test_no_word_is_lost(rows):
    fields = parse_fields(lines_of(rows))

    # Labels and fillers ("Host:", "at", "see") may go, what they introduce may not.
    whole = tidy(
        " ".join(filter(None, [fields.title, fields.description, fields.host]))
    )
    kept = "".join(
        [
            whole,
            *fields.handles,
            *fields.hashtags,
            *fields.urls,
            fields.time,
            fields.room,
        ]
    ).casefold()
    for text, _ in rows:
        mention = find_mentions(tidy(text))
        for word in re.findall(r"\w+", mention.text.casefold()):
            assert word in kept or word in LABEL_WORDS


LABEL_WORDS = {"host", "by", "with", "von", "mit", "w"}


@given(st.text(max_size=60))
def test_mentions_of_any_text_are_found_without_an_error(text):
    once = tidy(text)

    assert find_mentions(once).text == find_mentions(once).text.strip()


@pytest.mark.parametrize("letters", ["a" * 5000, "@" * 2000, "a." * 2000, "1:" * 2000])
def test_a_long_line_takes_no_long_time(letters):
    parse_fields(card(letters))


def struck(lines, *numbers):
    """The lines, some of them struck through."""
    return [
        replace(line, struck=number in numbers) for number, line in enumerate(lines)
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            struck(card("Intro to Monads", "_All about tests"), 0, 1),
            said("Intro to Monads", "All about tests", cancelled=True),
            id="all of it",
        ),
        pytest.param(
            struck(card("Intro to Monads", "_All about tests"), 0),
            said("All about tests"),
            id="a title, and smaller words stand",
        ),
        pytest.param(
            struck(card("Intro to Monads", "_14:00", "_by Priya Raman"), 0),
            said("Intro to Monads", host="Priya Raman", time="14:00", cancelled=True),
            id="all but host and time",
        ),
        pytest.param(
            struck(card("Intro to Monads", "_by Priya Raman"), 0),
            said("Intro to Monads", host="Priya Raman", cancelled=True),
            id="all but the host",
        ),
        pytest.param(
            struck(card("Intro to Monats", "Intro to Monads", "_All about tests"), 0),
            said("Intro to Monads", "All about tests"),
            id="a false start",
        ),
        pytest.param(
            struck(card("How to build", "a local", "user group"), 1),
            said("How to build user group"),
            id="words of the title",
        ),
        pytest.param(
            struck(card("Intro to Monads", "_All about tests"), 1),
            said("Intro to Monads"),
            id="the description",
        ),
        pytest.param(
            struck(card("Intro to Monads", "_by Priya Raman"), 1),
            said("Intro to Monads"),
            id="the host",
        ),
    ],
)
def test_struck_words_count_only_if_they_cancel_it(lines, expected):
    assert meant(lines) == expected
