"""What people offer: invented titles, descriptions and hosts of sessions."""

from typing import Final

TOPICS: Final[tuple[tuple[str, str], ...]] = (
    ("Type hints in old code", "bring your worst module"),
    ("Knitting & Code", ""),
    ("Packaging war stories", "from one file to a wheel"),
    ("Board games after dark", "all levels welcome!"),
    ("Async Q&A", "why does my loop hang?"),
    ("Teaching kids to program", ""),
    ("Notebooks in production", "good idea or not?"),
    ("Embedded Python", "bring hardware"),
    ("Climate data", "maps + open numbers"),
    ("First time speakers", "meet & practise"),
    ("Remote teams", "what works, what doesn't"),
    ("Testing legacy systems", ""),
    ("Maintainers' lunch", "talk about burnout"),
    ("Synth jam", "headphones please"),
    ("Property based testing", "live examples"),
    ("Flask in 2026", "ask anything"),
    ("Django meetup", "new + old hands"),
    ("Accessibility clinic", "show us your site"),
    ("Regex puzzles", "prizes!"),
    ("Python for biology", "sequences, cells, images"),
    ("Sourdough & servers", ""),
    ("Postgres tricks", "indexes you forgot"),
    ("Women who code", "open to all allies"),
    ("Career change at 40", ""),
    ("Rust + Python", "pyo3 hands-on"),
    ("Weather stations", "sensors at home"),
    ("Docs that people read", ""),
    ("Open source money", "who pays whom?"),
    ("Chess bots", "bring your engine"),
    ("Running group 5K", "meet at the fountain"),
    ("Static site builders", ""),
    ("Data cleaning horror", "share your CSV"),
    ("Home automation", "without the cloud"),
    ("Profiling workshop", "make it faster"),
    ("Language exchange", "Deutsch - Español - English"),
    ("Science fiction books", "swap a paperback"),
    ("Security for small teams", ""),
    ("Robots for beginners", "wheels and sensors"),
    ("Game dev show & tell", "10 min each"),
    ("Juggling lesson", "balls provided"),
    ("GIS and maps", ""),
    ("Music theory in code", "hear the maths"),
    ("Parents in tech", ""),
    ("Quantum for the curious", "no physics needed"),
    ("Terminal tools", "show your prompt"),
    ("Code review manners", ""),
    ("Typing the web", "pydantic & friends"),
    ("Astronomy pictures", "stack your stars"),
    ("Library people", "books meet bytes"),
    ("Queer coders", "coffee + chat"),
    ("Debugging by ear", ""),
    ("Museums and archives", "scans, tags, search"),
    ("Speech to text", "open models only"),
    ("Bikes & GPS tracks", "plan a ride"),
    ("Plotting contest", "the ugliest chart wins"),
    ("Freelance rates", "what to charge"),
    ("Crossword makers", ""),
    ("Deep learning on a laptop", ""),
    ("Community organisers", "how we run ours"),
    ("Small web revival", "no trackers, no ads"),
    ("Tabletop role play", "one shot, 4 seats"),
    ("Legal hacks", "licences explained"),
    ("Energy prices API", ""),
    ("Ukulele circle", "three chords"),
)
"""Title and description (which may be empty)."""

HOSTS: Final[tuple[str, ...]] = (
    "Ines Okafor", "Marta", "Tom Brandt", "Lena Vogt", "Ravi P.", "Sofia",
    "Jo", "Uli Graf", "Kemal", "Noor A.", "Pia Lund", "Dario", "Yuki", "Anton",
    "Bea Moreau", "Chidi", "Elif", "Finn", "Greta", "Hugo Reyes", "Ilse",
    "Jonas", "Kaya", "Luis", "Mina", "Nils Berg", "Oona", "Paula", "Quentin",
    "Rosa", "Selma", "Theo", "Vera", "Wim", "Xenia", "Zoe",
)  # fmt: skip
"""Invented people."""

HANDLES: Final[tuple[str, ...]] = (
    "@ines_codes", "@martaknits", "@tbrandt", "@lena_v", "@ravip", "@sofia_py",
    "@uligraf", "@noor_a", "@pialund", "@yuki_dev", "@hreyes", "@nilsberg",
)  # fmt: skip
"""Invented handles."""

HOST_STYLES: Final[tuple[str, ...]] = ("{}", "({})", "- {}", "w/ {}", "host: {}")
"""How people put their name on a card."""
