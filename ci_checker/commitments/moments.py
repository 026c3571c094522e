"""Places in a call that a manager may open: a quote with the lines around it."""

from __future__ import annotations

from dataclasses import replace

from ci_checker.model import Call, Evidence, Line, Moment, Reason, Role, ScoredCall, Source, Turn

_FILLERS = frozenset(
    [
        "ah",
        "aha",
        "hm",
        "hmm",
        "mhm",
        "mm",
        "mm-hm",
        "mm-hmm",
        "oh",
        "ok",
        "okay",
        "right",
        "sure",
        "uh",
        "uh-huh",
        "uhm",
        "um",
        "well",
        "yeah",
        "yep",
        "yes",
    ]
)
_LOOK_AHEAD = 4
_REAL_WORDS = 4


def moment(call: Call, evidence: Evidence | None, context: int = 2) -> Moment:
    """Return one place with up to ``context`` lines before and after, and the other side's answer.

    What its own turn says before the quote stands there too, as the last line before it: often that is what the
    quoted sentence speaks of.
    """
    at = evidence.turn if evidence is not None and 0 <= evidence.turn < len(call.turns) else None
    turns = call.turns
    lead = _lead(call, evidence) if at is not None and evidence is not None else ()
    return Moment(
        call=call.path,
        sha256=call.sha256,
        started_at=call.details.started_at,
        account=call.details.account,
        contact=call.details.contact,
        evidence=evidence,
        before=() if at is None else (*(_line(call, turn) for turn in turns[max(0, at - context) : at]), *lead),
        after=() if at is None else tuple(_line(call, turn) for turn in turns[at + 1 : at + 1 + context]),
        response=None if at is None else _response(call, at),
        audio_path=call.path if call.source is Source.AUDIO else None,
    )


def _line(call: Call, turn: Turn) -> Line:
    return Line(
        speaker=turn.speaker,
        role=call.role_of(turn.speaker),
        text=turn.text,
        start_s=turn.start_s,
        end_s=turn.end_s,
    )


def _lead(call: Call, evidence: Evidence) -> tuple[Line, ...]:
    """Return what the quoted turn says before the quote, as one line or none."""
    turn = call.turns[evidence.turn]
    first, found, _ = turn.text.partition(evidence.quote)
    if not evidence.quote or not found or not any(letter.isalnum() for letter in first):
        return ()
    return (replace(_line(call, turn), text=first.strip(), end_s=evidence.start_s),)


def _response(call: Call, at: int) -> Line | None:
    """Return the other side's next real words: a bare "mm-hm" is passed over if more follows."""
    speaker, first = call.turns[at].speaker, None
    for turn in call.turns[at + 1 : at + 1 + _LOOK_AHEAD]:
        if turn.speaker == speaker or not turn.text.strip():
            continue
        first = first or turn
        words = {word.strip(".,!?…").lower() for word in turn.text.split()}
        if not words <= _FILLERS:
            return _line(call, turn)
    return _line(call, first) if first else None


def instead(scored: ScoredCall, behavior: str, place: str | None, context: int = 2) -> Moment | None:
    """Return what the rep said where the behavior would have been.

    That is the nearest miss's turn if there is one, else the rep's first (``opening``) or last
    (``closing``) turn of some length; ``None`` where the place or the rep is not known.
    """
    call, result = scored.call, scored.result(behavior)
    probability = (result.probability if result else None) or 0.0
    near = nearest(result.near_misses) if result else None
    if near is not None and 0 <= near.turn < len(call.turns):
        return moment(call, _whole_turn(call, near.turn, near.probability, "at the nearest miss"), context)
    where = (place or "").casefold()
    if not where.startswith(("open", "clos", "end")):
        return None
    own = [at for at, turn in enumerate(call.turns) if call.role_of(turn.speaker) is Role.REP]
    long = [at for at in own if len(call.turns[at].text.split()) >= _REAL_WORDS] or own
    if not long:
        return None
    opening = where.startswith("open")
    why = "the rep's opening" if opening else "the rep's last words"
    return moment(call, _whole_turn(call, long[0 if opening else -1], probability, why), context)


def _whole_turn(call: Call, at: int, probability: float, why: str) -> Evidence:
    turn = call.turns[at]
    return Evidence(
        turn=at,
        speaker=turn.speaker,
        quote=turn.text,
        probability=probability,
        start_s=turn.start_s,
        end_s=turn.end_s,
        why=(Reason(text=why),),
    )


def nearest(found: tuple[Evidence, ...]) -> Evidence | None:
    """Return the most probable piece of evidence, the earliest of equals."""
    return min(found, key=lambda each: (-each.probability, each.turn), default=None)
