"""The sentences that a report says of its finding: counts as people say them, of calls or of e-mails."""

from __future__ import annotations

import re
from datetime import date

from ci_checker.model import (
    CallFinding,
    Commitment,
    Counts,
    Dispute,
    Finding,
    Moment,
    Ruling,
    Standing,
    TargetKind,
    TreeStep,
)
from ci_checker.report import words
from ci_checker.report.phrases import BUCKETS

STANDINGS = {
    Standing.ENOUGH: "seen as often as promised",
    Standing.SHORT: "seen, less often than promised",
    Standing.NONE_SEEN: "not seen in the {nouns} that could be read",
    Standing.OPEN: "still open until somebody {listens}",
    Standing.NO_CALLS: "no {nouns} to look at",
}
SHARED = (
    "The manager and the rep read this same page. What is wrong on it can be disputed (ci-checker dispute), and is "
    "unclear until that is settled."
)
BRANCHES = 2
"""If it was done, and if it was not; what is unclear stands with the places to open."""
_MAIL = re.compile(r"\be-?mails?\b|\bmails?\b|^first.touch", re.I)
FITS = 2100
"""Characters of running text that one sheet of paper holds beside the charts, measured on Letter."""
KINDS = {"followup": "follow-up", "follow_up": "follow-up"}


def noun(value: Commitment) -> str:
    """``e-mail`` where the promise is about written mail alone, else ``call``."""
    return "e-mail" if value.eligible.call_types and _mails(value) else "call"


def _mails(value: Commitment) -> bool:
    return all(_MAIL.search(kind) for kind in value.eligible.call_types)


def counted(value: Commitment, number: int) -> str:
    """What is counted: ``cold call``, ``discovery, follow-up and demo calls``, ``e-mails with Acme``."""
    eligible = value.eligible
    kinds = [KINDS.get(kind.casefold(), kind) for kind in eligible.call_types]
    if _mails(value):
        kinds = ["first-touch"] if kinds and all("first" in kind.casefold() for kind in kinds) else []
    kinds = [kind.removesuffix(" calls").removesuffix(" call") for kind in kinds]
    lead = " ".join(part for part in (" or ".join(eligible.directions), words.listed(kinds)) if part)
    what = noun(value) if number == 1 else f"{noun(value)}s"
    whom = f" with {' or '.join(eligible.accounts)}" if eligible.accounts else ""
    return f"{lead} {what}{whom}".strip()


def figure(value: Finding) -> tuple[str, str, str]:
    """The finding in one sentence, its figure apart: ``Seen on``, ``3 of 6``, the rest with what was promised."""
    counts, commitment = value.counts, value.commitment
    promised = _promised(commitment, counts)
    if not counts.eligible:
        return f"No eligible {counted(commitment, 1)} is known", "", f"; {promised}."
    mail = noun(commitment) == "e-mail"
    each = commitment.target.per_call
    times = f" at least {'twice' if each == 2 else f'{each} times'}" if each > 1 else ""
    what = counted(commitment, counts.eligible)
    return (
        f"Seen{times} {'in' if mail else 'on'} ",
        f"{counts.seen} of {counts.eligible}",
        f" eligible {what}; {promised}.",
    )


def sentence(value: Finding) -> str:
    """``Seen on 3 of 6 eligible cold calls; every one was promised.``"""
    return "".join(figure(value))


def _promised(commitment: Commitment, counts: Counts) -> str:
    target = commitment.target
    if target.kind is TargetKind.EVERY:
        return "every one was promised"
    if target.kind is TargetKind.SHARE:
        share = "half of them" if target.value == 0.5 else f"{words.percent(target.value)} of them"
        known = f", {counts.promised} here," if counts.eligible else ""
        return f"at least {share}{known} {'was' if counts.promised == 1 else 'were'} promised"
    return f"{counts.promised} {'was' if counts.promised == 1 else 'were'} promised"


def standing(value: Finding) -> str:
    """Where the count stands, said of calls or of e-mails."""
    what = noun(value.commitment)
    if _short_of_any(value):
        return f"less often than promised, however the open {what}s turn out"
    return STANDINGS[value.standing].format(nouns=f"{what}s", listens="listens" if what == "call" else "reads them")


def pending(value: Finding) -> str:
    """What holds of the calls that nobody has cleared up; empty where there is none."""
    number = value.counts.unclear + value.counts.unheard
    if not number:
        return ""
    what = noun(value.commitment)
    act = "listened" if what == "call" else "read"
    if number == 1:
        return f"Until somebody has {act}, the one open {what} counts neither for nor against anybody."
    return f"Until somebody has {act}, the {number} open {what}s count neither for nor against anybody."


def to_open(value: Finding) -> str:
    """Heading of the unclear places to open before the 1:1."""
    number = len(value.listen)
    sound = any(one.audio_path for one in value.listen)
    what = "clip" if sound else noun(value.commitment) if noun(value.commitment) == "e-mail" else "place"
    which = f"this {what}" if number == 1 else f"these {number} {what}s"
    return f"Before the 1:1, {'listen to' if sound else 'read'} {which}"


def _short_of_any(value: Finding) -> bool:
    """Whether enough is clear to tell that it was less, and none of that shows it: "seen" would be wrong to say."""
    never = not value.counts.seen and not any(call.hits for call in value.calls)
    return never and value.standing is Standing.SHORT and bool(value.counts.unclear + value.counts.unheard)


def to_open_yet(value: Finding) -> str:
    """``2 to listen to``: what nobody has cleared up, for the line of an index that does not say so already."""
    number = value.counts.unclear + value.counts.unheard
    if not number or value.standing is Standing.OPEN or _short_of_any(value):
        return ""
    return f"{number} to {'listen to' if noun(value.commitment) == 'call' else 'read'}"


def tight(value: Finding) -> bool:
    """Whether so much is said that paper needs it set closer to hold it on one sheet."""
    places = [one for one in (value.best, value.miss, *value.listen) if one]
    said = [value.question, value.commitment.rep_words, *value.cannot_tell[:5], *value.method]
    said += [one.evidence.quote[:240] for one in places if one.evidence]
    said += [one.response.text[:120] for one in places if one.response]
    said += [line[:240] for branch in value.branches[:BRANCHES] for line in branch.lines]
    return sum(map(len, said)) > FITS or len(places) > 3


def check(value: Commitment, today: date) -> str:
    """When it is checked, as said on a day: ``today, Mon 23 Nov``, ``Fri 20 Nov, 3 days overdue``."""
    away = (value.check_on - today).days
    said = words.day(value.check_on)
    if value.closed_on is not None:
        held = f"held on {words.day(value.closed_on)}"
        return held if value.closed_on == value.check_on else f"{said}, {held}"
    if away < 0:
        return f"{said}, {words.count(-away, 'day')} overdue"
    return {0: f"today, {said}", 1: f"tomorrow, {said}"}.get(away, said)


def asked(value: Finding) -> tuple[str, str, str]:
    """The question cut around the promise that it quotes; one piece alone where it does not."""
    promise = value.commitment.statement.strip().rstrip(".!?")
    before, found, after = value.question.partition(promise) if promise else (value.question, "", "")
    return before, found, after


def asks_bucket(step: TreeStep) -> bool:
    """Whether a step asks for one of the four buckets, which a person picks."""
    return all(bucket in step.question.casefold() for bucket in BUCKETS)


def pattern(name: str) -> str:
    """A behavior's id as words: ``trigger-event opener`` reads better than dashes all along."""
    return name.replace("-", " ")


def disputed(value: Dispute) -> str:
    """What a dispute says, and how far it got; the rep's note stands apart."""
    who = f"{value.rep} disputes this, {words.day(value.made_at)}"
    if value.ruling is None:
        return f"{who}. It counts as unclear until somebody settles it."
    by = f" by {value.settled_by}" if value.settled_by else ""
    when = f", {words.day(value.settled_at)}" if value.settled_at else ""
    how = "the evidence stands" if value.ruling is Ruling.STANDS else "the evidence was withdrawn"
    note = f": “{value.settled_note}”" if value.settled_note else "."
    return f"{who}. Settled{by}{when}: {how}{note}"


def disputes(finding: Finding, moment: Moment) -> tuple[Dispute, ...]:
    """Return the disputes about the call of a moment."""
    return next((call.disputes for call in finding.calls if call.sha256 == moment.sha256), ())


def reason(value: CallFinding) -> str:
    """Why a call stands where it stands, as a sentence; empty where nothing was said, or a dispute says it."""
    said = value.reason.strip()
    if any(each.ruling is None and each.note in said for each in value.disputes):
        return ""
    return "" if not said else said[0].upper() + said[1:] + ("" if said[-1] in ".!?" else ".")
