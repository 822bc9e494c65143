"""The process that sends, as the site runs it."""

import datetime as dt
import os
import signal
import sys
import time
from dataclasses import replace

import pytest

from server.announcing.services import FILE
from server.supervisor import Job, Patience, jobs, supervised

PROGRAM = """
import os, runpy, sys, warnings
warnings.simplefilter("ignore")
open(sys.argv[2], "a").write(f"{os.getpid()}\\n")
runpy.run_module("server.announcing.worker", run_name="__main__")
"""


@pytest.fixture
def profile(profile):
    """An event whose sessions are tomorrow, by the clock of the machine."""
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    friday, saturday = profile.boards
    saturday = replace(saturday, date=tomorrow + dt.timedelta(days=1))
    return replace(profile, boards=(replace(friday, date=tomorrow), saturday))


def test_there_is_such_a_process_only_where_there_are_services():
    names = [[one.name for one in jobs("rapidocr", "http://x", announces=announces)]
             for announces in (False, True)]  # fmt: skip

    assert names == [
        ["web", "straighten", "read"],
        ["web", "straighten", "read", "announce"],
    ]
    *_, post = jobs("rapidocr", "http://x", announces=True)
    assert post.command("me")[1:] == ("-m", "server.announcing.worker", "me")


def until(what):
    ends = time.monotonic() + 60
    while not what():
        if time.monotonic() > ends:
            raise TimeoutError
        time.sleep(0.05)


def test_a_process_that_is_killed_while_it_posts_leaves_a_question(day, web, tmp_path):
    day.photo("morning", {"Type checking": ("Room 301", "10:00-11:00")})
    day.now = dt.datetime.now(dt.UTC)
    settings, pids = day.site.settings, tmp_path / "pids"
    service = web.mastodon()
    (settings.data_dir / FILE).write_text(f"{service.name} {service.address}")
    web.answers["statuses"] = "hang"

    def command(owner):
        return sys.executable, "-c", PROGRAM, owner, str(pids)

    patience = Patience(restart_s=0.01)
    with supervised(settings, [Job("announce", command)], patience=patience):
        until(lambda: web.posts)
        assert day.states() == ["sending"]
        os.kill(int(pids.read_text().split()[0]), signal.SIGKILL)
        until(lambda: day.states() == ["unsure"])
        until(lambda: len(pids.read_text().split()) > 1)
    day.send()

    assert len(web.posts) == 1
    assert day.states() == ["unsure"]
