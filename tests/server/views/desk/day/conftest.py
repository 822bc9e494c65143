"""A day at the board: its photos, its people, and what they see."""

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from playwright.sync_api import Page, expect

from calibration.layout import CellId, Layout, Slot
from calibration.profile import Profile
from server.publish.ics import BY_HAND, FROM_A_PHOTO

AULA, LAB, ATTIC, CELLAR = "Aula", "Lab", "Attic", "Cellar"
SLOTS = {start: f"{start}:00-{start + 1}:00" for start in (10, 11, 13, 14, 15, 16, 17)}
KEYNOTE = CellId(CELLAR, SLOTS[13])
NOT_VISIBLE = " [not visible]"


def cells(**places: tuple[str, int]) -> dict[str, CellId]:
    """Return the cells of cards, by what each says first."""
    return {
        name.replace("_", " "): CellId(room, SLOTS[hour])
        for name, (room, hour) in places.items()
    }


MORNING = cells(
    Tipe_checking=(AULA, 10), Knitting=(AULA, 11), Sourdough=(AULA, 13),
    Jonas=(AULA, 14), Rust=(AULA, 15), Smudge=(AULA, 16),
    Data=(LAB, 10), Chess=(LAB, 11), Go=(LAB, 11), Podcasts=(LAB, 13),
    Robotics=(LAB, 14), Climate=(LAB, 15), Password=(LAB, 17),
    Yoga=(ATTIC, 10), Photo_walk=(ATTIC, 11), River=(ATTIC, 11), Vim_Emacs=(ATTIC, 14),
    Quilting=(CELLAR, 10), Bees=(CELLAR, 11), Astronomy=(CELLAR, 16),
)  # fmt: skip
"""Twenty cards. One that hangs in the attic at 16:00 is not found."""

SAYS = {
    "Sourdough": ("Sourdough bring a jar", "", "Ines"),
    "Jonas": ("Jonas", "", "Bokeh plots"),
    "Smudge": ("", "", ""),
    "Data": ("Data engineering", "", "Tom"),
    "Podcasts": ("Podcasts", "", ""),
    "Password": ("WiFi password", "", ""),
    "Photo walk": ("Photo walk", "", "Lea"),
    "River": ("along the river", "", ""),
    **{
        name: (name, "", host)
        for name, host in {
            "Tipe checking": "Maya", "Knitting": "Wool Club", "Rust": "",
            "Chess": "Karl", "Go": "Yuki", "Robotics": "Nora", "Climate": "Greta",
            "Yoga": "Asha", "Vim Emacs": "", "Quilting": "Rosa", "Bees": "Otto",
            "Astronomy": "Vera",
        }.items()
    },
}  # fmt: skip

NOON = {
    name: cell
    for name, cell in MORNING.items()
    if name not in {"Podcasts", "Bees", "Knitting"}
} | cells(
    Tipe_checking=(ATTIC, 13), Robotics=(CELLAR, 14), Quilting=(LAB, 14),
    Improv_night=(CELLAR, 15), Salsa=(LAB, 13), Tango=(AULA, 17), Whittling=(CELLAR, 17),
)  # fmt: skip
"""Three moved, four are new, two are gone; the knitters' is covered."""

NOON_SAYS = SAYS | {
    "Sourdough": ("Sourdough bring a jar", "and some flour", "Ines"),
    "Astronomy": ("Astronomy outside", "", "Vera"),
    "Improv night": ("Improv night", "", "Zoe"),
    "Salsa": ("Salsa", "", "Luis"),
    "Tango": ("Tango", "", "Carla"),
    "Whittling": ("Whittling", "", "Sven"),
}


DOUBTFUL = (
    "Tipe checking", "Knitting", "Sourdough", "Jonas", "Data", "Podcasts", "Robotics",
    "Password", "Yoga", "Rust",
)  # fmt: skip
CLEAR = (
    "River", "Photo walk", "Vim Emacs", "Chess", "Go", "Climate", "Quilting", "Bees",
    "Astronomy", "Improv night", "Salsa", "Tango", "Whittling", "Curtain",
)  # fmt: skip
SURE = {
    "Smudge": 0.1,
    **{name: 0.8 + number / 100 for number, name in enumerate(DOUBTFUL)},
    **{name: 0.96 + number / 1000 for number, name in enumerate(CLEAR)},
}
"""How sure each is read: the desk asks about them in this order."""


@pytest.fixture(scope="module")
def shots(scripted):
    """What each photo shows."""

    def shot(where, says, covered=(), **more):
        states = dict.fromkeys(covered, "covered")
        return scripted.Shot(where, states, says=says, confidence=SURE, **more)

    afternoon = {
        name: CellId("Loft" if cell.room == ATTIC else cell.room, cell.slot)
        for name, cell in NOON.items()
    }
    covered = (CellId(AULA, SLOTS[11]),)
    changed = frozenset({"Sourdough", "Astronomy"})
    curtain = {"Curtain": ("Curtain", "", "")}
    return {
        "grey 90": shot(MORNING, SAYS, further={"Rust": "Trust"}),
        "grey 120": shot(NOON, NOON_SAYS, covered, changed=changed),
        "grey 20": shot(cells(Curtain=(AULA, 13)), curtain),
        "grey 150": shot(afternoon, NOON_SAYS, covered),
    }


@pytest.fixture
def profile(profile) -> Profile:
    layout = Layout(
        rooms=(AULA, LAB, ATTIC, CELLAR),
        slots=tuple(map(Slot.parse, SLOTS.values())),
        blocked={KEYNOTE: "Keynote overflow"},
    )
    friday = replace(profile.boards[0], layout=layout)
    return replace(profile, boards=(friday,))


NAMED = {
    "ArrowDown", "Control+A", "Control+ArrowRight", "Enter", "Home", "Shift+Enter", "Tab",
}  # fmt: skip
"""Keys that are no text."""

DESK = """async () => {
  const answer = await fetch("/desk/friday");
  const document = new DOMParser().parseFromString(await answer.text(), "text/html");
  const text = (node) => (node?.textContent ?? "").replace(/\\s+/g, " ").trim();
  const all = (selector, read) => [...document.querySelectorAll(selector)].map(read);
  const form = (card) => card.querySelector("form").elements;
  return {
    progress: text(document.querySelector("#progress")),
    asking: text(document.querySelector("#attention-count")),
    queue: all("#queue [data-card]", (card) => {
      const { title, room, slot } = form(card);
      const again = card.querySelector(".desk-reopened") ? ["decide"] : [];
      const open = card.matches(".desk-checked") ? [] : ["open"];
      const asks = again.length ? again : open;
      return [`${room.value} ${slot.value.slice(0, 5)} ${title.value}`, ...asks].join(": ");
    }),
    conflicts: all(".conflict", (one) => text(one.querySelector("summary"))),
    changes: all(".change", (one) =>
      `${text(one.querySelector(".change-what"))}: ${text(one.querySelector("strong"))}`),
    gone: all("#gone bdi", text),
    hidden: all("#hidden bdi", text),
    photos: all("#photos li > p strong", text),
  };
}"""
"""What the desk shows."""

PAGE = """async () => {
  const answer = await fetch("/os/friday");
  const document = new DOMParser().parseFromString(await answer.text(), "text/html");
  const text = (node) => (node?.textContent ?? "").replace(/\\s+/g, " ").trim();
  const rows = [], free = [];
  for (const slot of document.querySelectorAll("section.slot")) {
    const hours = [slot.querySelector("h3 time"), slot.querySelector(".until")]
      .map((one) => text(one).slice(-5)).join("-");
    for (const one of slot.querySelectorAll(".cards > li")) {
      const until = text(one.querySelector(".longer")).slice(-5);
      rows.push({
        hours: until ? hours.slice(0, 6) + until : hours,
        room: text(one.querySelector(".room")), title: text(one.querySelector(".card-title")),
        host: text(one.querySelector(".who")), more: text(one.querySelector(".description")),
        note: text(one.querySelector(".unseen")),
      });
    }
    for (const chip of slot.querySelectorAll(".chip")) free.push([text(chip), hours.slice(0, 2)]);
  }
  return { rows, free };
}"""
"""What the public page shows."""


def row(hours, room, title, host, more, *, note=""):
    """Return a session in a line, as every format tells it."""
    about = f" ({host})" if host else ""
    return f"{hours} {room}: {title}{about}{f' {more}' if more else ''}{note}"


def indented(lines):
    return [f"  {line}" for line in lines]


@dataclass
class Day:
    """A day's people: who sends photos, the facilitator, attendees."""

    journey: object
    client: FlaskClient
    clock: Callable
    shots: dict
    page: Page
    attendee: Page
    address: str
    keys: Counter = field(default_factory=Counter)

    @property
    def site(self):
        return self.journey.site

    def send(self, name, hour, minute):
        """Send a photo as staff do, and have it read."""
        self.clock.at(hour, minute)
        answer = self.client.post(
            "/photos",
            headers={
                "Authorization": f"Bearer {self.site.tokens.issue('staff', 'Sam')}"
            },
            data={
                "camera": (
                    io.BytesIO(self.journey.scripted.photo_bytes(name)),
                    f"{name}.png",
                )
            },
        )
        assert answer.status_code == 202
        self.work()

    def work(self):
        """Let workers work until no photo waits."""
        here = replace(self.site.newest(), clock=self.clock)
        replace(self.journey, site=here).work(self.shots)

    def go(self, path):
        self.page.goto(f"{self.address}{path}")

    def press(self, what, *keys):
        """Press keys and type texts, and count them."""
        for key in keys:
            if key in NAMED or len(key) == 1:
                self.page.keyboard.press(key)
                self.keys[what] += 1
            else:
                self.page.keyboard.type(key)
                self.keys[what] += len(key)

    def drawn(self, title):
        """Return the card of this title on the board view."""
        return self.page.locator(f'#drawing [data-title="{title}"]')

    def told(self, text):
        expect(self.page.locator("#told")).to_have_text(text)

    def story(self):
        """Return what desk and attendees see, as it stands in day.txt."""
        lines = []
        for name, what in self.desk().items():
            single = isinstance(what, str)
            lines += [f"{name}: {what}"] if single else [f"{name}:", *indented(what)]
        return "\n".join([*lines, "attendees:", *indented(self.attendees()), ""])

    def desk(self):
        """Return what the desk shows."""
        return self.page.evaluate(DESK)

    def attendees(self):
        """Return what attendees see, which all formats agree on; and what is free."""
        page, free = self._page()
        schedule, states = self._json()
        assert page == schedule
        assert [row.replace(NOT_VISIBLE, "") for row in page] == self._calendar()
        clock = f"{self.clock():%H}"
        assert free == sorted(
            (cell["room"], cell["slot"][:2])
            for cell in states
            if cell["state"] == "free" and cell["slot"][:2] >= clock
        )
        return page

    def _page(self):
        seen = self.attendee.evaluate(PAGE)
        notes = {
            "": "",
            "Not visible in the newest photo": NOT_VISIBLE,
            "No card on the board yet": " [by hand]",
        }
        rows = sorted(
            row(
                one["hours"],
                one["room"],
                one["title"],
                one["host"],
                one["more"],
                note=notes[one["note"]],
            )
            for one in seen["rows"]
        )
        return rows, sorted(map(tuple, seen["free"]))

    def _json(self):
        answer = self.client.get("/os/friday.json").json
        rows = []
        for one in answer["sessions"]:
            hours = f"{one['starts_at'][11:16]}-{one['ends_at'][11:16]}"
            title = one["title"] or "Unreadable card"
            title = ("Cancelled: " * (one["status"] == "cancelled")) + title
            covered = one["presence"] in {"covered", "unseen"}
            note = " [by hand]" if one["by_hand"] else NOT_VISIBLE * covered
            rows.append(
                row(
                    hours,
                    one["room"],
                    title,
                    one["host"],
                    one["description"],
                    note=note,
                )
            )
        return sorted(rows), answer["cells"]

    def _calendar(self):
        rows = []
        calendar = Calendar.from_ical(self.client.get("/os/friday.ics").data)
        for event in calendar.walk("VEVENT"):
            if "location" not in event:
                continue
            hours = "-".join(f"{event[end].dt:%H:%M}" for end in ("dtstart", "dtend"))
            *said, whence = str(event["description"]).split("\n\n")
            host = "".join(text[6:] for text in said if text.startswith("Host: "))
            more = " ".join(
                text for text in said if not text.startswith(("Host: ", "The card: "))
            )
            assert whence in {BY_HAND, FROM_A_PHOTO}
            note = " [by hand]" if whence == BY_HAND else ""
            title, room = str(event["summary"]), str(event["location"])
            rows.append(row(hours, room, title, host, more, note=note))
        return sorted(rows)


@pytest.fixture
def day(journey, client, clock, shots, *, window, visit, address):
    clock.at(9)
    attendee = window(locale="en-GB")  # who counts hours as the other formats do
    attendee.goto(f"{address}/os/friday")
    return Day(
        journey=journey,
        client=client,
        clock=clock,
        shots=shots,
        page=visit("/desk/friday"),
        attendee=attendee,
        address=address,
    )
