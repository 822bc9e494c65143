import datetime as dt
from zoneinfo import ZoneInfo

from calibration.event import Board, Event, Profile
from calibration.layout import Layout, Slot
from vision.recognition.vocabulary import event_words


def test_event_words_are_those_of_its_names_and_of_what_is_known_beforehand() -> None:
    layout = Layout(("Room 301-A", "Aula Größe"), (Slot.parse("10:00-11:00"),))
    profile = Profile(
        Event(
            "PyCon US 2024",
            ZoneInfo("UTC"),
            "os",
            "#PyConOS",
            ("Knitting for beginners", "PyLadies"),
        ),
        (Board("friday", "Friday's board", dt.date(2024, 5, 17), layout),),
    )

    assert event_words(profile) == (
        *("a", "aula", "beginners", "board", "for", "friday", "größe", "knitting"),
        *("pycon", "pyconos", "pyladies", "room", "s", "us"),
    )
