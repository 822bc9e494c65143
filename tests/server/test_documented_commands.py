"""Each command of README and the volunteers' documents, as it stands there: it is typed.

What ends by itself is run, one after the other, in a folder with the files that they name;
of the others the options are parsed, and a test that runs them is named.
"""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli import main
from server.cli.last_serve import LastServe

ROOT = Path(__file__).parents[2]
NAMES = (
    "README.md",
    "docs/at-the-conference.md",
    "docs/deploy.md",
    "docs/sending-photos.md",
    "docs/setting-up-a-board.md",
    "docs/desk.md",
    "docs/announcing.md",
)
FENCED = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`((?:\.venv/bin/)?boardcast [a-z][^`]*)`")

RUN_ELSEWHERE = {
    "announce": "tests/server/announcing/test_worker.py",
    "calibrate": "tests/server/cli/test_calibrate.py",
    "camera": "tests/server/camera/test_day.py",
    "demo": "tests/server/cli/test_demo.py",
    "export-labels": "tests/server/cli/test_export_labels.py",
    "init": "tests/server/cli/test_init.py",
    "read": "tests/server/cli/test_program.py",
    "send": "tests/server/cli/test_program.py",
    "serve": "tests/server/cli/test_serve_processes.py",
    "watch": "tests/server/watching/test_folder.py",
}
"""What goes on until somebody ends it, asks questions, or waits until photos are read."""

FILES = ("photo.jpg", "friday.jpg", "friday-1.jpg")


def documented(name: str) -> list[str]:
    """Commands of a document, as a person copies them."""
    text = (ROOT / name).read_text()
    blocks = "\n".join(FENCED.findall(text)).replace("\\\n", " ")
    lines = [line.split("  #")[0].strip() for line in blocks.splitlines()]
    found = [*lines, *INLINE.findall(FENCED.sub("", text))]
    commands = [one.removeprefix(".venv/bin/") for one in found]
    return [one for one in commands if one.startswith("boardcast ") and "…" not in one]


COMMANDS = list(dict.fromkeys(one for name in NAMES for one in documented(name)))
NAMED_ONLY = re.compile(r"boardcast [a-z-]+")
"""`boardcast serve` in a sentence, where its options do not matter."""


@pytest.fixture
def typed(folder, site, live, scripted, monkeypatch):
    """Type a command in a folder with all that the documents name; give the result."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("BOARDCAST_PUBLIC_URL", live)
    monkeypatch.setenv("BOARDCAST_TOKEN", site.tokens.issue("staff", "Sam"))
    monkeypatch.setenv("BOARDCAST_SECRET_KEY", site.settings.secret_key)
    LastServe.of(site.settings).write(site.settings.data_dir)
    for number, name in enumerate(FILES):
        shot = ("morning", "noon")[number % 2]
        (folder / name).write_bytes(scripted.photo_bytes(shot))
    (folder / "sessions.csv").write_text(
        "title,name,room,time,day\nTea,Ada,Room 301,10:00,Friday\n"
    )
    somebody = site.tokens.identity(site.tokens.issue("staff", "Bo")).invitation
    places = {"/mnt/usb": str(folder / "usb"), "DIR": "copy", "NAME.tar": "copy.tar"}
    places |= {
        "PHOTO": "photo.jpg",
        "URL": "/dev/video0",
        "ID": somebody,
        "/media/camera": ".",
    }

    def arguments(command):
        words = shlex.split(command)[1:]
        globbed = [
            path.name
            for word in words
            if "*" in word
            for path in sorted(folder.glob(word))
        ]
        words = [word for word in words if "*" not in word] + globbed
        return [
            re.sub("|".join(places), lambda found: places[found[0]], word)
            for word in words
        ]

    return arguments


def test_documents_name_commands():
    assert len(COMMANDS) > 40


def test_what_is_run_elsewhere_has_its_test():
    assert [test for test in RUN_ELSEWHERE.values() if not (ROOT / test).exists()] == []


def test_options_of_each_command_are_known(typed, folder):
    for place in ("usb/boardcast", "copy"):
        (folder / place).mkdir(parents=True)
    for command in COMMANDS:
        name, *rest = typed(command)
        if not NAMED_ONLY.fullmatch(command):
            main.commands[name].make_context(name, rest).close()
        assert name in main.commands


def test_commands_that_end_by_themselves_do_what_they_say(typed, folder):
    # The data folder is lost last.
    for command in sorted(COMMANDS, key=lambda command: " restore " in command):
        name, *rest = typed(command)
        if NAMED_ONLY.fullmatch(command) or name in RUN_ELSEWHERE:
            continue
        if name == "restore":
            (folder / "data").rename(folder / f"lost-{rest[0].replace('/', '-')}")
        result = CliRunner().invoke(main, [name, *rest])
        assert (command, result.exit_code) == (command, 0), result.output
