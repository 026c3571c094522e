"""Which speaker is the rep: asked for, known, or told by the words; and what the others are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ci_checker.errors import RequestError
from ci_checker.model import Call, Role, Source, Speaker, Turn
from ci_checker.speakers.names import MIXED_NAME, SOUNDS_LIKE, UNSURE, is_numbered
from ci_checker.speakers.recorded import answers_for_another, has_gatekeeper_words, is_recorded
from ci_checker.speakers.roster import RosterEntry, entry_of, pick
from ci_checker.speakers.says import plain
from ci_checker.speakers.words import ENOUGH, MARGIN, scores

IN_DOUBT: Final = "cannot tell which speaker is the rep; use --rep"
MIXED: Final = "one channel carries both voices, so it cannot tell who speaks"
NOBODYS: Final = "words of which it could not be told whose voice they are"
CONTRADICTED: Final = "what is said and the enrolled voice point to different speakers; use --rep"
_NAMELESS: Final = frozenset({MIXED_NAME, UNSURE, "speaker", ""})
_SIDES: Final = {"left": "left", "l": "left", "right": "right", "r": "right"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """The rep's name among the speakers, and why."""

    name: str
    reason: str


def assign(call: Call, *, rep: str | None, roster: Sequence[RosterEntry], company: str | None) -> Call:
    """Return the call with a role and a reason for every speaker.

    Parameters
    ----------
    call : Call
        With its turns.
    rep : str, optional
        ``--rep``: a speaker's name, ``left``, ``right``, or N for the Nth to speak.
    roster : sequence of RosterEntry
        The team; may be empty.
    company : str, optional
        Whom the team sells for.

    Raises
    ------
    RequestError
        If ``rep`` names nobody in the call.
    """
    names = speaker_names(call)
    if not names:
        if rep is not None:
            raise RequestError(f"nobody speaks in this call, so '{rep}' does not either", where=call.path)
        return replace(call, speakers=())
    told = _told_apart(call, names)
    chosen = _asked_for(call, rep, told) if rep is not None else None
    if chosen is None and _is_nameless(call, names):
        return _all_unknown(call, names, MIXED if call.source is Source.AUDIO else IN_DOUBT)
    heard = _by_voice(call, told) if chosen is None else None
    if heard is not None:
        said = _by_words(call, told, roster, company)
        if said is not None and said.name != heard.name:
            return _all_unknown(call, names, CONTRADICTED)
    chosen = chosen or heard or _known(call, told, roster) or _by_words(call, told, roster, company)
    if chosen is None:
        return _all_unknown(call, names, IN_DOUBT)
    found = _others(call, told, chosen, roster)
    nobodys = tuple(Speaker(name=name, role=Role.UNKNOWN, reason=NOBODYS) for name in names if name not in told)
    return replace(call, speakers=(*found, *nobodys))


def speaker_names(call: Call) -> tuple[str, ...]:
    """Return the speakers in the order in which they first speak, silent ones last."""
    spoken = [turn.speaker for turn in call.turns]
    return tuple(dict.fromkeys([*spoken, *(speaker.name for speaker in call.speakers)]))


def _told_apart(call: Call, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names without the one that stands for words of nobody known.

    A transcript may name somebody so itself; one that ``transcribe`` wrote has numbered voices beside it.
    """
    written = any(is_numbered(name) for name in names)
    if len(names) == 1 or not (written or call.source is Source.AUDIO):
        return tuple(names)
    return tuple(name for name in names if name != UNSURE)


def _by_voice(call: Call, names: Sequence[str]) -> _Chosen | None:
    """The speaker whose enrolled voice was recognized when the channel was told apart."""
    for speaker in call.speakers:
        if speaker.name in names and speaker.role is Role.REP and speaker.reason.startswith(SOUNDS_LIKE):
            return _Chosen(name=speaker.name, reason=speaker.reason)
    return None


def _is_nameless(call: Call, names: Sequence[str]) -> bool:
    """Whether one label stands for everybody, so that nobody can be told apart."""
    if call.source is Source.EMAIL or len(names) != 1:
        return False
    return names[0].casefold() in _NAMELESS


def _asked_for(call: Call, rep: str, names: Sequence[str]) -> _Chosen:
    wanted = rep.strip()
    found = pick(wanted, names)
    if found is None and wanted.casefold() in _SIDES:
        found = pick(_SIDES[wanted.casefold()], names)
    if found is None and wanted.isdigit() and 1 <= int(wanted) <= len(names):
        found = names[int(wanted) - 1]
    if found is None:
        listed = ", ".join(f"{number} {name}" for number, name in enumerate(names, 1))
        raise RequestError(
            f"no speaker '{rep}' is in the call",
            where=call.path,
            todo=f"Use --rep with one of its speakers by name or number: {listed}.",
        )
    return _Chosen(name=found, reason=f"named by --rep {rep}")


def _known(call: Call, names: Sequence[str], roster: Sequence[RosterEntry]) -> _Chosen | None:
    """The manifest or the mail header says it, or one speaker's name is on the roster."""
    details = call.details
    if details.rep_channel:
        side = details.rep_channel.strip().casefold()
        found = pick(_SIDES.get(side, side), names)
        if found is None and side.isdigit() and set(names) <= {"left", "right"}:
            found = pick({"1": "left", "2": "right"}.get(side, ""), names)
        if found:
            return _Chosen(name=found, reason=f"the call's details put the rep on the {found} channel")
    if details.rep:
        entry = entry_of(details.rep, roster)
        for wanted in (details.rep, *(entry.names if entry else ())):
            found = pick(wanted, names)
            if found:
                return _Chosen(name=found, reason=f"the call's details name {details.rep} as the rep")
    if call.source is Source.EMAIL and len(names) == 1:
        return _Chosen(name=names[0], reason="sent the e-mail")
    listed = [name for name in names if entry_of(name, roster)]
    if len(listed) == 1:
        return _Chosen(name=listed[0], reason=f"{listed[0]} is on the team's roster")
    return None


def _by_words(call: Call, names: Sequence[str], roster: Sequence[RosterEntry], company: str | None) -> _Chosen | None:
    """The speaker whose words speak for it, with a margin over everybody else."""
    inbound = (call.details.direction or "").casefold() == "inbound"
    rep_names = [name for entry in roster for name in entry.names]
    if call.details.rep:
        entry = entry_of(call.details.rep, roster)
        rep_names = [call.details.rep, *(entry.names if entry else ())]
    companies = [each for each in (company, *(entry.company for entry in roster)) if each]
    spoken = [name for name in names if any(turn.speaker == name for turn in call.turns)]
    listed = [name for name in spoken if entry_of(name, roster)]
    found = scores(
        plain(call.turns),
        spoken,
        rep_names=tuple(dict.fromkeys(rep_names)),
        companies=tuple(dict.fromkeys(companies)),
        inbound=inbound,
    )
    ranked = sorted(listed or spoken, key=lambda name: -found[name].points)
    if not ranked:
        return None
    best = found[ranked[0]]
    second = found[ranked[1]].points if len(ranked) > 1 else 0.0
    if best.points < ENOUGH or best.points - second < MARGIN or not best.reason:
        return None
    return _Chosen(name=ranked[0], reason=best.reason)


def _others(call: Call, names: Sequence[str], chosen: _Chosen, roster: Sequence[RosterEntry]) -> tuple[Speaker, ...]:
    return tuple(
        Speaker(name=name, role=Role.REP, reason=chosen.reason)
        if name == chosen.name
        else _other(call, name, names, chosen, roster)
        for name in names
    )


def _other(call: Call, name: str, names: Sequence[str], chosen: _Chosen, roster: Sequence[RosterEntry]) -> Speaker:
    turns = [turn for turn in plain(call.turns) if turn.speaker == name]
    if entry_of(name, roster):
        return Speaker(name=name, role=Role.UNKNOWN, reason=f"{name} is on the team's roster too")
    if is_recorded(turns):
        return Speaker(name=name, role=Role.GATEKEEPER, reason="a recorded greeting")
    if answers_for_another(turns):
        return Speaker(name=name, role=Role.GATEKEEPER, reason="only answers for somebody else")
    if len(names) > 2 and has_gatekeeper_words(turns) and _before_another(call.turns, name, chosen.name):
        return Speaker(name=name, role=Role.GATEKEEPER, reason="answers first and passes the call on to somebody else")
    return Speaker(name=name, role=Role.PROSPECT, reason="speaks on the other side of the rep")


def _before_another(turns: Sequence[Turn], name: str, rep: str) -> bool:
    """Whether somebody else of the other side begins to speak only after this one has stopped."""
    last = max(index for index, turn in enumerate(turns) if turn.speaker == name)
    earlier = {turn.speaker for turn in turns[: last + 1]}
    return any(turn.speaker not in earlier | {rep} for turn in turns[last + 1 :])


def _all_unknown(call: Call, names: Sequence[str], reason: str) -> Call:
    return replace(call, speakers=tuple(Speaker(name=name, role=Role.UNKNOWN, reason=reason) for name in names))
