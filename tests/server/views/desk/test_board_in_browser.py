"""The board view in a real browser: by mouse, by keyboard and by thumb."""

import threading
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from werkzeug.wrappers import Response

from calibration.geometry import Rect
from calibration.layout import CellId
from server.schedule.corrections.cell_state import MarkCells
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.join import Join
from server.schedule.corrections.still_there import StillThere
from server.schedule.corrections.typed import Texts
from server.schedule.corrections.written_session import WriteSession
from server.store.corrections import corrections_of

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("friday")]

TYPING, BLANK, KNITTING = (f"#drawn-{name}" for name in
                           ("aa0000000001", "bb0000000002", "cc0000000003"))  # fmt: skip
FREE = "#cell-2-0"
TEN, ELEVEN, ONE = "10:00-11:00", "11:00-12:00", "13:00-14:00"


@pytest.fixture
def acts(site):
    """Return what people changed, one after the other."""

    def acts():
        with site.database.read() as session:
            changes = [entry.change for entry in corrections_of(session, "friday")]
        # What of a card its corrector saw is tested elsewhere.
        return [
            replace(change, seen=None) if isinstance(change, Edit) else change
            for change in changes
        ]

    return acts


@pytest.fixture
def board(visit) -> Page:
    return visit("/desk/friday/board")


@pytest.fixture
def on_phone(visit, phone) -> Page:
    return visit("/desk/friday/board", **phone)


def drag(page: Page, source: str, *targets: str) -> None:
    """Drag the middle of one thing to the middle of another, by way of others."""
    places = []
    for selector in (source, *targets):
        box = page.locator(selector).bounding_box()
        places.append((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def told(page: Page, text: str) -> None:
    expect(page.locator("#told")).to_have_text(text)


def untold(page: Page) -> None:
    """Forget what was told before."""
    page.locator("#told").evaluate("node => { node.textContent = ''; }")


def name_of(page: Page, selector: str) -> str:
    return page.locator(selector).get_attribute("aria-label")


def test_a_card_is_dragged_to_another_cell(board, acts):
    drag(board, f"{TYPING} .bv-outline", f"{FREE} .bv-area")

    told(board, f"“Type checking at scale” is now in Room 303, {TEN}.")
    assert acts() == [Edit("aa0000000001", cell=CellId("Room 303", TEN))]
    assert name_of(board, TYPING) == (
        "Room 303, 10:00, taken: Type checking at scale, not checked"
    )
    cell, card = (
        board.locator(f"{one} rect").first.bounding_box() for one in (FREE, TYPING)
    )
    assert cell["x"] < card["x"] < cell["x"] + cell["width"]


def test_a_card_that_is_dropped_where_it_was_stays(board, acts):
    drag(board, f"{TYPING} .bv-outline", f"{FREE} .bv-area", "#cell-0-0 .bv-area")

    told(board, "“Type checking at scale” stays where it is.")
    assert acts() == []


def test_a_card_is_stretched_by_its_handle(board, acts):
    board.locator(f"{KNITTING} .bv-outline").click()
    board.locator("#panel", has_text="Knitting").wait_for()
    drag(board, f"{KNITTING} .bv-handle", "#cell-0-2 .bv-area")

    told(board, "“Knitting” now lasts until 14:00.")
    assert acts() == [Edit("cc0000000003", until="14:00")]
    assert "until 14:00" in name_of(board, KNITTING)
    assert name_of(board, "#cell-0-2") == "Room 301, 13:00, taken: Knitting"


def test_a_card_that_is_clicked_is_corrected_beside_the_board(board, acts):
    board.locator(f"{KNITTING} .bv-outline").dblclick()
    expect(board.locator("[name=title]")).to_be_focused()
    board.keyboard.press("Control+A")
    board.keyboard.type("Knitting in the round")
    board.keyboard.press("Enter")

    told(board, "Saved.")
    assert acts() == [Edit("cc0000000003", title="Knitting in the round")]
    assert name_of(board, KNITTING) == "Room 301, 11:00, taken: Knitting in the round"


def test_what_is_typed_before_the_fields_are_there_is_no_key(board, acts, first_of):
    """On a slow line who goes on typing hides no card."""
    waiting = []

    def hold(route):
        waiting.append(route)

    board.route("**/board?at=*", hold)
    board.locator(KNITTING).focus()
    for key in ("Enter", "h", "m", "+"):
        board.keyboard.press(key)
    first_of(waiting, board).continue_()

    expect(board.locator("[name=title]")).to_be_focused()
    assert (board.input_value("[name=title]"), acts()) == ("Knitting", [])
    assert board.inner_text("#told") == ""


def test_arrows_go_from_cell_to_cell(board):
    board.locator(TYPING).focus()
    names = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft",
                "ArrowLeft", "ArrowUp"):  # fmt: skip
        board.keyboard.press(key)
        names.append(focused(board))

    assert names == [
        "Room 302, 10:00, taken: unreadable card, not checked",
        "Room 303, 10:00, free",
        "Room 303, 10:00, free",
        "Room 303, 11:00, not visible",
        "Room 302, 11:00, not visible",
        "Room 301, 11:00, taken: Knitting, not checked",
        "Room 301, 10:00, taken: Type checking at scale, not checked",
    ]


def test_one_press_of_tab_goes_to_the_board_and_one_on(board):
    board.locator(TYPING).focus()
    board.keyboard.press("ArrowRight")
    board.keyboard.press("Tab")
    board.keyboard.press("Shift+Tab")

    assert focused(board) == "Room 302, 10:00, taken: unreadable card, not checked"


def test_a_card_is_moved_with_the_keyboard(board, acts):
    board.locator(TYPING).focus()
    board.keyboard.press("m")
    told(
        board,
        "Moving “Type checking at scale”. "
        "Choose a cell; Enter puts it there, Escape leaves it.",
    )
    board.keyboard.press("ArrowDown")
    told(board, "Room 301, 11:00, taken: Knitting")
    board.keyboard.press("ArrowRight")
    board.keyboard.press("Enter")

    told(board, f"“Type checking at scale” is now in Room 302, {ELEVEN}.")
    assert acts() == [Edit("aa0000000001", cell=CellId("Room 302", ELEVEN))]
    assert (
        focused(board) == "Room 302, 11:00, taken: Type checking at scale, not checked"
    )


def test_escape_leaves_a_card_where_it_is(board, acts):
    board.locator(TYPING).focus()
    for key in ("m", "ArrowDown", "Escape", "ArrowDown"):
        board.keyboard.press(key)

    told(board, "Nothing was changed.")
    assert (focused(board), acts()) == (
        "Room 301, 11:00, taken: Knitting, not checked",
        [],
    )


def test_a_card_is_stretched_and_shortened_with_the_keyboard(board, acts):
    board.locator(KNITTING).focus()
    board.keyboard.press("+")
    told(board, "“Knitting” now lasts until 14:00.")
    board.keyboard.press("+")
    told(board, "“Knitting” cannot end there.")
    board.keyboard.press("-")
    told(board, "“Knitting” now lasts until 12:00.")

    assert acts() == [
        Edit("cc0000000003", until="14:00"),
        Edit("cc0000000003", until="12:00"),
    ]
    assert focused(board) == "Room 301, 11:00, taken: Knitting, not checked"


def test_what_is_no_card_is_hidden_and_comes_back(board, acts):
    board.locator(BLANK).focus()
    board.keyboard.press("h")
    told(board, "“unreadable card” is hidden. It is in the list of hidden cards.")
    assert focused(board) == "Room 302, 10:00, not visible"

    board.get_by_role("button", name="Show again").click()

    board.locator(BLANK).wait_for()
    assert acts() == [
        Edit("bb0000000002", hidden=True),
        Edit("bb0000000002", hidden=False),
    ]


def test_what_was_done_last_is_taken_back(board):
    board.locator(KNITTING).focus()
    board.keyboard.press("+")
    told(board, "“Knitting” now lasts until 14:00.")
    board.keyboard.press("Control+z")
    told(board, "Taken back.")
    assert focused(board) == "Room 301, 11:00, taken: Knitting, not checked"
    board.keyboard.press("Control+z")

    told(board, "There is nothing to take back.")


def test_escape_goes_from_the_form_back_to_the_board(board):
    board.locator(KNITTING).focus()
    board.keyboard.press("Enter")
    expect(board.locator("[name=title]")).to_be_focused()
    board.keyboard.press("Escape")

    assert focused(board) == "Room 301, 11:00, taken: Knitting, not checked"


def test_by_thumb_a_card_is_moved_stretched_and_hidden(on_phone, acts):
    on_phone.locator(f"{TYPING} .bv-outline").tap()
    on_phone.get_by_role("button", name="Move").tap()
    on_phone.locator(f"{FREE} .bv-area").tap()
    told(on_phone, f"“Type checking at scale” is now in Room 303, {TEN}.")
    on_phone.get_by_role("button", name="Longer").first.tap()
    told(on_phone, "“Type checking at scale” now lasts until 12:00.")
    on_phone.get_by_role("toolbar").get_by_role("button", name="Hide").tap()
    told(
        on_phone,
        "“Type checking at scale” is hidden. It is in the list of hidden cards.",
    )

    assert acts() == [
        Edit("aa0000000001", cell=CellId("Room 303", TEN)),
        Edit("aa0000000001", until="12:00"),
        Edit("aa0000000001", hidden=True),
    ]
    assert on_phone.evaluate("document.documentElement.scrollWidth") == 390


def test_what_can_be_done_is_within_reach_of_a_thumb(on_phone):
    on_phone.locator(f"{TYPING} .bv-outline").tap()
    on_phone.locator("#panel", has_text="Type checking").wait_for()

    sizes = [
        box
        for button in on_phone.locator("#tools button:visible").all()
        if (box := button.bounding_box())
    ]
    assert len(sizes) > 3
    assert min(box["height"] for box in sizes) >= 44
    assert min(box["y"] for box in sizes) > 750


def test_what_is_typed_is_not_lost_to_another_card(board):
    board.locator(KNITTING).focus()
    board.keyboard.press("Enter")
    expect(board.locator("[name=title]")).to_be_focused()
    board.keyboard.type("Knitting in the round")
    board.locator(f"{TYPING} .bv-outline").click()

    told(board, "What you typed is not saved yet: save it, or drop it with Escape.")
    expect(board.locator("[name=title]")).to_be_focused()
    assert board.input_value("[name=title]") == "Knitting in the round"
    board.keyboard.press("Escape")
    assert board.input_value("[name=title]") == "Knitting"


def test_what_was_asked_for_before_is_not_drawn_over_what_came_since(board, line):
    may_go = threading.Event()

    def late(environ, start_response):
        if TYPING[1:] in environ["QUERY_STRING"]:
            may_go.wait(10)
        return line.app(environ, start_response)

    line.answers["/friday/board"] = late
    with board.expect_response(f"**/board?at={TYPING[1:]}") as first:
        board.locator(f"{TYPING} .bv-outline").click()
        board.locator(f"{KNITTING} .bv-outline").click()
        expect(board.locator("#panel [name=title]")).to_have_value("Knitting")
        may_go.set()
    first.value.finished()
    board.evaluate("new Promise((done) => setTimeout(done, 50))")

    assert board.input_value("#panel [name=title]") == "Knitting"


def test_two_cards_that_are_one_are_joined_with_the_keyboard(board, acts):
    board.locator(TYPING).focus()
    for key in ("j", "ArrowRight", "Enter"):
        board.keyboard.press(key)

    told(board, "“Type checking at scale” and “unreadable card” are one card now.")
    assert acts() == [Join("aa0000000001", ("bb0000000002",))]
    assert board.locator(BLANK).count() == 0
    assert focused(board) == (
        "Room 301, 10:00, taken: Type checking at scale, not checked"
    )


@pytest.mark.parametrize(
    ("button", "change"),
    [
        ("They are one card", Join("aa0000000001", ("bb0000000002",))),
        ("Put it there", Edit("bb0000000002", cell=CellId("Room 301", TEN))),
    ],
)
def test_a_card_that_is_dropped_on_another_is_asked_about(board, acts, button, change):
    for answer, expected in (("Leave it", []), (button, [change])):
        untold(board)
        drag(board, f"{BLANK} .bv-outline", f"{TYPING} .bv-outline")
        board.get_by_role("dialog").get_by_role("button", name=answer).click()

        expect(board.locator("#told")).not_to_have_text("")
        expect(board.locator("#told")).not_to_have_text("Saving…")
        assert acts() == expected


def test_by_thumb_two_cards_that_are_one_are_joined(on_phone, acts):
    on_phone.locator(f"{TYPING} .bv-outline").tap()
    on_phone.get_by_role("toolbar").get_by_role("button", name="Join").tap()
    on_phone.locator(f"{FREE} .bv-area").tap()
    told(on_phone, "Choose another card: the one that is the same.")
    on_phone.get_by_role("toolbar").get_by_role("button", name="Join").tap()
    on_phone.locator(f"{KNITTING} .bv-outline").tap()

    told(on_phone, "“Type checking at scale” and “Knitting” are one card now.")
    assert acts() == [Join("aa0000000001", ("cc0000000003",))]


def test_a_card_that_is_two_is_split_with_the_keyboard(board, acts):
    board.locator(TYPING).focus()
    board.keyboard.press("x")
    expect(board.locator("#cut-at")).to_be_focused()
    for key in (*["ArrowRight"] * 10, "Tab", "Enter"):
        board.keyboard.press(key)

    told(board, "They are two cards now. What the other one says is to be typed.")
    (split,) = acts()
    assert (split.card, split.rect_fraction, split.part_rect_fraction) == (
        "aa0000000001",
        Rect(0, 0, 1, 0.6),
        Rect(0, 0.6, 1, 1),
    )
    part = f"#drawn-{split.part}"
    assert "unreadable card, card 2 of 2" in name_of(board, part)
    assert board.locator("#panel-heading").inner_text() == name_of(board, part)


@pytest.mark.parametrize("by", ["board", "on_phone"])
def test_a_line_across_a_card_splits_it(request, acts, by):
    page = request.getfixturevalue(by)
    page.locator(f"{TYPING} .bv-outline").click()
    page.get_by_role("toolbar").get_by_role("button", name="Split").click()
    expect(page.locator("#cut-at")).to_be_focused()
    crop = page.locator(".bv-crop")
    crop.scroll_into_view_if_needed()
    box = crop.bounding_box()
    x = box["x"] + 0.25 * box["width"]
    page.mouse.move(x, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(x + 2, box["y"] + box["height"] - 5, steps=3)
    page.mouse.up()
    page.get_by_role("button", name="Split it here").click()

    told(page, "They are two cards now. What the other one says is to be typed.")
    (split,) = acts()
    assert split.part_rect_fraction.left == pytest.approx(0.25, abs=0.02)
    assert (split.part_rect_fraction.top, split.part_rect_fraction.right) == (0, 1)


def test_a_card_that_was_not_found_is_drawn(board, acts):
    board.get_by_role("button", name="Draw a card").click()
    box = board.locator("#drawing").bounding_box()
    left, top = box["x"] + 0.7 * box["width"], box["y"] + 0.05 * box["height"]
    board.mouse.move(left, top)
    board.mouse.down()
    board.mouse.move(left + 0.2 * box["width"], top + 0.2 * box["height"], steps=4)
    board.mouse.up()
    told(board, "Type what the card says, and add it.")
    expect(board.locator("#draw [name=title]")).to_be_focused()
    board.keyboard.type("Chess")
    board.keyboard.press("Enter")

    told(board, "The card is on the board.")
    (draw,) = acts()
    assert (draw.cell, draw.texts) == (CellId("Room 303", TEN), Texts("Chess"))
    corners = draw.rect_fraction.to_quad().to_array()
    assert corners == pytest.approx(
        Rect(0.7, 0.05, 0.9, 0.25).to_quad().to_array(), abs=0.01
    )
    outline = board.locator(f"#drawn-{draw.card} .bv-outline").get_attribute("points")
    assert [float(number) for number in outline.replace(",", " ").split()] == (
        pytest.approx([840, 30, 1080, 30, 1080, 150, 840, 150], abs=6)
    )
    assert board.locator("#bv-new").count() == 0


def test_with_the_keyboard_a_card_is_drawn_that_fills_its_cell(board, acts):
    board.locator(TYPING).focus()
    for key in ("ArrowRight", "ArrowRight", "d", "Enter"):
        board.keyboard.press(key)
    expect(board.locator("#draw [name=title]")).to_be_focused()
    board.keyboard.type("Chess")
    board.keyboard.press("Enter")

    told(board, "The card is on the board.")
    (draw,) = acts()
    assert draw.rect_fraction.left == pytest.approx(2 / 3, abs=1e-4)
    assert draw.rect_fraction.bottom == pytest.approx(1 / 3, abs=1e-4)
    assert focused(board) == "Room 303, 10:00, taken: Chess"


def test_a_cell_is_marked_with_one_key(board, acts):
    cell = CellId("Room 303", TEN)
    board.locator(FREE).focus()
    board.keyboard.press("t")
    told(board, f"Room 303, {TEN} is taken.")
    assert focused(board) == "Room 303, 10:00, taken"
    board.keyboard.press("f")
    told(board, f"Room 303, {TEN} is free.")

    assert acts() == [MarkCells((cell,), "taken"), MarkCells((cell,), "free")]
    assert focused(board) == "Room 303, 10:00, free"


def test_a_room_is_blocked_for_a_span_of_hours_with_the_keyboard(board, acts):
    board.locator("#cell-1-1").focus()
    board.keyboard.press("b")
    expect(board.locator("[name=reason]")).to_be_focused()
    board.keyboard.type("Wet floor")
    board.keyboard.press("Shift+Tab")
    board.keyboard.press("ArrowDown")
    for key in ("Tab", "Enter"):
        board.keyboard.press(key)

    told(board, "It is marked.")
    cells = (CellId("Room 302", ELEVEN), CellId("Room 302", ONE))
    assert acts() == [MarkCells(cells, "blocked", "Wet floor")]
    assert name_of(board, "#cell-1-2") == "Room 302, 13:00, blocked: Wet floor"


def test_by_thumb_a_cell_is_blocked_and_as_photographed_again(on_phone, acts):
    on_phone.locator(f"{FREE} .bv-area").tap()
    on_phone.get_by_role("button", name="Blocked…").tap()
    on_phone.locator("[name=reason]").fill("Wet floor")
    on_phone.get_by_role("button", name="Blocked", exact=True).tap()
    told(on_phone, "It is marked.")
    on_phone.get_by_role("button", name="As photographed").tap()

    expect(on_phone.locator(FREE)).to_have_attribute(
        "aria-label", "Room 303, 10:00, free"
    )
    cells = (CellId("Room 303", TEN),)
    assert acts() == [
        MarkCells(cells, "blocked", "Wet floor"),
        MarkCells(cells, "as photographed"),
    ]


def test_a_session_that_no_card_shows_is_put_in_with_the_keyboard(board, acts):
    board.locator(FREE).focus()
    board.keyboard.press("s")
    expect(board.locator("#write [name=title]")).to_be_focused()
    board.keyboard.type("Go")
    board.keyboard.press("Enter")

    told(board, "The session is on the board.")
    assert acts() == [
        WriteSession.of("friday", CellId("Room 303", TEN), Texts("Go"), until="11:00")
    ]
    assert focused(board) == "Room 303, 10:00, taken: Go, no card seen yet"


def test_a_card_that_left_the_board_comes_back(board, seeder, clock, acts):
    clock.at(10, 30)
    seeder.photo(gone=("cc0000000003",), at=clock())
    board.reload()
    board.get_by_role("button", name="Still there").click()

    told(board, "Saved.")
    assert acts() == [StillThere(("cc0000000003",))]
    assert "Knitting" in name_of(board, KNITTING)


def test_what_others_do_is_let_in_but_not_over_what_is_typed(board, seeder, make_post):
    board.locator(KNITTING).focus()
    board.keyboard.press("Enter")
    expect(board.locator("[name=title]")).to_be_focused()
    board.evaluate("look()")
    board.keyboard.type("Knitting in the round")
    seeder.photo(
        make_post("dd0000000004", room="Room 303", title="Sourdough"),
        at=seeder.site.clock(),
    )
    board.evaluate("look()")

    expect(board.locator("#drawn-dd0000000004")).to_have_count(1)
    assert board.input_value("[name=title]") == "Knitting in the round"


def test_what_was_not_saved_is_said_and_changes_nothing(board, window, line, acts):
    board.locator(TYPING).focus()
    before = board.locator("#drawing").inner_html()
    portal = Response("<h1>Sign in to the hotel</h1>")
    for answer in (None, portal, Response("<h1>Bad gateway</h1>", 502)):
        untold(board)
        line.answers["/cards/"] = answer
        board.keyboard.press("+")

        expect(board.locator("#told")).to_contain_text("Not saved.")
        expect(board.locator("#told")).to_contain_text("Nothing is changed here")
        assert board.locator("#drawing").inner_html() == before
        assert acts() == []
    # A browser notes each request that failed.
    window.complaints.clear()


def test_what_is_refused_says_why(board, window):
    board.locator(TYPING).focus()
    board.locator(FREE).evaluate("node => { node.dataset.room = 'Attic'; }")
    for key in ("m", "ArrowRight", "ArrowRight", "Enter"):
        board.keyboard.press(key)

    told(
        board,
        "Not saved. A card needs both a room and an hour of this board. "
        "Choose both, or put both back as they were.",
    )
    window.complaints.clear()


def test_the_picture_is_enlarged_around_what_is_chosen(on_phone):
    width = on_phone.locator("#drawing").bounding_box()["width"]
    on_phone.locator(f"{KNITTING} .bv-outline").tap()
    expect(on_phone.locator("#panel-heading")).to_contain_text("Knitting")
    for zoom in (2, 4):
        on_phone.locator(f"[data-zoom='{zoom}']").tap()

        larger = on_phone.locator("#drawing").bounding_box()["width"]
        assert larger == pytest.approx(width * zoom, rel=0.01)
        assert on_phone.evaluate("document.documentElement.scrollWidth") == 390


def test_without_scripts_links_and_forms_do_it(visit, acts):
    page = visit("/desk/friday/board", java_script_enabled=False)
    page.locator(KNITTING).focus()
    page.keyboard.press("Enter")
    page.get_by_label("Until").select_option("14:00")
    page.get_by_role("button", name="It ends then").click()

    assert acts() == [Edit("cc0000000003", until="14:00")]
    assert "until 14:00" in page.inner_text("#panel-heading")
