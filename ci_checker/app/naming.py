"""Say who speaks by name: a recording knows its channels only, the manifest knows the people."""

from __future__ import annotations

from dataclasses import replace

from ci_checker.model import Evidence, Role, ScoredCall, Source


def by_name(scored: ScoredCall) -> ScoredCall:
    """Return a recorded call with the rep's and the contact's names in place of "left" and "right".

    A channel keeps its name where it is not known whose it is: no rep known, a
    gatekeeper, or more than one other speaker.
    """
    call = scored.call
    if call.source is not Source.AUDIO or not call.has_known_rep:
        return scored
    others = [s for s in call.speakers if s.role is not Role.REP]
    names: dict[str, str] = {}
    for speaker in call.speakers:
        if speaker.role is Role.REP and call.details.rep:
            names[speaker.name] = call.details.rep
        elif speaker.role is Role.PROSPECT and len(others) == 1 and call.details.contact:
            names[speaker.name] = call.details.contact
    if len(set(names.values())) < len(names):
        return scored

    def named(found: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(replace(e, speaker=names.get(e.speaker, e.speaker)) for e in found)

    return replace(
        scored,
        call=replace(
            call,
            turns=tuple(replace(t, speaker=names.get(t.speaker, t.speaker)) for t in call.turns),
            speakers=tuple(replace(s, name=names.get(s.name, s.name)) for s in call.speakers),
        ),
        results=tuple(replace(r, evidence=named(r.evidence), near_misses=named(r.near_misses)) for r in scored.results),
    )
