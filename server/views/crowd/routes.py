"""The addresses at which anybody sends something without an account."""

from flask import Blueprint

from server.views.crowd.ideas import add_ideas
from server.views.crowd.people import add_people
from server.views.crowd.votes import add_votes


def crowd_blueprint(short_path: str) -> Blueprint:
    """Return them under an event's short path."""
    blueprint = Blueprint("crowd", __name__)
    add_ideas(blueprint, f"/{short_path}")
    add_people(blueprint, f"/{short_path}")
    add_votes(blueprint, f"/{short_path}")
    return blueprint
