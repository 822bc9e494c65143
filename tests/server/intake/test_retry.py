"""Photos that have failed are tried again: by a person, and after an upgrade."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from calibration.layout import CellId
from server.cli import main
from server.cli.last_serve import LastServe
from server.errors import NotFoundError
from server.intake.claims import Worker
from server.intake.loop import work_once
from server.intake.recent import RecentPhotos
from server.intake.sight import placed_photos
from server.store.cards import cards_of
from server.store.photos import failed_photos, retry_photo
from server.store.releases import latest_release, releases
from server.store.upgrade import take_over
from server.store.values import VERSION
from vision.errors import BoardNotFoundError

A, B = CellId("Room 301", "10:00-11:00"), CellId("Room 302", "10:00-11:00")
LOST_HINT = (
    "Send the same photo again; or restore its file from a backup, and try it again "
    "at the desk."
)


@pytest.fixture
def shots(scripted):
    return {name: scripted.Shot({"Knitting": A}) for name in ("morning", "noon")}


def breaking(_photo, *_rest):
    raise ZeroDivisionError


@pytest.fixture
def fail(journey, shots):
    """Send a photo that fails in a step."""

    def fail(step, name="morning"):
        sent = journey.send(name)
        vision = journey.scripted.vision_of(shots)
        journey.work(replace(vision, **{step: breaking}))
        assert journey.photo(sent).state == "failed"
        return sent

    return fail


@pytest.mark.parametrize(
    ("step", "state"), [("straighten", "received"), ("read_board", "straightened")]
)
def test_photo_that_failed_goes_on_from_where_it_was(step, state, journey, shots, fail):
    sent = fail(step)

    again = journey.change(retry_photo, sent.id)

    assert (again.state, again.message, again.hint) == (state, "", "")
    journey.work(shots)
    assert journey.photo(sent).state == "settled"
    assert [card.fields.title for card in journey.ask(cards_of, "friday")] == [
        "Knitting"
    ]
    assert [entry.number for entry in journey.ask(releases, "friday")] == [2, 1]


def test_photo_that_fails_again_says_so_again(journey, shots, fail):
    sent = fail("read_board")
    first = journey.photo(sent)

    journey.change(retry_photo, sent.id)
    vision = journey.scripted.vision_of(shots)
    journey.work(replace(vision, read_board=breaking))

    assert journey.photo(sent) == first


def test_photo_that_was_refused_is_tried_again_when_it_is_asked_for(journey, shots):
    sent = journey.send("morning")

    def refuse(_photo, _boards):
        raise BoardNotFoundError("No board is seen.", hint="Step back.")

    journey.work(replace(journey.scripted.vision_of(shots), straighten=refuse))
    assert journey.photo(sent).state == "refused"

    assert journey.change(retry_photo, sent.id).state == "received"
    journey.work(shots)
    assert journey.photo(sent).state == "settled"


def test_photo_of_which_something_came_stays_as_it_is(journey, shots):
    waiting, done = journey.send("noon", "13:00"), journey.send("morning")
    journey.work({"morning": shots["morning"]}, lanes=[])
    before = journey.photo(waiting)

    assert journey.change(retry_photo, waiting.id) == before

    journey.work(shots)
    before = journey.photo(done)
    assert journey.change(retry_photo, done.id) == before
    assert before.state == "settled"


def test_photo_that_is_not_there_is_not_found(journey):
    with pytest.raises(NotFoundError, match="photo nobody"):
        journey.change(retry_photo, "nobody")


def test_photo_that_was_sent_again_for_another_board_begins_anew(journey, shots, fail):
    sent = fail("read_board")
    journey.send("morning", board="saturday")
    vision = journey.scripted.vision_of(shots)
    journey.work(replace(vision, straighten=breaking))

    assert journey.change(retry_photo, sent.id).state == "received"


def test_failed_photos_are_tried_again_once_after_an_upgrade(journey, shots, fail):
    sent = fail("straighten")

    take_over(journey.site.database)
    assert journey.photo(sent).state == "failed"

    take_over(journey.site.database, running="999.0")
    assert journey.photo(sent).state == "received"

    # It fails in that version, too: this one gave up on it itself.
    journey.work(
        replace(journey.scripted.vision_of(shots), straighten=breaking),
        lanes=["straighten"],
    )
    take_over(journey.site.database)
    assert journey.photo(sent).state == "failed"
    assert journey.ask(failed_photos, VERSION) == ()


def test_start_of_the_site_does_it(journey, shots, fail):
    sent = fail("straighten")
    with journey.site.database.begin() as connection:
        connection.exec_driver_sql("UPDATE photos SET failed_in = '0.0.1'")

    opened = type(journey.site).open(journey.site.settings)
    opened.database.close()

    assert journey.photo(sent).state == "received"
    journey.work(shots)
    assert journey.photo(sent).state == "settled"


def lose(journey, sent, how):
    """Lose a photo's bytes, as a disk does, or damage them."""
    path = journey.site.originals.folder / sent.sha256[:2] / sent.sha256
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(b"\0" * path.stat().st_size)


@pytest.mark.parametrize("how", ["missing", "damaged"])
@pytest.mark.parametrize(
    ("lanes", "state"), [([], "received"), (["straighten"], "straightened")]
)
def test_photo_whose_bytes_are_lost_has_failed_at_once_and_lets_others_through(
    how, lanes, state, journey, shots
):
    sent = journey.send("morning")
    journey.work(shots, lanes=lanes)
    assert journey.photo(sent).state == state
    lose(journey, sent, how)
    other = journey.send("noon", "13:00")
    worker = Worker(journey.site, journey.scripted.vision_of(shots), "test")
    lane = "read" if lanes else "straighten"

    assert work_once(worker, lane)

    record = journey.photo(sent)
    assert (record.state, record.message, record.hint) == (
        "failed",
        f"The stored file of this photo is {how}.",
        LOST_HINT,
    )
    journey.work(shots)
    assert journey.photo(other).state == "settled"
    assert journey.ask(latest_release, "friday").photo_id == other.id

    # Asked for before it is back, it says so again; sent again, it is read.
    journey.change(retry_photo, sent.id)
    journey.work(shots)
    assert journey.photo(sent) == record
    assert journey.send("morning").state == "received"
    journey.work(shots)
    assert journey.photo(sent).state == "settled"


def test_photo_whose_bytes_are_lost_after_it_was_read_is_settled(journey, shots):
    sent = journey.send("morning")
    journey.work(shots, lanes=["straighten", "read"])
    lose(journey, sent, "missing")

    worker = Worker(journey.site, journey.scripted.vision_of(shots), "test")
    assert work_once(worker, "settle")

    record = journey.photo(sent)
    assert (record.state, record.message) == ("settled", "")
    assert not work_once(worker, "settle")


def test_lost_photo_places_no_other_one(journey, shots):
    """The one placed last is what a photo without tags is placed by."""
    first = journey.send("morning")
    journey.work(shots)
    lose(journey, first, "damaged")
    asked = []

    def by(_photo, _boards, references):
        asked.append(list(references))
        raise BoardNotFoundError("No board is seen.", hint="Step back.")

    recent = RecentPhotos(by, tuple, placed_photos(journey.site))

    with pytest.raises(BoardNotFoundError):
        recent.straighten(object(), journey.site.profile.boards)
    assert asked == [[]]


@pytest.fixture
def retry(folder, site, monkeypatch):
    """Run ``boardcast retry`` on the site of this test."""
    monkeypatch.setenv("BOARDCAST_SECRET_KEY", site.settings.secret_key)
    LastServe.of(site.settings).write(site.settings.data_dir)

    def retry(*args, data=folder / "data"):
        done = CliRunner().invoke(main, ["retry", *args, "--data", f"{data}"])
        return done.exit_code, done.stdout, done.stderr

    return retry


def test_command_tries_named_photos_again(journey, fail, retry):
    first, second = fail("straighten"), fail("read_board", "noon")

    assert retry(second.id) == (0, f"{second.id} straightened\n", "")
    assert journey.photo(first).state == "failed"
    assert retry("--failed") == (0, f"{first.id} received\n", "")
    assert retry("--failed") == (0, "", "No photo has failed.\n")


def test_command_says_what_is_wrong(journey, fail, retry, tmp_path):
    sent = fail("straighten")

    assert retry(sent.id, "nobody") == (
        1,
        "",
        "There is no photo nobody.\nCheck the address, or begin at the board's page.\n",
    )
    # Whole or not at all.
    assert journey.photo(sent).state == "failed"
    assert retry(sent.id, "--failed")[0] == 2
    assert retry()[0] == 2
    missing = tmp_path / "elsewhere"
    assert retry("--failed", data=missing) == (
        2,
        "",
        (
            f"No site was served from the folder {missing}.\nName the folder that boardcast "
            "serve uses with --data, or start it once.\n"
        ),
    )
    assert not missing.exists()
