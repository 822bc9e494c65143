"""The pages in a real browser: width, errors, keyboard."""

from dataclasses import replace
from itertools import product
from urllib.parse import urlsplit

import pytest

from calibration.profile import save_profile
from server.event_file import read_event_file
from server.store.corrections import held_photos
from server.store.photos import (
    photo,
    set_outcome,
)
from server.store.profiles import add_profile

pytestmark = pytest.mark.browser


def width_at(page, width):
    """Return how wide a page is in a window of this width."""
    page.set_viewport_size({"width": width, "height": 800})
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.usefixtures("friday")
def test_page_fits_its_width(open_page):
    widths = {}
    for path in ("/os", "/os/s/aa0000000001", "/os/saturday"):
        page = open_page(path, 360, "dark")
        for width in (360, 768, 1280):
            widths[path, width] = width_at(page, width)

    assert widths == {(path, width): width for path, width in widths}


def test_desk_and_capture_fit_their_width(desk):
    widths = [width_at(desk, width) for width in (360, 1280)]
    desk.goto(desk.url.replace("/desk/friday", "/capture"))

    assert [*widths, width_at(desk, 1280), width_at(desk, 360)] == [
        *(360, 1280),
        *(1280, 360),
    ]


@pytest.fixture
def long_names(site, profile):
    """The site's rooms, boards and event have names of one long word."""
    friday, *others = profile.boards
    rooms = ("W" * 190, "Donaudampfschifffahrtsgesellschaftskapitaen " * 4 + "x", "A")
    layout = replace(friday.layout, rooms=rooms, blocked={})
    long = replace(
        profile,
        event=replace(profile.event, name="E" * 190, hashtag="#" + "h" * 190),
        boards=(replace(friday, title="T" * 190, layout=layout), *others),
    )
    save_profile(long, site.settings.profile_path)
    with site.database.write() as session:
        file = read_event_file(site.settings.profile_path)
        taken_up = add_profile(session, file, site.clock())
    # The same site for all, before anything looks at it.
    object.__setattr__(site, "profile", taken_up.profile)
    object.__setattr__(site, "profile_version", taken_up.version)
    return rooms


def test_long_names_stay_within_the_width(open_page, site, seeder, long_names):
    seeder.photo(cells={(room, "10:00-11:00"): "free" for room in long_names})
    open_page(f"/sign-in/{site.tokens.issue('facilitator', 'x' * 60)}")

    over = {}
    for path in ("/os/friday", "/os/saturday", "/desk/friday", "/capture"):
        for width in (390, 1280):
            page = open_page(path, width)
            taken = page.evaluate("document.documentElement.scrollWidth")
            over[path, width] = taken - width

    assert over == dict.fromkeys(over, 0)


@pytest.mark.usefixtures("friday")
def test_board_page_is_whole_without_scripts(open_page, window):
    page = open_page("/os", page=window(java_script_enabled=False))

    assert page.locator(".card-title").count() == 3
    assert not page.locator("#filter").is_visible()


@pytest.mark.usefixtures("doubtful")
def test_card_in_doubt_is_shown_by_its_picture_first(open_page):
    page = open_page("/os")

    for width, (name, heading) in product((1280, 390), (
        ("A card that is hard to read. Perhaps: Knittinq patterns",
         "Perhaps: Knittinq patterns"),
        ("A card whose text could not be read", "Unreadable card"),
    )):  # fmt: skip
        assert width_at(page, width) <= width
        picture = page.get_by_role("img", name=name).bounding_box()
        title = page.get_by_role("heading", name=heading).bounding_box()
        card = page.locator(".card", has_text=heading).bounding_box()
        assert picture["y"] + picture["height"] <= title["y"]
        assert picture["width"] > 0.95 * card["width"]
    assert page.get_by_role("heading", name="Type checking").count() == 1


@pytest.mark.usefixtures("friday")
def test_finding_shows_what_matches_only(open_page):
    page = open_page("/os")

    page.fill("#filter", "knit room 301")
    titles = page.locator(".card-title:visible").all_inner_texts()
    page.fill("#filter", "nothing like it")

    assert titles == ["Knitting"]
    assert page.locator(".none-found").is_visible()
    assert page.locator(".card-title:visible").count() == 0


@pytest.mark.usefixtures("friday")
def test_finding_is_not_particular_about_how_a_word_is_written(open_page):
    page = open_page("/os")
    alike = [
        *(
            ("Stra\u00dfe", "STRASSE"),
            ("strasse", "Stra\u00dfe"),
            ("Stra\u1e9ee", "strasse"),
        ),
        *(("Caf\u00e9", "cafe"), ("cafe", "cafe\u0301"), ("S\u00f8ren", "soren")),
        *(
            ("\u0130stanbul", "istanbul"),
            ("I\u015f\u0131k", "isik"),
            ("ISIK", "\u0131\u015f\u0131k"),
        ),
        *(("\uff30\uff39thon", "python"), ("\u30ab\u30d5\u30a7", "\uff76\uff8c\uff6a")),
        *(
            ("\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03cc\u03c2"),
            ("\u0401\u043b\u043a\u0430", "\u0435\u043b\u043a\u0430"),
        ),
        *(("what\u2019s new", "what's"), ("it's", "it\u2019s"), ("co\u00adop", "coop")),
        *(
            (
                "\u200f\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd",
                "\u05e9\u05dc\u05d5\u05dd",
            ),
            ("\ufb01lm", "film"),
        ),
        *(
            ("\u7dda\u8def\u3000\u56f3", "\u56f3"),
            ("10\u201311", "10-11"),
            ("\u00c6r\u00f8", "aero"),
        ),
        *(("Z\u00fcrich", "zurich"), ("Z\u00fcrich", "ZUERICH")),
        *(("Zurich", "z\u00fcrich"), ("Zuerich", "z\u00fcrich")),
        *(("Zu\u0308rich", "zuerich"), ("S\u00f8ren", "soeren"), ("\u00c5se", "aase")),
        *(("ni\u00f1o", "nino"), ("nino", "ni\u00f1o"), ("gar\u00e7on", "GARCON")),
    ]

    found = page.evaluate(
        "pairs => pairs.map(([text, word]) => matches(text, word))", alike
    )
    other = page.evaluate("matches('\u304b\u306a', '\u304c')")
    page.fill("#filter", "\uff2b\uff2e\u00cfTTING\u3000ROOM")

    assert (found, other) == ([True] * len(alike), False)
    assert page.locator(".card-title:visible").all_inner_texts() == ["Knitting"]


def test_cards_are_found_without_their_accents(open_page, seeder, make_post):
    titles = ("Straßenkarten für Zürich", "Café à Genève", "Diseño para niños")
    seeder.photo(
        *(
            make_post(f"{number}a0000000001", room=f"Room 30{number}", title=title)
            for number, title in enumerate(titles, start=1)
        )
    )
    page = open_page("/os", width=390)
    typed = {
        titles[0]: ("zurich", "zuerich", "ZÜRICH", "strassenkarten fuer"),
        titles[1]: ("cafe geneve", "café", "CAFE A"),
        titles[2]: ("diseno", "ninos", "diseño"),
    }
    found = {}
    for title, texts in typed.items():
        for text in texts:
            page.fill("#filter", text)
            shown = page.locator(".card-title:visible").all_inner_texts()
            found.setdefault(title, []).extend(shown)

    assert found == {title: [title] * len(texts) for title, texts in typed.items()}


@pytest.mark.usefixtures("friday")
def test_open_page_takes_in_a_new_release(open_page, seeder, make_post):
    page = open_page("/os")
    page.fill("#filter", "sourdough")

    seeder.photo(
        make_post("dd0000000004", room="Room 303", title="Sourdough"),
        at=seeder.site.clock(),
    )
    page.evaluate("look()")

    assert page.locator(".card-title:visible").all_inner_texts() == ["Sourdough"]
    assert page.input_value("#filter") == "sourdough"


def test_photo_that_failed_is_tried_again_with_the_keyboard(desk, site, friday):
    with site.database.write() as session:
        set_outcome(
            session,
            friday.photo_id,
            "failed",
            "Boardcast broke down on this photo 3 times.",
            "The photo is kept, and can be tried again at the desk.",
        )
    desk.reload()
    button = desk.locator("#photos button", has_text="Try again")
    assert [width_at(desk, width) for width in (1280, 390)] == [1280, 390]

    button.focus()
    with desk.expect_navigation():
        desk.keyboard.press("Enter")

    assert urlsplit(desk.url).fragment == "photos"
    assert button.count() == 0
    with site.database.read() as session:
        # It was straightened before: it goes on from there.
        assert photo(session, friday.photo_id).state == "straightened"


def test_photo_is_taken_back_put_back_and_given_a_time_with_the_keyboard(
    desk, site, friday
):
    def pressed(name):
        desk.locator("#photos button", has_text=name).focus()
        with desk.expect_navigation():
            desk.keyboard.press("Enter")
        assert [width_at(desk, width) for width in (1280, 390)] == [1280, 390]
        return desk.inner_text("#photos strong")

    assert pressed("Take back") == "Taken back"
    assert pressed("Put back").startswith("Read")
    desk.locator("#photos summary").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.type("0815AM")
    pressed("Set the time")
    assert "taken 08:15 as Ada says" in " ".join(desk.inner_text("#photos").split())
    with site.database.read() as session:
        said = held_photos(session)[friday.photo_id]
    assert said.time.at.hour == 8
