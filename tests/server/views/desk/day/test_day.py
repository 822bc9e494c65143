"""A day at the board, as its people live it: what desk and attendees see of it.

Photos come in by HTTP and are read by workers, a facilitator works at the desk in a real
browser, and after each step the page, the JSON and the calendar must say the same.
"""

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from server.cli import main
from server.cli.last_serve import LastServe
from server.store.corrections import corrections_of

pytestmark = pytest.mark.browser


def correct_the_queue(day):
    """Eleven corrections in the queue, each with the keys of an ideal facilitator."""
    day.go("/desk/friday")
    for title, *keys in (
        ("", "t", "Origami", "Enter"),
        ("Tipe checking", "f", "Type", "Enter"),
        ("Knitting", "Enter"),
        (
            "Sourdough bring a jar",
            "t",
            "Home",
            "Control+ArrowRight",
            "Shift+Enter",
            "Enter",
        ),
        ("Jonas", "x", "Enter"),
        ("Data engineering", "d", "Bring logs", "Enter"),
        ("Podcasts", "w", "Mia", "Enter"),
        ("Robotics", "r", "c", "Enter"),
        ("WiFi password", "h"),
        ("Yoga", "c"),
        ("Trust", "o", "Enter"),
    ):
        current = day.page.locator(".current:not(.desk-checked):not([data-saving])")
        expect(current.locator("[name=title]")).to_have_value(title)
        day.press(title, *keys)
    day.page.wait_for_selector("[data-saving]", state="detached")


def work_on_the_board(day):
    """Stretch, join, split, draw, and put a session in by hand."""
    title = day.page.locator("#panel [name=title]")
    day.go("/desk/friday/board")
    day.drawn("Climate").focus()
    day.press("Climate", "+")
    day.told("“Climate” now lasts until 17:00.")
    day.drawn("Photo walk").focus()
    day.press("join", "j", "ArrowDown", "Enter")
    day.told("“Photo walk” and “along the river” are one card now.")
    day.drawn("Vim Emacs").focus()
    day.press("split", "x")
    expect(day.page.locator("#cut-at")).to_be_focused()
    day.press("split", "Tab", "Enter")
    day.told("They are two cards now. What the other one says is to be typed.")
    day.drawn("unreadable card").focus()
    day.press("split", "Enter")
    expect(title).to_be_focused()
    day.press("split", "Emacs", "Enter")
    day.told("Saved.")
    day.drawn("Emacs").focus()
    day.press("split", "m", "ArrowDown", "Enter")
    day.told("“Emacs” is now in Attic, 15:00-16:00.")
    day.drawn("Vim Emacs").focus()
    day.press("split", "Enter")
    expect(title).to_be_focused()
    day.press("split", "Control+A", "Vim", "Enter")
    day.told("Saved.")
    day.page.locator("#cell-2-5").focus()
    day.press("draw", "d", "Enter")
    expect(day.page.locator("#draw [name=title]")).to_be_focused()
    day.press("draw", "Juggling", "Enter")
    day.told("The card is on the board.")
    day.page.locator("#cell-3-4").focus()
    day.press("by hand", "s")
    expect(day.page.locator("#write [name=title]")).to_be_focused()
    day.press("by hand", "Improv", "Enter")
    day.told("The session is on the board.")


def decide(day):
    """Have chess only where chess and go want one cell."""
    day.go("/desk/friday")
    frame = day.page.locator(".conflict", has_text="Two sessions in Lab")
    chess = frame.locator("button", has_text="Only this one: Chess")
    chess.focus()
    day.press("conflict", chess.get_attribute("data-key"))
    expect(day.page.locator("#attention-count")).to_have_text("")


def confirm_changes(day):
    """Join the card that a session by hand was for, decide about one, confirm the rest."""
    day.go("/desk/friday")
    offer = day.page.locator(".change", has_text="put in by hand")
    offer.locator("button", has_text="It is: join them").focus()
    day.press("offer", "j")
    expect(offer).to_have_count(0)
    # Where the focus went by itself.
    day.page.locator("#attention .way:focus").wait_for()
    day.press("confirm", "a")
    expect(day.page.locator("#attention-count")).to_have_text("1 change")
    card = day.page.locator(".current", has_text="Somebody wrote on this card")
    expect(card.locator(".desk-picture img")).to_have_count(2)
    card.locator("[name=way]").first.focus()
    day.press("decide", "Enter")
    day.page.wait_for_selector("[data-saving]", state="detached")


def take_back_newest(day):
    day.go("/desk/friday")
    day.page.locator("#photos li").first.get_by_role("button", name="Take back").click()
    day.page.wait_for_url("**#photos")
    day.work()


def rename_attic(day, monkeypatch):
    """Rename a room in event.toml, and have the site take it up."""
    settings = day.site.settings
    path = settings.profile_path
    path.write_text(path.read_text().replace('"Attic"', '"Loft"'))
    monkeypatch.setenv("BOARDCAST_SECRET_KEY", settings.secret_key)
    LastServe.of(settings).write(settings.data_dir)
    arguments = ["reload", "--data", str(settings.data_dir), "--renamed"]
    done = CliRunner().invoke(main, arguments)
    assert done.output == (
        "Version 2 of the event is taken up. Published anew: friday.\n"
    )


def bring_back(day, title):
    """Bring a card back that left the board."""
    day.go("/desk/friday")
    card = day.page.locator("#gone li", has_text=title)
    card.locator("button").click()
    card.wait_for(state="detached")


STORY = dict(
    step.split("\n", 1)
    for step in Path(__file__).with_name("day.txt").read_text("utf-8").split("== ")[1:]
)
"""What is seen after each step, by its name."""


KEYS = {
    "": 9, "Tipe checking": 6, "Knitting": 1, "Sourdough bring a jar": 5, "Jonas": 2,
    "Trust": 2, "Data engineering": 12, "Podcasts": 5, "Robotics": 3, "WiFi password": 1,
    "Yoga": 1, "Climate": 1, "join": 3, "split": 19, "draw": 11, "by hand": 8,
    "conflict": 1, "offer": 1, "confirm": 1, "decide": 1,
}  # fmt: skip
"""That are pressed, by the card as it was read or by what is done."""


def test_a_day(day, monkeypatch):
    day.send("grey 90", 9, 0)
    correct_the_queue(day)
    work_on_the_board(day)
    decide(day)
    assert day.story() == STORY["morning, corrected"]

    day.send("grey 120", 12, 5)
    assert day.story() == STORY["noon photo"]
    confirm_changes(day)
    assert day.story() == STORY["changes confirmed"]
    noon = day.desk(), day.attendees()

    day.send("grey 20", 13, 0)
    assert day.story() == STORY["bad photo"]
    take_back_newest(day)
    desk, seen = noon
    photos = ["Taken back", *desk["photos"]]
    assert (day.desk(), day.attendees()) == ({**desk, "photos": photos}, seen)

    rename_attic(day, monkeypatch)
    queue = [line.replace("Attic", "Loft") for line in desk["queue"]]
    loft = sorted(line.replace("Attic", "Loft") for line in seen)
    named = {**desk, "photos": [*photos[:1], *day.desk()["photos"][1:]], "queue": queue}
    assert (day.desk(), day.attendees()) == (named, loft)

    day.send("grey 150", 14, 30)
    assert day.attendees() == loft
    bring_back(day, "Podcasts")
    assert day.story() == STORY["evening, a card brought back"]
    assert dict(day.keys) == KEYS
    with day.site.database.read() as session:
        made = corrections_of(session, "friday")
    assert Counter(one.change.kind for one in made if not one.undone) == {
        "edit": 16, "join": 2, "split": 1, "draw": 1, "session": 1,
        "decision": 1, "seen": 1, "photo_taken_back": 1, "there": 1,
    }  # fmt: skip
