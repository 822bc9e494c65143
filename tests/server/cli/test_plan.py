"""``boardcast plan``: a sheet of planned sessions onto the boards of a site."""

import json

import pytest

from server.cli.last_serve import LastServe
from server.store.corrections import corrections_of
from server.store.releases import latest_release

SHEET = """title;name;room;time;day
Café;Zoë;Room 301;10-11am;Friday
Sprint;Ada;301;11:00;18.05.
Wrong;Ada;302;26:00;Friday
"""


@pytest.fixture
def plan(run, folder, site, monkeypatch):
    monkeypatch.setenv("BOARDCAST_SECRET_KEY", site.settings.secret_key)
    LastServe.of(site.settings).write(site.settings.data_dir)
    (folder / "plan.csv").write_bytes(SHEET.encode("latin-1"))
    sheet = folder / "plan.csv"
    return lambda *options: run("plan", sheet, "--data", folder / "data", *options)


def kept(site):
    with site.database.read() as session:
        return {
            board.slug: [one.change.kind for one in corrections_of(session, board.slug)]
            for board in site.profile.boards
        }


def test_good_rows_are_published_before_any_photo_and_bad_ones_named(plan, site):
    result = plan()

    assert result.exit_code == 1
    assert result.output == (
        'Refused: Row 4, time: "26:00" is no time of a day; '
        "write for example 19:00-20:00.\n"
        "2 new, 0 changed, 0 as they were, 1 refused.\n"
    )
    with site.database.read() as session:
        release = latest_release(session, "friday")
    assert (release.number, release.picture) == (1, None)
    assert [one.title for one in release.schedule.listed] == ["Café"]
    assert kept(site) == {"friday": ["plan"], "saturday": ["plan"]}


def test_same_sheet_changes_nothing_and_dry_run_keeps_nothing(plan, site):
    assert plan("--dry-run").output.endswith("1 refused (nothing is kept).\n")
    assert kept(site) == {"friday": [], "saturday": []}
    plan()

    said = json.loads(plan("--json").stdout)

    assert kept(site) == {"friday": ["plan"], "saturday": ["plan"]}
    assert said == {
        "new": 0,
        "changed": 0,
        "known": 2,
        "refused": [
            {
                "row": 4,
                "column": "time",
                "message": '"26:00" is no time of a day; write for example 19:00-20:00',
            }
        ],
        "notes": [],
        "missing": [],
        "unknown": [],
    }


def test_what_is_no_sheet_is_refused(plan, folder):
    (folder / "plan.csv").write_text("a,b\n1,2\n")

    result = plan()

    assert result.exit_code == 1
    assert "No column of the sheet is called title; row 1 has a, b." in result.output


def test_event_that_puts_planned_sessions_on_the_schedule_does_so_at_once(
    plan, run, folder, site
):
    plan()
    event = folder / "event.toml"
    event.write_text(
        event.read_text().replace("[event]", '[event]\nplanned = "scheduled"', 1)
    )

    result = run("reload", "--data", folder / "data")

    assert "Published anew: friday, saturday." in result.output
    with site.database.read() as session:
        release = latest_release(session, "friday")
    assert [one.title for one in release.schedule.sessions] == ["Café"]
    assert release.schedule.listed == ()


def test_sheet_with_a_room_s_old_name_is_for_the_room_as_it_is_called_now(
    plan, run, site, folder
):
    path = folder / "event.toml"
    path.write_text(path.read_text().replace('"Room 301"', '"Maple"'))
    assert run("reload", "--data", folder / "data", "--renamed").exit_code == 0

    assert 'Row 2, room: "Room 301" is called Maple now.' in plan().stderr

    with site.database.read() as session:
        (cafe,) = latest_release(session, "friday").schedule.listed
    assert (cafe.title, cafe.listing, cafe.place) == ("Café", "planned", "Maple")
    assert plan().stdout.startswith("0 new, 0 changed, 2 as they were")
