import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from calibration.layout import CellId
from server.errors import CorrectionError, NotFoundError
from server.publish.releases import publish
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.edit import Edit
from server.schedule.sessions import build_schedule
from server.store.ballots import add_ballot
from server.store.cards import cards_of, cells_of
from server.store.codec import (
    findings_from_json,
    findings_to_json,
    schedule_from_json,
    schedule_to_json,
)
from server.store.corrections import (
    append_correction,
    check_was_there,
    correction_of,
    corrections_of,
    set_undone,
)
from server.store.hidden_crops import is_hidden_crop
from server.store.photos import add_photo
from server.store.pictures import content_type_of
from server.store.releases import (
    latest_number,
    latest_release,
    published_stamp,
    releases,
)
from server.store.tables import SightingRow
from vision.reading import Finding

A, B = CellId("Room 301", "10:00-11:00"), CellId("Room 302", "10:00-11:00")


@pytest.fixture
def published(journey, scripted):
    """A board with two sessions, read from one photo."""
    journey.send("morning")
    journey.work({"morning": scripted.Shot({"Knitting": A, "Typing": B})})
    return journey


def take_back(journey, made, *, undone=True):
    """Take a correction back, or make it again, and publish that."""
    found = journey.ask(correction_of, "friday", made.id)
    journey.change(
        set_undone, found, undone=undone, author="Ada", at=journey.site.clock()
    )


def sessions(release):
    return {
        session.id: (session.title, session.cell)
        for session in release.schedule.sessions
    }


def test_board_without_a_photo_has_no_release(site):
    with site.database.write() as session:
        assert (
            publish(
                session, site.profile, "friday", cause="correction", at=site.clock()
            )
            is None
        )
        assert latest_release(session, "friday") is None
        assert latest_number(session, "friday") == 0


def test_releases_are_numbered_from_one_without_gaps(published):
    assert [
        (release.number, release.cause) for release in published.ask(releases, "friday")
    ] == [(2, "photo read"), (1, "photo straightened")]
    assert published.ask(latest_number, "friday") == 2
    assert published.ask(releases, "saturday") == ()


def test_publishing_again_without_a_change_makes_no_release(published):
    before = published.ask(latest_release, "friday")

    assert published.change(lambda *_: None) is None
    assert published.ask(latest_release, "friday") == before


def test_release_says_what_its_parts_say(published, scripted):
    release = published.ask(latest_release, "friday")
    cards = {card.fields.title: card for card in published.ask(cards_of, "friday")}

    assert release.board == "friday"
    assert release.created_at == scripted.NOW
    assert sessions(release) == {
        cards["Knitting"].id: ("Knitting", A),
        cards["Typing"].id: ("Typing", B),
    }
    assert release.schedule == build_schedule(
        cards.values(),
        (),
        published.site.profile.board("friday"),
        published.site.profile.event.timezone,
        published.ask(cells_of, "friday"),
    )
    blobs = [release.picture.full.sha256, *(card.crop for card in cards.values())]
    assert [published.ask(content_type_of, blob) for blob in blobs] == [
        "image/jpeg"
    ] * 3
    assert all(published.site.blobs.get(blob)[:2] == b"\xff\xd8" for blob in blobs)


def test_originals_are_not_among_the_public_blobs(published):
    photo = published.send("morning")

    assert published.site.originals.exists(photo.sha256)
    assert not published.site.blobs.exists(photo.sha256)
    assert published.ask(content_type_of, photo.sha256) is None


def test_release_fails_whole(published):
    before = published.ask(latest_release, "friday")
    card_id = before.schedule.sessions[0].id

    def break_down(session):
        append_correction(
            session,
            "friday",
            Edit(card_id, title="x"),
            author="Maya",
            made_at=published.site.clock(),
        )
        publish(
            session,
            published.site.profile,
            "friday",
            cause="correction",
            at=published.site.clock(),
        )
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        published.change(break_down)

    assert published.ask(latest_release, "friday") == before
    assert published.ask(corrections_of, "friday") == ()


def test_correction_changes_what_is_published_and_undo_changes_it_back(published):
    before = published.ask(latest_release, "friday")
    card_id = before.schedule.sessions[0].id
    when = published.site.clock()

    made = published.change(
        append_correction,
        "friday",
        Edit(card_id, title="Crochet"),
        author="Maya",
        made_at=when,
    )

    corrected = published.ask(latest_release, "friday")
    assert sessions(corrected)[card_id] == ("Crochet", A)
    assert (corrected.number, corrected.cause) == (3, "correction")
    assert published.ask(corrections_of, "friday") == (made,)
    assert made == Correction(made.id, Edit(card_id, title="Crochet"), "Maya", when)

    take_back(published, made)
    take_back(published, made)

    (kept,) = published.ask(corrections_of, "friday")
    assert kept == replace(made, undone=True, turn=kept.turn)
    restored = published.ask(latest_release, "friday")
    assert restored.schedule == before.schedule
    assert restored.number == 4
    # Nothing that was published is ever changed.
    assert published.ask(releases, "friday")[-2:] == (
        before,
        published.ask(releases, "friday")[-1],
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "ü \u202e <b>"),
        ("description", ""),
        ("host", "Ö"),
        ("hidden", True),
        ("hidden", False),
        ("cell", B),
    ],
    ids=["title", "empty", "host", "hide", "show", "cell"],
)
def test_correction_of_each_field_comes_back_as_it_was(field, value, published):
    card_id = published.ask(cards_of, "friday")[0].id

    made = published.change(
        append_correction,
        "friday",
        Edit.setting(card_id, {field: value}),
        author="Maya",
        made_at=published.site.clock(),
    )

    assert made.change.fields == {field: value}
    assert type(made.change.fields[field]) is type(value)
    assert published.ask(corrections_of, "friday") == (made,)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "x" * 2001, "The text has 2001 characters; at most 2000 are kept."),
        ("title", "a\x00b", "The text contains a character that cannot be kept."),
    ],
    ids=["too-long", "nul"],
)
def test_correction_that_cannot_be_kept_says_why(field, value, message, published):
    card_id = published.ask(cards_of, "friday")[0].id

    with pytest.raises(CorrectionError) as error:
        published.change(
            append_correction,
            "friday",
            Edit.setting(card_id, {field: value}),
            author="M",
            made_at=published.site.clock(),
        )

    assert error.value.message == message
    assert published.ask(corrections_of, "friday") == ()


def test_what_is_not_there_is_not_found(published):
    for command, args in (
        (correction_of, ("friday", 99)),
        (check_was_there, ("nobody",)),
    ):
        with pytest.raises(NotFoundError):
            published.ask(command, *args)


def test_schedule_survives_its_json(published):
    schedule = published.ask(latest_release, "friday").schedule

    assert schedule_from_json(schedule_to_json(schedule)) == schedule


def test_schedule_from_before_titles_were_doubted_is_in_no_doubt(published):
    document = schedule_to_json(published.ask(latest_release, "friday").schedule)
    for session in document["sessions"]:
        del session["title_confidence"]

    sessions = schedule_from_json(document).sessions
    assert [(s.title_confidence, s.doubt) for s in sessions] == [(1.0, "none")] * 2


def test_schedule_of_the_hour_that_the_end_of_summer_time_repeats_survives(published):
    schedule = published.ask(latest_release, "friday").schedule
    session = schedule.sessions[0]
    zone = session.starts_at.tzinfo
    twice = dt.datetime(2024, 11, 3, 1, 30, tzinfo=zone)
    document = schedule_to_json(schedule)
    document["sessions"][0]["starts_at"] = twice.replace(fold=1).isoformat()

    back = schedule_from_json(document).sessions[0].starts_at

    assert back.utcoffset() == twice.replace(fold=1).utcoffset() != twice.utcoffset()


@given(
    findings=st.lists(
        st.builds(
            Finding,
            st.text(),
            st.text(),
            st.lists(st.builds(CellId, st.text(), st.text())).map(tuple),
        )
    ).map(tuple)
)
def test_findings_survive_their_json(findings):
    assert findings_from_json(findings_to_json(findings)) == findings


def test_stamp_changes_with_all_that_is_public(published):
    when = published.site.clock()
    card_id = published.ask(cards_of, "friday")[0].id
    stamps = [published.ask(published_stamp)]

    def note():
        stamps.append(published.ask(published_stamp))

    made = published.change(
        append_correction,
        "friday",
        Edit(card_id, title="Tea"),
        author="M",
        made_at=when,
    )
    note()
    hidden = published.change(
        append_correction,
        "friday",
        Edit(card_id, hidden=True),
        author="M",
        made_at=when,
    )
    note()
    # Nothing of these is on the schedule, so that neither makes a release.
    published.change(
        append_correction,
        "friday",
        Edit(card_id, title="Coffee"),
        author="M",
        made_at=when,
    )
    note()
    take_back(published, made)
    note()
    take_back(published, hidden)
    note()
    take_back(published, hidden, undone=False)
    note()
    published.send("saturday", board="saturday")
    note()
    published.work({"saturday": published.scripted.Shot({}, board="saturday")})
    note()

    with published.site.database.write() as session:
        add_ballot(session, "idea x", "a device", "", when)
    note()
    assert stamps == [
        (2, 0, 0, 0),
        (3, 1, 0, 0),
        (4, 2, 0, 0),
        (4, 3, 0, 0),
        (4, 3, 1, 0),
        (5, 3, 2, 0),
        (6, 3, 3, 0),
        (6, 3, 3, 0),
        (8, 3, 3, 0),
        (8, 3, 3, 1),
    ]


def test_stamp_of_a_site_without_photos(site):
    with site.database.read() as session:
        assert published_stamp(session) == (0, 0, 0, 0)


def test_stamp_goes_through_no_table_of_releases(published):
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    engine = published.site.database.engine
    event.listen(engine, "before_cursor_execute", note)
    published.ask(published_stamp)
    event.remove(engine, "before_cursor_execute", note)

    (_begin, statement) = asked
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (0,) * 3)
        steps = [row[-1] for row in rows]
    assert {step for step in steps if "releases" in step} == {
        "SEARCH releases USING COVERING INDEX sqlite_autoindex_releases_1",
        "SEARCH releases USING COVERING INDEX sqlite_autoindex_releases_1 (board>?)",
        "SEARCH releases USING COVERING INDEX sqlite_autoindex_releases_1 (board=?)",
    }


@pytest.fixture
def crops(journey, scripted):
    """Two cards in two photos, cut out anew in each: crops by title, oldest first."""
    for name, at in (("morning", "12:00"), ("noon", "13:00")):
        journey.send(name, at)
    shot = scripted.Shot({"Knitting": A, "Typing": B})
    journey.work({"morning": shot, "noon": shot})
    with journey.site.database.read() as session:
        rows = session.execute(
            select(SightingRow.text, SightingRow.crop).order_by(SightingRow.at)
        ).all()
    return {
        title: [crop for text, crop in rows if text == title]
        for title in ("Knitting", "Typing")
    }


def hide(journey, title, *, hidden=True):
    (found,) = (
        entry
        for entry in journey.ask(cards_of, "friday")
        if entry.fields.title == title
    )
    return journey.change(
        append_correction,
        "friday",
        Edit(found.id, hidden=hidden),
        author="Maya",
        made_at=journey.site.clock(),
    )


def test_crops_of_a_hidden_card_are_hidden_until_it_is_shown_again(journey, crops):
    assert not any(journey.ask(is_hidden_crop, crop) for crop in crops["Knitting"])

    first = hide(journey, "Knitting")

    assert all(journey.ask(is_hidden_crop, crop) for crop in crops["Knitting"])
    assert not any(journey.ask(is_hidden_crop, crop) for crop in crops["Typing"])

    take_back(journey, first)
    assert not any(journey.ask(is_hidden_crop, crop) for crop in crops["Knitting"])

    hide(journey, "Knitting")
    hide(journey, "Knitting", hidden=False)
    assert not any(journey.ask(is_hidden_crop, crop) for crop in crops["Knitting"])


def test_crop_that_a_shown_card_has_too_is_not_hidden(journey, crops):
    """Two blank cards may give the same picture, byte for byte."""
    (crop, *_) = crops["Knitting"]
    typing = next(
        card
        for card in journey.ask(cards_of, "friday")
        if card.fields.title != "Knitting"
    )
    hide(journey, "Knitting")
    with journey.site.database.write() as session:
        row = session.query(SightingRow).filter_by(card_id=typing.id).first()
        record, _ = add_photo(
            session,
            sha256="f" * 64,
            size_bytes=1,
            given_board="friday",
            sender="Ada",
            received_at=journey.site.clock(),
            taken_at=None,
        )
        columns = {
            column.key: getattr(row, column.key)
            for column in SightingRow.__table__.columns
        }
        session.add(SightingRow(**{**columns, "photo_id": record.id, "crop": crop}))

    assert not journey.ask(is_hidden_crop, crop)

    hide(journey, "Typing")
    assert journey.ask(is_hidden_crop, crop)


def test_board_pictures_and_what_is_no_blob_are_not_hidden(journey, crops):
    for title in crops:
        hide(journey, title)
    release = journey.ask(latest_release, "friday")

    shown = [size.sha256 for size in release.picture.sizes]
    assert not any(journey.ask(is_hidden_crop, blob) for blob in (*shown, "0" * 64, ""))


def test_crop_is_found_by_an_index(journey, crops):
    with journey.site.database.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT DISTINCT card_id FROM sightings WHERE crop = ?",
            (crops["Typing"][0],),
        )
        steps = [row[-1] for row in rows]

    assert steps[0] == "SEARCH sightings USING INDEX ix_sightings_crop (crop=?)"
