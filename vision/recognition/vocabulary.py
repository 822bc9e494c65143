"""What is known beforehand to be written on an event's cards."""

from calibration.profile import Profile


def event_words(profile: Profile) -> tuple[str, ...]:
    """Return the words that an event's cards are likelier to hold than others.

    Parameters
    ----------
    profile : Profile

    Returns
    -------
    tuple of str
        Lower case, ascending, each once: the words of `Event.words`, of the names of
        event, boards and rooms, and the hashtag. Only what consists of letters: what
        else stands between the words says nothing.
    """
    event = profile.event
    texts = [event.name, event.hashtag, *event.words]
    for board in profile.boards:
        texts += [board.title, *board.layout.rooms]
    letters = (
        "".join(one if one.isalpha() else " " for one in text.lower()) for text in texts
    )
    return tuple(sorted({word for text in letters for word in text.split()}))
