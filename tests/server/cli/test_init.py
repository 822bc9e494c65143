"""``boardcast init``: the questions, the file, and what is refused."""

import datetime as dt

import pytest
from click.testing import CliRunner

from calibration.layout import Slot
from calibration.profile import load_profile
from server.cli import main

ANSWERS = ["PyCon Somewhere", "Europe/Vienna", "2027-05-14", "2", "Aula, Lab"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "event.toml"


def test_questions_make_an_event_toml_with_comments(path):
    answers = "\n".join([*ANSWERS, "10:00-12:00, 13:00-14:30", "60"]) + "\n"

    result = CliRunner().invoke(main, ["init", "--event", str(path)], input=answers)

    assert result.exit_code == 0, result.output
    profile = load_profile(path)
    assert (profile.event.name, profile.event.timezone.key) == (
        "PyCon Somewhere",
        "Europe/Vienna",
    )
    assert [(board.slug, board.title, board.date) for board in profile.boards] == [
        ("friday", "Friday", dt.date(2027, 5, 14)),
        ("saturday", "Saturday", dt.date(2027, 5, 15)),
    ]
    layout = profile.boards[0].layout
    assert layout.rooms == ("Aula", "Lab")
    assert layout.slots == tuple(
        map(Slot.parse, ["10:00-11:00", "11:00-12:00", "13:00-14:00", "14:00-14:30"])
    )
    text = path.read_text()
    assert text.startswith("# What Boardcast knows of the conference")
    assert 'timezone = "Europe/Vienna" # in which all hours are meant' in text
    assert "boardcast calibrate PHOTO --board friday" in text


def test_options_leave_nothing_to_ask(run, path):
    result = run(
        "init", "--event", path, "--name", "X", "--timezone", "UTC",
        "--first-day", "2027-05-14", "--days", "8", "--rooms", "A", "--hours",
        "22:00-24:00", "--minutes", "30", "--hashtag", "#X",
    )  # fmt: skip

    assert result.exit_code == 0, result.output
    assert result.output.startswith("Written to ")
    profile = load_profile(path)
    assert profile.boards[7].title == "Friday 21 May"
    assert profile.boards[0].layout.slots[-1].label == "23:30-24:00"


@pytest.mark.parametrize(
    ("answer", "value", "message"),
    [
        ("--timezone", "Vienna", 'There is no timezone "Vienna".'),
        ("--hours", "10-12", 'expected "HH:MM-HH:MM", got "10-12".'),
        ("--rooms", "A, A", 'expected each of rooms once, got "A" twice.'),
        ("--path", "desk", 'short_path: expected another word, "desk" is'),
        ("--hashtag", "X", 'hashtag: expected "#" and a word'),
    ],
)
def test_what_makes_no_sense_is_refused(run, path, answer, value, message):
    options = {
        "--name": "X", "--timezone": "UTC", "--first-day": "2027-05-14",
        "--days": "1", "--rooms": "A", "--hours": "10:00-12:00", "--minutes": "60",
        answer: value,
    }  # fmt: skip
    result = run(
        "init", "--event", path, *(x for pair in options.items() for x in pair)
    )

    assert (result.exit_code, path.exists()) == (1, False)
    assert message in result.output


def test_event_toml_that_is_there_stays(run, path):
    path.write_text("mine")

    result = run(
        "init",
        "--event",
        path,
        *[
            "--name",
            "X",
            "--timezone",
            "UTC",
            "--first-day",
            "2027-05-14",
            "--days",
            "1",
            "--rooms",
            "A",
            "--hours",
            "10:00-12:00",
            "--minutes",
            "60",
        ],
    )

    assert (result.exit_code, path.read_text()) == (1, "mine")
    assert "is there already" in result.output
