"""Devices of attendees, and a site that lets them add ideas."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from calibration.geometry import Rect
from calibration.profile import Profile
from server.app import app_of


@pytest.fixture
def event_says() -> dict:
    """What the event says otherwise; a test names it as a parameter."""
    return {"ideas": "open"}


@pytest.fixture
def profile(profile, event_says) -> Profile:
    boards = (replace(profile.boards[0], beside="people"), *profile.boards[1:])
    return replace(profile, event=replace(profile.event, **event_says), boards=boards)


@pytest.fixture
def app(site) -> Flask:
    return app_of(site)


@pytest.fixture
def client(app) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def device(app) -> Callable[[], FlaskClient]:
    """Give another attendee's browser."""
    return app.test_client


@pytest.fixture
def person(make_post):
    """Maya's card, which hangs in the last row's middle, in no cell."""

    class BesidePost(type(make_post("dd0000000004"))):
        def reading(self):
            return replace(super().reading(), cell=None)

        def quad_area(self):
            return Rect(0.4, 0.4, 0.5, 0.5).to_quad()

    return BesidePost(
        "dd0000000004", title="Maya", description="Rust, beekeeping", confidence=0.9
    )


@pytest.fixture
def board(seeder, make_post, person):
    return seeder.photo(person, make_post("aa0000000001"))
