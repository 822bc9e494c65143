"""Several boards of one day are one page; each keeps its own."""

import datetime as dt
from dataclasses import replace

import pytest
from icalendar import Calendar
from sqlalchemy import event

from calibration.layout import Layout, Slot
from calibration.profile import Board
from server.views.sections import Section, hours_of

DAY = dt.date(2024, 5, 17)
TEN, LATER, NOON = "10:00-11:00", "10:00-11:30", "11:30-12:30"


@pytest.fixture
def online():
    return False


@pytest.fixture
def slugs():
    return "atrium", "garden"


@pytest.fixture
def rooms():
    return "Garden", "Tent"


@pytest.fixture
def profile(profile, online, slugs, rooms):
    """Two panels on Friday, with other rooms and other hours, and one on Saturday.

    One of them may be online.
    """
    atrium, saturday = profile.boards
    atrium = replace(atrium, slug=slugs[0], title="Atrium")
    layout = Layout(rooms, tuple(map(Slot.parse, (TEN, NOON))))
    garden = Board(slugs[1], "Garden", DAY, layout, (8, 9, 10, 11))
    if online:
        garden = replace(garden, tags=None, online=True, hosting="open")
        return replace(profile, boards=(garden, atrium, saturday))
    return replace(profile, boards=(atrium, garden, saturday))


@pytest.fixture
def panels(seeder, make_post):
    """A photo of each panel, one an hour before the other."""
    free = {("Room 303", TEN): "free"}
    seeder.photo(
        make_post("aa0000000001", title="Typing"),
        make_post("bb0000000002", room="Room 302", slot="11:00-12:00", title="Tea"),
        board="atrium",
        cells=free,
    )
    seeder.photo(
        make_post("cc0000000003", room="Tent", title="Knitting", until="12:30"),
        board="garden",
        at=dt.datetime(2024, 5, 17, 12, 42, tzinfo=dt.UTC),
        cells={("Garden", TEN): "free", ("Garden", NOON): "free"},
    )


@pytest.mark.usefixtures("panels")
def test_boards_of_a_day_are_one_page(client, read_page):
    page = read_page(client.get("/os").text)

    assert page["h1"] == ["Open Spaces Friday, 17 May 2024"]
    assert page["h2"] == ["Atrium", "Garden", "Schedule"]
    assert [text.split(" Open")[0] for text in page["figcaption"]] == [
        "Photo taken 09:42",
        "Photo taken 08:42",
    ]
    assert page["h3"] == [
        "10:00-11:00 Now",
        "11:00-12:00 Next",
        "11:30-12:30",
        "13:00-14:00",
    ]
    assert page["room"] == ["Room 301", "Tent", "Room 302"]
    assert page["card-title"] == ["Typing", "Knitting", "Tea"]
    assert page["running"] == ["Still on: Knitting, Tent, until 12:30"]
    assert page["rooms-free"] == ["Free Room 303 Garden", "Free Garden"]
    assert page["caption"] == ["Atrium", "Garden"]
    assert [one for one in page.attributes("a", "href") if "/s/" in one][::2] == [
        f"/os/s/{card}" for card in ("aa0000000001", "cc0000000003", "bb0000000002")
    ]
    # Twice the same id would be none.
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.usefixtures("panels")
def test_ways_lead_to_a_day_and_to_each_of_its_boards(client, read_page):
    def ways(path):
        page = read_page(client.get(path).text)
        links = [it for tag, it in page.tags if tag == "a" and "class" not in it]
        here = [it["href"] for it in links if it.get("aria-current")]
        return page["nav"][0], here

    every = "Fri 17 May Atrium Garden Saturday"
    assert {path: ways(path) for path in ("/os", "/os/2024-05-17", "/os/garden")} == {
        "/os": (every, ["/os/2024-05-17"]),
        "/os/2024-05-17": (every, ["/os/2024-05-17"]),
        "/os/garden": (every, ["/os/garden"]),
    }
    assert client.get("/os/2024-05-17").text.count('<link rel="canonical" href='
        '"https://board.example/os/2024-05-17">') == 1  # fmt: skip
    assert client.get("/os/2024-05-19").status_code == 404


@pytest.mark.usefixtures("panels")
def test_page_of_one_board_shows_nothing_of_the_other(client, read_page):
    page = read_page(client.get("/os/garden").text)

    assert page["h1"] == ["Open Spaces Garden"]
    assert page["card-title"] == ["Knitting"]
    assert page["h3"] == ["10:00-11:00 Now", "11:30-12:30 Next"]


def test_day_of_one_board_is_its_page(client, read_page):
    page = read_page(client.get("/os/2024-05-18").text)

    assert page["h1"] == ["Open Spaces Saturday"]
    assert "Atrium" not in page["h2"]


def test_panel_without_a_photo_says_so_beside_the_other(
    client, seeder, make_post, read_page
):
    seeder.photo(make_post("aa0000000001"), board="atrium")

    page = read_page(client.get("/os").text)

    assert page["h2"] == ["Atrium", "Garden", "Schedule"]
    assert page["h3"][0] == "No photo yet"
    assert page["rooms"] == [
        "Not visible in the newest photo Room 302, Room 303",
        "Not visible in the newest photo Room 301, Room 302, Room 303",
        "Not visible in the newest photo Room 301, Room 302",
        "Room 303 Keynote overflow",
    ]


@pytest.mark.usefixtures("panels")
def test_page_has_something_new_when_any_of_its_boards_has(
    client, clock, seeder, make_post
):
    def both():
        return client.get("/os.version").text, client.get("/os.version").headers["ETag"]

    first, page = both(), client.get("/os")
    clock.at(10, 6)
    same, again = both(), client.get("/os")
    clock.at(11)  # a slot of one panel
    slot = both()
    seeder.photo(
        make_post("cc0000000003", room="Tent", title="Knitting"),
        board="garden",
        at=dt.datetime(2024, 5, 17, 15, tzinfo=dt.UTC),
        known=("cc0000000003",),
    )
    newest = both()

    assert (same, again.data, again.headers["ETag"]) == (
        first,
        page.data,
        page.headers["ETag"],
    )
    assert f'data-version="{first[0]}"' in page.text
    assert len({first, slot, newest}) == 3
    assert client.get("/os/2024-05-17.version").text == newest[0]


@pytest.mark.usefixtures("panels")
def test_calendar_and_spreadsheet_of_a_day_have_all_its_boards(client):
    calendar = Calendar.from_ical(client.get("/os/2024-05-17.ics").data)
    rows = client.get("/os/2024-05-17.csv").text.splitlines()

    assert calendar["X-WR-CALNAME"].endswith("2024-05-17")
    titles = {str(event["SUMMARY"]) for event in calendar.walk("VEVENT")}
    assert titles == {"Typing", "Tea", "Knitting"}
    assert len(rows) == 1 + 3
    assert client.get("/os/2024-05-17.json").status_code == 404


@pytest.mark.parametrize("online", [True])
def test_wall_and_board_online_are_one_page(client, seeder, make_post, read_page):
    seeder.photo(make_post("aa0000000001", title="Typing"), board="atrium")

    text = client.get("/os").text
    page = read_page(text)

    # Who stands in front of the wall sees it first, as ever.
    assert page["h2"] == ["Atrium", "Garden", "Schedule"]
    assert page["h3"][:2] == ["10:00-11:00 Now", "11:00-12:00 Next"]
    assert "Host a session" in text
    assert 'href="/os/garden/host?room=Garden&amp;slot=10:00-11:00"' in text
    assert "Take Garden at 10:00" in text


@pytest.mark.usefixtures("panels")
def test_other_days_cost_a_page_little(client, site):
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(site.database.engine, "before_cursor_execute", note)
    client.get("/os")
    event.remove(site.database.engine, "before_cursor_execute", note)

    # Nobody is a person there: its cards are not asked for, nor what stood on it.
    assert sum("FROM board_states" in one for one in statements) == 0
    assert len(statements) <= 15


def section(board, slot, phase, start, end):
    at = [dt.datetime(2024, 5, 17, *clock, tzinfo=dt.UTC) for clock in (start, end)]
    return Section(board, Slot.parse(slot), *at, phase, (), (), (), (), (), ())


def test_next_is_what_comes_first_on_any_board(profile):
    atrium, garden, _ = profile.boards
    hours = hours_of(
        [
            section(atrium, TEN, "now", (10, 0), (11, 0)),
            section(atrium, "11:00-12:00", "next", (11, 0), (12, 0)),
            section(garden, LATER, "now", (10, 0), (11, 30)),
            section(garden, NOON, "next", (11, 30), (12, 30)),
        ]
    )

    assert [(one.phase, one.anchor, len(one.sections)) for one in hours] == [
        ("now", "at-1000-17-1100", 1),
        ("now", "at-1000-17-1130", 1),
        ("next", "at-1100", 1),
        ("later", "at-1130", 1),
    ]


def test_hour_of_the_next_night_has_another_anchor(profile):
    atrium, garden, _ = profile.boards
    night = section(atrium, "00:30-01:30", "past", (0, 30), (1, 30))
    next_night = replace(
        night,
        board=garden,
        starts_at=night.starts_at + dt.timedelta(days=1),
        ends_at=night.ends_at + dt.timedelta(days=1),
    )

    anchors = [one.anchor for one in hours_of([night, next_night])]

    assert anchors == ["at-0030-17-0130", "at-0030-18-0130"]


@pytest.mark.parametrize("rooms", [("Room 301", "Room 303")])
def test_rooms_of_one_name_are_told_apart_by_their_boards(
    client, seeder, make_post, read_page
):
    seeder.photo(
        make_post("aa0000000001"),
        board="atrium",
        cells={("Room 303", TEN): "free", ("Room 303", "11:00-12:00"): "free"},
    )
    seeder.photo(
        make_post("cc0000000003"),
        board="garden",
        at=dt.datetime(2024, 5, 17, 12, 42, tzinfo=dt.UTC),
        cells={("Room 303", TEN): "free", ("Room 301", NOON): "covered"},
    )

    page = read_page(client.get("/os").text)

    assert page["room"] == ["Room 301 Atrium", "Room 301 Garden"]
    # Only at an hour that both have.
    assert page["rooms-free"] == [
        "Free Room 303 Atrium Room 303 Garden",
        "Free Room 303",
    ]


@pytest.mark.parametrize("slugs", [("2024-05-17", "2024-05-17-online")])
def test_day_whose_address_is_a_board_s_slug_has_another(client, read_page):
    def shown(path):
        page = read_page(client.get(path).text)
        ways = [
            it["href"] for tag, it in page.tags if tag == "a" and it.get("aria-current")
        ]
        return page["h1"], ways

    day = ["Open Spaces Friday, 17 May 2024"]

    assert {path: shown(path) for path in ("/os", "/os/day-2024-05-17")} == {
        "/os": (day, ["/os/day-2024-05-17"]),
        "/os/day-2024-05-17": (day, ["/os/day-2024-05-17"]),
    }
    assert shown("/os/2024-05-17") == (["Open Spaces Atrium"], ["/os/2024-05-17"])
    assert client.get("/os/2024-05-17.jpg").status_code == 404  # no photo yet
    assert client.get("/os/2024-05-17.json").json["board"]["slug"] == "2024-05-17"
    calendar = Calendar.from_ical(client.get("/os/day-2024-05-17.ics").data)
    assert calendar["X-WR-CALNAME"].endswith(", 2024-05-17")


@pytest.mark.parametrize("path", ["20240518", "2024-w20-6", "2024-05-32"])
def test_day_has_one_address(client, path):
    assert client.get(f"/os/{path}").status_code == 404


@pytest.mark.browser
@pytest.mark.usefixtures("panels")
def test_panels_are_below_each_other_or_side_by_side(open_page, axe):
    page = open_page("/os", 390)

    def places():
        return page.eval_on_selector_all(
            ".panel img", "all => all.map(one => one.getBoundingClientRect().toJSON())"
        )

    narrow, found = places(), {390: axe(page)}
    page.set_viewport_size({"width": 1280, "height": 900})
    wide = places()
    found[1280] = axe(page)
    page.fill("#filter", "knit")
    left = page.eval_on_selector_all(
        ".cards > li:not([hidden]) .card-title", "all => all.map(one => one.innerText)"
    )

    assert not any(found.values()), found
    assert narrow[0]["bottom"] < narrow[1]["top"]
    assert narrow[0]["left"] == narrow[1]["left"]
    assert (wide[0]["top"], wide[0]["right"] < wide[1]["left"]) == (
        wide[1]["top"],
        True,
    )
    assert left == ["Knitting"]
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
