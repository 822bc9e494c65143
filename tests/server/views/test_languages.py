"""Attendees' pages in their own language, with what the event says to people."""

import json
from dataclasses import replace

import pytest

from calibration.event import Contact, LinkedPage, RoomFacts

GERMAN = {"Accept-Language": "de-DE,de;q=0.9"}
TAIWAN = {"Accept-Language": "zh-TW,zh;q=0.9,en;q=0.5"}


@pytest.fixture
def profile(profile):
    """The event in German too, with tables, and somebody to ask."""
    friday, saturday = profile.boards
    event = replace(
        profile.event,
        contact=Contact("Ada", "ada@example.org", "https://chat.example.org/os", "@a"),
        how_to_host="Take a card.\nPin it to a free place.",
        privacy="Sessions are not recorded.",
        links=(LinkedPage("Rules", "https://example.org/rules"),),
        texts={
            "Friday": {"en": "Friday", "de": "Freitag"},
            "Room 301": {"en": "Room 301", "de": "Raum 301"},
            "Keynote overflow": {"en": "Keynote overflow", "de": "Übertragung"},
            "Sessions are not recorded.": {
                "en": "Sessions are not recorded.",
                "de": "Es wird nichts aufgezeichnet.",
            },
            "Rules": {"en": "Rules", "de": "Regeln"},
        },
    )
    facts = {"Room 301": RoomFacts("hall", 200), "Room 303": RoomFacts("table", 6)}
    return replace(
        profile, event=event, boards=(replace(friday, facts=facts), saturday)
    )


@pytest.mark.usefixtures("friday")
def test_page_is_german_for_who_reads_german(client, read_page):
    page = read_page(client.get("/os", headers=GERMAN).text)

    assert page.attributes("html", "lang") == ["de"]
    assert page["h1"] == ["Open Spaces Freitag"]
    assert page["figcaption"] == ["Foto von 09:42 In voller Größe öffnen"]
    assert page["h3"] == [
        "10:00-11:00 Jetzt",
        "11:00-12:00 Als Nächstes",
        "13:00-14:00",
    ]
    assert page["room"] == [
        "Raum 301 Saal · bis 200 Personen",
        "Room 302",
        "Raum 301 Saal · bis 200 Personen",
    ]
    assert page["card-title"] == [
        "Type checking at scale",
        "Unleserliche Karte",
        "Knitting",
    ]
    assert page["rooms"] == [
        "Freie Tische Room 303 bis 6 Personen",
        "Auf dem neuesten Foto nicht zu sehen Room 302, Room 303",
        "Auf dem neuesten Foto nicht zu sehen Raum 301, Room 302",
        "Room 303 Übertragung",
    ]
    assert page.attributes("img", "alt")[0] == (
        "Die Open-Space-Pinnwand Freitag, entzerrt aus einem Foto von 09:42: "
        "3 Sessions in 2 Räumen, 1 freier Platz."
    )
    assert page["tr"][3] == "13:00-14:00 nicht zu sehen nicht zu sehen Übertragung"


@pytest.mark.usefixtures("friday")
def test_page_is_chinese_with_the_clock_of_taiwan(client, read_page):
    page = read_page(client.get("/os", headers=TAIWAN).text)

    assert page.attributes("html", "lang") == ["zh-Hant"]
    assert page["h3"] == ["上午10:00-上午11:00 進行中", "上午11:00-中午12:00 接下來",
                          "下午1:00-下午2:00"]  # fmt: skip
    assert page["rooms"][0] == "空的桌位 Room 303 最多 6 人"


@pytest.mark.usefixtures("friday")
def test_american_browser_gets_twelve_hours(client, read_page):
    page = read_page(client.get("/os", headers={"Accept-Language": "en-US"}).text)

    assert [head.replace("\N{NO-BREAK SPACE}", " ") for head in page["h3"]] == [
        "10:00 AM-11:00 AM Now",
        "11:00 AM-12:00 PM Next",
        "1:00 PM-2:00 PM",
    ]


@pytest.mark.usefixtures("friday")
def test_session_says_its_day_in_german(client, read_page):
    page = read_page(client.get("/os/s/aa0000000001", headers=GERMAN).text)

    assert page["when"] == [
        (
            "Freitag, 17. Mai 2024, 10:00-11:00 "
            "Nordamerikanische Ostküsten-Sommerzeit (GMT-04:00)"
        )
    ]
    assert page["back"] == ["← Open Spaces, Freitag"]


@pytest.mark.usefixtures("friday")
def test_foot_says_how_to_host_whom_to_ask_and_what_is_recorded(client, read_page):
    page = read_page(client.get("/os", headers=GERMAN).text)

    assert page["about"] == [
        (
            "So bietest du eine Session an Take a card. Pin it to a free place. "
            "Fragen? Ada · ada@example.org · chat.example.org/os · @a Privatsphäre "
            "Es wird nichts aufgezeichnet. Mehr Regeln"
        )
    ]
    assert {"mailto:ada@example.org", "https://chat.example.org/os",
            "https://example.org/rules", "#about"} <= set(page.attributes("a", "href"))  # fmt: skip


def test_foot_is_escaped(site, client):
    event = replace(site.profile.event, contact=Contact("<b>Ada"), privacy="<i>no</i>")
    object.__setattr__(site, "profile", replace(site.profile, event=event))

    page = client.get("/os").text

    assert ("<b>" in page, "&lt;b&gt;Ada" in page, "<i>" in page) == (
        False,
        True,
        False,
    )


def test_event_without_a_word_has_no_foot(site, client, read_page):
    event = replace(
        site.profile.event, contact=None, how_to_host="", privacy="", links=()
    )
    object.__setattr__(site, "profile", replace(site.profile, event=event))

    page = read_page(client.get("/os").text)

    assert page["about"] == []


def test_page_that_says_what_went_wrong_names_the_contact(client, read_page):
    page = read_page(client.get("/os/nowhere", headers=GERMAN).text)

    assert page["about"] == ["Fragen? Ada · ada@example.org · chat.example.org/os · @a"]


@pytest.mark.usefixtures("friday")
def test_free_table_is_one_tap_away(client, clock, read_page):
    page = read_page(client.get("/os").text)
    clock.at(14)
    over = read_page(client.get("/os").text)

    assert page["free-first"] == ["Now Free tables (1)"]
    ids = {attributes.get("id") for _, attributes in page.tags}
    assert "#at-1000-table" in page.attributes("a", "href")
    assert "at-1000-table" in ids
    assert over["free-first"] == []


@pytest.mark.usefixtures("friday")
def test_formats_say_it_too_in_the_events_own_language(client):
    document = json.loads(client.get("/os.json", headers=GERMAN).data)
    calendar = client.get("/os.ics", headers=GERMAN).text.replace("\r\n ", "")

    assert document["board"]["title"] == "Friday"
    assert document["board"]["room_facts"] == [
        {"room": "Room 301", "kind": "hall", "capacity": 200},
        {"room": "Room 302", "kind": "room", "capacity": None},
        {"room": "Room 303", "kind": "table", "capacity": 6},
    ]
    assert document["event"]["contact"]["email"] == "ada@example.org"
    assert document["event"]["links"] == [
        {"title": "Rules", "address": "https://example.org/rules"}
    ]
    assert calendar.count("CATEGORIES:hall") == 2
    assert calendar.count(
        "CONTACT:Ada\\, ada@example.org\\, https://chat.example.org/os\\, @a"
    ) == 3  # fmt: skip


def test_event_that_speaks_german_does_so_to_who_reads_nothing_else(site, client):
    event = replace(site.profile.event, language="de")
    object.__setattr__(site, "profile", replace(site.profile, event=event))

    assert 'lang="de"' in client.get("/os").text
    assert 'lang="de"' in client.get("/os", headers={"Accept-Language": "fr"}).text
    assert 'lang="en"' in client.get("/os", headers={"Accept-Language": "en"}).text


@pytest.mark.browser
@pytest.mark.usefixtures("friday")
def test_language_is_switched_with_a_thumb_and_stays(open_page, window):
    page = open_page("/os", 390, page=window.new(locale="en-US"))
    assert page.locator(".phase").first.text_content() == "Now"

    page.get_by_role("link", name="Deutsch").click()
    page.get_by_role("heading", name="Sessionplan").wait_for()
    page.get_by_role("link", name="Type checking at scale").first.click()
    page.get_by_text("In den Kalender").wait_for()
    page.goto(page.url.split("/os")[0] + "/os")

    assert page.locator("html").get_attribute("lang") == "de"
    assert page.locator(".ago").text_content().startswith("(vor ")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("link", name="繁體中文").click()
    page.get_by_role("heading", name="時程表").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.usefixtures("friday")
def test_capture_is_german_for_who_reads_german(client, sign_in, read_page):
    sign_in("staff")

    page = read_page(client.get("/capture", headers=GERMAN).text)

    assert page["h1"] == ["Foto der Pinnwand senden"]
    assert page.attributes("html", "lang") == ["de"]
    english = read_page(client.get("/capture").text)
    same = set(page["p"]) & set(english["p"])
    assert {text for text in same if " " in text} <= set(page["about"])
