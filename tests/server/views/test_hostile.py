import json

import pytest
from icalendar import Calendar

HOSTILE = [
    pytest.param("<script>alert(1)</script>", id="script"),
    pytest.param('"><img src=x onerror=alert(1)>', id="attribute"),
    pytest.param("' onmouseover='alert(1)", id="single-quote"),
    pytest.param("</title></textarea><hx-partial hx-target='body'>", id="end-tags"),
    pytest.param("<!-- --> <![CDATA[ ]]> &amp; &lt;b&gt;", id="entities"),
    pytest.param("{{ 7 * 7 }} {% raw %} ${x}", id="template"),
    pytest.param('=HYPERLINK("https://evil.example")', id="formula"),
    pytest.param("\u202egnp.exe\u2066", id="right-to-left"),
    pytest.param("a\u2028b\u2029c", id="line-separators"),
    pytest.param("x" * 1500, id="long"),
    pytest.param("مرحبا 東京 🎉", id="other-letters"),
]  # fmt: skip


@pytest.fixture
def post_hostile(seeder, make_post):
    def post_hostile(text):
        card = make_post(
            "aa0000000001", title=text, description=text, host=text, urls=(text,)
        )
        seeder.photo(card)

    return post_hostile


def active_parts(page):
    """Whatever on a page could run."""
    return [
        *(
            name
            for _, attributes in page.tags
            for name in attributes
            if name.startswith("on") or name == "style"
        ),
        *(text for text in page["script"] if text),
        *(
            href
            for href in page.attributes("a", "href")
            if href.startswith(("javascript", "data"))
        ),
        *(path for path in page.attributes("script", "src") if "/static/" not in path),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_card_text_is_text_on_every_page(
    client, post_hostile, sign_in, read_page, text
):
    post_hostile(text)
    sign_in()
    shown = " ".join(text.split())

    board = read_page(client.get("/os").text)
    session = read_page(client.get("/os/s/aa0000000001").text)
    desk = read_page(client.get("/desk/friday").text)

    assert (board["card-title"], board["description"]) == ([shown], [shown])
    assert session["h1"] == [shown]
    assert desk.field("title") == [text]
    assert [active_parts(page) for page in (board, session, desk)] == [[], [], []]


@pytest.mark.parametrize("text", HOSTILE)
def test_card_text_is_text_in_every_feed(client, post_hostile, text):
    post_hostile(text)

    document = json.loads(client.get("/os.json").data)
    (entry,) = Calendar.from_ical(client.get("/os.ics").data).walk("VEVENT")

    assert document["sessions"][0]["title"] == text
    assert (str(entry["SUMMARY"]), entry.subcomponents) == (text, [])


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize("text", HOSTILE)
def test_correction_is_text_in_the_history(client, sign_in, read_page, text):
    token = sign_in(name="<b>Ada</b>")

    client.post(
        "/desk/friday/cards/bb0000000002",
        data={"csrf_token": token, "title": text, "seen_title": ""},
    )
    page = read_page(client.get("/desk/friday").text)

    shown = " ".join(text.split())
    assert page["q"] == ["(empty)", shown]
    assert page["desk-state"][-1] == "Checked by <b>Ada</b>"


def test_json_gives_no_way_out_of_a_script(client, seeder, make_post):
    seeder.photo(make_post("aa0000000001", title="</script>\u2028<!--&"))

    data = client.get("/os.json").data

    assert not set(data) & set(b"<>&")
    assert b"\\u003c/script\\u003e\\u2028\\u003c!--\\u0026" in data
