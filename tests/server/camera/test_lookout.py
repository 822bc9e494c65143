import pytest
from click import BadParameter

from server.camera import grab
from server.camera.lookout import Lookout
from server.camera.source import Source
from server.camera.spool import Spool
from server.cli.camera import Area
from server.sending.delivery import Delivery
from server.sending.server import Server
from server.store.photos import photos_of
from vision.image.photo import encode_jpeg

ABSENT = "http://127.0.0.1:9"


@pytest.fixture
def said():
    return []


@pytest.fixture
def quick(monkeypatch):
    """Take what changed at once, and in this process; give what sets how long it waits."""

    def wait(still_s):
        for name in ("STILL_S", "LARGE_STILL_S"):
            monkeypatch.setattr(f"server.camera.decision.{name}", still_s)

    def pictures(source, count, _gap_s):
        # To start a process for each look would take most of the test.
        return tuple(grab.pictures(source.address, count, 0))

    wait(0)
    monkeypatch.setattr(Source, "pictures", pictures)
    return wait


@pytest.fixture
def lookout(camera, tokens, tmp_path, said, quick):
    """Make a lookout of the camera."""

    def make(to, still_s=0):
        quick(still_s)
        delivery = Delivery(Server(to, tokens.issue("staff")), None, said.append)
        spool = Spool(tmp_path / "spool", said.append)
        return Lookout(Source(camera[0]), spool, delivery, said.append, 300)

    return make


@pytest.fixture
def received(site):
    def times():
        with site.database.read() as session:
            return [record.taken_at for record in photos_of(session, None)]

    return times


def test_picture_is_sent_when_the_board_changed(lookout, camera, later, live, received):
    here = lookout(live)

    assert [here.look(), here.look()] == [300, 300]
    here.deliver()
    assert len(received()) == 1
    camera[1].picture = encode_jpeg(later, 90)
    here.look()
    here.deliver()

    assert len(received()) == 2
    assert here.spool.waiting() == []


def test_only_what_changes_in_its_area_counts(lookout, camera, picture, live, received):
    app = camera[1]
    here = lookout(live)
    here.area = area_of("0,0,50,100")
    middle = picture.shape[1] // 2
    for left, right in [(0, 0), (0, 90), (90, 90)]:  # as it was, beside it, in it
        changed = picture.copy()
        changed[200:400, 200 : 200 + left] = 90
        changed[200:400, middle + 20 : middle + 20 + right] = 90
        app.picture = encode_jpeg(changed, 90)
        here.look()
        here.deliver()

    assert len(received()) == 2


def area_of(text):
    return Area().convert(text, None, None)


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "50,0,50,9", "0,0,101,9", "9,0,1,9", "a"]
)
def test_what_is_no_part_of_a_picture_is_refused(text):
    with pytest.raises(BadParameter, match="no part of a picture"):
        area_of(text)


def test_picture_that_the_disk_has_no_room_for_is_taken_once_it_has(
    lookout, said, full_disk
):
    here = lookout(ABSENT)
    with full_disk(10_000):
        here.look()
    assert here.spool.waiting() == []
    here.look()

    assert len(here.spool.waiting()) == 1
    (told,) = said
    assert told.startswith(f"No picture can be kept in {here.spool.folder}: ")


def test_absent_server_gets_the_pictures_once_it_is_there(
    lookout, live, received, said
):
    here = lookout(ABSENT)
    here.look()
    here.deliver()
    here.deliver()
    again = lookout(live)
    again.look()  # the same board: not taken again after a restart
    assert len(again.spool.waiting()) == 1
    again.deliver()

    assert len(received()) == 1
    assert again.spool.waiting() == []
    assert [line.splitlines()[0] for line in said] == [
        f"No server answers at {ABSENT}. Photos wait here meanwhile."
    ]


def test_camera_that_goes_is_left_for_growing_pauses_and_comes_back(
    lookout, camera, live, said
):
    _, app = camera
    here = lookout(live)
    pauses = []
    for app.mode in ("drop", "drop", "page", "half", "half"):
        pauses.append(here.look())
    app.mode = "good"
    back = here.look()

    assert (pauses, back) == ([5, 10, 20, 40, 80], 300)
    address = camera[0].replace("cam:secret@", "")
    assert [line.splitlines()[0] for line in said] == [
        f"{address}: The camera does not answer.",
        f"{address}: The camera answers with a page instead of a picture.",
        f"{address}: The photo is damaged or incomplete.",
        "The camera gives pictures again.",
    ]


def test_disk_that_is_full_is_told_and_the_picture_taken_again(
    lookout, live, said, tmp_path
):
    (tmp_path / "spool").write_text("in the way")
    here = lookout(live)
    here.look()
    assert said[0].startswith(f"No picture can be kept in {tmp_path / 'spool'}: ")

    (tmp_path / "spool").unlink()
    here.look()

    assert len(here.spool.waiting()) == 1


def test_change_is_waited_for(lookout, camera, later, live, said):
    lookout(live).look()
    again = lookout(live, still_s=3600)
    camera[1].picture = encode_jpeg(later, 90)

    assert [again.look(), again.look()] == [10, 10]
    assert said == ["The board changed; waiting: it must stay like that."]
