"""Devices of attendees, and a site that lets them add ideas."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from calibration.profile import Profile
from server.app import app_of


@pytest.fixture
def event_says() -> dict:
    """What the event says otherwise; a test names it as a parameter."""
    return {"ideas": "open"}


@pytest.fixture
def profile(profile, event_says) -> Profile:
    return replace(profile, event=replace(profile.event, **event_says))


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
