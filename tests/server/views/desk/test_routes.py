import datetime as dt

import pytest

from calibration.layout import CellId
from server.store.corrections import corrections_of
from server.store.photos import add_photo, photo, set_outcome, set_state
from server.store.readings import add_further_reading
from server.store.releases import latest_release

LATER = dt.datetime(2024, 5, 17, 14, 30, tzinfo=dt.UTC)
CARD = "bb0000000002"
SAVE = f"/desk/friday/cards/{CARD}"


@pytest.fixture
def stored(site):
    def stored():
        with site.database.read() as session:
            return [
                (entry.change.card, name, value, entry.author, entry.undone)
                for entry in corrections_of(session, "friday")
                for name, value in entry.change.fields.items()
            ]

    return stored


@pytest.fixture
def published(site):
    def published():
        with site.database.read() as session:
            release = latest_release(session, "friday")
        return {entry.id: entry for entry in release.schedule.sessions}

    return published


@pytest.fixture
def post(client, sign_in):
    token = sign_in()

    def post(path, headers=None, **fields):
        return client.post(path, data={"csrf_token": token, **fields}, headers=headers)

    return post


@pytest.mark.usefixtures("friday")
def test_desk_puts_the_doubtful_first_and_focuses_it(client, sign_in, read_page):
    sign_in()
    assert client.get("/desk").location == "/desk/friday"

    page = read_page(client.get("/desk/friday").text)

    assert page.field("title") == ["", "Knitting", "Type checking at scale"]
    assert page["progress"] == ["3 to check of 3"]
    focused = [
        attributes["name"] for _, attributes in page.tags if "autofocus" in attributes
    ]
    assert focused == ["title"]
    assert page["desk-state"] == [
        "No title was read",
        "87 % sure of its title",
        "92 % sure of its title",
    ]


@pytest.mark.usefixtures("friday")
def test_desk_puts_what_was_corrected_last(client, post, read_page):
    post(SAVE, title="Parents in tech", seen_title="")

    page = read_page(client.get("/desk/friday").text)

    assert page.field("title") == [
        "Knitting",
        "Type checking at scale",
        "Parents in tech",
    ]
    assert page["progress"] == ["2 to check of 3"]


@pytest.fixture
def read_further(site, friday, make_post):
    """Keep what a further look at the doubtful card came to."""

    def keep(**fields):
        better = make_post(CARD, room="Room 302", **fields).reading()
        with site.database.write() as session:
            add_further_reading(session, CARD, friday.photo_id, better)
            set_state(session, friday.photo_id, "settled")

    return keep


def test_card_that_was_read_further_stands_where_its_new_confidence_puts_it(
    client, sign_in, read_page, read_further
):
    sign_in()
    before = read_page(client.get("/desk/friday").text)

    read_further(title="Parents in tech", confidence=0.7)

    page = read_page(client.get("/desk/friday").text)
    assert page.field("title") == [
        "Knitting",
        "Parents in tech",
        "Type checking at scale",
    ]
    assert page["desk-state"] == [
        "87 % sure of its title",
        "89 % sure of its title",
        "92 % sure of its title",
    ]
    assert [
        before["photo"][0].split(" taken")[0],
        page["photo"][0].split(" taken")[0],
    ] == [
        "Read; looking again at doubtful cards",
        "Read",
    ]


def test_person_who_confirms_what_they_see_keeps_it_though_it_is_read_further(
    post, published, read_further
):
    read_further(title="Rather elsewhere", confidence=0.95)

    post(SAVE, title="", seen_title="")

    assert (published()[CARD].title, published()[CARD].corrected) == ("", True)


@pytest.mark.usefixtures("friday")
def test_saving_publishes_and_goes_on_to_the_next(client, post, stored, published):
    response = post(SAVE, title="Parents in tech", seen_title="")

    assert response.status_code == 303
    assert response.location == "/desk/friday?at=cc0000000003#card-cc0000000003"
    assert stored() == [(CARD, "title", "Parents in tech", "Ada", False)]
    assert (published()[CARD].title, published()[CARD].corrected) == (
        "Parents in tech",
        True,
    )
    assert "Parents in tech" in client.get("/os").text


@pytest.mark.usefixtures("friday")
def test_saving_the_last_goes_back_to_the_first(post):
    response = post("/desk/friday/cards/aa0000000001", title="T", seen_title="")

    assert response.location == "/desk/friday"


@pytest.mark.usefixtures("friday")
def test_saving_unchanged_says_that_somebody_looked(client, post, stored, read_page):
    post("/desk/friday/cards/cc0000000003", title="Knitting", seen_title="Knitting")

    assert stored() == [("cc0000000003", "title", "Knitting", "Ada", False)]
    page = read_page(client.get("/desk/friday").text)
    assert page["progress"] == ["2 to check of 3"]
    assert page.field("title") == ["", "Type checking at scale", "Knitting"]
    assert page["desk-state"][-1] == "Checked by Ada"


@pytest.mark.usefixtures("friday")
def test_saving_for_a_script_answers_with_the_card_and_what_tells_of_it(
    post, read_page
):
    response = post(SAVE, {"Boardcast-Act": "a" * 32}, title="Parents", seen_title="")

    page = read_page(response.text)
    assert page.field("title") == ["Parents"]
    assert page.attributes("article", "id") == [f"card-{CARD}"]
    assert page["progress"] == ["2 to check of 3"]
    assert "<html" not in response.text


@pytest.mark.usefixtures("friday")
def test_hidden_card_leaves_the_board_and_can_be_shown_again(
    client, post, stored, published, read_page
):
    post(SAVE, action="hide", title="", seen_title="")
    without = set(published())
    page = read_page(client.get("/desk/friday").text)
    post(SAVE, action="show")

    assert without == {"aa0000000001", "cc0000000003"}
    assert page["hidden-card"] == ["Unreadable Show again: unreadable card"]
    assert set(published()) == {"aa0000000001", CARD, "cc0000000003"}
    assert [entry[1:3] for entry in stored()] == [("hidden", True), ("hidden", False)]


@pytest.mark.usefixtures("friday")
def test_session_can_be_cancelled_and_is_on_again(
    client, post, stored, published, read_page
):
    post(SAVE, action="cancel", title="", seen_title="")
    cancelled = published()[CARD].cancelled
    page = read_page(client.get("/desk/friday").text)
    post(SAVE, action="restore")

    assert (cancelled, published()[CARD].cancelled) == (True, False)
    assert page["desk-state"][0] == "Cancelled · No title was read"
    assert [entry[1:3] for entry in stored()] == [
        ("cancelled", True),
        ("cancelled", False),
    ]


@pytest.mark.usefixtures("friday")
def test_card_can_be_set_to_another_cell(post, published):
    post(
        SAVE,
        room="Room 303", slot="11:00-12:00",
        seen_room="Room 302", seen_slot="10:00-11:00",
    )  # fmt: skip

    assert published()[CARD].cell == CellId("Room 303", "11:00-12:00")


@pytest.mark.usefixtures("friday")
def test_undo_takes_a_correction_back_and_keeps_it_in_the_history(
    client, post, stored, published, read_page
):
    post(SAVE, title="Wrong", seen_title="")
    response = post("/desk/friday/undo", correction="1")

    assert response.location == "/desk/friday#history"
    assert stored() == [(CARD, "title", "Wrong", "Ada", True)]
    assert published()[CARD].title == ""
    page = read_page(client.get("/desk/friday").text)
    told = "10:05 Ada title (empty) → Wrong Taken back by Ada, 10:05"
    again = "Make again: title \u201c\u2068Wrong\u2069\u201d"
    assert page["undone"] == [f"{told} {again}"]
    assert page["progress"] == ["3 to check of 3"]


@pytest.mark.usefixtures("friday")
def test_correction_stands_after_a_newer_reading_of_a_stale_form(
    seeder, make_post, post, published
):
    seeder.photo(
        make_post(CARD, title="Parcnts im tcch", confidence=0.4),
        at=LATER,
        known=(CARD,),
    )
    post(SAVE, title="Parents in tech", seen_title="", host="", seen_host="")
    seeder.photo(
        make_post(CARD, title="Porents", room="Room 303"),
        at=LATER + dt.timedelta(hours=1),
        known=(CARD,),
    )

    assert (published()[CARD].title, published()[CARD].cell.room) == (
        "Parents in tech",
        "Room 303",
    )


@pytest.mark.usefixtures("friday")
def test_two_facilitators_on_one_card_lose_nothing(post, stored):
    drawn = {"seen_title": "", "seen_host": "", "seen_description": ""}
    post(SAVE, **drawn, title="Parents", host="", description="")
    post(SAVE, **drawn, title="", host="Oona", description="")

    assert [entry[1:3] for entry in stored()] == [
        ("title", "Parents"),
        ("host", "Oona"),
    ]


@pytest.mark.usefixtures("friday")
def test_desk_lists_photos_with_what_was_wrong(client, site, sign_in, read_page):
    with site.database.write() as session:
        record, _ = add_photo(
            session,
            sha256="f" * 64,
            size_bytes=1,
            given_board=None,
            sender="Robin",
            received_at=LATER,
            taken_at=None,
        )
        set_outcome(session, record.id, "refused", "No board in it.", "Step back.")
    sign_in()

    page = read_page(client.get("/desk/friday").text)

    assert page["photo"] == [
        "Refused taken 10:30, sent by Robin No board in it. Step back.",
        (
            "Read; looking again at doubtful cards taken 09:42, sent by Sam "
            "Take back: the photo sent 09:42 Taken now, as sent 09:42 "
            "Taken at … the photo sent 09:42 Time Day Set the time"
        ),
    ]


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        pytest.param("/desk/friday/cards/ffffffffffff", {}, 404, id="no-such-card"),
        pytest.param("/desk/saturday/cards/" + CARD, {}, 404, id="of-another-board"),
        pytest.param("/desk/nowhere/cards/" + CARD, {}, 404, id="no-such-board"),
        pytest.param("/desk/friday/undo", {"correction": "9"}, 404, id="no-such-change"),
        pytest.param("/desk/friday/undo", {"correction": "x"}, 404, id="no-number"),
        pytest.param("/desk/friday/undo", {"correction": "9" * 20}, 404, id="too-large"),
        pytest.param("/desk/friday/undo", {"correction": "-" + "9" * 20}, 404, id="too-small"),
        pytest.param("/desk/friday/redo", {"correction": "9"}, 404, id="nothing-undone"),
        pytest.param(SAVE, {"room": "Nowhere", "seen_room": ""}, 422, id="no-such-cell"),
        pytest.param(SAVE, {"title": "x" * 2001, "seen_title": ""}, 422, id="too-long"),
    ],
)  # fmt: skip
def test_desk_refuses_what_does_not_fit_and_changes_nothing(
    post, stored, path, fields, status
):
    assert post(path, **fields).status_code == status
    assert stored() == []


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize("token", ["", "wrong", "ünïcode"])
def test_desk_refuses_a_form_of_another_site(client, sign_in, stored, token):
    sign_in()

    response = client.post(SAVE, data={"csrf_token": token, "title": "x"})

    assert (response.status_code, stored()) == (403, [])


@pytest.fixture
def failed(site):
    """A photo on which Boardcast gave up, of a board; return its id."""

    def failed(board="friday", state="failed"):
        with site.database.write() as session:
            record, _ = add_photo(
                session,
                sha256="e" * 64,
                size_bytes=1,
                given_board=board,
                sender="Sam",
                received_at=LATER,
                taken_at=None,
            )
            set_outcome(session, record.id, state, "It broke down.", "Try again.")
        return record.id

    return failed


def retry_of(page):
    """Return where the page's buttons to try a photo again lead."""
    return [path for path in page.attributes("form", "action") if "/retry" in path]


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize("board", ["friday", None])
def test_photo_that_failed_is_tried_again_at_the_desk(
    board, client, post, failed, read_page
):
    photo_id = failed(board)
    before = read_page(client.get("/desk/friday").text)

    response = post(f"/desk/friday/photos/{photo_id}/retry")

    assert retry_of(before) == [f"/desk/friday/photos/{photo_id}/retry"]
    assert (response.status_code, response.location) == (303, "/desk/friday#photos")
    after = read_page(client.get("/desk/friday").text)
    assert after["photo-received"][0].startswith("Waiting taken")
    assert retry_of(after) == []
    # Pressed twice, it waits all the same.
    assert post(f"/desk/friday/photos/{photo_id}/retry").status_code == 303


@pytest.mark.usefixtures("friday")
def test_photo_that_was_refused_is_for_whoever_took_it(
    client, sign_in, failed, read_page
):
    sign_in()
    failed(state="refused")

    assert retry_of(read_page(client.get("/desk/friday").text)) == []


@pytest.mark.usefixtures("friday")
def test_photo_is_tried_again_by_facilitators_at_its_own_board_only(
    client, post, failed, site, sign_in
):
    photo_id = failed("saturday")

    assert post(f"/desk/friday/photos/{photo_id}/retry").status_code == 404
    assert post("/desk/friday/photos/nobody/retry").status_code == 404
    assert post(f"/desk/nowhere/photos/{photo_id}/retry").status_code == 404
    path = f"/desk/saturday/photos/{photo_id}/retry"
    assert client.post(path).status_code == 403
    sign_in("staff")
    assert post(path).status_code == 403
    with site.database.read() as session:
        assert photo(session, photo_id).state == "failed"
