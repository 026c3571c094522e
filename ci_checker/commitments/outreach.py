"""First touches: a mail before which nobody it is addressed to had one, and which answers nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ci_checker.commitments.words import day
from ci_checker.model import Call, Envelope, ScoredCall

NOTHING = Envelope()


@dataclass(slots=True)
class _Seen:
    """When the mails of a workspace reached whom: by address, by thread, and those without a date."""

    reached: dict[str, tuple[datetime, str]]
    written: dict[tuple[str, str], tuple[datetime, str]]
    undated: dict[str, str]


def told(calls: Sequence[ScoredCall], mails: Sequence[Call], team: Collection[str] = ()) -> tuple[ScoredCall, ...]:
    """Return the calls with ``first_touch`` told for every mail among them.

    Parameters
    ----------
    mails
        Every mail that the workspace has seen, whoever sent it; copies with one Message-ID are one mail.
    team
        The addresses of the team: a colleague in copy is nobody who is touched.
    """
    seen = _seen(mails)
    own = frozenset(each.casefold() for each in team)
    return tuple(
        replace(scored, call=replace(scored.call, envelope=_told(scored.call, seen, own)))
        if scored.call.envelope is not None
        else scored
        for scored in calls
    )


def _key(call: Call) -> str:
    envelope = call.envelope or NOTHING
    return envelope.message_id or call.sha256


def _instant(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _seen(mails: Sequence[Call]) -> _Seen:
    found = _Seen({}, {}, {})
    for mail in mails:
        envelope = mail.envelope
        if envelope is None:
            continue
        sent = mail.details.started_at
        if sent is None:
            for address in envelope.reached:
                found.undated.setdefault(address, _key(mail))
            continue
        at = (_instant(sent), _key(mail))
        for address in envelope.reached:
            found.reached[address] = min(found.reached.get(address, at), at)
        if envelope.sender and envelope.subject:
            thread = (envelope.sender, envelope.subject)
            found.written[thread] = min(found.written.get(thread, at), at)
    return found


def _told(call: Call, seen: _Seen, team: frozenset[str]) -> Envelope:
    envelope = call.envelope or NOTHING
    first, why = _first(call, envelope, seen, team)
    return replace(envelope, first_touch=first, why=why)


def _first(call: Call, envelope: Envelope, seen: _Seen, team: frozenset[str]) -> tuple[bool | None, str]:
    if envelope.refers_to:
        return False, "it answers an earlier mail"
    if not envelope.addressed:
        return None, "whom it was sent to is not known"
    touched = [each for each in envelope.addressed if each not in team]
    if not touched:
        return False, "it went to colleagues only"
    if call.details.started_at is None:
        return None, "when it was sent is not known"
    at = (_instant(call.details.started_at), _key(call))
    for address in touched:
        before = seen.reached.get(address)
        if before is not None and before < at and before[1] != at[1]:
            return False, f"a mail went to {address} on {day(before[0].astimezone(at[0].tzinfo).date())}"
        answered = seen.written.get((address, envelope.subject))
        if envelope.subject and answered is not None and answered < at:
            return False, f"it answers a mail from {address}"
    if envelope.answers:
        return None, "its subject answers a mail that is not known"
    late = [address for address in touched if seen.undated.get(address, at[1]) != at[1]]
    if late:
        return None, f"a mail without a date went to {late[0]}, which may have been earlier"
    return True, ""
