import datetime as dt
from dataclasses import replace

import pytest
from flask import session

from server.app import app_of
from server.auth import (
    CSRF_HEADER,
    check_csrf,
    csrf_token,
    require,
    sign_in,
    sign_out,
    signed_in,
)
from server.errors import (
    NotSignedInError,
    RoleRequiredError,
    StaleFormError,
)
from server.roles import Identity
from server.store.invitations import add_invitation, revoke

STAFF = Identity("staff", "Ada")
FACILITATOR = Identity("facilitator", "Maya")


@pytest.fixture
def app(site):
    return app_of(site)


@pytest.fixture
def context(app):
    with app.test_request_context():
        yield


@pytest.fixture
def invite(site):
    """Invite somebody; the same person, with the invitation's id."""

    def invite(identity):
        with site.database.write() as database:
            number = add_invitation(
                database, identity.role, identity.name, site.clock()
            )
        return replace(identity, invitation=number)

    return invite


@pytest.mark.parametrize(
    ("identity", "role", "allowed"),
    [
        (STAFF, "staff", True),
        (STAFF, "facilitator", False),
        (FACILITATOR, "staff", True),
        (FACILITATOR, "facilitator", True),
    ],
)
@pytest.mark.usefixtures("context")
def test_role_decides_what_is_allowed(identity, role, allowed, invite):
    sign_in(invite(identity))

    assert signed_in() == identity
    if allowed:
        assert require(role) == identity
    else:
        with pytest.raises(RoleRequiredError):
            require(role)


@pytest.mark.usefixtures("context")
def test_nobody_signed_in_may_nothing():
    assert signed_in() is None
    with pytest.raises(NotSignedInError):
        require("staff")


@pytest.mark.parametrize(
    "cookie",
    [{"sign_in": "x"}, {"sign_in": 3}, {"role": "facilitator", "name": "x"}],
    ids=["unknown", "no-text", "as-before"],
)
@pytest.mark.usefixtures("context")
def test_cookie_that_names_no_sign_in_is_nobody(cookie):
    session.update(cookie)

    assert signed_in() is None


@pytest.mark.usefixtures("context")
def test_signing_out_forgets_everything(invite):
    sign_in(invite(STAFF))
    sign_out()

    assert (dict(session), signed_in()) == ({}, None)


def test_sign_in_that_has_ended_is_over_wherever_its_cookie_is(app, invite):
    with app.test_request_context():
        sign_in(invite(STAFF))
        cookie = dict(session)
        sign_out()

    with app.test_request_context():
        session.update(cookie)
        assert signed_in() is None


def test_revoked_invitation_signs_out_its_own_browsers_only(app, invite, site):
    cookies = {}
    for identity in (STAFF, FACILITATOR):
        with app.test_request_context():
            invited = invite(identity)
            sign_in(invited)
            cookies[identity.name] = dict(session)
    with site.database.write() as database:
        revoke(database, invited.invitation, site.clock())

    still = {}
    for name, cookie in cookies.items():
        with app.test_request_context():
            session.update(cookie)
            still[name] = signed_in()
    assert still == {"Ada": STAFF, "Maya": None}


def test_form_with_the_token_of_its_sign_in_passes(app, invite):
    with app.test_request_context():
        sign_in(invite(STAFF))
        cookie, token = dict(session), csrf_token()

    with app.test_request_context(headers={CSRF_HEADER: token}):
        session.update(cookie)
        check_csrf()
    with app.test_request_context(method="POST", data={"csrf_token": cookie["csrf"]}):
        session.update(cookie)
        check_csrf()


@pytest.mark.parametrize("sent", ["", "x", "ü"], ids=["none", "wrong", "not-ascii"])
@pytest.mark.parametrize("cookie", [{}, {"csrf": "right"}], ids=["nobody", "somebody"])
def test_form_without_that_token_is_stale(sent, cookie, app):
    with app.test_request_context(method="POST", data={"csrf_token": sent}):
        session.update(cookie)
        with pytest.raises(StaleFormError):
            check_csrf()


@pytest.mark.parametrize(
    ("later", "status"),
    [
        (dt.timedelta(hours=-1), 200),
        (dt.timedelta(days=6), 200),
        (dt.timedelta(days=8), 401),
    ],
    ids=["clock-set-back", "within-a-week", "after-a-week"],
)
def test_sign_in_lasts_a_week_by_the_sites_own_clock(later, status, site, tokens):
    clock = [site.clock()]
    ticking = replace(site, clock=lambda: clock[0])
    client = app_of(ticking).test_client()
    client.get(f"/sign-in/{tokens.issue('facilitator')}")

    clock[0] += later

    assert client.get("/desk/friday").status_code == status


def test_cookie_that_was_tampered_with_is_nobody(site):
    client = app_of(site).test_client()
    client.set_cookie("boardcast", "eyJzaWduX2luIjoieCJ9.aaaaaa.forged")

    assert client.get("/desk/friday").status_code == 401
