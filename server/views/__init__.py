"""What people see: attendees' pages, the desk, the capture page."""

from flask import Blueprint

from server.views.board import board_blueprint
from server.views.capture.routes import capture_blueprint
from server.views.crowd.routes import crowd_blueprint
from server.views.desk.routes import desk_blueprint
from server.views.feeds import feeds_blueprint
from server.views.hosting.routes import hosting_blueprint
from server.views.pictures import pictures_blueprint

PUBLISHED = ("board", "feeds", "static")
"""Blueprints of what is the same for everybody until something new is published. Their
views look at nothing of a request but its path."""

PICTURES = "pictures"
"""The blueprint of what never changes, but may be hidden."""


def page_blueprints(short_path: str) -> tuple[Blueprint, ...]:
    """Return every page and format, but not the upload, for an app to register.

    Parameters
    ----------
    short_path : str
        Of the event: ``os`` puts the board at ``/os``.
    """
    return (
        board_blueprint(short_path),
        feeds_blueprint(short_path),
        pictures_blueprint(),
        crowd_blueprint(short_path),
        capture_blueprint(),
        desk_blueprint(),
        hosting_blueprint(short_path),
    )
