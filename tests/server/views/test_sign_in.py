"""Signing in where the site's public address begins with https."""

from urllib.parse import urlsplit

import pytest

PUBLIC = "https://board.example"
LAN = "http://192.168.1.5:8000"


def test_sign_in_behind_a_proxy_leads_where_the_role_begins(client, site):
    # The proxy speaks https with the browser and http with this program.
    token = site.tokens.issue("facilitator", "Ada")
    first = client.get(f"/sign-in/{token}", base_url="http://127.0.0.1:8000")
    cookie = first.headers["Set-Cookie"].partition(";")[0]

    second = client.get(
        first.location,
        base_url="http://127.0.0.1:8000",
        headers={"Cookie": cookie},
    )

    assert (first.status_code, first.location) == (302, f"/sign-in/{token}/kept")
    assert (second.status_code, second.location) == (302, "/desk")
    assert {first.headers["Cache-Control"], second.headers["Cache-Control"]} == {
        "no-store"
    }


def test_sign_in_over_another_road_says_where_it_holds(client, site, read_page):
    # A browser drops a Secure cookie that came over http without a word.
    token = site.tokens.issue("staff", "Sam")
    browser = client.application.test_client(use_cookies=False)

    response = browser.get(f"/sign-in/{token}", base_url=LAN, follow_redirects=True)

    page = read_page(response.text)
    assert (response.status_code, response.headers["Cache-Control"]) == (
        401,
        "no-store",
    )
    assert page["h1"] == ["Your browser did not keep the sign-in."]
    assert f"{PUBLIC}/sign-in/{token}" in page.attributes("a", "href")


@pytest.mark.parametrize("end", ["", "/kept"])
def test_token_that_opens_nothing_is_shown_nowhere(client, end):
    response = client.get(f"/sign-in/<b>wrong{end}", base_url=LAN)

    assert response.status_code == 401
    assert "wrong" not in response.text


def test_sign_in_over_https_goes_straight_on(client, site):
    token = site.tokens.issue("staff", "Sam")

    response = client.get(f"/sign-in/{token}", base_url=PUBLIC)

    assert urlsplit(response.location).path == "/capture"
