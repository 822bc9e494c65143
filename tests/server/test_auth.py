import pytest
from flask import Flask, session

from server.auth import (
    CSRF_HEADER,
    Identity,
    Tokens,
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
    TokenExpiredError,
    TokenInvalidError,
)

STAFF = Identity("staff", "Ada")
FACILITATOR = Identity("facilitator", "Maya")


@pytest.fixture
def context():
    app = Flask("test")
    app.secret_key = "secret"
    with app.test_request_context():
        yield app


@pytest.mark.parametrize("identity", [STAFF, FACILITATOR], ids=["staff", "facilitator"])
def test_token_says_who_it_is_for(identity):
    tokens = Tokens("secret")

    assert tokens.identity(tokens.issue(identity.role, identity.name)) == identity


def test_token_without_a_name_is_called_by_its_role():
    tokens = Tokens("secret")

    assert tokens.identity(tokens.issue("staff")) == Identity("staff", "staff")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        Tokens("other").issue("staff"),
        Tokens("secret").issue("staff")[:-1],
        Tokens("secret").issue("staff") + "x",
        "é",
        "." * 10_000,
    ],
    ids=["empty", "no-token", "other-site", "cut", "longer", "not-ascii", "dots"],
)
def test_token_that_opens_nothing_is_invalid(token):
    with pytest.raises(TokenInvalidError):
        Tokens("secret").identity(token)


def test_token_for_staff_does_not_open_for_facilitators():
    tokens = Tokens("secret")

    with pytest.raises(TokenInvalidError):
        tokens.identity(tokens.issue("staff"), "facilitator")


def test_token_issued_too_long_ago_has_expired():
    with pytest.raises(TokenExpiredError):
        Tokens("secret", max_age_s=-1).identity(Tokens("secret").issue("staff"))


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
def test_role_decides_what_is_allowed(identity, role, allowed):
    sign_in(identity)

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
    [{"role": "admin", "name": "x"}, {"role": "staff"}, {"role": "staff", "name": 3}],
    ids=["other-role", "no-name", "name-no-text"],
)
@pytest.mark.usefixtures("context")
def test_cookie_of_another_shape_is_nobody(cookie):
    session.update(cookie)

    assert signed_in() is None


@pytest.mark.usefixtures("context")
def test_signing_out_forgets_everything():
    sign_in(STAFF)
    sign_out()

    assert dict(session) == {}


def test_form_with_the_token_of_its_sign_in_passes(context):
    sign_in(STAFF)
    cookie = dict(session)

    with context.test_request_context(headers={CSRF_HEADER: csrf_token()}):
        session.update(cookie)
        check_csrf()
    with context.test_request_context(
        method="POST", data={"csrf_token": cookie["csrf"]}
    ):
        session.update(cookie)
        check_csrf()


@pytest.mark.parametrize("sent", ["", "x", "ü"], ids=["none", "wrong", "not-ascii"])
@pytest.mark.parametrize("cookie", [{}, {"csrf": "right"}], ids=["nobody", "somebody"])
def test_form_without_that_token_is_stale(sent, cookie, context):
    with context.test_request_context(method="POST", data={"csrf_token": sent}):
        session.update(cookie)
        with pytest.raises(StaleFormError):
            check_csrf()
