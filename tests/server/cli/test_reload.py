"""``boardcast reload``: a changed event.toml, whole or not at all."""

import pytest

from server.cli.last_serve import LastServe
from server.cli.reload import reload_event
from server.publish.event_change import check_nothing_lost
from server.store.profiles import newest_version
from server.store.releases import latest_release


@pytest.fixture
def reload(run, folder, site, monkeypatch):
    """Reload the site of this folder, as an operator does."""
    monkeypatch.setenv("BOARDCAST_SECRET_KEY", site.settings.secret_key)
    LastServe.of(site.settings).write(site.settings.data_dir)
    return lambda *options: run("reload", "--data", folder / "data", *options)


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
        "one of version, event, boards.\nCorrect event.toml and try again.\n"
    )
    assert site.newest() is site


def test_rename_where_sessions_hang_needs_a_yes(reload, folder, journey, scripted):
    journey.send("noon")
    journey.work(scripted.SHOTS)
    rename(folder, "Room 301", "Aula")

    refused = reload()
    version = journey.ask(newest_version)
    done = reload("--yes")

    lost = (
        'The room "Room 301" of Friday is gone from event.toml; 1 session hangs there.'
    )
    assert (refused.exit_code, refused.output.split("\n")[0], version) == (1, lost, 1)
    assert (done.exit_code, done.stderr.split("\n")[0]) == (0, lost)
    assert done.stdout == (
        "Version 2 of the event is taken up. Published anew: friday.\n"
    )
    sessions = journey.ask(latest_release, "friday").schedule.sessions
    assert [session.title for session in sessions] == ["Type checking"]


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
