"""``boardcast reload``: a changed event.toml, whole or not at all."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from calibration.layout import CellId
from server.app import app_of
from server.cli.last_serve import LastServe
from server.cli.reload import reload_event
from server.publish.event_change import check_nothing_lost
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import SeenCard
from server.schedule.corrections.seen import Seen
from server.store.board_states import folded_anew, state_of
from server.store.cards import cards_of
from server.store.corrections import append_correction
from server.store.profiles import newest_version
from server.store.releases import latest_release
from server.store.sightings import seen_in
from server.views.desk.attention import Attention, attention_of

NOW = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)


@pytest.fixture
def reload(run, folder, site, monkeypatch):
    """Reload the site of this folder, as an operator does."""
    monkeypatch.setenv("BOARDCAST_SECRET_KEY", site.settings.secret_key)
    LastServe.of(site.settings).write(site.settings.data_dir)
    return lambda *options, **more: run(
        "reload", "--data", folder / "data", *options, **more
    )


def rename(folder, old, new):
    path = folder / "event.toml"
    path.write_text(path.read_text().replace(old, new))


@pytest.mark.usefixtures("site")
def test_reload_of_a_file_that_says_the_same_says_so(reload):
    result = reload()

    assert (result.exit_code, result.output) == (0, "Nothing has changed.\n")


def test_reload_takes_up_the_file_that_is_served(site, reload, folder):
    rename(folder, '"Friday"', '"Day 1"')

    result = reload()

    assert (result.exit_code, result.output) == (
        0,
        "Version 2 of the event is taken up. Published anew: none.\n",
    )
    assert site.newest().profile.boards[0].title == "Day 1"


def test_reload_of_a_broken_file_is_refused_with_key_and_line(site, reload, folder):
    rename(folder, "version = 1", "nonsense = 1")

    result = reload()

    assert result.exit_code == 1
    assert result.output == (
        f"{folder / 'event.toml'}, line 1, nonsense: unknown key `nonsense`; expected "
        "one of version, event, boards, announce.\nCorrect event.toml and try again.\n"
    )
    assert site.newest() is site


@pytest.fixture
def corrected(journey, scripted):
    """A board with a card in each room, one of them corrected and moved on."""
    journey.send("noon")
    journey.work(scripted.SHOTS)
    for title, setting in (
        ("Knitting", {"title": "Knitting for all"}),
        ("Type checking", {"cell": CellId("Room 302", "11:00-12:00")}),
    ):
        (card,) = [
            entry.id
            for entry in journey.ask(cards_of, "friday")
            if entry.fields.title == title
        ]
        change = Edit.setting(card, setting)
        journey.change(append_correction, "friday", change, author="Ada", made_at=NOW)
    return journey


def published(journey):
    """Return id, title and cell of each session."""
    sessions = journey.ask(latest_release, "friday").schedule.sessions
    return {entry.id: (entry.title, *entry.cell) for entry in sessions}


def replaced(folder, rooms, slots="10:00-11:00 11:00-12:00"):
    """Write rooms and slots of Friday into event.toml, and no blocked cell."""
    path = folder / "event.toml"
    text = path.read_text()
    for line in (f"rooms = {rooms.split(',')}", f"slots = {slots.split()}"):
        text = re.sub(rf"(?m)^{line[:5]} = .*$", line, text, count=1)
    path.write_text(re.sub(r"(?m)^blocked = .*$", "", text))


@pytest.mark.usefixtures("site")
def test_renamed_room_keeps_sessions_and_corrections(
    reload, folder, corrected, scripted
):
    before = published(corrected)
    replaced(folder, "Aula,Room 302")

    refused, version = reload(), corrected.ask(newest_version)
    done = reload("--renamed")

    assert (refused.exit_code, version) == (1, 1)
    assert '"Room 301" of Friday (1 session hangs there) is now called "Aula"?' in (
        refused.output
    )
    assert (done.exit_code, done.output) == (
        0,
        "Version 2 of the event is taken up. Published anew: friday.\n",
    )
    renamed = {
        name: (title, "Aula" if room == "Room 301" else room, slot)
        for name, (title, room, slot) in before.items()
    }
    assert published(corrected) == renamed
    assert corrected.ask(state_of, "friday") == corrected.ask(folded_anew, "friday")
    # The next photo is read in the new names.
    shot = scripted.Shot({
        "Knitting": CellId("Aula", "10:00-11:00"),
        "Type checking": CellId("Room 302", "10:00-11:00"),
    })  # fmt: skip
    later = replace(corrected, site=corrected.site.newest())
    later.send("later", "14:00")
    later.work({"later": shot})
    assert published(later) == renamed
    assert {entry[0] for entry in renamed.values()} == {
        "Knitting for all",
        "Type checking",
    }


@pytest.mark.usefixtures("site")
def test_renamed_room_is_no_change_on_the_board(reload, folder, corrected):
    """Neither of cards that nobody saw since the first photo nor of those seen since."""
    cards = corrected.ask(cards_of, "friday")
    seen = Seen({card.id: SeenCard.of(card) for card in cards[:1]})
    corrected.change(append_correction, "friday", seen, author="Ada", made_at=NOW)
    replaced(folder, "Aula,Lab")

    reload("--renamed")

    here = corrected.site.newest()
    assert corrected.ask(attention_of, here, here.profile.board("friday"), NOW) == (
        Attention()
    )


@pytest.mark.usefixtures("site")
def test_card_is_seen_in_the_names_of_now(reload, folder, corrected):
    """By who corrects it while a newer photo comes."""
    (card, *_) = corrected.ask(cards_of, "friday")
    corrected.send("later", "14:00")
    corrected.work({"later": corrected.scripted.SHOTS["noon"]})
    replaced(folder, "Aula,Lab")

    reload("--renamed")

    seen = corrected.ask(seen_in, "friday", card.id, card.last_seen_at)
    assert seen.cell.room in {"Aula", "Lab"}


SEVERAL = [
    pytest.param(["Room 302,Room 301"], id="exchanged"),
    pytest.param(["Aula,Room 302", "Lab,Room 302"], id="one-after-the-other"),
    pytest.param(["Room 302,Lab", "Lab,Room 301"], id="chain"),
    pytest.param(["Aula,Room 302", "Aula,Room 301"], id="name-of-another-before"),
]


@pytest.mark.parametrize("steps", SEVERAL)
def test_renamed_there_and_back_is_as_before(steps, reload, folder, corrected):
    """In each step every session stays in its place; at the end in its name, too."""
    before = published(corrected)
    place = {"Room 301": 0, "Room 302": 1}
    for rooms in [*steps, *reversed(steps[:-1]), "Room 301,Room 302"]:
        replaced(folder, rooms)
        assert reload("--renamed").exit_code == 0
        assert published(corrected) == {
            name: (title, rooms.split(",")[place[room]], slot)
            for name, (title, room, slot) in before.items()
        }

    assert published(corrected) == before


def test_slots_that_begin_later_keep_their_sessions(reload, folder, corrected):
    before = published(corrected)
    replaced(folder, "Room 301,Room 302", "10:15-11:15 11:15-12:15")

    assert reload("--renamed").exit_code == 0

    later = {"10:00-11:00": "10:15-11:15", "11:00-12:00": "11:15-12:15"}
    assert published(corrected) == {
        name: (title, room, later[slot]) for name, (title, room, slot) in before.items()
    }


def test_correction_made_after_a_rename_is_in_its_names(reload, folder, corrected):
    replaced(folder, "Room 302,Room 301")
    reload("--renamed")
    card = next(iter(published(corrected)))
    after = replace(corrected, site=corrected.site.newest())
    moved = Edit(card, cell=CellId("Room 301", "10:00-11:00"))

    after.change(append_correction, "friday", moved, author="Ada", made_at=NOW)

    assert published(after)[card][1:] == ("Room 301", "10:00-11:00")


def test_room_that_is_taken_away_leaves_its_cards_to_the_desk(
    reload, folder, corrected, read_desk
):
    replaced(folder, "Room 302")

    refused = reload()
    done = reload("--yes")

    lost = (
        'The room "Room 301" of Friday is gone from event.toml; 1 session hangs there.'
    )
    assert refused.exit_code == 1
    assert refused.output.startswith(f"{lost}\nPut the old names back")
    assert done.exit_code == 0
    assert done.stderr == (
        f"{lost}\nSessions whose room or slot is gone are taken down, and their cards "
        "wait at the desk to be moved or hidden.\n"
    )
    assert [entry[0] for entry in published(corrected).values()] == ["Type checking"]
    assert "not published: its room Room 301 is gone; give it another place" in (
        read_desk(corrected.site.newest())
    )


@pytest.fixture
def read_desk():
    """Return what the facilitator's desk of Friday says."""

    def read_desk(site):
        client = app_of(site).test_client()
        client.get(f"/sign-in/{site.tokens.issue('facilitator', 'Ada')}")
        return client.get("/desk/friday").text

    return read_desk


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1)])
def test_reload_asks_on_a_terminal(
    answer, code, folder, corrected, *, monkeypatch, reload
):
    before = published(corrected)
    replaced(folder, "Aula,Room 302")
    monkeypatch.setattr("server.cli.reload.asks", lambda: True)

    result = reload(input=answer)

    assert result.exit_code == code
    assert "Is that so?" in result.stderr
    assert published(corrected).keys() == before.keys()


def test_reload_where_there_is_no_site_makes_none(run, folder):
    result = run("reload", "--data", folder / "nowhere")

    assert result.exit_code == 2
    assert "No site was served from the folder" in result.stderr
    assert not (folder / "nowhere").exists()


@pytest.mark.parametrize("changed", ["Room 301", "version = 1"])
def test_serve_refuses_what_a_reload_refuses(changed, run, folder, journey):
    journey.send("noon")
    journey.work(journey.scripted.SHOTS)
    rename(folder, changed, "Aula")

    result = run(
        *("serve", "--event", folder / "event.toml", "--data", folder / "data"),
    )

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert journey.ask(newest_version) == 1


def test_site_that_starts_anew_may_have_another_short_path(site, folder):
    rename(folder, 'short_path = "os"', 'short_path = "spaces"')

    started = reload_event(site, folder / "event.toml", check_nothing_lost)

    assert started.site.profile.event.short_path == "spaces"
    assert site.newest().profile_version == 2
