"""What staff see of a photo: remarks in their words, drawn where they belong."""

import pytest

from calibration.layout import CellId
from server.store.photos import add_findings
from server.views.capture.entries import remarks_on
from vision.quality.light import DARK
from vision.reading import Finding

LEFT, MIDDLE, RIGHT = (
    CellId(room, "11:00-12:00") for room in ("Room 301", "Room 302", "Room 303")
)
GLARE = Finding("glare", "m", (RIGHT,))
COVERED = Finding("covered", "m", (MIDDLE, RIGHT))


@pytest.fixture
def board(profile):
    return profile.board("friday")


@pytest.fixture
def shown(client, sign_in, seeder, board, read_page):
    """Show a photo of the whole board to Sam with these findings."""
    site = seeder.site
    free = {(cell.room, cell.slot): "free" for cell in board.layout.cells}
    sent = seeder.photo(cells=free)

    def shown(*findings):
        with site.database.write() as session:
            add_findings(session, sent.photo_id, findings)
        sign_in("staff", "Sam")
        return read_page(client.get("/capture").text)

    return shown


def test_what_is_wrong_is_drawn_with_its_number_and_said_in_words(shown):
    page = shown(DARK, GLARE, COVERED)

    (remarks,) = page["remarks"]
    assert remarks == (
        "Too dark. Switch on the light and take it again."
        "1 Glare on Room 303 at 11:00: take it again one step to the right."
        "2 Somebody in front of Room 302 at 11:00 and Room 303 at 11:00: what was there "
        "before stays. Take it again when the way is clear."
    )
    # Three rooms and slots, on a picture 1200 wide.
    assert page.attributes("rect", "x") == ["800.0", "400.0"]
    assert page.attributes("rect", "y") == ["200.0", "200.0"]
    assert page["text"] == ["1 2", "2"]
    (name,) = page.attributes("svg", "aria-label")
    assert (
        name
        == "The straightened photo of Friday; what is wrong is marked with its number."
    )
    (said,) = page.attributes("li", "data-said")
    assert said.startswith("Done: picture and schedule are online, Friday. Too dark.")


def test_picture_that_stays_is_said_and_blur_only_once(shown):
    message = "This photo is much more blurred than that of 09:10, whose picture stays."
    page = shown(Finding("blurred", "m"), Finding("worse_blurred", message))

    assert page["photo-state"][0] == "Done: what it says is added, the picture stays"
    assert page["remarks"] == [message]


def test_remark_without_words_of_the_page_tells_itself_and_markup_stays_text(shown):
    page = shown(Finding("new", "<b>Something</b> new.", (CellId("No room", "x"),)))

    assert page["remarks"] == ["1 <b>Something</b> new."]
    assert page.attributes("rect", "x") == []


@pytest.mark.parametrize(
    ("cells", "side"),
    [((LEFT,), "left"), ((RIGHT,), "right"), ((LEFT, MIDDLE), "left"), ((), "left"),
     ((CellId("elsewhere", "x"),), "left")],
)  # fmt: skip
def test_glare_is_left_on_the_side_where_it_is(board, cells, side):
    (remark,) = remarks_on((Finding("glare", "m", cells),), board)

    assert remark.side == side
