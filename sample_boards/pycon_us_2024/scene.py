"""PyCon US 2024's look: Friday and Saturday on the same wall; Sunday is still empty."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from sample_boards.camera import Standpoint
from sample_boards.people import Person
from sample_boards.written import Session, WrittenScene, board_of, hang, photo_of

FOLDER: Final = Path(__file__).parent

EASTERN: Final = timezone(timedelta(hours=-4))

FRIDAY: Final = (
    Session("Room 301", "10:00", "Robots at home", "wheels and sensors", "Theo"),
    Session("Room 302", "10:00", "Feminist hacking", "all welcome", "Bea Moreau"),
    Session("Room 303", "11:00", "Django meetup", "", "@hugo_r"),
    Session("Room 301", "13:00", "Data visualization", "bring a chart", "Noor A."),
    Session("Room 304", "13:00", "AcroYoga", "no experience needed", "Finn"),
    Session("Room 302", "14:00", "Burnout", "how do you rest?", "Vera"),
)

SATURDAY: Final = (
    Session("Room 302", "11:00", "Juggling for coders", "clubs and balls", "Pat"),
    Session("Room 301", "10:00", "Chatbots", "show yours", "@lena_v"),
    Session("Room 304", "11:00", "Board games", "all levels", "Jo"),
    Session("Room 303", "13:00", "Quantified Self", "", "Anton"),
    Session("Room 303", "14:00", "Recruitment clinic", "bring a resume", "Ines"),
)


def scene() -> WrittenScene:
    """Return both photos."""
    friday = hang(board_of(FOLDER, "friday", "printed", 2024), *FRIDAY)
    saturday = hang(board_of(FOLDER, "saturday", "printed", 2025), *SATURDAY)
    return WrittenScene(
        (
            photo_of(
                "1-friday.jpg",
                friday,
                datetime(2024, 5, 17, 9, 40, tzinfo=EASTERN),
                Standpoint(yaw_deg=-8, pitch_deg=3, roll_deg=0.8, fill=0.95),
            ),
            photo_of(
                "2-saturday.jpg",
                saturday,
                datetime(2024, 5, 18, 10, 12, tzinfo=EASTERN),
                Standpoint(yaw_deg=13, pitch_deg=-3, roll_deg=-1.2, fill=0.95),
                people=(Person(x=0.12, head_top=0.72, head_share=0.16, arm=0, seed=5),),
            ),
        )
    )
