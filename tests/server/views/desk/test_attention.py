"""Conflicts and changes at the desk, by its forms alone."""

import datetime as dt

import pytest

from server.schedule.corrections.edit import Edit
from server.store.cards import cards_of
from server.store.corrections import corrections_of
from server.store.releases import latest_release
from server.views.desk.attention import attention_of

A, B, C, D = "aa0000000001", "bb0000000002", "cc0000000003", "dd0000000004"
NOON = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)
FREE = {
    ("Room 301", "13:00-14:00"): "free",
    ("Room 302", "10:00-11:00"): "free",
    ("Room 302", "11:00-12:00"): "free",
}


@pytest.fixture
def crowded(seeder, make_post, clock):
    """Two sessions want one cell; there is time to decide, and room elsewhere."""
    clock.at(9, 45)
    return seeder.photo(
        make_post(A, title="Typing", host="Maya", lines=("Typing",)),
        make_post(B, title="Knitting", host="Ines", lines=("Knitting",)),
        cells=FREE,
    )


@pytest.fixture
def post(client, sign_in):
    token = sign_in()

    def post(path, status=303, **fields):
        answer = client.post(path, data={"csrf_token": token, **fields})
        assert answer.status_code == status, answer.text
        return answer

    return post


@pytest.fixture
def decide(post):
    def decide(action, conflict=f"cell-{A}-{B}", **more):
        return post("/desk/friday/conflicts", conflict=conflict, action=action, **more)

    return decide


@pytest.fixture
def published(site):
    def published():
        with site.database.read() as session:
            release = latest_release(session, "friday")
        return {one.title: one.cell.slot for one in release.schedule.sessions}

    return published


@pytest.fixture
def shown(site, profile):
    """What asks for a decision: conflicts with their states, and changes."""

    def shown():
        with site.database.read() as session:
            return attention_of(session, site, profile.board("friday"), site.clock())

    return shown


@pytest.fixture
def desk_page(client, read_page):
    return lambda: read_page(client.get("/desk/friday").text)


@pytest.fixture
def changes(shown):
    return lambda: [(one.words, one.title, one.place) for one in shown().changes]


@pytest.fixture
def told(site):
    """The kinds of what people did, and whether it was taken back."""

    def told():
        with site.database.read() as session:
            found = corrections_of(session, "friday")
        return [(one.change.kind, one.undone) for one in found]

    return told


@pytest.mark.usefixtures("crowded")
@pytest.mark.parametrize(
    ("action", "left"),
    [
        (f"only {A}", {"Typing": "10:00-11:00"}),
        (f"only {B}", {"Knitting": "10:00-11:00"}),
        ("all", {"Typing": "10:00-11:00", "Knitting": "10:00-11:00"}),
        ("join", {"Typing": "10:00-11:00"}),
        (
            f"move {B} 13:00-14:00 Room 301",
            {"Typing": "10:00-11:00", "Knitting": "13:00-14:00"},
        ),
        (
            f"move {A} 10:00-11:00 Room 302",
            {"Typing": "10:00-11:00", "Knitting": "10:00-11:00"},
        ),
    ],
)
def test_each_way_out_ends_the_conflict(decide, published, shown, action, left):
    assert shown().asking == 1

    answer = decide(action)

    assert answer.location == "/desk/friday#conflicts"
    assert published() == left
    assert shown().asking == 0


@pytest.mark.usefixtures("crowded")
def test_decision_is_taken_back_and_made_again_as_any_act(
    decide, post, published, told
):
    both = published()
    decide(f"only {A}")
    post("/desk/friday/undo", correction=1)

    assert published() == both
    assert told() == [("decision", True)]


@pytest.mark.usefixtures("crowded")
def test_who_was_not_chosen_stays_at_the_desk_with_a_way_back(decide, desk_page):
    decide(f"only {A}")

    page = desk_page()

    assert page["withheld"] == ["Not published: another one was chosen"]
    assert page.field("title") == ["Typing", "Knitting"]
    assert (
        "Take the decision back: Two sessions in Room 301, 10:00-11:00"
        in page["button"]
    )
    assert "one-cell" not in page["attention-count"]


@pytest.mark.usefixtures("crowded")
def test_waiting_is_told_in_public_until_it_is_decided(
    client, decide, shown, clock, read_page
):
    decide("wait", decide_by="09:55")

    page = read_page(client.get("/os/friday").text)
    document = client.get("/os/friday.json").json
    calendar = client.get("/os/friday.ics").text.replace("\r\n ", "")
    assert page["undecided"] == ["To be decided by 09:55 whether it is held here"] * 2
    assert (
        read_page(client.get(f"/os/s/{A}").text)["undecided"] == page["undecided"][:1]
    )
    assert [one["decide_by"] for one in document["sessions"]] == [
        "2024-05-17T09:55:00-04:00"
    ] * 2
    assert calendar.count("To be decided by 09:55 whether it is held here.") == 2
    assert [one.asks for one in shown().conflicts] == [False]

    clock.at(9, 56)
    assert [one.asks for one in shown().conflicts] == [True]
    decide(f"only {B}")
    assert "decided" not in client.get("/os/friday").text


@pytest.mark.usefixtures("crowded")
@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"action": "only cc0000000003"}, "This is no way out of it any more."),
        ({"action": f"only {A}", "conflict": "cell-x-y"}, "another one by now"),
        ({"action": "wait", "decide_by": "9 o'clock"}, "is no time between now"),
        ({"action": "wait", "decide_by": "09:40"}, "is no time between now"),
        ({"action": "wait", "decide_by": "10:01"}, "is no time between now"),
        ({"action": f"move {A} 11:00-12:00 Room 303"}, "no way out of it any more"),
    ],
)
def test_what_cannot_be_decided_says_why_and_changes_nothing(post, told, fields, why):
    form = {"conflict": f"cell-{A}-{B}", **fields}

    answer = post("/desk/friday/conflicts", status=422, **form)

    assert why in answer.text
    assert told() == []


@pytest.mark.usefixtures("crowded")
def test_decision_of_a_form_that_is_stale_is_refused(post, seeder, make_post, told):
    seeder.photo(make_post(C, title="Tea"), make_post(A, title="Typing"),
                 make_post(B, title="Knitting"), known=(A, B), at=NOON)  # fmt: skip

    answer = post(
        "/desk/friday/conflicts", status=422,
        conflict=f"cell-{A}-{B}", action=f"only {A}",
    )  # fmt: skip

    assert "another one by now" in answer.text
    assert told() == []


@pytest.mark.usefixtures("crowded")
def test_conflict_that_is_over_asks_nobody_and_stands_last(shown, clock):
    clock.at(11, 30)

    assert (shown().asking, [one.over for one in shown().conflicts]) == (0, [True])


@pytest.mark.usefixtures("crowded")
def test_only_a_facilitator_decides(client, sign_in):
    token = sign_in("staff", "Sam")
    form = {"csrf_token": token, "conflict": f"cell-{A}-{B}", "action": "all"}

    assert client.post("/desk/friday/conflicts", data=form).status_code == 403
    assert client.post("/desk/friday/changes", data=form).status_code == 403


@pytest.fixture
def noon(crowded, seeder, make_post):
    """At noon: one moved, one was written on, one is new."""
    assert crowded.number == 1
    return seeder.photo(
        make_post(A, title="Typing", slot="11:00-12:00", lines=("Typing",)),
        make_post(B, title="Knits", lines=("Knits",), change="edited"),
        make_post(C, room="Room 302", title="Tea"),
        known=(A, B),
        at=NOON,
    )


@pytest.mark.usefixtures("noon")
def test_changes_are_confirmed_one_by_one_or_all(changes, post, shown, told):
    assert changes() == [
        ("New", "Tea", "Room 302, 10:00-11:00"),
        (
            "Moved",
            "Typing",
            "Room 301, 10:00-11:00 \N{RIGHTWARDS ARROW} Room 301, 11:00-12:00",
        ),
        ("Written on", "Knits", "Room 301, 10:00-11:00"),
    ]
    first, *others = [one.stamp for one in shown().changes]

    assert post("/desk/friday/changes", seen=first).location.endswith("#changes")
    assert [one.stamp for one in shown().changes] == others
    post("/desk/friday/changes", seen=others)
    assert changes() == []
    post("/desk/friday/undo", correction=2)
    assert [one.stamp for one in shown().changes] == others
    assert told() == [("seen", False), ("seen", True)]


@pytest.mark.usefixtures("noon")
def test_what_left_and_came_back_is_told_once_each(
    seeder, make_post, post, shown, changes
):
    seeder.photo(make_post(B, title="Knits", change="same"), known=(B,), gone=(A,),
                 covered=(C,), at=NOON + dt.timedelta(hours=1))  # fmt: skip
    assert [one[:2] for one in changes()] == [
        ("New", "Tea"),
        ("Written on", "Knits"),
        ("Left the board", "Typing"),
    ]
    post("/desk/friday/changes", seen=[one.stamp for one in shown().changes])
    assert changes() == []

    seeder.photo(make_post(A, title="Typing"), make_post(B, title="Knits"),
                 known=(A, B), at=NOON + dt.timedelta(hours=2))  # fmt: skip

    assert [one[:2] for one in changes()] == [("Back on the board", "Typing")]


@pytest.mark.usefixtures("noon")
def test_what_changed_again_since_it_was_shown_is_not_confirmed(
    seeder, make_post, post, shown, told
):
    stamps = [one.stamp for one in shown().changes if one.title == "Typing"]
    seeder.photo(make_post(A, title="Typing", slot="13:00-14:00"), known=(A,),
                 at=NOON + dt.timedelta(hours=1))  # fmt: skip

    post("/desk/friday/changes", seen=stamps)

    assert told() == []


@pytest.mark.usefixtures("crowded")
def test_joined_card_that_moved_is_told_and_confirmed_once(
    seeder, make_post, post, decide, shown
):
    decide("join")
    there = {"slot": "13:00-14:00"}
    seeder.photo(make_post(A, title="Typing", **there), make_post(B, **there),
                 known=(A, B), at=NOON)  # fmt: skip

    (moved,) = shown().changes
    assert (moved.words, moved.title) == ("Moved", "Typing")
    post("/desk/friday/changes", seen=moved.stamp)
    assert shown().changes == ()


@pytest.mark.usefixtures("crowded")
def test_board_view_tells_how_many_conflicts_and_changes_there_are(client, sign_in):
    sign_in()
    page = client.get("/desk/friday/board").text

    assert '<a href="/desk/friday#conflicts"><strong>1</strong> conflict</a>' in page


@pytest.mark.usefixtures("noon")
def test_card_that_was_checked_in_the_queue_is_no_change_any_more(post, changes):
    post(f"/desk/friday/cards/{C}", title="Tea", seen_title="Tea")

    assert [one[1] for one in changes()] == ["Typing", "Knits"]


@pytest.fixture
def corrected(crowded, post, seeder, make_post):
    """A card that was corrected, and on which somebody wrote since."""
    assert crowded.number == 1
    post(f"/desk/friday/cards/{B}", title="Knitting socks", seen_title="Knitting")
    return seeder.photo(
        make_post(A, title="Typing", host="Maya", room="Room 302", lines=("Typing",)),
        make_post(B, title="Yoga", host="Bo", lines=("Yoga", "Bo"), change="edited"),
        known=(A, B),
        at=NOON,
    )


@pytest.mark.usefixtures("corrected")
@pytest.mark.parametrize(
    ("form", "title"),
    [
        ({"title": "Knitting socks", "seen_title": "Knitting socks"}, "Knitting socks"),
        ({"action": "take"}, "Yoga"),
        ({"title": "Yoga for all", "seen_title": "Knitting socks"}, "Yoga for all"),
    ],
)
def test_corrected_card_that_was_written_on_is_decided_by_a_person(
    post, published, desk_page, form, title
):
    assert "Knitting socks" in published()
    page, holds = desk_page(), "What you see in the fields holds until you decide."
    assert page["desk-reopened"] == [
        f"Somebody wrote on this card. {holds} Read then: Knitting Read now: Yoga Bo"
    ]
    assert page["progress"][0].startswith("2 to check of 2")

    post(f"/desk/friday/cards/{B}", **form)

    assert title in published()
    assert desk_page()["desk-reopened"] == []


@pytest.mark.usefixtures("corrected")
def test_what_a_person_corrected_is_decided_at_the_card_not_confirmed(
    post, shown, changes
):
    assert [one.reopened for one in shown().changes] == [False, True]

    post("/desk/friday/changes", seen=[one.stamp for one in shown().changes])

    assert [one[:2] for one in changes()] == [("Written on", "Knitting socks")]


def test_form_that_was_drawn_before_the_card_was_written_on_asks_all_the_same(
    crowded, site, post, seeder, make_post
):
    with site.database.read() as session:
        before = {one.id: one.last_seen_at for one in cards_of(session, "friday")}
    seeder.photo(make_post(A, title="Yoga", lines=("Yoga",), change="edited"), known=(A,),
                 at=NOON)  # fmt: skip

    post(f"/desk/friday/cards/{A}", title="Typing fast", seen_title="Typing",
         seen_at=before[A].isoformat())  # fmt: skip

    with site.database.read() as session:
        (made,) = corrections_of(session, "friday")
    assert isinstance(made.change, Edit)
    assert (made.change.seen.text, made.change.seen.at) == ("Typing", before[A])
    assert crowded.photo_taken_at == before[A]


@pytest.fixture
def written(crowded, post, seeder, make_post):
    """A session that was put in by hand, and a card like it that came later."""
    assert crowded.number == 1
    post("/desk/friday/sessions", title="Sourdough servers", host="Bo",
         room="Room 302", slot="10:00-11:00")  # fmt: skip
    return seeder.photo(
        make_post(A, title="Typing", host="Maya"),
        make_post(B, title="Knitting", host="Ines", room="Room 303"),
        make_post(C, title="Sourdouqh servers", host="Bo", room="Room 302"),
        known=(A, B),
        at=NOON,
    )


@pytest.mark.usefixtures("written")
def test_card_like_what_was_put_in_by_hand_is_joined_by_one_key(
    post, shown, published, told
):
    (offer,) = shown().offers
    assert (offer.made.title, offer.seen.title) == (
        "Sourdough servers",
        "Sourdouqh servers",
    )
    assert shown().conflicts == ()

    post("/desk/friday/offers", action=f"join {offer.id}")

    assert shown().offers == ()
    assert set(published()) == {"Sourdough servers", "Typing", "Knitting"}
    post("/desk/friday/offers", status=422, action=f"join {offer.id}")
    assert [kind for kind, _ in told()] == ["session", "join"]


@pytest.mark.usefixtures("written")
def test_card_that_is_not_what_was_put_in_by_hand_is_asked_about_once(
    post, shown, published, told
):
    (offer,) = shown().offers

    post("/desk/friday/offers", action=f"apart {offer.id}")

    assert shown().offers == ()
    assert len(published()) == 4
    assert [one.question.conflict.kind for one in shown().conflicts] == ["cell"]
    post("/desk/friday/undo", correction=len(told()))
    assert [one.id for one in shown().offers] == [offer.id]
