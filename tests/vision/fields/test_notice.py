"""Cards that are no session, by what is on them: also misread, in four languages."""

import pytest

from vision.fields.notice import is_for_all, notice_of

# fmt: off
CONTINUED = (
    "Booked - see above", "Booked above", "BOOKED", "(cont.)", "s.o.", "reserviert",
    "see 10:00", "continued from 10am", "Booked per above", "siehe oben",
    "same as above", "continued", "\N{LEFTWARDS ARROW} Booked above",
    "BOOKED\nPERABOVE", "continued\nfrom 10gm", "SEE\n10:00", "Booked-see\nabove",
    "Bcoked - see above", "|", "I", "\N{EM DASH}",
    "\N{RIGHTWARDS ARROW}", "''", "1", "11", "Voir 10h", "Réservée", "contd.",
    "Fortsetzung", "siehe 10 Uhr", "taken (see above)", "Workshop (continued)", "S.O.",
    "ver arriba", "occupied - see above", "RESERVIERT", "continucd", "see left", "see 10", "see 09:00",
    "<- see left", "cont'd", "(cont'd from above)", "Continued from 10:00", "taken",
    "- see above -", "belegt s.o.",
)
BLOCKED = (
    "Blocked for room preparation", "Blocked for roam preparation",
    "reserved for staff", "ROOM CLOSED", "do not use",
    "no sessions here", "not available", "gesperrt", "belegt: Aufbau", "salle fermée",
    "ne pas utiliser", "no disponible", "Blocked", "blocked!",
    "Blocked for room preparotion", "BLOCKED FOR\nROOM\nPREPARATION",
    "RESERUED FOR ROOM PREPARATION", "Don't use", "Room closed after lunch",
    "Gesperrt (Umbau)", "Bitte freihalten", "keine Sessions", "nicht verfügbar",
    "Raum gesperrt", "reserviert für Orga-Team", "réservé au personnel",
    "fermé pour préparation", "Salle indisponible", "pas de session ici",
    "Reservado para el personal", "Cerrado", "sala cerrada", "no usar",
    "Bloqueado: montaje", "Room unavailable until 14:00", "No open space here",
    "NO SESSIONS", "closed", "Closed for setup", "unavailable",
    "Blocked from 12:00 to 13:00", "Reserved for speakers",
    "Gespeert", "Room not available", "not avallable",
)
TITLES = (
    "Blockchain for beginners", "Blocking I/O in asyncio", "Writer's block",
    "Unblocked: GIL", "Unblocked", "Blocked by review", "Blocked by AI", "Blockers",
    "Blocker", "Block party", "Building blocks", "Closed captions",
    "Closed source vs open source", "Closures", "Closer", "Reserved words in Python",
    "Do not use eval", "Do not use mocks!", "No sessions, no cookies: stateless auth",
    "Now available", "Room available", "Available", "Not available in your region",
    "Setup.py is dead", "Preparation for interviews", "Lunch", "Keynote",
    "Coffee break", "Staff engineer path", "Room temperature superconductors",
    "See the above paper", "Continued fractions", "Continuous integration",
    "Taken for granted: logs", "Hooked on coffee", "Cooked lunch", "Above and beyond",
    "Before and after", "R", "C", "V", "Go", "AI", "UX", "???", "?",
    "Booked: how I wrote a novel", "Same same but different",
    "To be continued with Python", "Opening", "Closing", "Closing keynote",
    "Meeting people", "Private events", "Main program", "Technical writing",
    "Audio and video", "Left join", "10:00", "Sprints", "Session management",
    "Room acoustics", "Open space", "Keep it simple", "No code", "Occupy",
    "Deadlocked", "Locked rooms", "Lightning talks", "Belegte Brote",
    "Reservieren mit Django", "Suite of tests", "Besetzte Häuser", "Cerrar sesión",
    "3D", "1:1", "1.1", "1:1s", "I/O", "l10n", "i18n", "Talk about meetings", "Blocks",
    "How I got blocked", "Not dead", "Notes", "here be dragons", "Break", "No",
    "Why my team is blocked", "Team building", "Breaking news", "Reading club",
    "See you", "as above so below", "AS/400", "Since 1984", "3D from 2D",
    "Talk from 1984", "See 3D", "Wie 42", "From 5G", "From 0 to 100", "See 365", "From 5km",
    "Suite", "Ditto", "Reserve", "Réserve", "Occupied", "Above", "Continua", "Continuation",
    "No talks", "Do not use sessions", "Do not use audio", "Ne pas utiliser les sessions",
    "Oben", "Arriba", "Ferme", "Bloque", "Off limits", "Cooked breakfast",
    "Hooked on tutorials", "Closer to the team", "Blacked out", "Continuous",
)
# fmt: on


@pytest.mark.parametrize("text", CONTINUED)
def test_what_keeps_a_place(text):
    assert notice_of(text) == "continued"


@pytest.mark.parametrize("text", BLOCKED)
def test_what_blocks_a_cell(text):
    assert notice_of(text) == "blocked"


@pytest.mark.parametrize("text", ["", " \n", *TITLES])
def test_titles_are_no_notices_however_alike(text):
    assert notice_of(text) == ""


@pytest.mark.parametrize(
    ("title", "for_all"),
    [
        ("Lunch", True),
        ("LUNCH BREAK", True),
        ("Brcakfast in the hall", True),
        ("Lunch at 12:30", True),
        ("Closing ceremony", True),
        ("Lightning talks", True),
        ("Mittagspause", True),
        ("Pause déjeuner", True),
        ("Petit déjeuner", True),
        ("Almuerzo", True),
        ("Coffee break", True),
        ("Lunch & learn: testing", False),
        ("Break: breaking changes", False),
        ("Closing \N{EN DASH} the gap", False),
        ("Registration: forms done right", False),
        ("Break (the) monolith", False),
        ("Keynote speaking", False),
        ("Breaking news", False),
        ("Opening up closed data", False),
        ("Who pays for lunch?", False),
        ("Pausenbrot", False),
        ("Launch", False),
        ("", False),
    ],
)
def test_what_is_for_everybody(title, for_all):
    assert is_for_all(title) is for_all
