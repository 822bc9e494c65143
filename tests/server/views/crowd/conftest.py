"""Devices of attendees, and a site that lets them add ideas."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from calibration.profile import Event, save_profile
from server.app import app_of
from server.event_file import read_event_file
from server.site import Site
from server.store.profiles import add_profile


@pytest.fixture
def with_event(site, tmp_path) -> Callable[..., Site]:
    """Give the same site with an event that says something else."""

    def with_event(**said) -> Site:
        event: Event = replace(site.profile.event, **said)
        profile = replace(site.profile, event=event)
        save_profile(profile, tmp_path / "event.toml")
        with site.database.write() as session:
            file = read_event_file(tmp_path / "event.toml")
            add_profile(session, file, site.clock())
        return site.newest()

    return with_event


@pytest.fixture
def app(with_event) -> Flask:
    """The site with a list of ideas that anybody adds to."""
    return app_of(with_event(ideas="open"))


@pytest.fixture
def device(app) -> Callable[[], FlaskClient]:
    """Give another attendee's browser."""
    return app.test_client
