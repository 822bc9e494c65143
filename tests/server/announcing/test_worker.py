"""The process that sends, as the site runs it."""

import datetime as dt
import os
import signal
import subprocess
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


@pytest.fixture
def posting(day, web, tmp_path):
    """A site with one post to send; where its process notes its number."""
    day.photo("morning", {"Type checking": ("Room 301", "10:00-11:00")})
    day.now = dt.datetime.now(dt.UTC)
    service = web.mastodon()
    path = day.site.settings.data_dir / FILE
    path.write_text(f"{service.name} {service.address}")
    return tmp_path / "pids"


def test_a_process_that_is_killed_while_it_posts_leaves_a_question(day, web, posting):
    web.answers["statuses"] = "hang"

    def command(owner):
        return sys.executable, "-c", PROGRAM, owner, str(posting)

    patience, todo = Patience(restart_s=0.01), [Job("announce", command)]
    with supervised(day.site.settings, todo, patience=patience):
        until(lambda: web.posts)
        assert day.states() == ["sending"]
        os.kill(int(posting.read_text().split()[0]), signal.SIGKILL)
        until(lambda: day.states() == ["unsure"])
        until(lambda: len(posting.read_text().split()) > 1)
    day.send()

    assert len(web.posts) == 1
    assert day.states() == ["unsure"]


def test_a_process_that_is_told_to_end_finishes_its_post_first(day, web, posting):
    web.answers["statuses"] = "late"
    program = [sys.executable, "-c", PROGRAM, "me", str(posting)]
    environ = os.environ | day.site.settings.to_environ()
    with subprocess.Popen(program, env=environ) as process:
        until(lambda: any("statuses" in path for path in web.asked))
        process.terminate()
        web.go.set()

    assert process.returncode == 0
    assert (len(web.posts), day.states()) == (1, ["sent"])
