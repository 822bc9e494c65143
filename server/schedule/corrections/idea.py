"""Ideas: topics that people want and nobody hosts yet; added, changed, taken up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, Self

from server.errors import CorrectionError
from server.schedule.cards import Card
from server.schedule.corrections.change import Told, made_id, title_in
from server.schedule.corrections.held import Held, HeldIdea, IdeaState, Made

MAX_IDEA = 200
"""Characters: a topic in a sentence."""

MAX_IDEAS = 300
"""Ideas on the list of one board or awaiting the facilitator: a script fills no more."""

STATE_WORDS: dict[IdeaState, str] = {
    "waiting": "waits for a facilitator",
    "listed": "on the list",
    "removed": "removed",
}


@dataclass(frozen=True, slots=True)
class SetIdea:
    """What a person sets of an idea; None is as it was.

    Parameters
    ----------
    idea : str
        Its id.
    text : str, optional
    state : {"waiting", "listed", "removed"}, optional
        A new one is listed unless it waits.
    session : str, optional
        Id of the card of the session that takes it up; empty for none any more.
    """

    idea: str
    text: str | None = None
    state: IdeaState | None = None
    session: str | None = None
    kind: Literal["idea"] = "idea"

    @classmethod
    def new(cls, board: str, text: str, state: IdeaState = "listed") -> Self:
        """Return what adds an idea: the same words are the same idea."""
        text = " ".join(text.split())
        return cls(made_id("idea", board, text.casefold()), text, state)

    @property
    def cards(self) -> tuple[str, ...]:
        """Ids of the cards that it is about."""
        return (self.session,) if self.session else ()

    def check(self) -> None:
        """Check what a person typed.

        Raises
        ------
        CorrectionError
            If it is empty, too long, or cannot be kept.
        """
        if self.text is None:
            return
        if not any(sign.isalnum() for sign in self.text):
            raise CorrectionError(
                "An idea needs words.", hint="Say in a sentence what it is about."
            )
        if len(self.text) > MAX_IDEA:
            raise CorrectionError(
                f"The idea has {len(self.text)} characters; at most {MAX_IDEA} are kept.",
                hint="Shorten it and send it again.",
            )
        if not all(sign.isprintable() or sign in "\u200c\u200d" for sign in self.text):
            raise CorrectionError(
                "The idea contains a character that cannot be kept.",
                hint="Type it anew instead of pasting it.",
            )

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it; of an idea that was never added nothing does."""
        known = held.ideas.get(self.idea)
        if known is None and self.text is None:
            return held
        known = known or HeldIdea("", "listed", "", made)
        set_ = {
            name: value
            for name in ("text", "state", "session")
            if (value := getattr(self, name)) is not None
        }
        return replace(held, ideas={**held.ideas, self.idea: known._replace(**set_)})

    def tell(self, before: Held, cards: Mapping[str, Card]) -> tuple[Told, ...]:
        """Return what it changed, in words."""
        known = before.ideas.get(self.idea)
        text = self.text or (known.text if known else "")
        told = []
        if self.text is not None:
            told.append(Told("idea", known.text if known else None, self.text))
        was = known.state if known else "listed"
        if self.state is not None and self.state != was:
            old = known and STATE_WORDS[known.state]
            told.append(
                Told(
                    f"idea \N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}",
                    old,
                    STATE_WORDS[self.state],
                )
            )
        if self.session is not None:
            after = title_in(before, cards, self.session) if self.session else ""
            told.append(
                Told(
                    f"idea \N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK} taken up",
                    None,
                    after or "by nobody",
                )
            )
        return tuple(told)
