import datetime as dt
import re

import pytest

from server.views.responses import REVALIDATE


def test_home_leads_to_the_board(client):
    response = client.get("/")

    assert (response.status_code, response.location) == (302, "/os")


def test_board_page_shows_photo_sessions_and_free_rooms(client, friday, read_page):
    page = read_page(client.get("/os").text)

    assert page["figcaption"] == ["Photo taken 09:42 Open full size"]
    assert page["h3"] == ["10:00-11:00 Now", "11:00-12:00 Next", "13:00-14:00"]
    assert page["room"] == ["Room 301", "Room 302", "Room 301"]
    assert page["card-title"] == [
        "Type checking at scale",
        "Unreadable card",
        "Knitting",
    ]
    assert page["who"] == ["Maya"]
    assert page["rooms"] == [
        "Free Room 303",
        "Not visible in the newest photo Room 302, Room 303",
        "Not visible in the newest photo Room 301, Room 302",
        "Room 303 Keynote overflow",
    ]
    crops = [session.crop for session in friday.schedule.sessions]
    full = friday.picture.full.sha256
    assert page.attributes("img", "src") == [
        f"/b/{full}.jpg",
        *(f"/b/{crop}.jpg" for crop in crops),
    ]


def test_board_page_describes_its_picture(client, friday, read_page):
    page = read_page(client.get("/os/friday").text)

    assert page.attributes("img", "alt")[0] == (
        "The Open Spaces board Friday, straightened from a photo taken 09:42: "
        "3 sessions in 2 rooms, 1 free place."
    )
    assert page.attributes("html", "lang") == ["en"]
    preview = friday.picture.of_type("image/jpeg")[1]
    assert preview.width == 1280
    metas = {
        attributes.get("property"): attributes.get("content")
        for tag, attributes in page.tags
        if tag == "meta"
    }
    assert metas["og:image"] == f"https://board.example/b/{preview.sha256}.jpg"
    assert metas["og:url"] == "https://board.example/os/friday"


@pytest.mark.usefixtures("friday")
def test_board_page_lists_rooms_and_hours_as_a_table(client, read_page):
    page = read_page(client.get("/os").text)

    assert page["tr"][1:] == [
        "10:00-11:00 Type checking at scale Unreadable card free",
        "11:00-12:00 Knitting not visible not visible",
        "13:00-14:00 not visible not visible Keynote overflow",
    ]


def test_crossed_out_session_is_told_as_cancelled_wherever_it_stands(
    client, seeder, make_post, read_page
):
    at = dt.datetime(2024, 5, 17, 13, 42, tzinfo=dt.UTC)
    lost = make_post("dd0000000004", title="Mentoring", cancelled=True)
    seeder.photo(make_post("aa0000000001", room="Room 302"), lost, at=at)

    page = read_page(client.get("/os").text)
    one = read_page(client.get("/os/s/dd0000000004").text)

    assert page["card-title"] == ["Cancelled: Mentoring", "Type checking at scale"]
    assert page["s"] == ["Mentoring", "Mentoring"]
    assert page["tr"][1] == (
        "10:00-11:00 Cancelled: Mentoring Type checking at scale not visible"
    )
    assert ": 1 session in 1 room, 0 free places." in page.attributes("img", "alt")[0]
    assert (one["h1"], one["title"]) == (
        ["Cancelled: Mentoring"],
        ["Cancelled: Mentoring · PyCon US 2024"],
    )


@pytest.mark.usefixtures("friday")
def test_table_offers_nothing_that_is_over(client, clock, read_page):
    clock.at(11)

    page = read_page(client.get("/os").text)

    assert page["cell-free"] == [""]


@pytest.mark.parametrize(
    ("moment", "note"),
    [
        pytest.param((10, 41), [True], id="an-hour-less-a-minute"),
        pytest.param((10, 42), [False], id="an-hour"),
        pytest.param((13, 59), [False], id="last-slot"),
        pytest.param((14, 0), [], id="over"),
    ],
)
@pytest.mark.usefixtures("friday")
def test_board_page_warns_of_an_old_photo(client, clock, read_page, moment, note):
    clock.at(*moment)

    page = read_page(client.get("/os").text)

    hidden = [
        "hidden" in attributes
        for _, attributes in page.tags
        if attributes.get("class") == "stale"
    ]
    assert hidden == note


@pytest.mark.usefixtures("friday")
def test_board_page_greys_what_is_past_and_nothing_once_all_is(
    client, clock, read_page
):
    clock.at(11, 30)
    during = read_page(client.get("/os/friday").text)
    clock.at(12, 0, day=25)
    after = read_page(client.get("/os/friday").text)

    assert (len(during["slot-over"]), len(after["slot-over"])) == (1, 0)
    assert after["phase"] == []
    assert after["h3"][0] == "10:00-11:00"
    assert after["figcaption"] == ["Photo taken Fri 17 May, 09:42 Open full size"]


@pytest.mark.usefixtures("friday")
def test_board_page_on_two_days(client, clock, read_page):
    on_friday = read_page(client.get("/os").text)
    clock.at(8, 0, day=18)
    on_saturday = read_page(client.get("/os").text)

    assert on_friday["h1"] == ["Open Spaces Friday"]
    assert on_saturday["h1"] == ["Open Spaces Saturday"]
    assert on_saturday["empty"][0].startswith("No photo yet As soon as")


def test_board_page_before_any_photo_promises_nothing(client, read_page):
    page = read_page(client.get("/os").text)

    assert page["h3"] == ["10:00-11:00 Now", "11:00-12:00 Next", "13:00-14:00"]
    assert page["rooms"] == ["Room 303 Keynote overflow"]
    assert page.attributes("img", "src") == []


@pytest.mark.usefixtures("friday")
def test_covered_session_says_so(client, seeder, make_post, read_page):
    seeder.photo(
        make_post("aa0000000001"),
        at=dt.datetime(2024, 5, 17, 14, 0, tzinfo=dt.UTC),
        known=("aa0000000001",),
        covered=("bb0000000002", "cc0000000003"),
    )

    page = read_page(client.get("/os").text)

    assert page["unseen"] == ["Not visible in the newest photo"] * 2
    assert len(page["card"]) == 3


def test_session_of_several_slots_says_until_when(client, seeder, make_post, read_page):
    seeder.photo(make_post("aa0000000001", until="14:00"))

    page = read_page(client.get("/os").text)

    assert page["longer"] == ["until 14:00"]
    assert (
        page["running"]
        == [
            "Still on: Type checking at scale, Room 301, until 14:00",
        ]
        * 2
    )


@pytest.mark.usefixtures("friday")
def test_board_page_is_asked_for_again_cheaply(client):
    first = client.get("/os")
    again = client.get("/os", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == REVALIDATE
    assert (again.status_code, again.data) == (304, b"")


def test_session_page_shows_one_card(client, friday, read_page):
    session = friday.schedule.sessions[0]

    page = read_page(client.get(f"/os/s/{session.id}").text)

    assert page["h1"] == ["Type checking at scale"]
    assert page["when"] == [
        "Friday, 17 May 2024, 10:00-11:00 Eastern Daylight Time (GMT-04:00)"
    ]
    assert page["room"] == ["Room 301"]
    assert page.attributes("img", "src") == [f"/b/{session.crop}.jpg"]
    assert page.attributes("img", "alt") == ["Card: Type checking at scale"]
    assert page.attributes("a", "href") == [
        "/os/friday#s-aa0000000001",
        "https://example.org/typing",
        "/os/s/aa0000000001.ics",
        "?lang=de",
        "?lang=zh-Hant",
    ]


def test_board_page_shows_a_card_in_doubt_by_its_picture(client, doubtful, read_page):
    page = read_page(client.get("/os").text)

    assert page["card-title"] == [
        "Perhaps: Knittinq patterns",
        "Unreadable card",
        "Type checking",
    ]
    assert page["who"] == ["Ines", "Maya"]
    assert page.attributes("img", "alt")[1:] == [
        "A card that is hard to read. Perhaps: Knittinq patterns",
        "A card whose text could not be read",
        "",
    ]
    assert page["tr"][1] == (
        "10:00-11:00 Perhaps: Knittinq patterns Unreadable card Type checking"
    )
    crops = [session.crop for session in doubtful.schedule.sessions]
    assert page.attributes("img", "src")[1:] == [f"/b/{crop}.jpg" for crop in crops]


@pytest.mark.parametrize(
    ("card", "heading", "alt_and_who"),
    [
        pytest.param(
            "aa0000000001",
            "Perhaps: Knittinq patterns",
            ("A card that is hard to read. Perhaps: Knittinq patterns", ["Ines"]),
            id="guess",
        ),
        pytest.param(
            "bb0000000002",
            "Unreadable card",
            ("A card whose text could not be read", []),
            id="unreadable",
        ),
        pytest.param(
            "cc0000000003",
            "Type checking",
            ("Card: Type checking", ["Maya"]),
            id="corrected",
        ),
    ],
)
@pytest.mark.usefixtures("doubtful")
def test_session_page_of_a_card_in_doubt(client, read_page, card, heading, alt_and_who):
    page = read_page(client.get(f"/os/s/{card}").text)

    (alt,) = page.attributes("img", "alt")
    assert page["h1"] == [heading]
    assert (alt, page["who"]) == alt_and_who
    assert page["title"] == [f"{heading} · PyCon US 2024"]


@pytest.mark.usefixtures("doubtful")
def test_desk_shows_what_was_read_of_an_unreadable_card(client, sign_in, read_page):
    sign_in()
    page = read_page(client.get("/desk/friday").text)

    assert sorted(page.field("title")) == [
        "Bokeh",
        "Knittinq patterns",
        "Type checking",
    ]


@pytest.mark.usefixtures("friday")
def test_session_that_is_gone_tells_nothing_of_itself(client, seeder, read_page):
    seeder.photo(
        at=dt.datetime(2024, 5, 17, 14, 0, tzinfo=dt.UTC),
        gone=("aa0000000001", "bb0000000002", "cc0000000003"),
    )

    response = client.get("/os/s/aa0000000001")

    assert response.status_code == 410
    assert read_page(response.text)["h1"] == ["This session is no longer on the board."]
    assert "Type checking" not in response.text


@pytest.mark.usefixtures("friday")
def test_pages_have_no_inline_script_or_style(client, sign_in):
    sign_in()
    for path in ("/os", "/os/s/aa0000000001", "/desk/friday", "/capture", "/os/x"):
        text = client.get(path).text
        scripts = re.findall(r"<script\b([^>]*)>([^<]*)", text)
        assert all("src=" in attributes and not body for attributes, body in scripts)
        assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", text)
