"""Letters typed into a card's field "Fix", and where they go."""

import random

import pytest
from playwright.sync_api import Page, expect

from server.store.corrections import corrections_of

pytestmark = pytest.mark.browser

CARD = "aa0000000001"
TITLE, HOST = "Kubemetes for all", "Roso"
FIX = f"#card-{CARD} [data-fix]"

FIND = """([fields, typed, known, unsure]) =>
  mender(fields, (word) => known.includes(word), (word) => unsure.includes(word))(typed)"""


@pytest.fixture
def desk(open_page, signed_in, seeder, make_post) -> Page:
    """A desk with a card of which two words are misread."""
    seeder.photo(make_post(CARD, title=TITLE, host=HOST, lines=(TITLE, HOST)))
    signed_in(open_page.page)
    page = open_page("/desk/friday")
    page.wait_for_selector("#desk:not([data-words])")
    page.locator("[name=way]:focus").wait_for()
    return page


def fields(page):
    names = ("title", "description", "host")
    return [page.input_value(f"#card-{CARD} [name={name}]") for name in names]


def test_letters_find_their_places(desk):
    """One page for all: what is asked of it has no state."""
    known = ["kubernetes", "for", "all", "rosa", "tea", "sourdough", "unit", "tests"]
    cases = (
        ((TITLE, "", HOST), "rn", ("Kubernetes for all", "", HOST)),
        ((TITLE, "", HOST), "rna", ("Kubernetes for all", "", "Rosa")),
        ((TITLE, "", HOST), "Rosa", (TITLE, "", "Rosa")),
        (("Sour dough", "", ""), "rd", ("Sourdough", "", "")),
        (("Tea tor all", "", ""), "f", ("Tea for all", "", "")),
        (("Tea for all", "a\nb", ""), "Jo", ("Tea for all", "a\nb", "Jo")),
        (("Unit tests MOST:", "", "Jo"), "ts", ("Unit tests", "", "Jo")),
        (("Tea", "", "Wl Rosa"), "Ro", ("Tea", "", "Rosa")),
        (("Tea \N{SNAKE} tor all", "", ""), "f", ("Tea \N{SNAKE} for all", "", "")),
        # A sign of an icon font, too.
        (("Tea \ue000 tor", "\N{CRAB}", ""), "f", ("Tea \ue000 for", "\N{CRAB}", "")),
    )

    for stands, typed, wanted in cases:
        found = desk.evaluate(FIND, [stands, typed, known, []])

        assert tuple(found[0]) == wanted, (stands, typed)


def test_where_two_places_fit_the_unsure_word_comes_first(desk):
    for unsure in ("far", "fan"):
        found = desk.evaluate(FIND, [("Tea far", "", "Jo fan"), "o", [], [unsure]])

        wanted = {"far": ["Tea for", "", "Jo fan"], "fan": ["Tea far", "", "Jo fon"]}
        assert found[0] == wanted[unsure]


def test_nothing_that_is_typed_is_lost(desk):
    """Whatever it is: each text that is offered has all of its letters in their order."""
    chance = random.Random(13)  # noqa: S311  (no secret)
    letters = "abcrmn STX.\N{CRAB}\N{LATIN SMALL LETTER N WITH TILDE}"
    for _ in range(30):
        stands = [
            "".join(chance.choices(letters, k=chance.randrange(12))) for _ in "123"
        ]
        typed = "".join(chance.choices(letters, k=chance.randrange(1, 6)))

        for found in desk.evaluate(FIND, [stands, typed, ["ab", "cab"], ["ab"]]):
            rest = iter("".join(found))
            assert found != stands
            assert all(letter in rest for letter in typed), (stands, typed, found)


def test_card_of_thousands_of_characters_is_fixed_but_for_the_long_field(desk):
    stands = ["Tea tor all", "word " * 1000, "Jo"]

    found = desk.evaluate(FIND, [stands, "f", ["tea", "for", "all"], []])

    assert found[0] == ["Tea for all", stands[1], "Jo"]


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 900)])
def test_misread_words_are_fixed_by_keys_and_by_thumb(desk, site, width, height):
    desk.set_viewport_size({"width": width, "height": height})
    if width < 1000:
        desk.locator(FIX).click()
        desk.keyboard.type("rn")
        desk.get_by_role("button", name="Another place").click()
        other = fields(desk)
        desk.keyboard.press("ArrowUp")
        desk.get_by_role("button", name="Take it, go on").click()
    else:
        desk.keyboard.press("f")
        desk.keyboard.type("rn")
        desk.keyboard.press("ArrowDown")
        other = fields(desk)
        desk.keyboard.press("ArrowUp")
        desk.keyboard.press("ArrowRight")
    taken = fields(desk), desk.input_value(FIX)
    desk.keyboard.type("a")
    expect(desk.locator(".current output ins")).to_have_text("Rosa")
    desk.keyboard.press("Backspace")
    back = fields(desk)
    desk.keyboard.type("a")
    desk.keyboard.press("Enter")
    desk.locator(f"#card-{CARD}.desk-checked").wait_for(state="attached")

    assert other != ["Kubernetes for all", "", HOST]
    assert taken == (["Kubernetes for all", "", HOST], "")
    assert back == taken[0]
    assert fields(desk) == ["Kubernetes for all", "", "Rosa"]
    with site.database.read() as session:
        (change,) = [one.change for one in corrections_of(session, "friday")]
    assert change.fields == {"title": "Kubernetes for all", "host": "Rosa"}


def test_what_was_typed_to_fix_is_put_back_by_escape(desk):
    desk.keyboard.press("f")
    desk.keyboard.type("rn")
    desk.keyboard.press("Escape")

    assert (fields(desk), desk.input_value(FIX)) == ([TITLE, "", HOST], "")
    expect(desk.locator("[name=way]:focus")).to_be_visible()


def test_what_is_put_in_is_kept_without_any_key(desk):
    """By dictation, a paste or a tap: the page may be closed at once."""
    desk.locator(FIX).fill("rn")
    by_paste = kept(desk)
    desk.get_by_role("button", name="Another place").click()

    assert by_paste == "Kubernetes for all"
    assert kept(desk) == fields(desk)[0] != by_paste


def kept(page):
    """The title that this browser keeps of what is typed."""
    entries = page.evaluate("() => Object.values(localStorage).map(JSON.parse)")
    (entry,) = [one for one in entries if one["state"] == "typed"]
    return dict(entry["fields"])["title"]


def test_letters_typed_while_the_card_is_saved_stay_in_the_field(desk, first_of):
    """The card is drawn anew under them, with the answer."""
    held = []
    desk.route("**/desk/friday/cards/*", lambda route: held.append(route))  # noqa: PLW0108  (Playwright counts its arguments)
    # Shown anew with it: what a page that is there sends could get past.
    desk.reload()
    desk.locator("[name=way]:focus").wait_for()
    desk.keyboard.press("Enter")
    desk.locator(f"#card-{CARD}[data-saving]").wait_for()
    desk.locator(f"#card-{CARD} h2 button").click()
    desk.keyboard.press("f")
    first_of(held, desk).continue_()
    desk.locator(f"#card-{CARD}.desk-checked").wait_for()
    desk.keyboard.type("rn")

    assert fields(desk) == ["Kubernetes for all", "", HOST]


def test_undo_puts_back_what_was_put_in_last_before_any_save(desk, site):
    """Twice, and no act that is saved is taken back instead."""
    desk.locator(f"#card-{CARD} [name=host]").fill("Rosi")
    desk.locator(f"#card-{CARD} [name=host]").press("Enter")
    desk.locator(f"#card-{CARD}.desk-checked").wait_for(state="attached")
    desk.locator(f"#card-{CARD} h2 button").click()
    desk.keyboard.press("f")
    for letters in ("rn", "a"):
        desk.keyboard.type(letters)
        desk.keyboard.press("ArrowRight")
    both = fields(desk)
    desk.keyboard.press("Control+z")
    one = fields(desk)
    desk.keyboard.press("Control+z")

    assert both == ["Kubernetes for all", "", "Rosa"]
    assert (one, fields(desk)) == (
        ["Kubernetes for all", "", "Rosi"],
        [TITLE, "", "Rosi"],
    )
    with site.database.read() as session:
        assert [entry.undone for entry in corrections_of(session, "friday")] == [False]
