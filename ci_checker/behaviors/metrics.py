"""What is measured rather than classified: talk ratio, monologue, questions."""

from __future__ import annotations

from ci_checker.behaviors import nlp
from ci_checker.model import Call, Metrics, Role, Turn

BACKCHANNEL_WORDS = 3
LONGEST_PAUSE_S = 10.0


def measure(call: Call) -> Metrics:
    """Return the metrics of a call whose roles are assigned.

    The talk ratio is of words, so that it exists for transcripts without times.
    A monologue runs on through backchannels of at most three words and ends at
    any longer turn of somebody else or a long pause; without times it is ``None``.
    """
    talk = tuple((speaker.name, talk_seconds(call, speaker.name)) for speaker in call.speakers)
    known = tuple((name, round(seconds, 2)) for name, seconds in talk if seconds is not None)
    if not call.has_known_rep:
        return Metrics(talk_s=known)
    rep = [turn for turn in call.turns if call.role_of(turn.speaker) is Role.REP]
    own = sum(len(turn.text.split()) for turn in rep)
    total = sum(len(turn.text.split()) for turn in call.turns)
    return Metrics(
        rep_talk_ratio=round(own / total, 4) if total else None,
        longest_rep_monologue_s=longest_monologue(call)[0],
        rep_questions=sum(_asks(turn.text) for turn in rep),
        talk_s=known,
    )


def talk_seconds(call: Call, name: str) -> float | None:
    """Return how long a speaker talks in seconds, ``None`` where any turn has no times."""
    turns = [turn for turn in call.turns if turn.speaker == name]
    if any(turn.start_s is None or turn.end_s is None for turn in turns):
        return None
    return sum(((turn.end_s or 0.0) - (turn.start_s or 0.0) for turn in turns), 0.0)


def longest_monologue(call: Call) -> tuple[float | None, int | None]:
    """Return the longest stretch of the rep in seconds, and the index of its first turn.

    A pause of more than ``LONGEST_PAUSE_S`` ends it too: a hold is no monologue, and neither is an
    answer that the recording or the recognizer lost.
    """
    best: tuple[float | None, int | None] = (None, None)
    start: Turn | None = None
    first = 0
    last_s = 0.0
    for index, turn in enumerate(call.turns):
        if turn.start_s is None or turn.end_s is None:
            return None, None
        if call.role_of(turn.speaker) is Role.REP:
            if start is None or turn.start_s - last_s > LONGEST_PAUSE_S:
                start, first = turn, index
            last_s = turn.end_s
            length = turn.end_s - (start.start_s or 0.0)
            if best[0] is None or length > best[0]:
                best = (round(length, 2), first)
        elif len(turn.text.split()) > BACKCHANNEL_WORDS:
            start = None
    return best


def _asks(text: str) -> int:
    if "?" in text:
        return text.count("?")
    return int(any({"starts", "inverted"} & set(nlp.question_marks(text[a:b])) for a, b in nlp.analyze(text).segments))
