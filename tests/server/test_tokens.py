import datetime as dt
import time
from dataclasses import replace

import pytest

from server.errors import TokenExpiredError, TokenInvalidError
from server.roles import Identity
from server.store.invitations import add_sign_in, invitations, revoke

STAFF = Identity("staff", "Ada")
FACILITATOR = Identity("facilitator", "Maya")


@pytest.mark.parametrize("identity", [STAFF, FACILITATOR], ids=["staff", "facilitator"])
def test_token_says_who_it_is_for(identity, tokens):
    assert tokens.identity(tokens.issue(identity.role, identity.name)) == identity


def test_everybody_invited_has_a_name_of_their_own(tokens, site):
    def invited(role, name=""):
        return tokens.identity(tokens.issue(role, name)).name

    printed = tokens.identity(tokens.standing("facilitator"))
    maya = tokens.identity(tokens.issue("facilitator", "Maya"))
    names = [invited("staff", "Maya"), invited("facilitator"), invited("facilitator")]
    with site.database.write() as session:
        revoke(session, maya.invitation, site.clock())

    assert printed.name == "facilitator"
    assert names == ["Maya 2", "facilitator 2", "facilitator 3"]
    assert invited("facilitator", "Maya") == "Maya"


def test_long_names_are_told_apart(tokens):
    names = {tokens.identity(tokens.issue("staff", "A" * 70)).name for _ in range(12)}

    assert len(names) == 12
    assert {len(name) for name in names} <= {58, 59, 60}


@pytest.mark.parametrize("token", ["", "x", "\xe9", "." * 10_000])
def test_token_that_is_none_is_invalid(token, tokens):
    with pytest.raises(TokenInvalidError):
        tokens.identity(token)


@pytest.mark.parametrize(
    "damaged",
    [lambda token: token[:-1], lambda token: token + "x", lambda token: token[1:]],
    ids=["cut", "longer", "beginning-lost"],
)
def test_token_that_was_copied_badly_is_invalid(damaged, tokens):
    with pytest.raises(TokenInvalidError):
        tokens.identity(damaged(tokens.issue("staff")))


def test_token_of_another_site_is_invalid(tokens):
    other = replace(tokens, secret_key="other")

    with pytest.raises(TokenInvalidError):
        tokens.identity(other.issue("staff"))


def test_token_issued_too_long_ago_has_expired(tokens):
    with pytest.raises(TokenExpiredError):
        replace(tokens, max_age_s=-1).identity(tokens.issue("staff"))


def test_token_from_before_the_clock_was_set_back_opens(tokens, monkeypatch):
    token = tokens.issue("staff", "Ada")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 3600)

    assert tokens.identity(token) == STAFF


def test_revoked_invitation_opens_nothing_and_the_others_do(tokens, site):
    lost, kept = tokens.issue("staff", "Ada"), tokens.issue("staff", "Sam")
    with site.database.write() as session:
        revoke(session, tokens.identity(lost).invitation, site.clock())

    with pytest.raises(TokenInvalidError):
        tokens.identity(lost)
    assert tokens.identity(kept) == Identity("staff", "Sam")


def test_every_start_prints_one_invitation_until_it_is_revoked(tokens, site):
    first = tokens.identity(tokens.standing("staff")).invitation
    named = tokens.identity(tokens.issue("staff", "Ada")).invitation
    again = tokens.identity(tokens.standing("staff")).invitation
    with site.database.write() as session:
        revoke(session, first, site.clock())
    after = tokens.identity(tokens.standing("staff")).invitation

    assert first == again
    assert len({first, named, after}) == 3


def test_who_is_signed_in_is_a_list(tokens, site):
    ada = tokens.identity(tokens.issue("facilitator", "Ada")).invitation
    sam = tokens.identity(tokens.issue("staff", "Sam")).invitation
    at = site.clock()
    with site.database.write() as session:
        add_sign_in(session, ada, at)
        add_sign_in(session, ada, at + dt.timedelta(minutes=1))
        add_sign_in(session, sam, at)
        revoke(session, sam, at)
        listed = invitations(session, at - dt.timedelta(days=1))
        none = invitations(session, at + dt.timedelta(days=1))

    assert {
        entry.identity.name: (len(entry.sign_ins), entry.revoked_at is None)
        for entry in listed
    } == {"Ada": (2, True), "Sam": (0, False)}
    assert none == ()
