import re

import pytest

from server.cli.last_serve import LastServe
from server.config import settings_from


@pytest.fixture
def event(folder):
    options = {"profile_path": folder / "event.toml", "data_dir": folder / "data"}
    LastServe.of(settings_from({}, options)).write(folder / "data")
    return ("--event", folder / "event.toml", "--data", folder / "data")


def test_link_is_listed_and_can_be_revoked_singly(run, event):
    for name in ("Ada", "Sam"):
        run("invite", "staff", "--name", name, *event)
    before = run("invitations", *event).stdout.splitlines()
    (ada,) = [line for line in before if "Ada" in line]

    revoked = run("revoke", ada.split()[0], *event)
    after = run("invitations", *event).stdout

    assert "nobody signed in" in next(line for line in before if "Sam" in line)
    assert revoked.stdout == f"{ada.split()[0]}  staff Ada: revoked\n"
    assert re.search(r"staff +Ada: revoked \d{4}-\d\d-\d\d \d\d:\d\d\n", after)
    assert re.search(r"staff +Sam: nobody signed in\n", after)


def test_who_has_the_name_of_somebody_else_is_told_apart(run, event):
    first, second = (run("invite", "staff", "--name", "Ada", *event) for _ in range(2))

    assert first.stderr == ""
    assert second.stderr == "The link is for Ada 2: so the history calls them.\n"
    assert second.stdout.startswith("http")


def test_invitation_that_is_not_there_is_not_revoked(run, event):
    result = run("revoke", "0000000000", *event)

    assert result.exit_code == 1
    assert result.stderr.startswith("There is no invitation 0000000000.")
