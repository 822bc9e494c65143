"""A person sets a board up: with the mouse, by thumb and by keyboard."""

import datetime as dt
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from calibration.event import Board, Event, Profile
from calibration.layout import CellId, Layout
from calibration.profile import load_profile, save_profile
from server.setup.zone import local_timezone

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize(
    "size",
    [(390, 844), (1280, 900)],
    ids=["phone", "desk"],
)


def drag(page, place, by):
    box = page.locator(place).locator("circle").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0] / 2, y + by[1] / 2)
    page.mouse.move(x + by[0], y + by[1])
    page.mouse.up()


def scale(page) -> float:
    """Return pixels of the photo in one of the screen."""
    return page.evaluate("1 / document.getElementById('stage').getScreenCTM().a")


def save(page):
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="is written to").wait_for()


@SIZES
def test_what_a_person_sets_right_is_saved(visit, task_of, proposal, size, axe):
    task = task_of(proposal)
    page = visit(task, *size)
    assert axe(page) == []
    per_px = scale(page)
    first = page.get_by_alt_text("as seen from straight on").get_attribute("src")

    drag(page, "#corner-2", (20, 10))
    drag(page, "#column-1", (12, 0))
    expect(page.locator("#preview")).not_to_have_attribute("src", first)
    page.locator("#corner-0").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    page.locator("#row-1").focus()
    assert page.locator("#loupe").is_visible()
    page.keyboard.press("Shift+ArrowDown")
    page.get_by_label("Room 2", exact=True).focus()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Aula")
    page.get_by_label("Title").fill("Día 1")
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    save(page)

    (board,) = load_profile(task.event_path).boards
    assert (board.slug, board.title) == ("dia-1", "Día 1")
    rooms = proposal.layout.rooms
    assert board.layout.rooms == (rooms[0], "Aula", *rooms[2:])
    assert board.layout.slots == proposal.layout.slots
    moved = board.reference.corners.to_array() - proposal.corners_photo.to_array()
    assert moved[0].round(1).tolist() == [-1, 10]
    assert moved[2] == pytest.approx([20 * per_px, 10 * per_px], abs=0.2)
    assert moved[[1, 3]].tolist() == [[0, 0], [0, 0]]
    columns, rows = board.layout.column_edges, board.layout.row_edges
    assert 0.25 < columns[1] < columns[2] == pytest.approx(0.5, abs=0.01)
    assert 0.2 < rows[1] < rows[2] == pytest.approx(0.4, abs=0.02)


def test_lines_that_were_found_stay_where_they_are_as_corners_move(
    visit, task_of, proposal
):
    layout = replace(proposal.layout, column_edges=(0, 0.2, 0.5, 0.8, 1))
    page = visit(task_of(replace(proposal, layout=layout)), 1280, 900)

    def places():
        said = page.evaluate(
            "grid.handles.map((one) => [one.node.id, grid.place(one)])"
        )
        return {name: at for name, at in said if name.startswith("column")}

    before = places()
    for corner in ("#corner-1", "#corner-2"):
        drag(page, corner, (25, 0))

    after = places()
    for name, at in before.items():
        assert after[name][0] == pytest.approx(at[0], abs=2.5)
    # Rows are evenly spaced and stay so.
    assert page.evaluate("sheet.row_edges") == [0, 0.2, 0.4, 0.6, 0.8, 1]


@SIZES
def test_lines_are_as_many_as_names(visit, task_of, proposal, size):
    task = task_of(proposal)
    page = visit(task, *size)

    page.get_by_role("button", name="Add a room at the end").click()
    page.keyboard.type("Garden")
    page.get_by_role("button", name="Remove Room 302").click()
    page.get_by_role("button", name="Add an hour at the end").click()
    save(page)

    (board,) = load_profile(task.event_path).boards
    assert board.layout.rooms == ("Room 301", "Room 303", "Room 304", "Garden")
    assert board.layout.column_edges == (0, 0.5, 0.75, 0.875, 1)
    assert board.layout.slots[-1].label == "15:00-16:00"
    assert board.layout.row_edges == (0, 0.2, 0.4, 0.6, 0.8, 0.9, 1)


def test_thumb_moves_a_corner_and_elsewhere_scrolls_the_page(visit, task_of, proposal):
    page = visit(task_of(proposal), 390, 844, has_touch=True, is_mobile=True)
    touch = page.context.new_cdp_session(page)
    corner = page.locator("#corner-0")
    before = corner.get_attribute("aria-label")

    def swipe(x, y):
        at = {"x": x, "y": y}
        for kind, by in (("Start", 0), ("Move", 20), ("Move", 40), ("Move", 60)):
            points = [{"x": at["x"], "y": at["y"] - by}]
            touch.send(
                "Input.dispatchTouchEvent",
                {"type": f"touch{kind}", "touchPoints": points},
            )
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    box = corner.locator("circle").bounding_box()
    swipe(box["x"] + 12, box["y"] + 12)
    expect(corner).not_to_have_attribute("aria-label", before)
    moved = corner.get_attribute("aria-label")
    assert page.evaluate("scrollY") == 0

    stage = page.locator("#stage").bounding_box()
    swipe(stage["x"] + 30, stage["y"] + stage["height"] - 20)
    page.wait_for_function("scrollY > 10")
    assert corner.get_attribute("aria-label") == moved


def test_refusal_stands_at_its_place_and_nothing_is_lost(visit, task_of, proposal):
    task = task_of(proposal)
    page = visit(task, 1280, 900)

    drag(page, "#corner-0", (350, 250))
    expect(page.locator("#grid-refusal")).to_contain_text("make no board")
    assert page.locator("#corner-0").get_attribute("class") == "handle corner wrong"
    drag(page, "#corner-0", (-350, -250))
    expect(page.locator("#grid-refusal")).to_be_empty()

    room = page.get_by_label("Room 2", exact=True)
    room.fill("Room 301")
    expect(room).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#rooms-1-refusal")).to_contain_text('"Room 301" twice')
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Not saved.")
    expect(room).to_be_focused()
    assert not task.event_path.exists()

    page.reload()
    expect(page.get_by_label("Room 2", exact=True)).to_have_value("Room 301")


def test_what_was_done_is_undone_step_by_step(visit, task_of, proposal):
    page = visit(task_of(proposal), 1280, 900)
    corner, undo = page.locator("#corner-0"), page.get_by_role("button", name="Undo")
    before = corner.get_attribute("aria-label")
    room, other = (page.get_by_label(f"Room {n}", exact=True) for n in (1, 2))
    assert undo.is_disabled()

    drag(page, "#corner-0", (-20, -10))
    moved = corner.get_attribute("aria-label")
    room.fill("Aula")
    other.fill("Garden")
    page.get_by_role("button", name="Remove Room 303").click()
    expect(page.locator("#rooms > li")).to_have_count(3)

    page.keyboard.press("ControlOrMeta+z")
    expect(page.locator("#rooms > li")).to_have_count(4)
    other.focus()
    page.keyboard.press("ControlOrMeta+z")
    expect(other).to_have_value("Room 302")
    expect(other).to_be_focused()
    undo.click()
    expect(room).to_have_value("Room 301")
    assert corner.get_attribute("aria-label") == moved
    undo.click()
    expect(corner).to_have_attribute("aria-label", before)
    expect(undo).to_be_disabled()

    page.keyboard.press("ControlOrMeta+Shift+z")
    expect(corner).to_have_attribute("aria-label", moved)
    page.keyboard.press("ControlOrMeta+y")
    expect(room).to_have_value("Aula")


def test_rooms_below_each_other_have_lines_of_their_own(visit, task_of, proposal):
    task = task_of(proposal)
    page = visit(task, 1280, 900)

    page.get_by_label("Rooms are").select_option("rows")
    save(page)

    (board,) = load_profile(task.event_path).boards
    layout = proposal.layout
    assert board.layout == Layout(layout.rooms, layout.slots, "rows")


def test_photo_on_which_nothing_is_found_begins_in_the_middle(visit, task_of):
    page = visit(task_of(None), 390, 844)

    assert page.get_by_text("A grid stands in the middle").is_visible()
    assert page.get_by_label("Corner top left").get_attribute("aria-label") == (
        "Corner top left, at 151, 113"
    )


def test_person_says_which_board_it_is(visit, task_of, proposal):
    friday = Board(
        "friday",
        "Friday",
        dt.date(2027, 5, 14),
        replace(
            proposal.layout,
            blocked={CellId(proposal.layout.rooms[0], "12:00-13:00"): "Lunch"},
        ),
    )
    profile = Profile(Event("PyCon", local_timezone(), "os"), (friday,))
    task = task_of(proposal, profile)
    save_profile(profile, task.event_path)
    page = visit(task, 1280, 900)

    which = page.get_by_label("Which board is it?")
    assert which.input_value() == "friday"
    which.select_option("A new board")
    page.get_by_label("Title").fill("Saturday")
    page.get_by_label("Day").fill("2027-05-15")
    save(page)

    kept, new = load_profile(task.event_path).boards
    assert kept == friday
    assert (new.slug, new.title, new.date.day) == ("saturday", "Saturday", 15)
    assert new.layout == replace(proposal.layout, blocked={})
