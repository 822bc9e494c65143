"""What asks for a decision at the desk: conflicts, and what changed on the board."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.auth import check_csrf, require
from server.errors import CorrectionError
from server.publish.voting import end_vote, votes_so_far
from server.roles import Identity
from server.schedule.corrections.change import Change
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.join import Join
from server.schedule.corrections.kinds import held_by
from server.schedule.free_cells import free_cells
from server.schedule.hosting import is_waiting
from server.schedule.placed import spans_of
from server.site import Site, site
from server.store.corrections import corrections_of
from server.store.sightings import first_round
from server.views.choice import chosen_board
from server.views.desk.acts import act
from server.views.desk.board_now import BoardNow, board_now
from server.views.desk.cards import DeskCard
from server.views.desk.changes import (
    DeskChange,
    DeskOffer,
    confirmed,
    desk_changes,
    desk_offers,
)
from server.views.desk.conflicts import (
    AS_IT_IS,
    DeskConflict,
    Place,
    change_from,
    desk_conflicts,
)
from server.views.desk.planned import DeskPlan, change_for, desk_plans


@dataclass(frozen=True, slots=True)
class Attention:
    """What asks for a decision on a board.

    Parameters
    ----------
    conflicts : tuple of DeskConflict
        Those to decide first.
    changes : tuple of DeskChange
    offers : tuple of DeskOffer
        Cards that may be what a person made before: no conflict with that.
    plans : tuple of DeskPlan
        Planned sessions that begin soon without a card, or whose place is taken.
    waiting : tuple of DeskCard
        What hosts filled in online, and is to be let through.
    """

    conflicts: tuple[DeskConflict, ...] = ()
    changes: tuple[DeskChange, ...] = ()
    offers: tuple[DeskOffer, ...] = ()
    plans: tuple[DeskPlan, ...] = ()
    waiting: tuple[DeskCard, ...] = ()

    @property
    def asking(self) -> int:
        """How many conflicts are to be decided."""
        return sum(one.asks and not one.over for one in self.conflicts)


def attention_of(
    database: DatabaseSession, here: Site, board: Board, now: dt.datetime
) -> Attention:
    """Return what asks for a decision on a board as it stands."""
    return asking(database, board_now(database, here, board, now))


def asking(database: DatabaseSession, now: BoardNow) -> Attention:
    """Return what asks for a decision on a board that was read before."""
    spans = spans_of(now.board, now.timezone)
    offers = desk_offers(now.cards, now.held)
    votes = {
        one.decision.made.correction: votes_so_far(
            database, now.board, one, now.held, now.outcome.sessions
        )
        for one in now.outcome.decided.questions
        if one.state == "waiting" and one.decision and one.decision.is_vote
    }
    conflicts = desk_conflicts(
        now.outcome.decided,
        now.outcome.sessions,
        free_cells(now.outcome.schedule, spans, now.at),
        Place(now.board.layout, spans),
        now.at,
        votes=votes,
    )
    offered = {one.cards for one in offers}
    return Attention(
        tuple(
            one
            for one in conflicts
            if frozenset(one.question.conflict.cards) not in offered
        ),
        desk_changes(now.cards, now.held, first_round(database, now.board.slug)),
        offers,
        tuple(
            one
            for one in desk_plans(now.outcome.schedule, now.at)
            if not any(one.session.id in ids for ids in offered)
        ),
        tuple(one for one in now.cards if is_waiting(one.held)),
    )


def let_through(slug: str) -> ResponseReturnValue:
    """Publish a session that waits, or keep it off the board."""

    def change_for_waiting(_: DatabaseSession, shown: Attention) -> Change | None:
        # By the act that hid it: what its host wrote since nobody has read yet.
        asked = {
            f"{one.card.id} {one.held['hidden'].made.correction}": one.card.id
            for one in shown.waiting
        }
        verb, _sep, which = request.form.get("action", "").partition(" ")
        return Edit(asked[which], hidden=verb != "publish") if which in asked else None

    return _answer(slug, "waiting", change_for_waiting)


def decide(slug: str) -> ResponseReturnValue:
    """Keep what a person decided of a conflict, and publish it.

    Raises
    ------
    CorrectionError
        If the conflict is not as it was shown.
    """
    identity = require("facilitator")
    check_csrf()
    here, now = site(), site().clock()
    board = chosen_board(here, slug)
    with here.database.write() as database:
        # What somebody else has just decided counts: so it is looked at in here.
        shown = attention_of(database, here, board, now).conflicts
        if request.form.get("action") == "end":
            _end_vote(database, here, board, identity, shown)
            return _back_to("conflicts", slug)
        change = change_from(request.form, shown, now)
        if isinstance(change, Join):
            held = held_by(corrections_of(database, board.slug))
            change = Join.of(change.cards, held)
        act(database, here, board, identity, change)
    return _back_to("conflicts", slug)


def _end_vote(
    database: DatabaseSession,
    here: Site,
    board: Board,
    identity: Identity,
    shown: Iterable[DeskConflict],
) -> None:
    """End the vote of a conflict now.

    Raises
    ------
    CorrectionError
        If there is none any more.
    """
    name = request.form.get("conflict")
    one = next((one for one in shown if one.id == name), None)
    decision = one.question.decision if one else None
    if decision is None or not decision.is_vote:
        raise CorrectionError("There is no vote any more.", hint=AS_IT_IS)
    number = decision.made.correction
    now, author = here.clock(), identity.name
    end_vote(database, here.profile, board, number, at=now, author=author)


def confirm(slug: str) -> ResponseReturnValue:
    """Keep that a person has seen what changed."""
    identity = require("facilitator")
    check_csrf()
    here = site()
    board = chosen_board(here, slug)
    with here.database.write() as database:
        changes = attention_of(database, here, board, here.clock()).changes
        stamps = ",".join(request.form.getlist("seen")).split(",")
        if seen := confirmed(stamps, changes):
            act(database, here, board, identity, seen)
    return _back_to("changes", slug)


def answer_offer(slug: str) -> ResponseReturnValue:
    """Join a card to what a person made before it was seen, or keep that they are two."""

    def change_for_offer(_: DatabaseSession, shown: Attention) -> Change | None:
        verb, _sep, name = request.form.get("action", "").partition(" ")
        one = next((one for one in shown.offers if one.id == name), None)
        if one is None:
            return None
        return one.join if verb == "join" else one.apart

    return _answer(slug, "changes", change_for_offer)


def answer_plan(slug: str) -> ResponseReturnValue:
    """Keep what a person decided of a planned session that asked for it."""

    def change_for_plan(database: DatabaseSession, shown: Attention) -> Change | None:
        held = held_by(corrections_of(database, slug))
        return change_for(request.form.get("action", ""), shown.plans, held)

    return _answer(slug, "plans", change_for_plan)


def _answer(
    slug: str,
    part: str,
    change_of: Callable[[DatabaseSession, Attention], Change | None],
) -> ResponseReturnValue:
    """Keep what a person answered, and go back to that part of the page.

    Raises
    ------
    CorrectionError
        If that is not asked any more.
    """
    identity = require("facilitator")
    check_csrf()
    here = site()
    board = chosen_board(here, slug)
    with here.database.write() as database:
        shown = attention_of(database, here, board, here.clock())
        change = change_of(database, shown)
        if change is None:
            raise CorrectionError("That is not asked any more.", hint=AS_IT_IS)
        act(database, here, board, identity, change)
    return _back_to(part, slug)


def _back_to(part: str, slug: str) -> ResponseReturnValue:
    return redirect(url_for("desk.board", slug=slug, _anchor=part), 303)
