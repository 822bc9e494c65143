"""``boardcast forget`` on a site with people, votes and "I'd come"."""

import datetime as dt

import pytest
from click.testing import CliRunner

from server.cli import main
from server.cli.last_serve import LastServe
from server.store.ballots import add_ballot, counts_of
from server.store.cards import cards_of
from server.store.people import people_on
from server.store.releases import latest_release
from vision.image.photo import Photo

MAYA = "dd0000000004"
AT = dt.datetime(2024, 5, 17, 15, tzinfo=dt.UTC)


@pytest.fixture
def forget(site, monkeypatch):
    monkeypatch.setenv("BOARDCAST_SECRET_KEY", site.settings.secret_key)
    LastServe.of(site.settings).write(site.settings.data_dir)
    folder = site.settings.data_dir

    def forget(*options):
        asked = ["forget", "--data", str(folder), *options]
        result = CliRunner().invoke(main, asked)
        assert result.exit_code in {0, 2}, result.output
        return result.output

    return forget


@pytest.fixture
def said(site, client, sign_in, board):  # noqa: ARG001  (board: there are people)
    """People on the board and typed, corrected and seen; one ballot."""
    token = sign_in()
    for path, form in (
        (f"cards/{MAYA}", {"title": "Maya Lin", "seen_title": "Maya"}),
        ("people", {"action": "add", "name": "Zebulon", "interests": "falconry"}),
        ("changes", {"seen": MAYA}),
    ):
        client.post(f"/desk/friday/{path}", data={"csrf_token": token, **form})
    with site.database.write() as session:
        add_ballot(session, "idea x", "a device", "", AT)


def texts(site):
    """Return whether anything of people is left in the database's files."""
    files = site.settings.data_dir.glob("*.db*")
    kept = b"".join(file.read_bytes() for file in files)
    words = (b"beekeeping", b"Maya Lin", b"Zebulon", b"falconry")
    return [word.decode() for word in words if word in kept]


@pytest.mark.usefixtures("said")
@pytest.mark.databases
def test_people_and_ballots_are_in_no_file_after_their_expiry(site, forget, client):
    with site.database.read() as session:
        crop = {one.id: one.crop for one in cards_of(session, "friday")}[MAYA]
        before = latest_release(session, "friday")
        assert [one.name for one in people_on(session, site.profile.boards[0])] == [
            "Maya Lin",
            "Zebulon",
        ]
    assert len(texts(site)) == 4
    assert "Nothing is forgotten before 2032-" in forget("--after", "2922d")

    assert forget("--after", "30d") == (
        "2 cards of people and 1 ballots are forgotten.\n"
    )

    assert texts(site) == []
    assert not site.blobs.exists(crop)
    with site.database.read() as session:
        assert people_on(session, site.profile.boards[0]) == ()
        assert counts_of(session, ["idea x"])["idea x"].total() == 0
        after = latest_release(session, "friday")
        assert after.schedule.sessions == before.schedule.sessions
    page = client.get("/os/people")
    assert "Maya" not in page.text
    pixels = Photo.decode(client.get("/os/friday.jpg").data).pixels
    assert abs(int(pixels[360, 720].mean()) - 128) < 4
    assert client.get("/desk/friday/history").status_code == 200
    assert client.get("/desk/friday").status_code == 200
    checked = CliRunner().invoke(main, ["check", "--data", str(site.settings.data_dir)])
    assert checked.exit_code == 0, checked.output
    # Rows are still guarded, and a second time there is nothing to forget.
    assert forget().endswith("0 ballots are forgotten.\n")
    with site.database.read() as session:
        guards = session.connection().exec_driver_sql(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' "
            "AND tbl_name IN ('sightings', 'readings', 'corrections')"
        )
        assert guards.scalar() == 3


def test_number_of_days_that_is_none_is_refused(forget):
    assert "expected a number of days" in forget("--after", "soon")
