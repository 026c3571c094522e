"""Sent mail in a workspace: who of the team sent it, in whose time, and whether it was a first touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ci_checker.commitments import outreach
from ci_checker.model import Call, ScoredCall, Source, Speaker
from ci_checker.settings import Rep, Settings

if TYPE_CHECKING:
    from ci_checker.store.store import Store

DAY = timedelta(days=1)


def sent_by(call: Call, settings: Settings) -> str | None:
    """Return the rep who sent a mail, ``None`` where nobody of the team did.

    Whoever the folder or the manifest says: only a mail that a rep sent is that rep's. A rep whose
    addresses are known is told by them alone; everybody else by the name, or by the part before the @.
    """
    address = call.envelope.sender if call.envelope else None
    if not settings.reps:
        return call.details.rep
    for rep in settings.reps:
        known = addresses(rep)
        if address in known:
            return rep.name
    name = _flat(next((speaker.name for speaker in call.speakers), ""))
    before = _flat((address or "").partition("@")[0])
    for rep in settings.reps:
        names = {_flat(each) for each in (rep.name, *rep.aliases)}
        if not addresses(rep) and (name in names or before == _flat(rep.name)):
            return rep.name
    return None


def by_rep(call: Call, rep: str) -> Call:
    """Return a mail as the rep's own: under the name that the team uses."""
    return replace(
        call,
        details=replace(call.details, rep=rep),
        turns=tuple(replace(turn, speaker=rep) for turn in call.turns),
        speakers=(Speaker(name=rep),) if call.turns else (),
    )


def by_stranger(call: Call) -> Call:
    """Return a mail that nobody of the team sent, under its sender's address."""
    sender = (call.envelope.sender if call.envelope else None) or "unknown"
    return replace(call, details=replace(call.details, rep=sender))


def addresses(rep: Rep) -> frozenset[str]:
    """Return the addresses that a rep is known to write from."""
    return frozenset((*rep.emails, *(each.casefold() for each in rep.aliases if "@" in each)))


def zone_of(rep: str, settings: Settings) -> ZoneInfo | None:
    """Return a rep's time zone, else the team's, ``None`` where none is set."""
    known = settings.rep_named(rep)
    name = (known.timezone if known else None) or settings.timezone
    return ZoneInfo(name) if name else None


def is_universal(call: Call) -> bool:
    """Return whether a mail carries universal time, which need not be its sender's."""
    moment = call.details.started_at
    return call.source is Source.EMAIL and moment is not None and moment.utcoffset() == timedelta(0)


def in_time_of(rep: str, calls: Sequence[ScoredCall], settings: Settings) -> tuple[ScoredCall, ...]:
    """Return the calls with their times in the rep's zone; a time without a zone is local already."""
    zone = zone_of(rep, settings)
    if zone is None:
        return tuple(calls)
    return tuple(_shifted(scored, zone) for scored in calls)


def _shifted(scored: ScoredCall, zone: ZoneInfo) -> ScoredCall:
    moment = scored.call.details.started_at
    if moment is None or moment.tzinfo is None:
        return scored
    details = replace(scored.call.details, started_at=moment.astimezone(zone))
    return replace(scored, call=replace(scored.call, details=details))


def first_touches(calls: Sequence[ScoredCall], store: Store, settings: Settings) -> tuple[ScoredCall, ...]:
    """Return the calls with first touches told, among all mails that the workspace has seen."""
    if not any(scored.call.envelope for scored in calls):
        return tuple(calls)
    team = [address for rep in settings.reps for address in addresses(rep)]
    mails = store.mails()
    team += [
        mail.envelope.sender
        for mail in mails
        if mail.envelope and mail.envelope.sender and settings.rep_named(mail.details.rep or "")
    ]
    return outreach.told(calls, mails, team)


def _flat(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in text).casefold().split())
