"""Words of cards, boards and posters: enough of them, in several languages."""

from typing import Final

import numpy as np

from sample_boards.topics import HANDLES, HOSTS, TOPICS
from training.scenes.paint import Dice, chance, pick

WORDS: Final[tuple[str, ...]] = tuple(
    """
testing java streams the and of to in how why agile team remote work legacy code
refactoring kotlin open source community design patterns functional programming
docker kubernetes cloud deploy devops culture security privacy data science python
django async rust go microservices event storming domain driven DDD TDD BDD mob
pair coaching management lightning talks lunch coffee break dinner games night
running swimming yoga music jam session intro advanced workshop hands-on Q&A panel
future web assembly browser accessibility performance JVM GC tuning graph SQL NoSQL
Kafka queue monitoring logging metrics on-call incident hiring interview career
Einführung Werkzeug für Schule Lehrer Bildung Gemeinschaft Fragen Austausch über
und die der das mit ohne Kinder gesund Zukunft Mut Freude Spielen Fahrrad Küche
pour avec les des atelier jardin partage équipe école discussion retour jeux vie
taller equipo con los para proyecto mesa redonda ideas sin miedo cómo hacer
laboratorio insieme scuola progetto cosa fare samen leren werken buiten fiets
hur vi gör det tillsammans lära kod spel musik ?? !! + & 101 v2 2.0 #1 live demo
fun AI ML LLM ethics green IT climate energy hacking lego robots 3D print what is
your my our we who when a I you can not do be better faster more less all new
""".split()  # noqa: SIM905 a list of 250 quoted words reads worse
)
"""Words for titles and small lines."""

LABELS: Final = (
    "Session", "Topic", "Title", "Host", "Name", "Subject", "Room", "Time", "Speaker",
    "Thema", "Raum", "Wer", "Session Subject", "Session Leader", "Convener", "Notes",
    "Your name", "Open Space", "Description", "Twitter", "Titre", "Salle",
)  # fmt: skip
"""What forms are labelled with."""

ROOMS: Final = (
    "Room A", "Room 1", "Room 210", "Main Hall", "Forum", "Lounge", "Library", "Berlin",
    "Garden", "Kitchen", "Studio", "Salon", "Atelier", "Raum 3", "Saal", "Track 2",
    "North", "Terrace", "Cafeteria", "Lab", "B 12", "Workshop", "Lobby", "Stage",
)  # fmt: skip
"""Names of rooms."""

BANDS: Final = (
    "LUNCH", "Coffee Break", "Break", "Dinner", "Opening", "Closing", "Keynote",
    "Mittagspause", "Marketplace", "Lightning Talks", "Retrospective", "Pause",
)  # fmt: skip
"""What happens in every room at once."""


def phrase(rng: Dice, least: int, most: int) -> str:
    """Return a few words."""
    count = int(rng.integers(least, most + 1))
    text = " ".join(pick(rng, WORDS) for _ in range(count))
    return styled(text, rng)


def styled(text: str, rng: Dice) -> str:
    """Return the text in capitals, in title case, or as it is."""
    style = rng.random()
    if style < 0.35:
        return text.upper()
    return text.title() if style < 0.6 else text


def title(rng: Dice) -> str:
    """Return a title of a session."""
    if chance(rng, 0.25):
        return styled(pick(rng, TOPICS)[0], rng)
    return phrase(rng, 1, 3)


def host(rng: Dice) -> str:
    """Return a name or a handle."""
    return pick(rng, HOSTS if chance(rng, 0.6) else HANDLES)


def hour(rng: Dice) -> str:
    """Return an hour, as boards show it."""
    start, minute = int(rng.integers(8, 23)), pick(rng, (0, 0, 15, 30, 45))
    style = int(rng.integers(5))
    plain = f"{start}:{minute:02d}"
    end = f"{start + 1}:{minute:02d}"
    return (plain, f"{plain} - {end}", f"{start}h", f"{start % 12 or 12} PM", plain)[
        style
    ]


def printed_line(index: int) -> str:
    """Return a line of a poster, a heading or a form."""
    rng = np.random.default_rng([index, 11])
    kind = index % 5
    if kind == 0:
        return hour(rng)
    if kind == 1:
        return pick(rng, ROOMS)
    if kind == 2:
        return pick(rng, BANDS)
    if kind == 3:
        return pick(rng, LABELS) + pick(rng, (":", ":", ""))
    return phrase(rng, 2, 7)
