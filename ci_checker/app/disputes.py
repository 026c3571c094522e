"""A rep contests what the evidence says of a call; a person settles it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePath

from ci_checker.app import bounds, catalogue, doubles, outreach, workspace
from ci_checker.app.reviewing import settled
from ci_checker.commitments.branches import place
from ci_checker.commitments.contest import contested
from ci_checker.commitments.moments import moment
from ci_checker.errors import RequestError
from ci_checker.model import Dispute, Evidence, Result, Role, Ruling, ScoredCall, Turn, Verdict
from ci_checker.settings import Settings
from ci_checker.store import open_store

NEAR_S = 15.0
_SHOWN = 4
SAID = {Verdict.SEEN: "seen", Verdict.NOT_SEEN: "not seen"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """A dispute with its call in words: ``place`` is ``the call with Acme on Monday, January 12, at 9:05 am``."""

    dispute: Dispute
    place: str


def contest(
    settings: Settings, which: str, behavior: str, *, rep: str, note: str, at_s: float | None = None
) -> Contested:
    """Keep a rep's objection to what the evidence says of a call; until it is settled the call is unclear.

    Parameters
    ----------
    which
        The call: its path or a part of it, its account or contact, or the beginning of its sha256.
    at_s
        The place of one quote, or where the rep says that it was.

    Raises
    ------
    RequestError
        No such call of this rep, more than one, nothing that counts to contest, or no words at that place.
    """
    known = catalogue.behaviors(settings)
    name = behavior if behavior in known else _by_name(behavior, settings)
    who = workspace.rep_called(rep, settings).name
    if not note.strip():
        raise RequestError("it is not said what is contested", where="--note", todo="Say it in a sentence.")
    with open_store(settings.store_location()) as store:
        scored = _meant(which, store.latest_scores(who), who, settings)
        active = store.active_commitment(who)
        if active is not None and active.behavior == name:
            (scored,) = bounds.as_promised([scored], active, known[name])
        # What is contested is what the report shows: with the answers of people, and earlier rulings.
        (seen,) = settled([scored], store.reviews())
        before = store.disputes(who)
        shown, own = contested(seen, name, [each for each in before if each.ruling is not None])
        result = shown.result(name)
        if result is None or result.verdict not in SAID:
            raise _nothing(which, name, result)
        made = _made(shown, result, who, note, at_s)
        for each in own:
            if (each.quote, each.turn) == (made.quote, made.turn):
                raise RequestError(
                    f"this was contested before and settled: the evidence {each.ruling and _RULED[each.ruling]}",
                    where=f"dispute {each.id}",
                    todo="Talk about it in the 1:1.",
                )
        kept = store.save_dispute(made)
    return Contested(dispute=kept, place=_place(scored, settings, who))


_RULED = {Ruling.STANDS: "stands", Ruling.WITHDRAWN: "is withdrawn"}


def listed(settings: Settings, *, rep: str | None = None, open_only: bool = False) -> tuple[Contested, ...]:
    """Return the disputes of a rep, or of all, oldest first."""
    who = workspace.rep_called(rep, settings).name if rep is not None else None
    with open_store(settings.store_location()) as store:
        found = store.disputes(who, open_only=open_only)
        places = {}
        for each in found:
            call = store.call(each.sha256)
            scored = ScoredCall(call=call) if call is not None else None
            places[each.id] = _place(scored, settings, each.rep) if scored else each.call
    return tuple(Contested(dispute=each, place=places[each.id]) for each in found)


def settle(settings: Settings, dispute_id: int, ruling: Ruling, *, by: str, note: str = "") -> Contested:
    """Record how a dispute ended. Raises RequestError: unknown, settled before, or settled by the rep alone."""
    with open_store(settings.store_location()) as store:
        dispute = store.dispute(dispute_id)
        if dispute.ruling is not None:
            raise RequestError(
                f"dispute {dispute.id} was settled before by {dispute.settled_by}: "
                f"the evidence {_RULED[dispute.ruling]}",
                todo="See 'ci-checker dispute list --all'.",
            )
        known = settings.rep_named(by)
        if (known.name if known else by.strip()).casefold() == dispute.rep.casefold() and ruling is Ruling.WITHDRAWN:
            raise RequestError(
                "who contests the evidence does not settle it alone",
                where="--by",
                todo="Settle it together in the 1:1, and name the other person.",
            )
        ended = replace(
            dispute,
            ruling=ruling,
            settled_by=" ".join(by.split()),
            settled_at=datetime.now(UTC),
            settled_note=" ".join(note.split()),
        )
        kept = store.save_dispute(ended)
        call = store.call(kept.sha256)
    return Contested(dispute=kept, place=_place(ScoredCall(call=call), settings, kept.rep) if call else kept.call)


def _by_name(behavior: str, settings: Settings) -> str:
    known = catalogue.behaviors(settings)
    wanted = behavior.strip().casefold()
    for each in known.values():
        if wanted in (each.name.casefold(), *(alias.casefold() for alias in each.aliases)):
            return each.id
    raise catalogue.unknown(behavior, known)


def _place(scored: ScoredCall, settings: Settings, rep: str) -> str:
    (local,) = outreach.in_time_of(rep, [scored], settings)
    return place(moment(local.call, None))


def _meant(which: str, calls: Sequence[ScoredCall], rep: str, settings: Settings) -> ScoredCall:
    wanted = which.strip().casefold()
    own = doubles.once(calls)
    for tell in (_by_path, _by_digest, _by_people, _by_part):
        found = [each for each in own if wanted and tell(each, wanted)]
        if len(found) == 1:
            return found[0]
        if found:
            files = [(_place(each, settings, rep), PurePath(each.call.path).name) for each in found[:_SHOWN]]
            named = "; ".join(f"{where} ({file})" for where, file in files)
            raise RequestError(
                f"'{which}' could be {len(found)} calls of {rep}", where="CALL", todo=f"Name one by its file: {named}."
            )
    raise RequestError(
        f"{rep} has no scored call '{which}'",
        where="CALL",
        todo="Give its file, its account, or a part of either; 'ci-checker report' names them all.",
    )


def _by_path(scored: ScoredCall, wanted: str) -> bool:
    path = PurePath(scored.call.path)
    return wanted in (str(path).casefold(), path.name.casefold(), path.stem.casefold())


def _by_digest(scored: ScoredCall, wanted: str) -> bool:
    return len(wanted) >= 6 and scored.call.sha256.startswith(wanted)


def _by_people(scored: ScoredCall, wanted: str) -> bool:
    return wanted in ((scored.call.details.account or "").casefold(), (scored.call.details.contact or "").casefold())


def _by_part(scored: ScoredCall, wanted: str) -> bool:
    flat = "-".join(wanted.split())
    return flat in scored.call.path.casefold() or wanted in (scored.call.details.account or "").casefold()


def _nothing(which: str, behavior: str, result: Result | None) -> RequestError:
    if result is None:
        what, todo = "was not scored for it", "Run 'ci-checker batch' on its folder again."
    elif result.verdict is Verdict.UNCLEAR:
        what = "is unclear already, and counts for nobody"
        todo = "A person can settle it: ci-checker review."
    else:
        what, todo = "gave no occasion for it, and counts for nobody", ""
    return RequestError(f"there is nothing to contest: '{which}' {what}", where=behavior, todo=todo)


def _made(scored: ScoredCall, result: Result, rep: str, note: str, at_s: float | None) -> Dispute:
    call = scored.call
    made = Dispute(
        id=0,
        sha256=call.sha256,
        call=call.path,
        behavior=result.behavior,
        rep=rep,
        note=" ".join(note.split()),
        shown_as=result.verdict,
        made_at=datetime.now(UTC),
        at_s=at_s,
    )
    if at_s is None:
        return made
    quoted = _nearest(result.evidence, at_s)
    if result.verdict is Verdict.SEEN and quoted is not None:
        return replace(made, quote=quoted.quote, turn=quoted.turn)
    index = _turn_at(scored, at_s)
    turn = call.turns[index]
    return replace(made, shown_as=Verdict.NOT_SEEN, quote=turn.text, turn=index)


def _nearest(found: Iterable[Evidence], at_s: float) -> Evidence | None:
    """Return the quote that stands at a place, or begins within a few seconds of it."""
    timed = [(abs(each.start_s - at_s), each) for each in found if each.start_s is not None]
    inside = [
        each for _, each in timed if each.end_s is not None and (each.start_s or 0.0) - 1 <= at_s <= each.end_s + 1
    ]
    if inside:
        return inside[0]
    gap, near = min(timed, key=lambda pair: pair[0], default=(NEAR_S + 1, None))
    return near if gap <= NEAR_S / 3 else None


def _turn_at(scored: ScoredCall, at_s: float) -> int:
    """Return the rep's turn at a place, or the nearest one that starts a few seconds off. Raises RequestError."""
    call = scored.call
    gaps = [
        (_gap(turn, at_s), index)
        for index, turn in enumerate(call.turns)
        if turn.start_s is not None and call.role_of(turn.speaker) is Role.REP
    ]
    if not gaps:
        raise RequestError(
            "this call has no times, so a place in it cannot be named", where="--at", todo="Leave --at away."
        )
    gap, index = min(gaps)
    if gap > NEAR_S:
        raise RequestError(
            f"the rep says nothing around {int(at_s) // 60:02d}:{int(at_s) % 60:02d}",
            where="--at",
            todo="Give the minute and second at which the rep speaks.",
        )
    return index


def _gap(turn: Turn, at_s: float) -> float:
    start = turn.start_s or 0.0
    end = turn.end_s if turn.end_s is not None else start
    return 0.0 if start <= at_s <= end else min(abs(start - at_s), abs(end - at_s))
